using System.Text;
using CsCheck;
using Stackmill.Deduplicate;

namespace Stackmill.Tests.Deduplicate;

public sealed class ShinglerTests
{
    private static readonly SimdLevel[] s_levels = Enum.GetValues<SimdLevel>();

    // Bytes at every edge of the classes, so that random texts have words, marks, spaces, controls and UTF-8.
    private static readonly byte[] s_edges = "\0\b\t\r\x0e\x1f !/09:@AZ[^_`az{\x7f"u8.ToArray();

    private static readonly Gen<byte> s_byte = Gen.Frequency(
        (6, Gen.Byte[(byte)'a', (byte)'e']), (2, Gen.Const((byte)' ')), (2, Gen.Int[0, s_edges.Length - 1].Select(static i => s_edges[i])), (1, Gen.Byte));

    public static TheoryData<string, string[]> Examples => new()
    {
        { "", [] },
        { " \t\n\v\f\r", [] },
        { "x", ["x"] },
        { "a_1+=b", ["a_1", "+", "=", "b"] },
        { "f( x )", ["f", "(", "x", ")"] },
        { "naïve=café", ["naïve", "=", "café"] },
        { "日本語 x", ["日本語", "x"] },
        { "a\u00a0b", ["a\u00a0b"] },
        { "\0\u0001a\u007f", ["\0", "\u0001", "a", "\u007f"] },
        { "@A[Z`a{z/0:9", ["@", "A", "[", "Z", "`", "a", "{", "z", "/", "0", ":", "9"] },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void Tokens_are_words_or_single_bytes_and_white_space_is_none(string text, string[] tokens)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(tokens, NaiveShingles.Tokens(bytes).Select(Encoding.UTF8.GetString));
        foreach (SimdLevel level in s_levels)
        {
            var shingler = new Shingler(level);
            shingler.Read(bytes);
            Assert.Equal(tokens.Length, shingler.TokenCount);
        }
    }

    [Fact]
    public void Every_level_gives_the_set_that_a_naive_computation_gives()
    {
        var shinglers = s_levels.Select(static level => new Shingler(level)).ToArray();
        s_byte.Array[0, 400].Sample(text =>
        {
            ulong[] expected = NaiveShingles.Of(text);
            foreach (Shingler shingler in shinglers)
            {
                Assert.Equal(expected, shingler.Read(text).ToArray());
                Assert.Equal(NaiveShingles.Tokens(text).Count, shingler.TokenCount);
            }
        }, threads: 1);
    }

    [Fact]
    public void Words_of_every_length_at_every_place_in_a_block_are_hashed_whole()
    {
        foreach (SimdLevel level in s_levels)
        {
            var shingler = new Shingler(level);
            for (int before = 0; before < 70; before++)
            {
                for (int length = 1; length <= 140; length += length < 20 ? 1 : 13)
                {
                    byte[] text = Encoding.ASCII.GetBytes(new string(' ', before) + "a b c d " + new string('w', length - 1) + "x");
                    Assert.Equal(NaiveShingles.Of(text), shingler.Read(text).ToArray());
                    byte[] followed = [.. text, (byte)';'];
                    Assert.Equal(NaiveShingles.Of(followed), shingler.Read(followed).ToArray());
                }
            }
        }
    }

    [Fact]
    public void Texts_longer_than_a_batch_lose_no_shingle()
    {
        var random = new Random(7);
        var text = new byte[100_000];
        foreach (int alphabet in new[] { 3, 90 })
        {
            for (int i = 0; i < text.Length; i++)
                text[i] = (byte)(' ' + random.Next(alphabet));
            Assert.Equal(NaiveShingles.Of(text), new Shingler().Read(text).ToArray());
        }
    }

    [Fact]
    public void A_text_of_one_long_word_is_one_token()
    {
        var text = new byte[3_000_001];
        Array.Fill(text, (byte)'a');
        var shingler = new Shingler();
        Assert.Equal(0, shingler.Read(text).Length);
        Assert.Equal(1, shingler.TokenCount);
    }

    [Fact]
    public void Layout_does_not_count_but_case_and_digits_do()
    {
        ulong[] original = Set("int a1 = f(b);");
        Assert.Equal(original, Set("int   a1=f\r\n( b )\t;"));
        Assert.NotEqual(original, Set("int A1 = f(b);"));
        Assert.NotEqual(original, Set("int a2 = f(b);"));
        Assert.NotEqual(original, Set("int a 1 = f(b);"));
    }

    [Fact]
    public void The_order_of_tokens_counts()
    {
        string[] tokens = ["a", "b", "c", "d", "e"];
        var sets = new HashSet<ulong>();
        for (int shift = 0; shift < 5; shift++)
            sets.Add(Assert.Single(Set(string.Join(' ', tokens.Skip(shift).Concat(tokens.Take(shift))))));
        Assert.Equal(5, sets.Count);
    }

    [Fact]
    public void Fewer_than_five_tokens_make_no_shingle_and_five_make_one()
    {
        Assert.Empty(Set("a b c d"));
        Assert.Single(Set("a b c d e"));
        Assert.Single(Set(string.Concat(Enumerable.Repeat("a ", 1000))));
    }

    [Theory]
    [InlineData("a b c", "a\n\tb  c ", true)]
    [InlineData("a+b", "a + b", true)]
    [InlineData("ab", "a b", false)]
    [InlineData("a b c", "a c b", false)]
    [InlineData("x = 1", "x = 2", false)]
    [InlineData("a", "A", false)]
    public void Token_digests_are_equal_exactly_when_the_tokens_are(string left, string right, bool equal) =>
        Assert.Equal(equal, new Shingler().TokenDigest(Encoding.UTF8.GetBytes(left)) == new Shingler().TokenDigest(Encoding.UTF8.GetBytes(right)));

    [Fact]
    public void Hashes_stay_what_they_were()
    {
        // Computed from the documented scheme by a program in another language: signatures of different versions
        // and machines are compared with one another.
        Assert.Equal(0xe60ff1f24d81a38dUL, StableHash.Token("a"u8));
        Assert.Equal(0x75b069ac64ac5744UL, StableHash.Token("a_word_of_more_than_sixteen_bytes"u8));
        Assert.Equal([0x3eec2e1df1c099b9UL], Set("a b c d e"));
    }

    [Fact]
    public void No_token_can_null_a_factor_of_its_hash()
    {
        (ulong low, ulong high) = StableHash.TokenSecrets;
        foreach (ulong secret in new[] { low, high })
        {
            Assert.False(LexicalBytes.IsWord((byte)secret));
            Assert.NotEqual(0UL, secret >> 8);
        }
    }

    [Fact]
    public void Reading_again_allocates_nothing()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 2000).Select(static i => $"value_{i} = call({i}, \"x\");")));
        var shingler = new Shingler();
        shingler.Read(text);
        long before = GC.GetAllocatedBytesForCurrentThread();
        shingler.Read(text);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static ulong[] Set(string text) => new Shingler().Read(Encoding.UTF8.GetBytes(text)).ToArray();
}
