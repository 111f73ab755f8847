using System.Runtime.Intrinsics;
using System.Text;
using CsCheck;
using Stackmill.Preprocess.Tokenize;

namespace Stackmill.Tests.Preprocess.Tokenize;

/// <summary>Pieces, not ids: two different cuts often come to the same ids.</summary>
public class SplitterTests
{
    [Fact]
    public void Pieces_of_edge_cases_are_those_of_the_patterns()
    {
        foreach (var text in EdgeCases.Basic.Concat(EdgeCases.BeyondLibrary)) AssertSplit(Encoding.UTF8.GetBytes(text));
    }

    [Fact]
    public void Pieces_of_mixed_fragments_are_those_of_the_patterns() =>
        Gen.OneOf(EdgeCases.AlphabetBeyondLibrary).Array[0, 24].Select(string.Concat)
            .Sample(text => AssertSplit(Encoding.UTF8.GetBytes(text)), iter: 10_000, threads: 1);

    [Fact]
    public void Pieces_of_white_space_are_those_of_the_patterns() =>
        Gen.OneOf(" ", "  ", "\t", "\n", "\r", "\u00A0", "\u3000", "a", "!", "/").Array[0, 8].Select(string.Concat)
            .Sample(text => AssertSplit(Encoding.UTF8.GetBytes(text)), iter: 10_000, threads: 1);

    [Fact]
    public void Every_scalar_value_is_cut_as_the_patterns_say()
    {
        // Beside a letter of each case, a number, a symbol, a mark and white space, each property of a character shows.
        for (var value = 0; value <= 0x10FFFF; value += value < 0x3000 ? 1 : 61)
        {
            if (!Rune.IsValid(value)) continue;
            var c = new Rune(value).ToString();
            AssertSplit(Encoding.UTF8.GetBytes($"A{c}a{c}A{c}B!{c}1{c} {c}A\n{c}'s"));
        }
    }

    private static void AssertSplit(byte[] text)
    {
        AssertSplit<O200kSplitter>("o200k_base", text);
        AssertSplit<Cl100kSplitter>("cl100k_base", text);
    }

    private static void AssertSplit<TSplitter>(string name, byte[] text)
        where TSplitter : struct, ISplitter
    {
        var start = 0;
        foreach (var piece in Encodings.Get(name).Reference.Split(text))
        {
            var end = TSplitter.Next(text, start);
            Assert.True(end == start + piece.Length, $"{name}, {Convert.ToHexString(text)} at {start}: expected {piece.Length} bytes, got {end - start}");
            if (text.Length - start >= 16)
            {
                var word = TSplitter.AsciiWord(Vector128.Create<byte>(text.AsSpan(start, 16)));
                Assert.True(word == 0 || word == piece.Length, $"{name}, {Convert.ToHexString(text)} at {start}: expected {piece.Length} or 0, got {word}");
            }

            start = end;
        }

        Assert.Equal(text.Length, start);
    }
}
