namespace Stackmill.Deduplicate.Decontamination;

/// <summary>What is done with a part of a problem.</summary>
internal enum PartSearch
{
    /// <summary>Its n-grams are looked for.</summary>
    Ngrams,

    /// <summary>It is short and has enough different words: it is looked for as a whole.</summary>
    Whole,

    /// <summary>It is too short, or has too few different words, to be told from what anybody writes.</summary>
    TooShort,

    /// <summary>All its n-grams are common: licences, phrases that everybody writes, or text that many problems share.</summary>
    TooCommon,
}

/// <summary>A prompt, solution, starter or test of a problem in the index.</summary>
/// <param name="Benchmark">Index of its benchmark.</param>
/// <param name="Problem">Index of its problem, over all benchmarks.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Words">Its words.</param>
internal sealed record ProblemPart(int Benchmark, int Problem, string Kind, int Words)
{
    /// <summary>How it is looked for.</summary>
    public PartSearch Search { get; set; }

    /// <summary>Its different words of two letters or more.</summary>
    public int DistinctWords { get; init; }

    /// <summary>True when it is looked for at all.</summary>
    public bool IsLookedFor => Search is PartSearch.Ngrams or PartSearch.Whole;

    /// <summary>Its different n-grams with enough different words, common ones among them.</summary>
    public int Indexed { get; set; }

    /// <summary>Its different n-grams that count; 1 for a part that is shorter than an n-gram and looked for as a whole.</summary>
    public int Ngrams { get; set; }

    /// <summary>How many of them a file must have.</summary>
    public int Needed { get; set; }

    /// <summary>Share of its n-grams that must be in a file.</summary>
    public double Threshold { get; set; }
}

/// <summary>A file has enough of a part.</summary>
/// <param name="Part">Index of the part.</param>
/// <param name="Hits">Different n-grams of the part that the file has.</param>
/// <param name="Score">Their share of the part's n-grams, 0 to 1.</param>
internal readonly record struct PartHit(int Part, int Hits, double Score);
