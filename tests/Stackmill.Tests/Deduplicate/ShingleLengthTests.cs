using System.Text;
using CsCheck;
using Stackmill.Catalog;
using Stackmill.Deduplicate;
using Stackmill.Shared.Configuration;

namespace Stackmill.Tests.Deduplicate;

public sealed class ShingleLengthTests
{
    private static readonly SimdLevel[] s_levels = Enum.GetValues<SimdLevel>();

    private static readonly Gen<byte> s_byte = Gen.Frequency((6, Gen.Byte[(byte)'a', (byte)'c']), (2, Gen.Const((byte)' ')), (2, Gen.Byte[(byte)'(', (byte)'/']), (1, Gen.Byte));

    [Fact]
    public void Every_length_and_level_gives_the_set_that_a_naive_computation_gives() =>
        Gen.Select(s_byte.Array[0, 500], Gen.Int[1, 64]).Sample((text, length) =>
        {
            ulong[] expected = NaiveShingles.OfLength(text, length);
            foreach (SimdLevel level in s_levels)
                Assert.Equal(expected, new Shingler(level, length).Read(text).ToArray());
        }, threads: 1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    public void Texts_longer_than_a_batch_lose_no_shingle(int length)
    {
        var random = new Random(11);
        var text = new byte[60_000];
        for (int i = 0; i < text.Length; i++)
            text[i] = (byte)(' ' + random.Next(90));
        foreach (SimdLevel level in s_levels)
            Assert.Equal(NaiveShingles.OfLength(text, length), new Shingler(level, length).Read(text).ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(64)]
    public void A_text_of_fewer_tokens_makes_no_shingle_and_one_of_as_many_makes_one(int length)
    {
        var shingler = new Shingler(tokensPerShingle: length);
        byte[] text = Encoding.ASCII.GetBytes(string.Join(' ', Enumerable.Range(0, length).Select(static i => $"w{i}")));

        Assert.Equal(1, shingler.Read(text).Length);
        Assert.Equal(0, shingler.Read(text.AsSpan(0, text.AsSpan().LastIndexOf((byte)'w'))).Length);
        Assert.Equal(length - 1, shingler.TokenCount);
    }

    [Fact]
    public void The_order_of_tokens_counts_in_the_longest_shingles_too()
    {
        string[] words = [.. Enumerable.Range(0, 64).Select(static i => $"w{i}")];
        var shingler = new Shingler(tokensPerShingle: 64);
        var sets = new HashSet<ulong>();
        for (int i = 0; i < 64; i++)
        {
            string[] swapped = [.. words];
            (swapped[i], swapped[(i + 1) % 64]) = (swapped[(i + 1) % 64], swapped[i]);
            sets.Add(shingler.Read(Encoding.ASCII.GetBytes(string.Join(' ', swapped)))[0]);
        }

        Assert.Equal(64, sets.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void Other_numbers_are_refused_with_what_was_expected(int length)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Shingler(tokensPerShingle: length));
        var (_, errors) = ConfigurationBinder.ApplyOverrides(new StackmillOptions(), [$"dedup.shingle_tokens={length}"]);

        Assert.Equal($"--set: dedup.shingle_tokens: found '{length}', expected a whole number from 1 to 64", Assert.Single(errors).ToString());
        // What is no number may be a token of another kind, pasted at the wrong place.
        Assert.Equal("a value that is not shown here", Assert.Single(ConfigurationBinder.ApplyOverrides(new StackmillOptions(), [$"dedup.shingle_tokens=x{length}"]).Errors).Found);
    }

    [Fact]
    public void Options_make_a_shingler_of_their_length_and_identifiers()
    {
        var (options, errors) = ConfigurationBinder.ApplyOverrides(new StackmillOptions(), ["dedup.shingle_tokens=7", "dedup.identifiers=blank"]);
        Assert.Empty(errors);
        byte[] text = "int a = b + c * d;"u8.ToArray();

        Assert.Equal(NaiveShingles.OfBlanked(text, "C", 7), options.Dedup.NewShingler().Read(text, "C").ToArray());
        Assert.Equal(NaiveShingles.Of(text), new DedupOptions().NewShingler().Read(text, "C").ToArray());
        Assert.Single(ConfigurationBinder.ApplyOverrides(new StackmillOptions(), ["dedup.identifiers=rename"]).Errors);
    }
}
