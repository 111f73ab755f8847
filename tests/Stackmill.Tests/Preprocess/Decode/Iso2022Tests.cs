using System.Buffers;
using System.Text;
using CsCheck;
using Stackmill.Preprocess.Decode;

namespace Stackmill.Tests.Preprocess.Decode;

public sealed class Iso2022Tests
{
    private static (Decoded Found, string Text) Decode(byte[] raw)
    {
        var output = new ArrayBufferWriter<byte>();
        var found = new TextDecoder().Decode(raw, null, output);
        return (found, Encoding.UTF8.GetString(found.Kind == DecodeKind.Transcoded ? output.WrittenSpan : raw));
    }

    public static TheoryData<string, string, string> Texts() => new()
    {
        { "iso-2022-jp", "# \u001b$B4A;z\u001b(B ok\n", "# 漢字 ok\n" },
        { "iso-2022-jp", "\u001b(I1\u001b(B\n", "ｱ\n" },
        { "iso-2022-kr", "\u001b$)C// \u000eGQ1[\u000f!\n", "// 한글!\n" },
        { "iso-2022-cn", "// \u001b$)A\u000eVPND\u000f\n", "// 中文\n" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_with_escape_sequences_is_read(string name, string bytes, string text)
    {
        var (found, decoded) = Decode(Encoding.ASCII.GetBytes(bytes));
        Assert.Equal((name, text, true), (found.EncodingName, decoded, found.IsExact));
    }

    [Fact]
    public void Needless_escape_sequences_are_read_and_flagged()
    {
        var (found, decoded) = Decode(Encoding.ASCII.GetBytes("# \u001b$B4A\u001b$B;z\u001b(B\n"));
        Assert.Equal(("# 漢字\n", false), (decoded, found.IsExact));
    }

    [Theory]
    [InlineData("\u001b[31mred\u001b[0m\n")]
    [InlineData("# \u001b$B4A;\u001b(B\n")]
    [InlineData("# \u001b$B4A;z\u001b%G\n")]
    [InlineData("# \u001b$B")]
    public void What_is_no_such_text_stays_as_it_is(string bytes) =>
        Assert.Equal(bytes, Decode(Encoding.ASCII.GetBytes(bytes)).Text);

    [Fact]
    public void Cut_and_spliced_sequences_never_crash()
    {
        var whole = Encoding.ASCII.GetBytes(string.Concat(Texts().Select(t => t.Data.Item2)));
        Gen.Select(Gen.Int[0, whole.Length], Gen.Int[0, whole.Length], Gen.Byte.Array[0, 6]).Sample((from, to, noise) =>
        {
            byte[] raw = [.. whole.AsSpan(0, from), .. noise, .. whole.AsSpan(to)];
            Assert.InRange(Decode(raw).Found.Confidence, 0, 1);
        });
    }
}
