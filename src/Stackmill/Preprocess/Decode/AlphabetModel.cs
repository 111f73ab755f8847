using System.Globalization;

namespace Stackmill.Preprocess.Decode;

/// <summary>
/// Text of a language with an alphabet. Letters that are not ASCII, and what stands within two places behind one, cost
/// what the statistics say of three letters in a row; other ASCII costs the same in every language, as it may be code.
/// </summary>
internal sealed class AlphabetModel : LanguageModel
{
    private const int WindowBehind = 2;
    private const int AsciiSign = 14;           // which of the signs and digits, once it is clear that it is no letter
    private const int SymbolBehindLetter = 40;
    private const int SymbolBehindSign = 33;
    private const int SymbolBehindSymbol = 18;
    private const int DearestLetter = 80;       // in names and identifiers letters stand where no word has them
    private const int ForeignLetter = 24;       // that a letter of another language comes at all
    private const int SymbolInWord = 36;        // a symbol between two letters
    private const int CapitalAfterSmall = 37;   // nobody writes camelCase with accents
    private const int CapitalAtStart = 15;
    private const int SmallAtStart = 1;
    private const int AfterCapital = 6;

    private const int StartOfRun = 20;          // that a letter of an own script stands amid ASCII
    private const int Apostrophe = 12;          // in a word of a language that writes them there
    private const int RareSymbol = 50;

    private const string RareSymbols = "‚•×±µ²³→←¿¡´º½≥≤≠÷";
    private const string Symbols = "“”„‘’–—…«»©®°·§€£™№\u00A0\u00AD";

    /// <summary>Signs that stand between letters rightly: quotes, dashes, the Catalan dot, the soft hyphen.</summary>
    private const string WordJoiners = "‘“”„«»–—…·\u00AD";

    /// <summary>Signs that no word begins with.</summary>
    private const string WordEndings = "®™°²³´º½";

    private static readonly string[] _withApostrophes = ["fr", "it", "ca", "uk", "tr", "ga", "cy"];

    /// <summary>Alphabets and common signs lie below.</summary>
    private const int Span = 0x2600;

    private readonly byte[] costs;
    private readonly int size;
    private readonly int startOfRun;
    private readonly int apostrophe;
    private readonly Entry[] entries = new Entry[Span];

    internal AlphabetModel(WrittenLanguage language, LetterStatistics letters)
        : base(language)
    {
        costs = letters.Costs;
        startOfRun = IsIn(LanguageGroup.Latin) ? 0 : StartOfRun;
        apostrophe = _withApostrophes.Contains(language.Code) ? Apostrophe : SymbolInWord;
        size = LetterStatistics.FirstOwn + letters.Letters.Length;
        for (var i = 0; i < Span; i++)
        {
            var c = (char)i;
            var lower = char.ToLowerInvariant(c);
            var isCapital = c != lower;
            if (char.IsAsciiLetter(c))
                entries[i] = new Entry(Kind.Ascii, (byte)(1 + lower - 'a'), 0, isCapital);
            else if (c < 0x80)
                entries[i] = new Entry(Kind.Ascii, 0, AsciiSign, false);
            else if (letters.Letters.IndexOf(lower) is >= 0 and var at)
                entries[i] = new Entry(Kind.Own, (byte)(LetterStatistics.FirstOwn + at), 0, isCapital);
            else
                entries[i] = Other(language, c, isCapital);
        }
    }

    protected override int Cost(ReadOnlySpan<char> text, int most)
    {
        int cost = 0, beforeLast = 0, last = 0, window = 0;
        var before = new Entry(Kind.Ascii, 0, AsciiSign, false);
        var isWordBeforeSymbol = false;
        var wasJoiner = false;
        var wasApostrophe = false;
        var wasEnding = false;
        foreach (var c in text)
        {
            var entry = c < Span ? entries[c] : new Entry(Kind.Symbol, 0, IsNever(c) ? Never : Stray, false);
            var isLetter = entry.Kind is Kind.Own or Kind.Foreign || entry.Class != 0;
            var wasLetter = before.Kind is Kind.Own or Kind.Foreign || before.Class != 0;
            switch (entry.Kind)
            {
                case Kind.Ascii:
                    cost += window > 0 ? costs[(((beforeLast * size) + last) * size) + entry.Class] + entry.Cost : AnyAscii;
                    break;
                case Kind.Own:
                    cost += Math.Min((int)costs[(((beforeLast * size) + last) * size) + entry.Class], DearestLetter) + CaseCost(entry.IsCapital, wasLetter, before.IsCapital);
                    if (window == 0)
                        cost += startOfRun;
                    break;
                case Kind.Foreign:
                    cost += entry.Cost + ForeignLetter + CaseCost(entry.IsCapital, wasLetter, before.IsCapital);
                    break;
                default:
                    cost += entry.Cost;
                    cost += before.Kind == Kind.Symbol ? SymbolBehindSymbol : !wasLetter ? SymbolBehindSign : SymbolBehindLetter;
                    break;
            }

            if (isLetter && before.Kind == Kind.Symbol && (wasEnding || (isWordBeforeSymbol && !wasJoiner)))
                cost += wasApostrophe ? apostrophe : SymbolInWord;
            if (cost > most)
                return -1;

            if (entry.Kind == Kind.Symbol)
            {
                isWordBeforeSymbol = before.Kind == Kind.Symbol ? isWordBeforeSymbol : wasLetter;
                wasJoiner = WordJoiners.Contains(c);
                wasApostrophe = c == '’';
                wasEnding = WordEndings.Contains(c);
            }

            window = entry.Kind == Kind.Own ? WindowBehind : Math.Max(0, window - 1);
            beforeLast = last;
            last = entry.Class;
            before = entry;
        }

        return cost;
    }

    /// <summary>Capitals begin words (15 %) or follow one another (50 %).</summary>
    private static int CaseCost(bool isCapital, bool isInWord, bool wasCapital) => isInWord
        ? wasCapital ? AfterCapital : isCapital ? CapitalAfterSmall : 0
        : isCapital ? CapitalAtStart : SmallAtStart;

    private static Entry Other(WrittenLanguage language, char c, bool isCapital)
    {
        if (IsNever(c))
            return new Entry(Kind.Symbol, 0, Never, false);
        if (Symbols.Contains(c))
            return new Entry(Kind.Symbol, 0, CommonSymbol, false);
        if (RareSymbols.Contains(c))
            return new Entry(Kind.Symbol, 0, RareSymbol, false);
        if (!char.IsLetter(c) && CharUnicodeInfo.GetUnicodeCategory(c) is not UnicodeCategory.NonSpacingMark)
            return new Entry(Kind.Symbol, 0, c < '\u2100' ? RareOfScript : Stray, false);
        return new Entry(Kind.Foreign, 0, language.IsOfScript(c) ? RareOfScript : Stray, isCapital);
    }

    private static bool IsNever(char c) => c is (>= '\u0080' and < '\u00A0') or '\uFFFD' or (>= '\uE000' and < '\uF900');

    private enum Kind : byte
    {
        Ascii,
        Own,
        Foreign,
        Symbol,
    }

    private readonly record struct Entry(Kind Kind, byte Class, int Cost, bool IsCapital);
}
