using System.Collections.Frozen;
using System.Globalization;

namespace Stackmill.Preprocess.Decode;

/// <summary>
/// How likely a run of characters is as code with comments in one language: a chain over the kinds of characters
/// (ASCII letter, other ASCII, letter of the language, symbol), and letter frequencies within a kind. Each character
/// stands for its own bytes, so totals of encodings with one and with two bytes a character are comparable.
/// All numbers are natural logarithms of probabilities, set by hand and checked by the tests.
/// </summary>
internal sealed class LanguageModel
{
    /// <summary>What no text holds: C1 controls, private use, U+FFFD from bytes without meaning.</summary>
    internal const double Impossible = double.NegativeInfinity;

    private const double AnyAscii = -4.16;          // one of 64
    private const double RareOfScript = -9.2;       // another letter of the right script
    private const double RareIdeograph = -11.0;     // one of some 6,000 outside the 480 frequent ones
    private const double Stray = -13.8;             // nothing that belongs: box drawing, letters of other scripts
    private const double CommonSymbol = -3.7;       // one of some 40
    private const double SymbolInWord = -4.5;       // a symbol between two letters
    private const double CapitalAfterSmall = -4.6;  // nobody writes camelCase with accents

    private const string Symbols = "“”„‘’‚–—…«»©®°·•×§±€£µ²³™→←¿¡№´º½≥≤≠÷\u00A0\u00AD";
    /// <summary>Signs that stand between letters rightly: quotes, dashes, the Catalan dot, the soft hyphen.</summary>
    private const string WordJoiners = "’‘“”„«»–—…·\u00AD";

    private const string WideSymbols = "、。，：；（）「」『』！？・ー“”‘’…—《》【】％＝〜～●○■□◆★※→←↑↓①②③④⑤±×÷々\u3000";

    /// <summary>Rows: the kind before (ASCII letter, other ASCII, letter, symbol). Columns: letter, symbol.</summary>
    private static readonly double[,] LatinChain = { { -3.2, -5.0 }, { -5.5, -4.1 }, { -2.8, -5.0 }, { -3.9, -2.3 } };

    private static readonly double[,] AlphabetChain = { { -7.6, -5.8 }, { -2.8, -5.1 }, { -0.16, -5.3 }, { -1.6, -3.0 } };

    private static readonly double[,] IdeographChain = { { -3.9, -5.3 }, { -2.8, -3.9 }, { -0.15, -2.8 }, { -0.5, -2.3 } };

    private const double LetterThenAscii = -2.0;          // a word's end: words of one letter are rare
    private const double LetterThenAsciiLetter = -5.3;    // Cyrillic or Greek run into Latin within a word

    /// <summary>Alphabets and common signs lie below; East Asian models know all of the first plane.</summary>
    private const int AlphabetSpan = 0x2600;

    private readonly FrozenDictionary<char, double> letters;
    private readonly double[,] chain;
    private readonly LanguageGroup group;
    private readonly double prior;
    private readonly (float Score, Kind Kind, bool IsCapital)[] emissions;

    private LanguageModel(LanguageLetters language)
    {
        group = language.Group;
        prior = language.Prior;
        var ideographic = (group & LanguageGroup.Ideographic) != 0;
        var latin = (group & LanguageGroup.Latin) != 0;
        chain = ideographic ? IdeographChain : latin ? LatinChain : AlphabetChain;

        // Falls fitted to the measured frequencies: Zipf for the few accented letters, exponential for alphabets.
        var weights = language.Letters.Select((_, rank) => ideographic ? 1.0 / (rank + 15) : latin ? 1.0 / (rank + 1) : Math.Exp(-rank / 9.0)).ToArray();
        var sum = weights.Sum() / (ideographic ? 0.85 : 0.97);
        letters = language.Letters.Select((c, i) => KeyValuePair.Create(c, Math.Log(weights[i] / sum))).ToFrozenDictionary();

        emissions = new (float, Kind, bool)[ideographic ? 0x10000 : AlphabetSpan];
        for (var i = 0; i < emissions.Length; i++)
        {
            var c = (char)i;
            var lower = char.ToLowerInvariant(c);
            var (kind, own) = c < 0x80 ? (char.IsAsciiLetter(c) ? Kind.AsciiLetter : Kind.OtherAscii, AnyAscii) : Emit(c, lower);
            emissions[i] = ((float)own, kind, c != lower);
        }
    }

    internal static LanguageModel[] All { get; } = [.. LanguageLetters.All.Select(l => new LanguageModel(l))];

    /// <summary>Whether encodings for <paramref name="groups"/> can hold this language.</summary>
    internal bool IsIn(LanguageGroup groups) => (group & groups) != 0;

    /// <summary>
    /// Log-likelihood of <paramref name="text"/>; <see cref="Impossible"/> if no text holds one of its characters, or
    /// as soon as it falls below <paramref name="limit"/>: it never rises.
    /// </summary>
    internal double Score(ReadOnlySpan<char> text, double limit)
    {
        var score = prior;
        var before = Kind.OtherAscii;
        var beforeThat = Kind.OtherAscii;
        var last = '\0';
        var lastCase = LetterCase.None;
        var isAlphabet = chain == AlphabetChain;
        var isLatin = chain == LatinChain;
        var isIdeographic = chain == IdeographChain;
        foreach (var c in text)
        {
            var (own, kind, isCapital) = c < emissions.Length ? emissions[c] : StrayEmission(c);
            score += own;
            if (kind >= Kind.Letter)
                score += chain[(int)before, kind - Kind.Letter];
            else if (before == Kind.Letter && !isLatin)
                score += isAlphabet && kind == Kind.AsciiLetter ? LetterThenAsciiLetter : LetterThenAscii;
            if (score < limit)
                return Impossible;

            var isLetter = kind is Kind.Letter or Kind.AsciiLetter;
            if (!isIdeographic)
            {
                if (isLetter && before == Kind.Symbol && !WordJoiners.Contains(last) && beforeThat is Kind.Letter or Kind.AsciiLetter)
                    score += SymbolInWord;
                if (kind == Kind.Letter)
                    score += CaseScore(isCapital, lastCase);
            }

            lastCase = !isLetter ? LetterCase.None : isCapital ? LetterCase.Capital : LetterCase.Small;
            beforeThat = before == Kind.Symbol && kind == Kind.Symbol ? beforeThat : before;
            before = kind;
            last = c;
        }

        return score;
    }

    /// <summary>Capitals begin words (15 %) or follow one another (50 %).</summary>
    private static double CaseScore(bool isCapital, LetterCase before) => (isCapital, before) switch
    {
        (true, LetterCase.Small) => CapitalAfterSmall,
        (false, LetterCase.Small) => 0,
        (_, LetterCase.Capital) => -0.7,
        (true, _) => -1.9,
        (false, _) => -0.16,
    };

    private static (float Score, Kind Kind, bool IsCapital) StrayEmission(char c) =>
        c is '\uFFFD' or (>= '\uE000' and < '\uF900')
            ? (float.NegativeInfinity, Kind.Symbol, false)
            : ((float)Stray, Kind.Symbol, false);

    private (Kind Kind, double Score) Emit(char c, char lower)
    {
        if (letters.TryGetValue(lower, out var frequent) || letters.TryGetValue(c, out frequent))
            return (Kind.Letter, frequent);
        if (chain == IdeographChain && WideSymbols.Contains(c))
            return (Kind.Symbol, CommonSymbol);
        if (Symbols.Contains(c))
            return (Kind.Symbol, CommonSymbol);
        if (c is < '\u00A0' or '\uFFFD' or (>= '\uE000' and < '\uF900'))
            return (Kind.Symbol, Impossible);
        if (!char.IsLetter(c) && CharUnicodeInfo.GetUnicodeCategory(c) is not UnicodeCategory.NonSpacingMark)
            return (Kind.Symbol, c < '\u2100' || chain == IdeographChain ? RareOfScript : Stray);
        if (IsOfScript(c))
            return (Kind.Letter, chain == IdeographChain ? RareIdeograph : RareOfScript);
        return (Kind.Letter, Stray);
    }

    private bool IsOfScript(char c) => group switch
    {
        LanguageGroup.Western or LanguageGroup.Central or LanguageGroup.Turkish or LanguageGroup.Baltic => c < '\u0250',
        LanguageGroup.Russian or LanguageGroup.Ukrainian or LanguageGroup.Slavic => c is >= '\u0400' and < '\u0500',
        LanguageGroup.Greek => c is >= '\u0370' and < '\u0400',
        LanguageGroup.Hebrew => c is >= '\u0590' and < '\u0600',
        LanguageGroup.Arabic => c is >= '\u0600' and < '\u0700',
        LanguageGroup.Thai => c is >= '\u0E00' and < '\u0E80',
        LanguageGroup.Korean => c is >= '\uAC00' and < '\uD7A4',
        LanguageGroup.Japanese => c is (>= '\u3040' and < '\u3100') or (>= '\u4E00' and < '\uA000'),
        _ => c is >= '\u4E00' and < '\uA000',
    };

    private enum LetterCase
    {
        None,
        Small,
        Capital,
    }

    private enum Kind
    {
        AsciiLetter,
        OtherAscii,
        Letter,
        Symbol,
    }
}
