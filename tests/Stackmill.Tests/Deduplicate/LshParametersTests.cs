using Stackmill.Core.Faults;
using Stackmill.Deduplicate;

namespace Stackmill.Tests.Deduplicate;

public sealed class LshParametersTests
{
    /// <summary>Bands, rows, then percentages for similarities 0.5, 0.6, 0.7, 0.75, 0.8, 0.85 and 0.9.</summary>
    public static TheoryData<int, int, double[]> PublishedSettings => new()
    {
        { 14, 8, [5.3, 21.1, 56.5, 77.2, 92.4, 98.8, 100] },
        { 25, 10, [2.4, 14.1, 51.1, 76.5, 94.2, 99.6, 100] },
        { 20, 13, [.2, 2.6, 17.7, 38.2, 67.7, 92.4, 99.7] },
        { 13, 19, [0, .1, 1.5, 5.4, 17.2, 45.5, 84.8] },
        { 42, 6, [48, 86.6, 99.5, 100, 100, 100, 100] },
        { 50, 5, [80, 98.3, 99.99, 100, 100, 100, 100] },
    };

    [Theory]
    [MemberData(nameof(PublishedSettings))]
    public void Candidate_probabilities_agree_with_the_table(int bands, int rows, double[] percentages)
    {
        double[] similarities = [.5, .6, .7, .75, .8, .85, .9];
        var parameters = new LshParameters(.85, bands, rows);
        for (int i = 0; i < similarities.Length; i++)
        {
            // The table rounds to a tenth of a percent, whole numbers to one.
            double tolerance = percentages[i] is 48 or 80 ? 0.5 : 0.0501;
            Assert.InRange(100 * parameters.CandidateProbability(similarities[i]), percentages[i] - tolerance, percentages[i] + tolerance);
        }
    }

    [Theory]
    [InlineData(0.5, 84, 3)]
    [InlineData(0.6, 63, 4)]
    [InlineData(0.7, 50, 5)]
    [InlineData(0.75, 50, 5)]
    [InlineData(0.8, 42, 6)]
    [InlineData(0.85, 42, 6)]
    [InlineData(0.95, 42, 6)]
    [InlineData(1.0, 1, 16)]
    public void Bands_and_rows_follow_from_the_threshold(double threshold, int bands, int rows) =>
        Assert.Equal(new LshParameters(threshold, bands, rows), LshParameters.For(threshold));

    [Fact]
    public void At_every_threshold_at_most_the_stated_share_is_missed()
    {
        for (int hundredths = 50; hundredths <= 100; hundredths++)
        {
            LshParameters parameters = LshParameters.For(hundredths / 100.0);
            Assert.InRange(parameters.MissProbability, 0, LshParameters.DefaultMaxMiss);
            Assert.InRange(parameters.Permutations, 16, LshParameters.DefaultPermutations);
            Assert.InRange(LshParameters.For(hundredths / 100.0, 512, 1e-6).MissProbability, 0, 1e-6);
        }
    }

    [Theory]
    [InlineData(0.49)]
    [InlineData(1.01)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_threshold_out_of_range_is_refused_with_the_range(double threshold) =>
        Assert.Contains("from 0.5 to 1", Assert.Throws<UsageException>(() => LshParameters.For(threshold)).Message);

    [Fact]
    public void Too_few_permutations_for_the_miss_probability_are_refused() =>
        Assert.Contains("more permutations", Assert.Throws<UsageException>(() => LshParameters.For(0.5, 16, 1e-9)).Message);
}
