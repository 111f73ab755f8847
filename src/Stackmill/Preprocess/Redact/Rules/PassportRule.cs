namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>
/// Passport numbers: six to ten upper-case letters and digits, five digits at least, behind a word that says so and at most a few short
/// words more. There is no check that all countries share, so nothing counts without the word.
/// </summary>
internal static class PassportRule
{
    private const int Reach = 36;
    private const int Shortest = 6;
    private const int Longest = 10;
    private const int FewestDigits = 5;

    private static readonly string[] Between = ["no", "nr", "num", "number", "numero", "número", "nummer", "id", "is", "was", "holder", "the", "his", "her", "my", "n", "value", "card", "document", "doc", "new", "string", "str", "nº", "n°", "numéro", "de", "const", "code"];

    public static Rule Rule { get; } = new("passport-number", RedactionKind.Passport, "Passport number behind a word that says so", RuleAnchor.LiteralAnyCase, Match)
    {
        Specificity = 18,
        Confidence = 0.8,
        Literals = ["passport", "reisepass", "passeport", "pasaporte", "passaporto", "paspoort", "passaporte"],
        Positives =
        [
            "passport: «C01X00T47»", "Passport No. «L8988901C»", "passport_number = '«AB1234567»'", "{\"passportNumber\": \"«561234567»\"}", "user.setPassport(\"«X1234567»\")", "Reisepass-Nr.: «C01X0006H»", "passport #«123456789»",
        ],
        Negatives =
        [
            "\"passport\": \"0.6.0\"", "passport@0.4.1", "passport-google-oauth20", "passport issued 20200101", "passport expires 2030-01-01", "AB1234567", "passport 0000000", "passport VARCHAR(12345678)", "passport_test.go:123456",
            "passport photo 600x600", "passports: 12345678901", "passport id 0x12345678", "passport = PASSPORT1", "passport AB123456.7",
        ],
    };

    private static void Match(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        int i = at;
        while (Shapes.IsLetter(Shapes.At(text, i)))
            i = i - at > 24 ? text.Length : i + 1;
        // passportNumber and passports are one run of letters.
        int limit = Math.Min(text.Length, i + Reach);
        int words = 0;
        while (i < limit)
        {
            byte b = text[i];
            if (b is (byte)' ' or (byte)'_' or (byte)'-' or (byte)':' or (byte)'=' or (byte)'#' or (byte)'"' or (byte)'\'' or (byte)'(' or (byte)'.' or (byte)'\\' or (byte)'`' or (byte)',' or (byte)'>')
            {
                i++;
                continue;
            }
            int run = Shapes.Run(text, i, Shapes.Alphanumeric, Longest + 1);
            if (run == 0)
                break;
            if (IsNumber(text, i, run))
            {
                sink.Count(i - at + run);
                sink.Add(rule, i, i + run);
                return;
            }
            if (++words > 3 || !IsBetween(text.Slice(i, run)))
                break;
            i += run;
        }
        sink.Count(Math.Max(1, i - at));
    }

    private static bool IsNumber(ReadOnlySpan<byte> text, int start, int run)
    {
        if (run is < Shortest or > Longest)
            return false;
        ReadOnlySpan<byte> value = text.Slice(start, run);
        int digits = 0;
        foreach (byte b in value)
        {
            if (b is >= (byte)'a' and <= (byte)'z')
                return false;
            digits += Shapes.IsDigit(b) ? 1 : 0;
        }
        byte before = Shapes.At(text, start - 1);
        byte after = Shapes.At(text, start + run);
        if (digits < FewestDigits || Shapes.Distinct(value) < 3 || Shapes.IsWord(after) || before is (byte)'.' or (byte)'-' && !Shapes.IsLetter(Shapes.At(text, start - 2)))
            return false;
        // A version, a date, a call, a place in a file.
        return after is not ((byte)'(' or (byte)'-') && !(after is (byte)'.' or (byte)':' && Shapes.IsAlphanumeric(Shapes.At(text, start + run + 1))) && !(before == '(' && Shapes.At(text, start + run) == ')');
    }

    private static bool IsBetween(ReadOnlySpan<byte> word)
    {
        Span<char> lower = stackalloc char[word.Length];
        for (int i = 0; i < word.Length; i++)
            lower[i] = char.ToLowerInvariant((char)word[i]);
        foreach (string one in Between)
        {
            if (lower.SequenceEqual(one))
                return true;
        }
        return false;
    }
}
