using System.Text;
using Stackmill.Preprocess;
using Stackmill.Preprocess.Decode;

namespace Stackmill.Tests.Preprocess.Decode;

public sealed class CodingDeclarationTests
{
    [Theory]
    [InlineData("# -*- coding: latin-1 -*-\nx = 1\n", "latin-1")]
    [InlineData("#!/usr/bin/env python\n# vim: set fileencoding=shift_jis :\n", "shift_jis")]
    [InlineData("\n  # coding=gbk\n", "gbk")]
    [InlineData("#!/usr/bin/python\r\n# coding: cp1252\r\n", "cp1252")]
    [InlineData("# encoding: decoding: koi8-r\n", "decoding")]
    [InlineData("x = 1\n# coding: latin-1\n", "")]
    [InlineData("x = 'coding: latin-1'\n", "")]
    [InlineData("#\n#\n# coding: latin-1\n", "")]
    [InlineData("# coding latin-1\n", "")]
    [InlineData("# coding:", "")]
    [InlineData("", "")]
    public void The_name_is_found_where_python_finds_it(string text, string name)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(name, Encoding.UTF8.GetString(bytes[CodingDeclaration.Find(bytes)]));
    }

    [Theory]
    [InlineData("# coding: iso-8859-1 -*-\n", "Python", "# coding: utf-8      -*-\n")]
    [InlineData("# coding: sjis\n", "Python", "# coding: utf8\n")]
    [InlineData("# coding: gbk\n", "Python", "# coding: u8 \n")]
    [InlineData("# coding: l1\n", "Python", "# coding: u8\n")]
    [InlineData("# encoding: gbk\n", "Ruby", "# encoding: gbk\n")]
    [InlineData("# encoding: EUC-JP\n", "Ruby", "# encoding: utf-8 \n")]
    [InlineData("print(1)\n", "Python", "print(1)\n")]
    public void It_says_utf8_without_a_change_of_length(string before, string language, string after)
    {
        var bytes = Encoding.UTF8.GetBytes(before);
        CodingDeclaration.SetUtf8(bytes, language);
        Assert.Equal(after, Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public void A_file_in_a_declared_encoding_is_decoded_by_it_and_declares_utf8_afterwards()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        const string source = "# -*- coding: euc-jp -*-\ntitle = '日本語の題'\n";
        var raw = Encoding.GetEncoding("euc-jp").GetBytes(source);
        var text = new TextPipeline(new PreprocessOptions(), null).Process(raw, null, "Python");
        Assert.Equal("euc-jp", text.Encoding.EncodingName);
        Assert.Equal("# -*- coding: utf-8  -*-\ntitle = '日本語の題'\n", Encoding.UTF8.GetString(text.Content.Span));
    }

    [Fact]
    public void A_declaration_in_a_language_that_does_not_read_it_stays()
    {
        var raw = Encoding.Latin1.GetBytes("# coding: latin-1\necho 'café au lait, s''il vous plaît'\n");
        var text = new TextPipeline(new PreprocessOptions(), null).Process(raw, null, "Shell");
        Assert.StartsWith("# coding: latin-1\n", Encoding.UTF8.GetString(text.Content.Span), StringComparison.Ordinal);
    }
}
