using Stackmill.Acquire.Metadata;

namespace Stackmill.Tests.Acquire.Metadata;

public sealed class BlobKeyTests
{
    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef01234567", true)]
    [InlineData("0123456789ABCDEF0123456789abcdef01234567", false)]
    [InlineData("0123456789abcdef0123456789abcdef0123456", false)]
    [InlineData("0123456789abcdef0123456789abcdef012345678", false)]
    [InlineData("0123456789abcdef0123456789abcdef0123456g", false)]
    [InlineData("", false)]
    public void An_id_is_forty_lower_case_hexadecimal_digits(string id, bool valid) => Assert.Equal(valid, BlobKey.IsValid(id));

    [Theory]
    [InlineData("00000000", 0, false)]
    [InlineData("00000000", 1e-9, true)]
    [InlineData("7fffffff", 0.5, true)]
    [InlineData("80000000", 0.5, false)]
    [InlineData("ffffffff", 0.999999, false)]
    [InlineData("ffffffff", 1, true)]
    public void The_first_eight_digits_decide_on_the_sample(string start, double share, bool kept) =>
        Assert.Equal(kept, BlobKey.IsSampled(start.PadRight(40, '0'), share));
}
