namespace Stackmill.Preprocess.Decode;

/// <summary>
/// How likely a run of characters is as code with comments in one language. Each character stands for its own bytes,
/// so totals of encodings with one and with two bytes a character are comparable. Costs are counted in eighths of
/// -ln p, as the statistics are.
/// </summary>
internal abstract class LanguageModel(WrittenLanguage language)
{
    /// <summary>What no text holds: C1 controls, private use, U+FFFD from bytes without meaning.</summary>
    internal const double Impossible = double.NegativeInfinity;

    protected const int Never = 1 << 20;
    protected const int AnyAscii = 33;          // one of 64
    protected const int RareOfScript = 76;      // another letter of the right script
    protected const int Stray = 110;            // nothing that belongs: box drawing, letters of other scripts
    protected const int CommonSymbol = 30;      // one of some 40

    private const double PerNat = 8;

    // Statistics are read once a process, when the first legacy file is met.
    private static readonly Lazy<LanguageModel[]> _all = new(Make);

    internal static LanguageModel[] All => _all.Value;

    /// <summary>Whether encodings for <paramref name="groups"/> can hold this language.</summary>
    internal bool IsIn(LanguageGroup groups) => (language.Group & groups) != 0;

    /// <summary>
    /// Log-likelihood of <paramref name="text"/>; <see cref="Impossible"/> if no text holds one of its characters, or
    /// as soon as it falls below <paramref name="limit"/>: it never rises by more than a pair gains.
    /// </summary>
    internal double Score(ReadOnlySpan<char> text, double limit)
    {
        var most = limit == Impossible ? Never - 1 : (int)((language.Prior - limit) * PerNat);
        var cost = Cost(text, Math.Min(most, Never - 1));
        return cost < 0 ? Impossible : language.Prior - (cost / PerNat);
    }

    /// <summary>The cost of the text, or -1 once it is above <paramref name="most"/>.</summary>
    protected abstract int Cost(ReadOnlySpan<char> text, int most);

    private static LanguageModel[] Make()
    {
        var statistics = LetterStatistics.Load();
        return [.. WrittenLanguage.All.Select(language => Of(language, statistics[language.Code]))];
    }

    private static LanguageModel Of(WrittenLanguage language, LetterStatistics letters) =>
        letters.IsIdeographic ? new IdeographModel(language, letters) : new AlphabetModel(language, letters);
}
