namespace Stackmill.Deduplicate.Decontamination;

/// <summary>A benchmark in the index.</summary>
/// <param name="Name">Name of its file.</param>
/// <param name="Form">Name of its form.</param>
/// <param name="Sha256">SHA-256 of its file.</param>
internal sealed record IndexedBenchmark(string Name, string Form, string Sha256);

/// <summary>A problem in the index.</summary>
/// <param name="Benchmark">Index of its benchmark.</param>
/// <param name="Id">Its name in the benchmark.</param>
internal sealed record IndexedProblem(int Benchmark, string Id);

/// <summary>The n-grams of benchmarks, and the parts of problems that have them. Made by <see cref="ContaminationIndexBuilder"/>; read by all workers.</summary>
internal sealed class ContaminationIndex
{
    /// <summary>The benchmarks, as the options name them.</summary>
    public required IReadOnlyList<IndexedBenchmark> Benchmarks { get; init; }

    /// <summary>Their problems, in order.</summary>
    public required IReadOnlyList<IndexedProblem> Problems { get; init; }

    /// <summary>Their parts, in order; those that are not looked for among them.</summary>
    public required IReadOnlyList<ProblemPart> Parts { get; init; }

    /// <summary>Numbers of words in a window that n-grams have, ascending.</summary>
    public required IReadOnlyList<int> Sizes { get; init; }

    /// <summary>Finds n-grams by the hash of their words.</summary>
    public required NgramTable Table { get; init; }

    /// <summary>Different n-grams.</summary>
    public int Ngrams => Places.Length;

    /// <summary>Of each n-gram, where its words begin in <see cref="Sequence"/>.</summary>
    public required int[] Places { get; init; }

    /// <summary>Of each n-gram, its number of words.</summary>
    public required byte[] Lengths { get; init; }

    /// <summary>Of each n-gram, where its parts begin in <see cref="Postings"/>; one more at the end.</summary>
    public required int[] PostingStarts { get; init; }

    /// <summary>Parts that have the n-grams.</summary>
    public required int[] Postings { get; init; }

    /// <summary>The words of all parts, as indices of <see cref="Words"/>.</summary>
    public required int[] Sequence { get; init; }

    /// <summary>Each word once, in ASCII's lower case.</summary>
    public required byte[][] Words { get; init; }

    /// <summary>What is looked for, in one sentence.</summary>
    public string Summary => $"{Problems.Count} problems of {Benchmarks.Count} benchmarks are looked for by {Ngrams} n-grams; {Parts.Count(p => !p.IsLookedFor)} of their {Parts.Count} parts are too short or too common, and are listed in the report";

    /// <summary>The parts that have an n-gram.</summary>
    public ReadOnlySpan<int> PartsOf(int ngram) => Postings.AsSpan(PostingStarts[ngram]..PostingStarts[ngram + 1]);

    /// <summary>True when an n-gram is the words up to <paramref name="last"/>, so that equal hashes of other words are no hit.</summary>
    public bool IsAt(int ngram, FoldedWords words, ReadOnlySpan<byte> text, int last)
    {
        var sequence = Sequence.AsSpan(Places[ngram], Lengths[ngram]);
        var first = last - sequence.Length + 1;
        for (var i = 0; i < sequence.Length; i++)
        {
            if (!FoldedWords.Same(words.Word(text, first + i), Words[sequence[i]]))
                return false;
        }

        return true;
    }
}
