using System.Security.Cryptography;
using CsCheck;
using Stackmill.Deduplicate;

namespace Stackmill.Tests.Deduplicate;

public sealed class ExactIndexTests
{
    [Fact]
    public void Each_key_finds_the_first_equal_one() =>
        Gen.Int[0, 50].Array[0, 200].Sample(values =>
        {
            ContentDigest[] digests = [.. values.Select(static value => Digest(value))];
            Assert.Equal(values.Select(value => Array.IndexOf(values, value)), ExactIndex.FirstEqual(digests));
        });

    [Fact]
    public void Keys_that_agree_in_their_hash_only_are_not_equal()
    {
        ContentDigest[] digests = [.. Enumerable.Range(0, 500).Select(static i => new ContentDigest(7, 0, 0, (ulong)i))];
        Assert.Equal(Enumerable.Range(0, 500), ExactIndex.FirstEqual(digests));
    }

    [Fact]
    public void A_million_equal_keys_all_find_the_first()
    {
        var digests = new ContentDigest[1_000_000];
        Array.Fill(digests, Digest(1));
        Assert.False(ExactIndex.FirstEqual(digests).AsSpan().ContainsAnyExcept(0));
    }

    [Fact]
    public void Hexadecimal_digits_and_bytes_give_the_same_digest()
    {
        byte[] sha256 = SHA256.HashData("abc"u8);
        Assert.Equal(ContentDigest.From(sha256), ContentDigest.Parse(Convert.ToHexStringLower(sha256)));
        Assert.Equal(0xba7816bf8f01cfeaUL, ContentDigest.From(sha256).A);
        Assert.Throws<FormatException>(static () => ContentDigest.Parse("abcd"));
        Assert.Throws<ArgumentException>(static () => ContentDigest.From(new byte[20]));
    }

    internal static ContentDigest Digest(int value) => ContentDigest.From(SHA256.HashData(BitConverter.GetBytes(value)));
}
