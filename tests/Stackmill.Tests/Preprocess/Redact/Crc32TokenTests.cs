using Stackmill.Preprocess.Redact.Rules.Tokens;

namespace Stackmill.Tests.Preprocess.Redact;

public sealed class Crc32TokenTests
{
    [Fact]
    public void The_checksum_of_a_published_example_is_right_and_that_of_anything_else_is_not()
    {
        byte[] body = [.. "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ"u8, .. "0mLq17"u8];
        Assert.True(Crc32Token.IsValid(body));
        for (int i = 0; i < body.Length; i++)
        {
            byte[] wrong = [.. body];
            wrong[i] = wrong[i] == 'x' ? (byte)'y' : (byte)'x';
            Assert.False(Crc32Token.IsValid(wrong));
        }
        Assert.False(Crc32Token.IsValid("0mLq17"u8));
    }
}
