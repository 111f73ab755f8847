using System.Security.Cryptography;
using Stackmill.Deduplicate;

namespace Stackmill.Tests.Deduplicate;

public sealed class ContentDigestTests
{
    [Fact]
    public void Hexadecimal_digits_and_bytes_give_the_same_digest()
    {
        byte[] sha256 = SHA256.HashData("abc"u8);
        Assert.Equal(ContentDigest.From(sha256), ContentDigest.Parse(Convert.ToHexStringLower(sha256)));
        Assert.Equal(0xba7816bf8f01cfeaUL, ContentDigest.From(sha256).A);
        Assert.Throws<FormatException>(static () => ContentDigest.Parse("abcd"));
        Assert.Throws<ArgumentException>(static () => ContentDigest.From(new byte[20]));
    }
}
