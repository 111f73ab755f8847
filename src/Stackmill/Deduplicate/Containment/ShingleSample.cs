namespace Stackmill.Deduplicate.Containment;

/// <summary>
/// Which shingles stand for a file: those whose hash lies below a fixed share of all (FracMinHash; Irber et al., "Lightweight compositional analysis of
/// metagenomes with FracMinHash and minimum metagenome covers", 2022). The same shingle is chosen in every file or in none, so a share of one
/// file's sample that lies in another's estimates containment, whatever their sizes.
/// </summary>
internal readonly struct ShingleSample
{
    /// <summary>Shingles that the smallest file that is looked for has in its sample, on average.</summary>
    public const int FewestExpected = 16;

    // What a sample may miss by chance beyond its share, in standard deviations: one file in some ten thousand misses more.
    private const double Deviations = 4;

    private readonly ulong _below;
    private readonly double _threshold;

    /// <param name="options">How small a file is looked for.</param>
    public ShingleSample(ContainmentOptions options)
    {
        Scale = Math.Max(1, options.MinShingles / FewestExpected);
        _below = Scale == 1 ? ulong.MaxValue : ulong.MaxValue / (ulong)Scale;
        _threshold = options.Threshold;
    }

    /// <summary>One shingle in so many is in the sample.</summary>
    public int Scale { get; }

    /// <summary>The part of an ascending shingle set that is its sample.</summary>
    public ReadOnlySpan<ulong> Of(ReadOnlySpan<ulong> shingles)
    {
        var end = shingles.BinarySearch(_below);
        return shingles[..(end < 0 ? ~end : end + 1)];
    }

    /// <summary>
    /// How many of a sample's shingles must be asked for, so that one of them is in any file that holds the file's: one more than such a file may lack.
    /// </summary>
    public int Asked(int sampled)
    {
        var lacking = (1 - _threshold) * sampled;
        var chance = Scale == 1 ? 0 : Deviations * Math.Sqrt(lacking * _threshold);
        return Math.Min(sampled, (int)Math.Floor(lacking + chance + 1e-9) + 1);
    }
}
