using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using Stackmill.Preprocess.Measure;
using Stackmill.Shared.Lexing;

namespace Stackmill.Tests.Preprocess.Measure;

public sealed partial class CodeMeasuresTests
{
    private static CodeMeasures Of(string text, string language = "Python") => CodeMeasures.Of(Encoding.UTF8.GetBytes(text), language, new Lexer());

    [Fact]
    public void Entropy_is_that_of_the_share_of_each_byte()
    {
        Assert.Equal(0, Of("").ByteEntropy);
        Assert.Equal(0, Of("aaa").ByteEntropy);
        Assert.Equal(1, Of("abab").ByteEntropy, 12);
        Assert.Equal(1.5, Of("aabc").ByteEntropy, 12);
        Gen.Byte.Array[1, 300].Sample(bytes =>
        {
            var expected = bytes.GroupBy(b => b).Sum(g => -(double)g.Count() / bytes.Length * Math.Log2((double)g.Count() / bytes.Length));
            Assert.Equal(expected, CodeMeasures.Of(bytes, "", new Lexer()).ByteEntropy, 9);
        }, threads: 1);
    }

    [Theory]
    [InlineData("", "none")]
    [InlineData("a\nb\n", "none")]
    [InlineData("a\n  \n\t\n", "none")]
    [InlineData("a\n\tb\n\t\tc\n", "tabs")]
    [InlineData("a\n  b\n    c\n", "spaces-2")]
    [InlineData("a\n    b\n        c\n", "spaces-4")]
    [InlineData("a\n        b\n                c", "spaces-8")]
    [InlineData("a\n   b\n", "spaces")]
    [InlineData("a\n  b\n\tc\n", "mixed")]
    [InlineData("/**\n * a\n */\n    b\n", "spaces-4")]
    public void Indentation_has_a_name(string text, string name)
    {
        Assert.Equal(name, Of(text).Indentation);
    }

    [Fact]
    public void The_longest_encoded_run_agrees_with_regular_expressions_on_any_text()
    {
        var piece = Gen.OneOf(
            Gen.OneOf("\\x41", "\\u0041", "0x4F", "0x", "\\x", "\\u", ", ", ",\n", " ", "\n", "g", "ł", "=", "x", "\\x4142"),
            Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789+/="], 0, 150],
            Gen.OneOf("\\x41", "0x4F, ", "\\u0041").Select(s => string.Concat(Enumerable.Repeat(s, 9))));
        piece.Array[0, 30].Select(string.Concat).Sample(text =>
        {
            var expected = new[] { Base64(), Escapes(), Wide(), Bytes() }.SelectMany(r => r.Matches(text)).Select(m => m.Value.TrimEnd(',', ' ', '\n').Length).DefaultIfEmpty(0).Max();
            Assert.Equal(expected, Of(text, "").LongestEncodedRun);
        }, iter: 20_000, threads: 1);
    }

    [Fact]
    public void Comments_are_a_share_of_the_lines_with_something_on_them()
    {
        var measures = Of("# a\n\nx = 1  # b\ny = 2\nz = '''\n");
        Assert.Equal((3, 1, 1, true), (measures.Lines.Code, measures.Lines.Comment, measures.Lines.Blank, measures.Degraded));
        Assert.Equal(0.25, measures.CommentFraction);
        Assert.Equal(0, Of("\n\n").CommentFraction);
    }

    [GeneratedRegex("[A-Za-z0-9+/=]{64,}")]
    private static partial Regex Base64();

    [GeneratedRegex(@"(?:\\x[0-9A-Fa-f]{2}[, \t\r\n]*){8,}")]
    private static partial Regex Escapes();

    [GeneratedRegex(@"(?:\\u[0-9A-Fa-f]{4}[, \t\r\n]*){8,}")]
    private static partial Regex Wide();

    [GeneratedRegex(@"(?:0x[0-9A-Fa-f]{2}[, \t\r\n]*){8,}")]
    private static partial Regex Bytes();
}
