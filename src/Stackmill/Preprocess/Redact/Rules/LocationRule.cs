namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// Geographic coordinates of at least four decimals, which is a street's width: a pair behind a word that says so or with the letters of the
/// compass, or one of both behind its own name. Pairs of numbers without a word are paths, weights and colours far more often.
/// </summary>
internal static class LocationRule
{
    private const int FewestDecimals = 4;
    private const int MostDecimals = 17;

    private static readonly string[] PairWords = ["gps", "lat", "latitude", "latlng", "latlon", "latlong", "lnglat", "lonlat", "coord", "coordinate", "coordinates", "coords", "location", "geo", "geolocation", "geopoint", "geohash", "geoposition", "geo position", "geo.position", "position", "maps", "map", "ll", "icbm", "point", "waypoint", "wpt"];
    private static readonly string[] LatitudeWords = ["lat", "latitude"];
    private static readonly string[] LongitudeWords = ["lon", "lng", "longitude", "long"];

    public static Rule Rule { get; } = new("geographic-coordinates", RedactionKind.Location, "Geographic coordinates", RuleAnchor.Digits, Match)
    {
        Specificity = 17,
        Confidence = 0.8,
        FirstRuns = 0b1110,
        Positives =
        [
            "gps: «52.520008, 13.404954»", "coordinates «40.712776,-74.005974»", "lat: «-23.5505» x", "lng=\"«-46.633308»\"", "«55.7558° N, 37.6173° E»", "geo:«37.786971,-122.399677»", "POINT(«4.895168 52.370216»)", "maps/@«59.329323,18.068581»,15z", "{\"longitude\": \"«8.541694»\"}",
        ],
        Negatives =
        [
            "M 52.5200 13.4049 L 1 2", "lat: 91.12345", "gps 52.52, 13.40", "0.3989, 0.3982, 0.3970", "latency: 12.3456", "location 0.0000, 0.0000", "lat 52.520008.1", "gps 12.3456, 181.2345", "v = (52.520008, 13.404954)", "plate: 52.520008", "gps: 0.1234, 0.5678, 0.9876",
        ],
    };

    private static void Match(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        if (Shapes.At(text, at + 1) != '.' && Shapes.At(text, at + 2) != '.' && Shapes.At(text, at + 3) != '.')
            return;
        if (!Read(text, at, out int start, out int end, out double first) || !Shapes.StartsWord(text, start) || Shapes.At(text, start - 1) is (byte)'.' or (byte)'-' or (byte)'+')
            return;
        sink.Count(end - start);
        int firstEnd = Compass(text, end, out bool degrees);
        if (Second(text, firstEnd, out int secondEnd, out double second))
        {
            sink.Count(secondEnd - firstEnd);
            int pairEnd = Compass(text, secondEnd, out bool both);
            bool fits = (Math.Abs(first) <= 90 && Math.Abs(second) <= 180) || (Math.Abs(first) <= 180 && Math.Abs(second) <= 90);
            // Of three numbers and more none is a place.
            if (fits && (first != 0 || second != 0) && !Second(text, pairEnd, out _, out _) && !Precedes(text, start)
                && ((degrees && both) || (Math.Abs(first) >= 1 || Math.Abs(second) >= 1) && ContextWords.Near(text, start, PairWords, 32, calls: true)))
                sink.Add(rule, start, pairEnd);
            return;
        }
        if (first != 0 && !Shapes.IsAlphanumeric(Shapes.At(text, end)) && (IsNamed(text, start, LatitudeWords) && Math.Abs(first) <= 90 || IsNamed(text, start, LongitudeWords) && Math.Abs(first) <= 180))
            sink.Add(rule, start, end);
    }

    // Sign, up to three digits, a dot, decimals.
    private static bool Read(ReadOnlySpan<byte> text, int at, out int start, out int end, out double value)
    {
        start = Shapes.At(text, at - 1) == '-' ? at - 1 : at;
        int whole = Shapes.Run(text, at, DigitScan.Digits, 4);
        end = at + whole;
        value = 0;
        if (whole is 0 or > 3 || Shapes.At(text, end) != '.')
            return false;
        int decimals = Shapes.Run(text, end + 1, DigitScan.Digits, MostDecimals + 1);
        if (decimals is < FewestDecimals or > MostDecimals)
            return false;
        end += 1 + decimals;
        byte after = Shapes.At(text, end);
        return !(after == '.' && Shapes.IsAlphanumeric(Shapes.At(text, end + 1))) && after is not ((byte)'e' or (byte)'f' or (byte)'_' or (byte)'%')
            && double.TryParse(text[start..end], System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out value);
    }

    private static bool Second(ReadOnlySpan<byte> text, int at, out int end, out double value)
    {
        (end, value) = (0, 0);
        int i = at;
        if (Shapes.At(text, i) is (byte)',' or (byte)';')
            i++;
        while (i - at < 3 && Shapes.At(text, i) == ' ')
            i++;
        if (i == at)
            return false;
        return Read(text, Shapes.At(text, i) == '-' ? i + 1 : i, out _, out end, out value);
    }

    // A number and a comma before make it a row of numbers.
    private static bool Precedes(ReadOnlySpan<byte> text, int start)
    {
        int i = start - 1;
        while (start - i < 4 && Shapes.At(text, i) is (byte)' ' or (byte)',')
            i--;
        return i < start - 1 && Shapes.IsDigit(Shapes.At(text, i)) && Shapes.Run(text, Math.Max(0, i - 3), DigitScan.Digits, 1) > 0;
    }

    private static int Compass(ReadOnlySpan<byte> text, int end, out bool found)
    {
        int i = end;
        if (text[i..].StartsWith("°"u8))
            i += 2;
        if (Shapes.At(text, i) == ' ' && i > end)
            i++;
        found = Shapes.At(text, i) is (byte)'N' or (byte)'S' or (byte)'E' or (byte)'W' && !Shapes.IsWord(Shapes.At(text, i + 1));
        return found ? i + 1 : end;
    }

    // The name stands directly before, with nothing but signs between.
    private static bool IsNamed(ReadOnlySpan<byte> text, int start, string[] words)
    {
        int i = start;
        while (start - i < 6 && Shapes.At(text, i - 1) is (byte)' ' or (byte)'"' or (byte)'\'' or (byte)':' or (byte)'=' or (byte)'>' or (byte)'(')
            i--;
        if (i == start || (text[i..start].IndexOfAny((byte)':', (byte)'=') < 0))
            return false;
        int from = i;
        while (i - from < 24 && from > 0 && Shapes.IsLetter(text[from - 1]))
            from--;
        Span<char> name = stackalloc char[i - from];
        System.Text.Encoding.ASCII.GetChars(text[from..i], name);
        foreach (string word in words)
        {
            if (((ReadOnlySpan<char>)name).Equals(word, StringComparison.OrdinalIgnoreCase) || (name.Length > word.Length && ((ReadOnlySpan<char>)name).EndsWith(word, StringComparison.OrdinalIgnoreCase) && char.IsUpper(name[^word.Length])))
                return true;
        }
        return false;
    }
}
