using CsCheck;
using Stackmill.Runs.Explain;

namespace Stackmill.Tests.Runs.Explain;

public sealed class LineDiffTests
{
    [Fact]
    public void Both_sides_are_whole_and_no_more_lines_differ_than_must() =>
        Gen.Select(Gen.Int[0, 3].Select(i => new[] { "a", "b", "c", "" }[i]).Array[0, 14], Gen.Int[0, 3].Select(i => new[] { "a", "b", "c", "" }[i]).Array[0, 14]).Sample((a, b) =>
        {
            var (left, right) = (string.Join('\n', a), string.Join('\n', b));
            var lines = LineDiff.Of(left, right);
            Assert.Equal(left, string.Join('\n', lines.Where(l => l.Left is not null).Select(l => l.Left)));
            Assert.Equal(right, string.Join('\n', lines.Where(l => l.Right is not null).Select(l => l.Right)));
            Assert.All(lines, l => Assert.True(!l.IsEqual || l.Left == l.Right));
            Assert.Equal(LongestCommon(left.Split('\n'), right.Split('\n')), lines.Count(l => l.IsEqual));
        }, iter: 3000);

    [Fact]
    public void Texts_that_have_nothing_in_common_are_one_changed_block_whatever_their_length()
    {
        var lines = LineDiff.Of("same\n" + string.Join('\n', Enumerable.Range(0, 20_000)), "same\n" + string.Join('\n', Enumerable.Range(30_000, 20_000)));

        Assert.Equal(20_001, lines.Count);
        Assert.Equal(1, lines.Count(l => l.IsEqual));
        Assert.Equal(new DiffLine("0", "30000", false), lines[1]);
    }

    private static int LongestCommon(string[] a, string[] b)
    {
        var lengths = new int[a.Length + 1, b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            for (var k = 1; k <= b.Length; k++)
                lengths[i, k] = a[i - 1] == b[k - 1] ? lengths[i - 1, k - 1] + 1 : Math.Max(lengths[i - 1, k], lengths[i, k - 1]);
        }

        return lengths[a.Length, b.Length];
    }
}
