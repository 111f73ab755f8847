using System.Text;
using CsCheck;
using Stackmill.Shared.Languages;

namespace Stackmill.Tests.Shared.Languages;

public sealed class LanguageDetectorTests
{
    private static readonly string[] Names =
        [.. LanguageTable.Entries.SelectMany(e => e.Extensions.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Distinct().Select(e => $"a.{e}"), "Makefile", "run", "a.1ssl", "MAIN.C", "main.C"];

    private static (string? Language, string Reason) Detect(string path, string text)
    {
        var found = LanguageDetector.Detect(path, Encoding.UTF8.GetBytes(text));
        return (found.Language?.Name, found.Reason);
    }

    [Theory]
    [InlineData("a.h", "// -*- C++ -*-\nint a;\n", "C++", "modeline")]
    [InlineData("notes", "x\n\n# vim: set ft=ruby :\n", "Ruby", "modeline")]
    [InlineData("Makefile", "all:\n", "Makefile", "file_name")]
    [InlineData("run", "#!/usr/bin/env python3\n", "Python", "shebang")]
    [InlineData("run.cgi", "#!/usr/bin/perl -w\n", "Perl", "shebang")]
    [InlineData("run.py", "#!/bin/sh\n", "Shell", "shebang")]
    [InlineData("a.py", "x = 1\n", "Python", "extension")]
    [InlineData("pom", "<?xml version=\"1.0\"?>\n<a/>\n", "XML", "xml")]
    [InlineData("a.sql", "select 1;\n", "SQL", "usual")]
    [InlineData("notes", "just words\n", null, "none")]
    [InlineData("ls.1", ".TH LS 1\n.SH NAME\nls\n", "Roff Manpage", "heuristic:1-roff-manpage")]
    [InlineData("lib.so.1", "just words\n", null, "none")]
    [InlineData("ssl.3ssl", ".TH SSL 3\n.SH NAME\nssl\n", "Roff Manpage", "heuristic:1-roff-manpage")]
    [InlineData("main.C", "namespace a {\n}\n", "C++", "heuristic:c-cpp")]
    [InlineData("MAIN.C", "namespace a {\n}\n", "C", "extension")]
    [InlineData("f.m", "## -*- texinfo -*-\nfunction f ()\n", "MATLAB", "usual")]
    [InlineData("f.texi", "@c -*- texinfo -*-\n", "Texinfo", "modeline")]
    [InlineData("a.ts", "<?xml version=\"1.0\"?>\n<!DOCTYPE TS>\n<TS language=\"de\">\n", "XML", "heuristic:ts-xml")]
    [InlineData("a.ts", "const a: number = 1;\n", "TypeScript", "usual")]
    [InlineData("run", "#!/usr/bin/lua\n", "Lua", "shebang")]
    [InlineData("run.t", "#!/usr/bin/lua\n", "Terra", "shebang")]
    public void What_decides(string path, string text, string? language, string reason) => Assert.Equal((language, reason), Detect(path, text));

    [Fact]
    public void Byte_order_marks_and_UTF_16_do_not_hide_what_decides()
    {
        const string Script = "#!/bin/bash\necho ü\n";
        Assert.Equal("Shell", LanguageDetector.Detect("run", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Script)]).Language?.Name);
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            Assert.Equal("Shell", LanguageDetector.Detect("run", [.. encoding.Preamble, .. encoding.GetBytes(Script)]).Language?.Name);
            Assert.Equal("C++", LanguageDetector.Detect("a.h", [.. encoding.Preamble, .. encoding.GetBytes("#include <vector>\n")]).Language?.Name);
        }
    }

    [Fact]
    public void Case_is_folded_across_letters_that_are_not_ASCII() =>
        Assert.Equal("TSQL", Detect("a.sql", "-- größe ÄÖ\nDECLARE @x INT\n").Language);

    [Fact]
    public void It_never_throws_and_says_the_same_again() =>
        Gen.Select(Gen.OneOf(Names), Gen.OneOf(Gen.Byte.Array[0, 300], Pieces)).Sample((name, bytes) =>
        {
            var found = LanguageDetector.Detect(name, bytes);
            Assert.Equal(found, LanguageDetector.Detect("other/folder/" + name, bytes));
            Assert.NotEmpty(found.Reason);
            Assert.True(found.Language is not null || found.Reason == "none");
        }, iter: 3000);

    [Fact]
    public void What_lies_beyond_the_first_50_KiB_and_before_the_last_lines_decides_nothing() =>
        Gen.Select(Gen.OneOf(Names), Pieces, Pieces).Sample((name, first, beyond) =>
        {
            byte[] Filled(byte[] middle) => [.. first, .. Enumerable.Repeat((byte)'\n', LanguageDetector.MostBytes), .. middle, .. Enumerable.Repeat((byte)'\n', 10)];
            Assert.Equal(LanguageDetector.Detect(name, Filled([])), LanguageDetector.Detect(name, Filled(beyond)));
        }, iter: 300);

    [Fact]
    public void Long_hostile_files_come_to_an_end()
    {
        foreach (var piece in new[] { "-*-", "vim: ft=", "vi:", "#!/bin/sh", "#! ", " ", "a.", "\\", ":" })
        {
            var bytes = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, (8 << 20) / piece.Length)));
            Assert.All(new[] { "a.h", "a.sql", "a.pl", "run" }, name => LanguageDetector.Detect(name, bytes));
        }

        LanguageDetector.Detect(string.Concat(Enumerable.Repeat("a.", 1 << 20)), "x"u8);
    }

    // Signs of many languages, spliced.
    private static readonly Gen<byte[]> Pieces =
        Gen.OneOf("#include <vector>\n", "@interface A\n", "use strict;\n", ":- a.\n", "<?php\n", "<TS>\n", "-*- c++ -*-\n", "# vim: ft=ruby\n", "#!/bin/sh\n", "(defun a)\n", "é\n", ".TH A 1\n", "\0", "  ", "end;\n", "{", "module a (b);\n")
            .Array[0, 12].Select(p => Encoding.UTF8.GetBytes(string.Concat(p)));
}
