using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Stackmill.Deduplicate;
using Stackmill.Deduplicate.Decontamination;

namespace Stackmill.Tests.Deduplicate.Decontamination;

public sealed partial class FoldedWordsTests
{
    [Fact]
    public void Words_are_those_of_a_naive_reading_at_every_vector_width()
    {
        string[] all = ["a", "Name_1", "\\", "\\n", "\\\\t", "\\\"", "\\u003C", "\\u0022", "\\u00", "\\u00e9", "u0041", "n", "r", "tT", " ", "\n", "(", "é", "词", "_", "0x1F", "aVeryLongNameThatIsLongerThanSixteenBytes", "\0", "@", "[", "`", "{"];
        var piece = Gen.Int[0, all.Length - 1].Select(i => all[i]);
        foreach (var level in Enum.GetValues<SimdLevel>().Where(l => l <= SimdLevels.Best))
        {
            var words = new FoldedWords(keep: 3, level);
            piece.Array[0, 400].Sample(pieces =>
            {
                var text = Encoding.UTF8.GetBytes(string.Concat(pieces));
                Assert.Equal(Naive(text), Read(words, text).Select(w => w.Word));
            }, iter: 300, threads: 1);
        }
    }

    [Fact]
    public void Case_of_ASCII_makes_no_difference_to_a_hash_and_every_other_difference_does()
    {
        var words = new FoldedWords(keep: 0);
        ulong Hash(string word) => Assert.Single(Read(words, Encoding.UTF8.GetBytes(word))).Hash;
        string[] all = ["a", "b", "_", "0", "aa", "a_a", "sixteen_bytes_16", "seventeen_bytes17", "sixteen_bytes_1_", "a_name_of_more_than_thirty-two_bytes".Replace('-', '_'), "a_name_of_more_than_thirty_two_bytez"];
        Assert.Equal(all.Length, all.Select(Hash).Distinct().Count());
        Assert.All(all, word => Assert.Equal(Hash(word), Hash(word.ToUpperInvariant())));
        // The same at the end of a text, where 16 bytes can't be read at once.
        Assert.All(all, word => Assert.Equal(Hash(word), Read(words, Encoding.UTF8.GetBytes($"{word} {new string('z', 20)}"))[0].Hash));
    }

    [Fact]
    public void Batches_keep_the_last_words_of_the_batch_before()
    {
        var words = new FoldedWords(keep: 5);
        var text = Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, 20_000).Select(i => $"w{i}")));
        words.Begin();
        var (next, batches) = (0, 0);
        while (words.Next(text))
        {
            Assert.Equal(batches++ == 0 ? 0 : 5, words.Kept);
            for (var i = 0; i < words.Count; i++)
                Assert.Equal($"w{next - words.Kept + i}", Encoding.UTF8.GetString(words.Word(text, i)));
            next += words.Count - words.Kept;
        }

        Assert.Equal(20_000, next);
        Assert.True(batches >= 4, $"only {batches} batches were seen");
    }

    private static List<(string Word, ulong Hash)> Read(FoldedWords words, byte[] text)
    {
        var all = new List<(string, ulong)>();
        words.Begin();
        while (words.Next(text))
        {
            for (var i = words.Kept; i < words.Count; i++)
                all.Add((Encoding.Latin1.GetString(words.Word(text, i)), words.Hashes[i]));
        }

        return all;
    }

    private static IEnumerable<string> Naive(byte[] text) => Word().Matches(Escape().Replace(Encoding.Latin1.GetString(text), " ")).Select(m => m.Value);

    [GeneratedRegex(@"\\(?:[nrt]|u00[0-7][0-9A-Fa-f])")]
    private static partial Regex Escape();

    [GeneratedRegex("[A-Za-z0-9_\u0080-\u00FF]+")]
    private static partial Regex Word();
}
