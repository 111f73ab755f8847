using System.Text;
using CsCheck;
using Stackmill.Preprocess.Redact;

namespace Stackmill.Tests.Preprocess.Redact;

public sealed class CodePointsTests
{
    [Fact]
    public void Byte_offsets_become_code_point_offsets_for_any_text()
    {
        OneOf("a", "é", "漢", "🎉", "e\u0301", "\n").Array[0, 40].Sample(parts =>
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(string.Concat(parts));
            int[] offsets = [.. Enumerable.Range(0, parts.Length + 1).Select(i => Encoding.UTF8.GetByteCount(string.Concat(parts[..i])))];
            int[] expected = [.. Enumerable.Range(0, parts.Length + 1).Select(i => string.Concat(parts[..i]).EnumerateRunes().Count())];
            CodePoints.FromBytes(utf8, offsets);
            return offsets.SequenceEqual(expected);
        }, iter: 2000, threads: 1);
    }

    [Fact]
    public void Offsets_that_descend_or_leave_the_text_are_refused()
    {
        Assert.Throws<ArgumentException>(() => CodePoints.FromBytes("abc"u8, [2, 1]));
        Assert.Throws<ArgumentException>(() => CodePoints.FromBytes("abc"u8, [4]));
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
