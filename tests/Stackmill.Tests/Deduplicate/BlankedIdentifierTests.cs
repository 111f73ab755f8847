using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Stackmill.Deduplicate;

namespace Stackmill.Tests.Deduplicate;

public sealed partial class BlankedIdentifierTests
{
    private static readonly SimdLevel[] s_levels = Enum.GetValues<SimdLevel>();

    private static readonly string[] s_languages = ["C", "C++", "Python", "JavaScript", "PHP", "SQL", "Rust", "Ruby", "Pascal", "Zig", "Haxe", "Shell", "Markdown", ""];

    // Words that are keywords of some languages in some case, names, numbers, and all that opens and ends comments and strings.
    private static readonly string[] s_pieces =
    [
        "if", "IF", "Select", "def", "return", "reinterpret_cast", "int", "x", "name", "größe", "a_word_of_more_than_sixteen_bytes", "_", "__init__", "42", "0x1f", "1e5f",
        "1234567890123456789", "\"", "'", "`", "//", "/*", "*/", "#", "--", "<?php", "?>", "f\"{", "}", "{", "${", "(", ")", "[", "]", ";", "=", "+", ".", "\\", "\n", " ", "  ", "\t", "\"\"\"", "/", "r#\"", "|",
    ];

    [Fact]
    public void Every_level_and_length_gives_the_set_that_a_naive_computation_gives() =>
        Gen.Select(Pick(s_pieces).Array[0, 120], Pick(s_languages), Pick(1, 2, 5, 7, 64)).Sample((pieces, language, length) =>
        {
            byte[] text = Encoding.UTF8.GetBytes(string.Concat(pieces));
            ulong[] expected = NaiveShingles.OfBlanked(text, language, length);
            foreach (SimdLevel level in s_levels)
                Assert.Equal(expected, new Shingler(level, length, blankIdentifiers: true).Read(text, language).ToArray());
        }, threads: 1);

    [Fact]
    public void Any_bytes_give_the_set_that_a_naive_computation_gives() =>
        Gen.Select(Gen.Byte.Array[0, 300], Pick(s_languages)).Sample((text, language) =>
        {
            ulong[] expected = NaiveShingles.OfBlanked(text, language);
            foreach (SimdLevel level in s_levels)
                Assert.Equal(expected, new Shingler(level, blankIdentifiers: true).Read(text, language).ToArray());
        }, threads: 1);

    [Fact]
    public void Digests_of_short_files_are_equal_exactly_when_their_blanked_tokens_are()
    {
        var piece = Pick("x", "y", "if", "7", "8", "=", "\"s\"", "\"t\"", "/*c*/", "/*d*/", " ");
        Gen.Select(piece.Array[0, 5], piece.Array[0, 5]).Sample((left, right) =>
        {
            byte[] a = Encoding.UTF8.GetBytes(string.Join(' ', left)), b = Encoding.UTF8.GetBytes(string.Join(' ', right));
            bool equal = NaiveShingles.BlankedTokens(a, "C").Select(Convert.ToHexString).SequenceEqual(NaiveShingles.BlankedTokens(b, "C").Select(Convert.ToHexString));
            var shingler = new Shingler(blankIdentifiers: true);
            Assert.Equal(equal, shingler.TokenDigest(a, "C") == shingler.TokenDigest(b, "C"));
        }, threads: 1);
    }

    [Theory]
    [InlineData("C", "int sum = left + right;", "int total = a + b;", true)]
    [InlineData("C", "int sum = left + right;", "int total = a - b;", false)]
    [InlineData("C", "int sum = left + right;", "long sum = left + right;", false)]
    [InlineData("C", "x = f(1, y);", "x = f(2, y);", false)]
    [InlineData("C", "puts(\"first\"); go();", "print(\"first\"); run();", true)]
    [InlineData("C", "puts(\"first\"); go();", "puts(\"second\"); go();", false)]
    [InlineData("C", "a(b); // first one", "c(d); // second one", false)]
    [InlineData("C", "#include <a.h>\nint x;", "#include <b.h>\nint y;", true)]
    [InlineData("C", "#include <a.h>\nint x;", "#define <a.h>\nint x;", false)]
    [InlineData("Python", "def f(a):\n    return a + 1", "def other_name(value):\n    return value + 1", true)]
    [InlineData("Python", "def f(a):\n    return a + 1", "def f(a):\n    yield a + 1", false)]
    [InlineData("Python", "x = f\"{name} is\"", "y = f\"{other} is\"", true)]
    [InlineData("Python", "x = f\"{name} is\"", "x = f\"{name} was\"", false)]
    [InlineData("JavaScript", "const a = /one/.test(b);", "const c = /one/.test(d);", true)]
    [InlineData("JavaScript", "const a = /one/.test(b);", "const a = /two/.test(b);", false)]
    [InlineData("PHP", "<p class=a> text one </p><?php echo $x; ?>", "<p class=a> text two </p><?php echo $x; ?>", false)]
    [InlineData("PHP", "<p class=a> text one </p><?php echo $x; ?>", "<p class=a> text one </p><?php echo $y; ?>", true)]
    [InlineData("SQL", "SELECT a FROM t WHERE b = 1", "SELECT c FROM u WHERE d = 1", true)]
    [InlineData("SQL", "SELECT a FROM t WHERE b = 1", "SELECT a INTO t WHERE b = 1", false)]
    [InlineData("Pascal", "IF a THEN b := 1 END", "IF c THEN d := 1 END", true)]
    [InlineData("Pascal", "IF a THEN b := 1 END", "UNTIL a THEN b := 1 END", false)]
    [InlineData("Shell", "git commit -m fix", "svn update -m fix", false)]
    [InlineData("Markdown", "some words of prose here", "other words of prose here", false)]
    [InlineData("JSON", "{\"a\": [true, 1, 2]}", "{\"b\": [true, 1, 2]}", false)]
    [InlineData("", "a = b + c", "d = e + f", false)]
    public void Names_in_code_count_as_one_and_all_else_as_it_is(string language, string left, string right, bool equal)
    {
        var shingler = new Shingler(blankIdentifiers: true);
        ulong[] a = shingler.Read(Encoding.UTF8.GetBytes(left), language).ToArray();
        Assert.NotEmpty(a);
        Assert.Equal(equal, a.SequenceEqual(shingler.Read(Encoding.UTF8.GetBytes(right), language).ToArray()));
    }

    [Fact]
    public void A_copy_with_other_names_is_the_same_and_another_algorithm_is_not()
    {
        (string Language, string Code)[] programs = [("Python", Search), ("Python", Sort), ("Python", Parse)];
        var shingler = new Shingler(blankIdentifiers: true);
        foreach (var (language, code) in programs)
        {
            byte[] original = Encoding.UTF8.GetBytes(code), renamed = Encoding.UTF8.GetBytes(Rename(code, language));
            Assert.True(NaiveShingles.Similarity(NaiveShingles.Of(original), NaiveShingles.Of(renamed)) < 0.3);
            Assert.Equal(1, Similarity(original, renamed, language));
            foreach (var (_, other) in programs.Where(p => p.Code != code))
                Assert.True(Similarity(original, Encoding.UTF8.GetBytes(other), language) < 0.4);
        }

        double Similarity(byte[] left, byte[] right, string language) => NaiveShingles.Similarity(shingler.Read(left, language).ToArray(), shingler.Read(right, language).ToArray());
    }

    [Fact]
    public void Reading_again_allocates_nothing()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 2000).Select(static i => $"value_{i} = call({i}, \"x\"); // done {i}")));
        var shingler = new Shingler(blankIdentifiers: true);
        shingler.Read(text, "C");
        long before = GC.GetAllocatedBytesForCurrentThread();
        shingler.Read(text, "C");
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Rename(string code, string language)
    {
        var keywords = Keywords.Of(language)!.Words.ToHashSet(StringComparer.Ordinal);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        return Word().Replace(code, m =>
        {
            if (keywords.Contains(m.Value))
                return m.Value;
            if (!names.TryGetValue(m.Value, out var name))
                names[m.Value] = name = "renamed_" + (char)('a' + names.Count);
            return name;
        });
    }

    private const string Search = """
        def find(items, wanted):
            low = 0
            high = len(items) - 1
            while low <= high:
                middle = (low + high) // 2
                if items[middle] == wanted:
                    return middle
                if items[middle] < wanted:
                    low = middle + 1
                else:
                    high = middle - 1
            return -1
        """;

    private const string Sort = """
        def order(values):
            for last in range(len(values), 1, -1):
                swapped = False
                for at in range(1, last):
                    if values[at - 1] > values[at]:
                        values[at - 1], values[at] = values[at], values[at - 1]
                        swapped = True
                if not swapped:
                    break
            return values
        """;

    private const string Parse = """
        class Reader:
            def __init__(self, stream, limit):
                self.stream = stream
                self.limit = limit

            def pairs(self):
                for line in self.stream:
                    key, _, value = line.partition(':')
                    if key.strip() and len(value) < self.limit:
                        yield key.strip(), value.strip()
        """;

    [GeneratedRegex(@"\b(?!')[A-Za-z_]\w*\b(?!')")]
    private static partial Regex Word();
}
