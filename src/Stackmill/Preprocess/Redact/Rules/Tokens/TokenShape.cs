using System.Buffers;
using System.Globalization;

namespace Stackmill.Preprocess.Redact.Rules.Tokens;

/// <summary>
/// What stands behind a token's prefix, written as data: <c>alnum 22 '_' hex 40</c> is 22 letters or digits, an underscore and 40 hexadecimal
/// digits; <c>url 20-300</c> is a run of at least 20 and at most 300. A run that goes on beyond its most is no match. Samples are made from the same data.
/// </summary>
internal sealed class TokenShape
{
    private static readonly Dictionary<string, (SearchValues<byte> Set, string Sample)> Alphabets = new()
    {
        ["alnum"] = (Shapes.Alphanumeric, Samples.Alphanumeric),
        ["word"] = (Shapes.Word, Samples.Alphanumeric),
        ["url"] = (Shapes.Base64Url, Samples.Alphanumeric),
        ["dotted"] = (Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-."), Samples.Alphanumeric),
        ["url="] = (Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-="), Samples.Alphanumeric),
        ["base64"] = (Shapes.Base64, Samples.Alphanumeric),
        ["base64="] = (Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/="), Samples.Alphanumeric),
        ["percent"] = (Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz%+/="), Samples.Alphanumeric),
        ["hex"] = (Shapes.LowerHex, Samples.LowerHex),
        ["anyhex"] = (Shapes.Hex, Samples.LowerHex),
        ["upper"] = (Shapes.UpperAlphanumeric, Samples.Upper),
        ["lower"] = (Shapes.LowerAlphanumeric, "abcdefghijklmnopqrstuvwxyz0123456789"),
        ["letters"] = (Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"), "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"),
        ["digits"] = (DigitScan.Digits, Samples.Digits),
        ["crypt"] = (Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz./"), Samples.Alphanumeric),
        ["path"] = (Set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-/"), Samples.Alphanumeric),
    };

    private readonly record struct Part(SearchValues<byte>? Set, string Text, int Least, int Most);

    private readonly Part[] _parts;

    private TokenShape(Part[] parts)
    {
        _parts = parts;
        Shortest = parts.Sum(p => p.Least);
    }

    public int Shortest { get; }

    /// <exception cref="FormatException">The shape names no known alphabet, or a count is no number.</exception>
    public static TokenShape Parse(string shape)
    {
        var parts = new List<Part>();
        string[] words = shape.Replace("uuid", "hex 8 '-' hex 4 '-' hex 4 '-' hex 4 '-' hex 12", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i][0] == '\'')
            {
                string text = words[i][1..^1];
                parts.Add(new Part(null, text, text.Length, text.Length));
                continue;
            }
            if (!Alphabets.TryGetValue(words[i], out var alphabet) || i + 1 == words.Length)
                throw new FormatException($"'{shape}' names no alphabet and count at '{words[i]}'.");
            string[] counts = words[++i].Split('-');
            parts.Add(new Part(alphabet.Set, alphabet.Sample, int.Parse(counts[0], CultureInfo.InvariantCulture), int.Parse(counts[^1], CultureInfo.InvariantCulture)));
        }
        return new TokenShape([.. parts]);
    }

    /// <summary>Length of the token part that begins at <paramref name="start"/>; -1 when there is none or it goes on.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">First byte behind the prefix.</param>
    /// <param name="looked">Bytes that were looked at.</param>
    public int Match(ReadOnlySpan<byte> text, int start, out int looked)
    {
        int at = start;
        looked = 0;
        for (int i = 0; i < _parts.Length; i++)
        {
            Part part = _parts[i];
            bool last = i == _parts.Length - 1;
            if (part.Set is null)
            {
                if (text.Length - at < part.Text.Length || !System.Text.Ascii.Equals(text.Slice(at, part.Text.Length), part.Text))
                    return -1;
                at += part.Text.Length;
                continue;
            }
            int run = Shapes.Run(text, at, part.Set, last ? part.Most + 1 : part.Most);
            looked += run;
            // A dash or dot that ends the sentence is no part of the token.
            while (last && run > part.Least && text[at + run - 1] is (byte)'.' or (byte)'-')
                run--;
            if (run < part.Least || run > part.Most)
                return -1;
            at += run;
        }
        return Shapes.IsWord(Shapes.At(text, at)) ? -1 : at - start;
    }

    /// <summary>A text of this shape that looks random.</summary>
    public string Sample(uint seed)
    {
        string text = "";
        foreach (Part part in _parts)
            text += part.Set is null ? part.Text : Samples.Of(part.Least, part.Text, seed += 7);
        return text;
    }

    private static SearchValues<byte> Set(string bytes) => SearchValues.Create(System.Text.Encoding.ASCII.GetBytes(bytes));
}
