using System.Text;
using Stackmill.Preprocess.Decode;

namespace Stackmill.Tests.Preprocess.Decode;

public sealed class FileDeclarationTests
{
    [Theory]
    [InlineData("<?xml version=\"1.0\" encoding='ISO-8859-2'?>\n<a/>", "ISO-8859-2")]
    [InlineData("<?xml version=\"1.0\"?>\n<a encoding=\"x\"/>", null)]
    [InlineData("<html><head><meta charset=windows-1251>", "windows-1251")]
    [InlineData("<META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; CHARSET=euc-kr\">", "euc-kr")]
    [InlineData("<meta name=\"x\"><meta charset=\"big5\"/>", "big5")]
    [InlineData("@charset \"iso-8859-15\";\na {}", "iso-8859-15")]
    [InlineData("/* a */ @charset \"iso-8859-15\";", null)]
    [InlineData("# coding: latin-1\n", "latin-1")]
    [InlineData(";; -*- mode: lisp; coding: euc-jp-unix -*-\n", "euc-jp-unix")]
    [InlineData("/* vim: set ts=4 fileencoding=cp1250 : */\n", "cp1250")]
    [InlineData("// vim: fenc=sjis\n", "sjis")]
    [InlineData("\" a menu\nscriptencoding koi8-r\n", "koi8-r")]
    [InlineData("int coding = 5;\n", null)]
    [InlineData("", null)]
    public void The_name_is_found_where_its_reader_finds_it(string text, string? name) =>
        Assert.Equal(name, FileDeclaration.Find(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_mode_line_at_the_end_of_a_long_file_is_found()
    {
        var text = string.Concat(Enumerable.Repeat("x = 1\n", 1000)) + "# vim: set fileencoding=cp1251 :\n";
        Assert.Equal("cp1251", FileDeclaration.Find(Encoding.ASCII.GetBytes(text)));
    }

    [Theory]
    [InlineData("Latin_1", "windows-1252")]
    [InlineData("iso8859-2", "iso-8859-2")]
    [InlineData("latin10", "iso-8859-16")]
    [InlineData("ISO_8859-10", "iso-8859-10")]
    [InlineData("8bit-cp1250", "windows-1250")]
    [InlineData("euc-jp-unix", "euc-jp")]
    [InlineData("tis-620", "windows-874")]
    [InlineData("gbk", "gb18030")]
    [InlineData("mac_roman", "macintosh")]
    [InlineData("johab", "johab")]
    [InlineData("no-such-encoding", null)]
    [InlineData("utf-8", null)]
    [InlineData("", null)]
    public void Labels_are_read_in_all_their_spellings(string label, string? name) =>
        Assert.Equal(name, LegacyEncoding.Find(label)?.Name);
}
