namespace Stackmill.Preprocess.Decode;

/// <summary>
/// Text in Chinese, Japanese or Korean: a chain over the kinds of characters (ASCII letter, other ASCII, letter,
/// symbol), how frequent each letter is, and pairs that are more frequent than their letters.
/// </summary>
internal sealed class IdeographModel : LanguageModel
{
    private const int RareIdeograph = 88;       // one of some 6,000 that were not counted
    private const int LetterThenAscii = 16;     // a word's end: words of one letter are rare

    private const string Symbols =
        "、。，：；（）「」『』！？・ー“”‘’…—《》【】％＝〜～●○■□◆★※→←↑↓①②③④⑤±×÷々\u3000„‚–«»©®°·•§€£µ²³™¿¡№´º½≥≤≠\u00A0\u00AD";

    /// <summary>Rows: the kind before (ASCII letter, other ASCII, letter, symbol). Columns: letter, symbol.</summary>
    private static readonly int[,] Chain = { { 31, 42 }, { 22, 31 }, { 1, 22 }, { 4, 18 } };

    private readonly Entry[] entries = new Entry[0x10000];
    private readonly Dictionary<uint, byte> pairs;

    internal IdeographModel(WrittenLanguage language, LetterStatistics letters)
        : base(language)
    {
        pairs = letters.Pairs;
        for (var i = 0; i < entries.Length; i++)
            entries[i] = Other(language, (char)i);
        for (var i = 0; i < letters.Letters.Length; i++)
            entries[letters.Letters[i]] = new Entry(Kind.Letter, letters.Costs[i] + 1, i);
        foreach (var c in Symbols)
            entries[c] = new Entry(Kind.Symbol, CommonSymbol, -1);
    }

    protected override int Cost(ReadOnlySpan<char> text, int most)
    {
        var cost = 0;
        var before = new Entry(Kind.OtherAscii, AnyAscii, -1);
        foreach (var c in text)
        {
            var entry = entries[c];
            cost += entry.Cost;
            if (entry.Kind >= Kind.Letter)
                cost += Chain[(int)before.Kind, entry.Kind - Kind.Letter];
            else if (before.Kind == Kind.Letter)
                cost += LetterThenAscii;
            if (before.Place >= 0 && entry.Place >= 0 && pairs.TryGetValue((uint)((before.Place << 16) | entry.Place), out var gain))
                cost -= Math.Min(gain, entry.Cost);
            if (cost > most)
                return -1;
            before = entry;
        }

        return cost;
    }

    private static Entry Other(WrittenLanguage language, char c) => c switch
    {
        < '\u0080' => new Entry(char.IsAsciiLetter(c) ? Kind.AsciiLetter : Kind.OtherAscii, AnyAscii, -1),
        < '\u00A0' or '\uFFFD' or (>= '\uE000' and < '\uF900') => new Entry(Kind.Symbol, Never, -1),
        _ when !char.IsLetter(c) => new Entry(Kind.Symbol, RareOfScript, -1),
        _ => new Entry(Kind.Letter, language.IsOfScript(c) ? RareIdeograph : Stray, -1),
    };

    private enum Kind
    {
        AsciiLetter,
        OtherAscii,
        Letter,
        Symbol,
    }

    private readonly record struct Entry(Kind Kind, int Cost, int Place);
}
