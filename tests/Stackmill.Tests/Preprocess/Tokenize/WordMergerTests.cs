using System.Text;
using CsCheck;
using Stackmill.Preprocess.Tokenize;

namespace Stackmill.Tests.Preprocess.Tokenize;

public class WordMergerTests
{
    public static TheoryData<string> Names => Encodings.Names;

    [Theory, MemberData(nameof(Names))]
    public void Scan_and_heap_agree_with_the_reference_for_every_length_around_the_limit(string name)
    {
        var encoding = Encodings.Get(name);
        var merger = new WordMerger(encoding.Vocabulary);
        var heap = new LongWordMerger(encoding.Vocabulary);
        foreach (var alphabet in new[] { "a", "ab", " ", "=-", "theinrs", "abcdefghijklmnopqrstuvwxyz" })
        {
            for (var length = 1; length <= 140; length++)
            {
                var word = Repeat(alphabet, length);
                var expected = encoding.Reference.Merge(word);
                Assert.Equal(expected, merger.Merge(word).ToArray());
                Assert.Equal(expected, heap.Merge(word).ToArray());
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Random_words_agree_with_the_reference(string name)
    {
        var encoding = Encodings.Get(name);
        var merger = new WordMerger(encoding.Vocabulary);
        var heap = new LongWordMerger(encoding.Vocabulary);
        var letters = Gen.OneOf("aeinorstlABEN \t=-_*/漢é\u0301".EnumerateRunes().Select(rune => rune.ToString()).ToArray());
        Gen.OneOf(letters.Array[1, 60], letters.Array[90, 400]).Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))).Sample(
            word =>
            {
                var expected = encoding.Reference.Merge(word);
                Assert.Equal(expected, merger.Merge(word).ToArray());
                Assert.Equal(expected, heap.Merge(word).ToArray());
            },
            iter: 300,
            threads: 1);
    }

    // A quadratic merge of these would take tens of minutes: that they end at all is the point.
    [Theory]
    [InlineData("o200k_base", "a", 320_000, 40_000)]
    [InlineData("cl100k_base", "a", 320_000, 40_000)]
    [InlineData("o200k_base", " ", 1 << 18, (1 << 18) / 128)]
    [InlineData("cl100k_base", " ", 1 << 18, (1 << 18) / 128)]
    public void A_word_of_hundreds_of_thousands_of_bytes_is_counted(string name, string unit, int length, int tokens)
    {
        var encoding = Encodings.Get(name);
        var tokenizer = encoding.NewTokenizer();
        var text = Repeat(unit, length);
        var ids = Encodings.Encode(tokenizer, text);
        Assert.Equal(tokens, ids.Length);
        Assert.Equal(tokens, tokenizer.Count(text));
        Assert.Equal(text, encoding.Decode(ids));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_huge_word_leaves_no_trace_in_the_next_ones(string name)
    {
        var encoding = Encodings.Get(name);
        var heap = new LongWordMerger(encoding.Vocabulary);
        heap.Merge(Repeat("xyzzy", 200_000));
        foreach (var length in new[] { 500, 100, 499 })
        {
            var word = Repeat("abcabd", length);
            Assert.Equal(encoding.Reference.Merge(word), heap.Merge(word).ToArray());
        }
    }

    private static byte[] Repeat(string unit, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) bytes[i] = (byte)unit[i % unit.Length];
        return bytes;
    }
}
