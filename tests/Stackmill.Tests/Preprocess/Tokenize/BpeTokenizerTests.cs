using System.Buffers;
using System.Text;
using CsCheck;

namespace Stackmill.Tests.Preprocess.Tokenize;

public class BpeTokenizerTests
{
    public static TheoryData<string> Names => Encodings.Names;

    [Theory, MemberData(nameof(Names))]
    public void Edge_cases_agree_with_the_library(string name)
    {
        var encoding = Encodings.Get(name);
        var tokenizer = encoding.NewTokenizer();
        foreach (var text in EdgeCases.Basic)
        {
            AssertSame(encoding.Library.EncodeToIds(text), Encodings.Encode(tokenizer, Encoding.UTF8.GetBytes(text)), text);
            // Followed by enough for the 16-byte look ahead, the same text takes another path.
            var longer = text + "#################";
            AssertSame(encoding.Library.EncodeToIds(longer), Encodings.Encode(tokenizer, Encoding.UTF8.GetBytes(longer)), longer);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Edge_cases_agree_with_the_reference(string name)
    {
        var encoding = Encodings.Get(name);
        var tokenizer = encoding.NewTokenizer();
        foreach (var text in EdgeCases.Basic.Concat(EdgeCases.BeyondLibrary))
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            AssertSame(encoding.Reference.Encode(bytes), Encodings.Encode(tokenizer, bytes), text);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Mixed_fragments_agree_with_the_library(string name)
    {
        var encoding = Encodings.Get(name);
        Gen.OneOf(EdgeCases.Alphabet).Array[0, 40].Select(string.Concat).Sample(
            text => AssertSame(encoding.Library.EncodeToIds(text), Encodings.Encode(encoding.NewTokenizer(), Encoding.UTF8.GetBytes(text)), text),
            iter: 300);
    }

    [Theory, MemberData(nameof(Names))]
    public void Mixed_fragments_agree_with_the_reference(string name)
    {
        var encoding = Encodings.Get(name);
        var tokenizer = encoding.NewTokenizer();
        Gen.OneOf(EdgeCases.AlphabetBeyondLibrary).Array[0, 24].Select(string.Concat).Sample(
            text =>
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                AssertSame(encoding.Reference.Encode(bytes), Encodings.Encode(tokenizer, bytes), text);
            },
            iter: 5000,
            threads: 1);
    }

    [Theory, MemberData(nameof(Names))]
    public void Bytes_that_are_no_text_are_symbols_and_come_back_unchanged(string name)
    {
        var encoding = Encodings.Get(name);
        var tokenizer = encoding.NewTokenizer();
        // Bytes near the borders of UTF-8: lone continuations, overlong forms, surrogates, cut sequences, too large values.
        var nasty = Gen.OneOf<byte>(0, 10, 32, 39, 47, 65, 97, 115, 0x80, 0x82, 0x85, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xC5, 0xCC, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF);
        Gen.OneOf<byte>(Gen.Byte, nasty, nasty).Array[0, 60].Sample(
            bytes =>
            {
                var ids = Encodings.Encode(tokenizer, bytes);
                Assert.Equal(bytes, encoding.Decode(ids));
                AssertSame(encoding.Reference.Encode(bytes), ids, Convert.ToHexString(bytes));
                Assert.Equal(ids.Length, tokenizer.Count(bytes));
            },
            iter: 5000,
            threads: 1);
    }

    [Theory, MemberData(nameof(Names))]
    public void Real_files_agree_with_the_library_and_count_equals_encode(string name)
    {
        var encoding = Encodings.Get(name);
        var tokenizer = encoding.NewTokenizer();
        var compared = 0;
        foreach (var (path, bytes) in RealFiles())
        {
            var ids = Encodings.Encode(tokenizer, bytes);
            Assert.Equal(ids.Length, tokenizer.Count(bytes));
            var text = Encoding.UTF8.GetString(bytes);
            var expected = text.Any(char.IsSurrogate) ? encoding.Reference.Encode(bytes) : encoding.Library.EncodeToIds(text);
            AssertSame(expected, ids, path);
            compared++;
        }

        Assert.True(compared > 0, "not one file to compare, not even beside the tests");
    }

    [Theory, MemberData(nameof(Names))]
    public void Words_forced_out_of_the_caches_get_the_same_ids_again(string name)
    {
        var encoding = Encodings.Get(name);
        var tokenizer = encoding.NewTokenizer();
        // 60 000 different words of 4, 10 and 20 letters: more than the cache of long words holds, and enough to collide in the other.
        var words = Enumerable.Range(0, 60_000).Select(i => i % 3 == 0 ? Word(i)[..4] : i % 3 == 1 ? Word(i) : Word(i) + Word(i * 7)).ToArray();
        var all = Encoding.UTF8.GetBytes(string.Join('\n', words));
        var first = Encodings.Encode(tokenizer, all);
        Assert.Equal(first, Encodings.Encode(tokenizer, all));
        Assert.Equal(all, encoding.Decode(first));
        foreach (var word in words.Where((_, i) => i % 500 == 0))
            AssertSame(encoding.Reference.Encode(Encoding.UTF8.GetBytes(word)), Encodings.Encode(tokenizer, Encoding.UTF8.GetBytes(word)), word);

        static string Word(int seed)
        {
            var state = (ulong)seed * 0x9E3779B97F4A7C15 + 12345;
            return string.Create(10, state, (span, value) =>
            {
                foreach (ref var c in span) (c, value) = ((char)('a' + value % 26), value / 26 ^ value << 40);
            });
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Nothing_is_allocated_once_warm(string name)
    {
        var tokenizer = Encodings.Get(name).NewTokenizer();
        // Long words, words of more than three tokens, non-ASCII and many short ones.
        var text = Encoding.UTF8.GetBytes(string.Concat(EdgeCases.Basic) + string.Concat(EdgeCases.BeyondLibrary) + new string('q', 3000) + new string(' ', 3000));
        var ids = new ArrayBufferWriter<int>(1 << 20);
        for (var i = 0; i < 3; i++)
        {
            tokenizer.Count(text);
            ids.ResetWrittenCount();
            tokenizer.Encode(text, ids);
        }

        ids.ResetWrittenCount();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var count = tokenizer.Count(text);
        tokenizer.Encode(text, ids);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, allocated);
        Assert.Equal(count, ids.WrittenCount);
    }

    [Fact]
    public void Encode_appends_to_what_the_writer_has()
    {
        var tokenizer = Encodings.Get("o200k_base").NewTokenizer();
        var ids = new ArrayBufferWriter<int>();
        tokenizer.Encode("hello"u8, ids);
        tokenizer.Encode(" world"u8, ids);
        Assert.Equal(Encodings.Encode(tokenizer, "hello world"u8), ids.WrittenSpan.ToArray());
    }

    // The published example of tiktoken's cookbook for these encodings.
    [Theory]
    [InlineData("cl100k_base", "tiktoken is great!", new[] { 83, 1609, 5963, 374, 2294, 0 })]
    [InlineData("cl100k_base", "antidisestablishmentarianism", new[] { 519, 85342, 34500, 479, 8997, 2191 })]
    [InlineData("o200k_base", "antidisestablishmentarianism", new[] { 493, 129901, 376, 160388, 21203, 2367 })]
    public void Published_examples_come_out(string name, string text, int[] expected) =>
        Assert.Equal(expected, Encodings.Encode(Encodings.Get(name).NewTokenizer(), Encoding.UTF8.GetBytes(text)));

    private static IEnumerable<(string Path, byte[] Bytes)> RealFiles()
    {
        string[] folders = [AppContext.BaseDirectory, "/usr/include", "/usr/include/linux", "/usr/lib/python3", "/usr/share/perl5", .. PythonLibraries()];
        foreach (var folder in folders.Where(Directory.Exists))
        {
            var files = Directory.EnumerateFiles(folder)
                .Where(path => Path.GetExtension(path) is ".h" or ".py" or ".json" or ".xml" or ".pm")
                .Where(path => new FileInfo(path).Length is > 0 and < 60_000)
                .Order(StringComparer.Ordinal)
                .Take(15);
            foreach (var path in files)
            {
                var bytes = File.ReadAllBytes(path);
                if (System.Text.Unicode.Utf8.IsValid(bytes)) yield return (path, bytes);
            }
        }
    }

    private static IEnumerable<string> PythonLibraries() =>
        Directory.Exists("/usr/lib") ? Directory.EnumerateDirectories("/usr/lib", "python3.*") : [];

    private static void AssertSame(IReadOnlyList<int> expected, int[] actual, string what) =>
        Assert.True(expected.SequenceEqual(actual), $"{what}: expected [{string.Join(' ', expected.Take(60))}], got [{string.Join(' ', actual.Take(60))}]");
}
