using System.Text;
using CsCheck;
using Stackmill.Deduplicate;
using Stackmill.Deduplicate.Boilerplate;

namespace Stackmill.Tests.Deduplicate.Boilerplate;

public sealed class ComparedLinesTests
{
    private static List<(int Line, int Start, int Length)> Naive(byte[] text)
    {
        var found = new List<(int, int, int)>();
        var (line, start) = (0, 0);
        while (start < text.Length)
        {
            var end = Array.IndexOf(text, (byte)'\n', start);
            end = end < 0 ? text.Length : end;
            var words = Enumerable.Range(start, end - start).Where(i => LexicalBytes.IsWord(text[i])).ToList();
            if (words.Count > 0)
                found.Add((line, words[0], words[^1] + 1 - words[0]));
            (line, start) = (line + 1, end + 1);
        }

        return found;
    }

    private static List<(int Line, int Start, int Length)> Read(ComparedLines lines, byte[] text)
    {
        lines.Read(text);
        return [.. lines.Compared.ToArray().Select(l => (l.Line, l.Start, l.Length))];
    }

    [Fact]
    public void Lines_are_compared_from_their_first_to_their_last_byte_of_a_word()
    {
        var lines = new ComparedLines();
        var text = "  // Licensed to you. \n\n * \n}\n\té = \"ß\";"u8.ToArray();

        Assert.Equal(["Licensed to you", "é = \"ß"], Read(lines, text).Select(l => Encoding.UTF8.GetString(text, l.Start, l.Length)));
        Assert.Equal(5, lines.Lines);
        Assert.Equal([0, 23, 24, 28, 30, text.Length], lines.Starts.ToArray());
    }

    [Fact]
    public void Any_bytes_are_read_as_a_naive_reader_reads_them()
    {
        Gen.OneOf(Gen.Const((byte)'\n'), Gen.Const((byte)' '), Gen.Const((byte)'a'), Gen.Byte).Array[0, 400].Sample(text =>
        {
            var lines = new ComparedLines();
            Assert.Equal(Naive(text), Read(lines, text));
            Assert.Equal(text.Count(b => b == '\n') + (text.Length > 0 && text[^1] != '\n' ? 1 : 0), lines.Lines);
        });
    }

    [Fact]
    public void Equal_lines_have_equal_hashes_wherever_they_stand_and_others_do_not()
    {
        var random = new Random(1);
        var lines = new ComparedLines();
        var words = Enumerable.Range(0, 2000).Select(i => new string('x', i % 90) + i).ToList();
        var text = Encoding.UTF8.GetBytes(string.Concat(words.Concat(words).OrderBy(_ => random.Next()).Select(w => $"{new string(' ', random.Next(9))}# {w} *\n")));
        lines.Read(text);
        var byHash = lines.Compared.ToArray().GroupBy(l => l.Hash).ToList();

        Assert.Equal(4000, lines.Count);
        Assert.Equal(2000, byHash.Count);
        Assert.All(byHash, g => Assert.Single(g.Select(l => Encoding.UTF8.GetString(text, l.Start, l.Length)).Distinct()));
    }

    [Fact]
    public void Every_byte_of_a_line_counts_whatever_its_length()
    {
        var lines = new ComparedLines();
        for (var length = 1; length < 70; length++)
        {
            var line = Enumerable.Range(0, length).Select(i => (byte)('a' + (i % 20))).ToArray();
            lines.Read(line);
            var hash = lines.Compared[0].Hash;
            for (var i = 0; i < length; i++)
            {
                byte[] other = [.. line];
                other[i] = (byte)'z';
                lines.Read(other);
                Assert.NotEqual(hash, lines.Compared[0].Hash);
            }
        }
    }

    [Fact]
    public void A_line_of_10_MB_is_one_line_and_ten_million_line_ends_are_none_that_is_compared()
    {
        var lines = new ComparedLines();
        lines.Read(Enumerable.Repeat((byte)'x', 10_000_000).ToArray());
        Assert.Equal((1, 1, 10_000_000), (lines.Lines, lines.Count, lines.Compared[0].Length));
        lines.Read(Enumerable.Repeat((byte)'\n', 10_000_000).ToArray());
        Assert.Equal((10_000_000, 0), (lines.Lines, lines.Count));
        lines.Read([]);
        Assert.Equal((0, 0), (lines.Lines, lines.Count));
    }
}
