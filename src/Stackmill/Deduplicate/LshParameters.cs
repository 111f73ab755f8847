using Stackmill.Core.Faults;

namespace Stackmill.Deduplicate;

/// <summary>
/// How min-hashes are cut into bands of rows. Two sets of Jaccard similarity s agree in one band of r rows with
/// probability s^r, so they become a candidate pair with P = 1 − (1 − s^r)^b (Leskovec, Rajaraman, Ullman,
/// "Mining of Massive Datasets", §3.4.2).
/// </summary>
/// <param name="Threshold">Similarity, 0.5 to 1, from which a file counts as a duplicate.</param>
/// <param name="Bands">Number of bands (b).</param>
/// <param name="Rows">Min-hashes in a band (r).</param>
internal sealed record LshParameters(double Threshold, int Bands, int Rows)
{
    /// <summary>Lowest threshold: below one half, common idioms alone make files "similar".</summary>
    public const double MinThreshold = 0.5;

    /// <summary>By default a pair exactly at the threshold is missed at most twice in ten thousand.</summary>
    public const double DefaultMaxMiss = 2e-4;

    /// <summary>Permutations by default: divisible by 3, 4 and 6 rows.</summary>
    public const int DefaultPermutations = 252;

    // Longer bands would only save candidates, which exact verification rejects cheaply, and lose margin.
    private const int MaxRows = 6;

    // Only identical sets count at threshold 1, and those agree in every band.
    private const int RowsForEquality = 16;

    /// <summary>Number of min-hashes.</summary>
    public int Permutations => Bands * Rows;

    /// <summary>Probability that a pair exactly at the threshold is not found.</summary>
    public double MissProbability => 1 - CandidateProbability(Threshold);

    /// <summary>Probability that a pair of this similarity (0 to 1) becomes a candidate.</summary>
    public double CandidateProbability(double similarity) =>
        1 - Math.Pow(1 - Math.Pow(similarity, Rows), Bands);

    /// <summary>
    /// The longest bands of at most 6 rows that keep the miss probability at the threshold within
    /// <paramref name="maxMiss"/>, with as many bands as the permutations allow: 42 × 6 at 0.85, 50 × 5 at 0.7.
    /// </summary>
    /// <param name="threshold">0.5 to 1.</param>
    /// <param name="permutations">Most min-hashes to compute, at least 16.</param>
    /// <param name="maxMiss">Highest miss probability, above 0 and below 1.</param>
    /// <exception cref="UsageException">The threshold is out of range, or the permutations don't suffice.</exception>
    public static LshParameters For(double threshold, int permutations = DefaultPermutations, double maxMiss = DefaultMaxMiss)
    {
        if (!(threshold is >= MinThreshold and <= 1))
        {
            throw new UsageException(
                $"similarity_threshold is {threshold}; expected a number from {MinThreshold} to 1 (0.85 by default).");
        }
        ArgumentOutOfRangeException.ThrowIfLessThan(permutations, RowsForEquality);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(permutations, MinHasher.MaxPermutations);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxMiss);
        if (threshold == 1)
            return new(threshold, 1, RowsForEquality);
        for (int rows = MaxRows; rows > 0; rows--)
        {
            var candidate = new LshParameters(threshold, permutations / rows, rows);
            if (candidate.MissProbability <= maxMiss)
                return candidate;
        }
        throw new UsageException(
            $"{permutations} permutations can't find pairs at similarity {threshold} with a miss probability of {maxMiss}; use more permutations.");
    }
}
