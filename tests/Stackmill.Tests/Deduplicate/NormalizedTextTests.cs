using System.Text;
using Stackmill.Deduplicate;
using Stackmill.Shared.Languages;

namespace Stackmill.Tests.Deduplicate;

public sealed class NormalizedTextTests
{
    private static bool AreEqual(string language, string a, string b)
    {
        using var normalized = new NormalizedText();
        return normalized.Digest(Encoding.UTF8.GetBytes(a), language) == normalized.Digest(Encoding.UTF8.GetBytes(b), language);
    }

    [Theory]
    [InlineData("C", "int  a = 1; /* one */\n\n  return a+b;", "int a=1;return a + b; // sum\n")]
    [InlineData("C", "#include <a.h>\nint x;\n", "#include <a.h> // a\n\n\n  int x;")]
    [InlineData("Java", "/** Adds. */\nint add(int a, int b) {\n\treturn a + b;\n}\n", "int add(int a,int b){return a+b;}")]
    [InlineData("Python", "def f(a):  # doc\n    return  a\n\n\nx = 1\n", "# header\ndef f(a):\n    return a\nx = 1")]
    [InlineData("JavaScript", "let a = 1 // one\n\nlet b = '  x'\n", "let a=1\nlet b='  x'")]
    [InlineData("Shell", "# a\necho  a   b\n\n", "echo a b\n")]
    public void Comments_and_white_space_make_no_difference(string language, string a, string b) => Assert.True(AreEqual(language, a, b));

    [Theory]
    [InlineData("C", "int ab;", "int a b;")]
    [InlineData("C", "a + +b", "a++b")]
    [InlineData("C", "a - -b", "a--b")]
    [InlineData("C", "a = b / *c", "a = b /*c")]
    [InlineData("C", "#define A 1\nint x;", "#define A 1 int x;")]
    [InlineData("C", "int x;\n#define A", "int x; #define A")]
    [InlineData("C", "s = \"a  b\";", "s = \"a b\";")]
    [InlineData("C", "s = \"// a\";", "s = \"\";")]
    [InlineData("C#", "s = @\"a\" \"b\"", "s = @\"a\"\"b\"")]
    [InlineData("Python", "if a:\n    b()\nc()\n", "if a:\n    b()\n    c()\n")]
    [InlineData("Python", "a = b\n-c\n", "a = b -c\n")]
    [InlineData("Shell", "echo a\nb\n", "echo a b\n")]
    [InlineData("JavaScript", "return\na", "return a")]
    [InlineData("JavaScript", "x = '# a'", "x = '# b'")]
    [InlineData("Text", "a  \n b", "a b")]
    public void What_a_compiler_could_tell_apart_stays_apart(string language, string a, string b) => Assert.False(AreEqual(language, a, b));

    [Fact]
    public void Nothing_but_comments_has_no_digest()
    {
        using var normalized = new NormalizedText();
        Assert.Equal(UInt128.Zero, normalized.Digest("# only\n\n# comments\n"u8, "Python"));
        Assert.Equal(UInt128.Zero, normalized.Digest(""u8, "C"));
        Assert.NotEqual(UInt128.Zero, normalized.Digest("x"u8, "C"));
    }

    [Fact]
    public void Every_language_of_the_tables_is_linguists_and_in_one_of_them()
    {
        Assert.True(NormalizedText.Named.Count() > 40);
        Assert.Equal(NormalizedText.Named.Distinct(), NormalizedText.Named);
        Assert.All(NormalizedText.Named, name => Assert.Equal(name, LanguageTable.Find(name)?.Name));
    }
}
