using CsCheck;
using Stackmill.Shared;

namespace Stackmill.Tests.Shared;

public sealed class NearestNameTests
{
    private static readonly string[] Keys = ["max_workers", "min_bytes", "max_bytes", "languages", "similarity_threshold", "s3"];

    [Theory]
    [InlineData("max_worker", "max_workers")]
    [InlineData("Max-Workers", "max_workers")]
    [InlineData("mxa_bytes", "max_bytes")]
    [InlineData("langauges", "languages")]
    [InlineData("threshold", "similarity_threshold")]
    [InlineData("min", "min_bytes")]
    [InlineData("similarty_treshold", "similarity_threshold")]
    public void A_slip_finds_the_name_that_was_meant(string name, string meant) => Assert.Equal(meant, NearestName.Find(name, Keys));

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("colour")]
    [InlineData("zz")]
    public void What_is_near_to_nothing_finds_nothing(string name) => Assert.Null(NearestName.Find(name, Keys));

    [Fact]
    public void Names_too_long_to_be_typed_find_nothing() => Assert.Null(NearestName.Find(new string('a', 65), [new string('a', 64)]));

    [Fact]
    public void Of_equally_near_names_the_first_wins() => Assert.Equal("max_b", NearestName.Find("max_d", ["max_b", "max_c"]));

    [Fact]
    public void The_distance_is_that_of_a_plain_recursion() =>
        Gen.Select(Word, Word).Sample((a, b) => NearestName.Distance(a, b) == Plain(a, b));

    private static readonly Gen<string> Word = Gen.Char["abc"].Array[0, 6].Select(letters => new string(letters));

    private static int Plain(string a, string b)
    {
        if (a.Length == 0 || b.Length == 0)
            return a.Length + b.Length;
        var least = Math.Min(Plain(a[..^1], b), Plain(a, b[..^1])) + 1;
        least = Math.Min(least, Plain(a[..^1], b[..^1]) + (a[^1] == b[^1] ? 0 : 1));
        if (a.Length > 1 && b.Length > 1 && a[^1] == b[^2] && a[^2] == b[^1])
            least = Math.Min(least, Plain(a[..^2], b[..^2]) + 1);
        return least;
    }
}
