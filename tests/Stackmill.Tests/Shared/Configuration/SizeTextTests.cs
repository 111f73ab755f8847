using CsCheck;
using Stackmill.Shared.Configuration;

namespace Stackmill.Tests.Shared.Configuration;

public sealed class SizeTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("100", 100)]
    [InlineData("100B", 100)]
    [InlineData("10MB", 10_000_000)]
    [InlineData("10MiB", 10 * 1024 * 1024)]
    [InlineData("10 mib", 10 * 1024 * 1024)]
    [InlineData("4GB", 4_000_000_000)]
    [InlineData("1.5GiB", 1_610_612_736)]
    [InlineData("0.3KiB", 307)]
    [InlineData("2TB", 2_000_000_000_000)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Sizes_are_read_in_powers_of_1000_and_1024(string text, long bytes) => Assert.Equal(bytes, SizeText.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("MB")]
    [InlineData("-1")]
    [InlineData("-1MB")]
    [InlineData("+1MB")]
    [InlineData("1.5")]
    [InlineData("1.5B")]
    [InlineData(".5MB")]
    [InlineData("5.MB")]
    [InlineData("1,5MB")]
    [InlineData("4G")]
    [InlineData("1e3")]
    [InlineData("NaN MB")]
    [InlineData("٤MB")]
    [InlineData("9223372036854775808")]
    [InlineData("8388608TiB")]
    [InlineData("99999999999999999999999999999999999999TB")]
    [InlineData("1 000 000")]
    public void What_is_not_a_size_is_refused(string text)
    {
        Assert.False(SizeText.TryParse(text, out _));
        Assert.Throws<FormatException>(() => SizeText.Parse(text));
    }

    [Fact]
    public void Every_size_reads_back_from_its_text() =>
        Gen.OneOf(Gen.Long[0, long.MaxValue], Gen.Select(Gen.Long[0, 1000], Gen.Int[0, 4], (n, k) => n << (10 * k)))
            .Sample(bytes => SizeText.Parse(SizeText.Format(bytes)) == bytes);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1 << 20, "1MiB")]
    [InlineData(10_000_000, "10MB")]
    [InlineData(1536, "1536")]
    public void The_text_is_the_largest_unit_that_divides(long bytes, string text) => Assert.Equal(text, SizeText.Format(bytes));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(12_345_678, "12.3 MB")]
    [InlineData(999_949, "999.9 kB")]
    [InlineData(999_960, "1.0 MB")]
    [InlineData(long.MaxValue, "9.2 EB")]
    public void Rounded_texts_have_one_decimal(long bytes, string text) => Assert.Equal(text, SizeText.FormatRounded(bytes));
}
