using static Stackmill.Shared.Languages.Lines;

namespace Stackmill.Shared.Languages.Heuristics;

/// <summary>Documents: manual pages, TeX, Markdown, plain text.</summary>
internal static class DocumentHeuristics
{
    private static readonly WordSet FreeMarkerDirectives = new("if list assign macro import include else elseif function setting ftl local global switch");

    private static readonly HeuristicRule ManualPage = new("Roff Manpage", IsManualPage, ".TH LS 1\n.SH NAME\nls\n", ".TL\nA letter\n.SH\n");

    private static readonly HeuristicRule Roff = new("Roff", t => Any(t, IsRoffLine), ".so man3/a.3\n", "so. it\n...\n");

    /// <summary>The extensions.</summary>
    public static readonly Disambiguation[] All =
    [
        // Not every file that ends in a digit is a manual page: something in it must say so.
        new("1 2 3 4 5 6 7 8 9", "", ManualPage, Roff),
        new("1in 1m 1x 3in 3m 3p 3pm 3qt 3x man mdoc", "Roff", ManualPage),
        new("rno", "Roff",
            new HeuristicRule("RUNOFF", t => Any(t, l => l.StartsWith(".!"u8) || l.StartsWith(".end lit"u8) || l.StartsWith(".c;"u8) || (l.StartsWith("."u8) && Has(l, ";."u8))), ".c;A title\n.lm 8;.rm 72\n", ".TH A 1\n")),
        new("cls", "TeX",
            new HeuristicRule("TeX", t => Any(t, l => Cursor.Behind(l).Is("\\"u8)) || Any(t, l => l.StartsWith("%"u8)), "\\NeedsTeXFormat{LaTeX2e}\n", "public class A {}\n"),
            new HeuristicRule("VBA", t => Has(t, "VERSION 1.0 CLASS"u8) || Any(t, l => l.StartsWith("Attribute VB_"u8) || l.StartsWith("Option Explicit"u8)), "VERSION 1.0 CLASS\nBEGIN\n", "Class A\n"),
            new HeuristicRule("ObjectScript", t => Any(t, l => l.StartsWith("Class "u8)), "Class A.B Extends %Persistent\n", "public class A\n"),
            new HeuristicRule("OpenEdge ABL", t => Any(t, IsAblClass), "CLASS A.B:\n  METHOD PUBLIC VOID x():\n", "public class A {\n"),
            new HeuristicRule("Apex", t => Any(t, IsApexClass), "public with sharing class A {\n", "class: A\n")),
        new("toc", "TeX",
            new HeuristicRule("World of Warcraft Addon Data", t => Any(t, l => l.StartsWith("## "u8)), "## Interface: 100\n", "\\contentsline {a}\n")),
        new("md", "Markdown",
            new HeuristicRule("GCC Machine Description", IsMachineDescription, ";; Machine description\n(define_insn \"a\"\n", "# A\n;; b\n")),
        // Help files of Vim end in a mode line, which has been read before.
        new("txt", "Text"),
        new("asc", "AsciiDoc",
            new HeuristicRule("Public Key", t => Any(t, l => l.StartsWith("-----BEGIN "u8) || l.StartsWith("---- BEGIN "u8) || l.StartsWith("ssh-rsa "u8) || l.StartsWith("ssh-dss "u8)), "-----BEGIN PGP PUBLIC KEY BLOCK-----\n", "= Title\n"),
            new HeuristicRule("AsciiDoc", t => Has(t, "{{"u8) || Any(t, l => l.Length > 1 && l[0] is (byte)'=' or (byte)'-' && (l[1] is (byte)' ' or (byte)'=' or (byte)'-')), "= Title\n\nText.\n", "function a() {\n"),
            new HeuristicRule("AGS Script", t => Any(t, l => l.StartsWith("//"u8) || l.StartsWith("function "u8) || l.StartsWith("import "u8) || l.StartsWith("export "u8)), "function room_Load() {\n", "= functions\n")),
        new("asy", "Asymptote",
            new HeuristicRule("LTspice Symbol", t => Any(t, l => l.StartsWith("SymbolType "u8)), "Version 4\nSymbolType CELL\n", "import graph;\n")),
        new("ftl", "FreeMarker",
            new HeuristicRule("FreeMarker", t => BeginsWithAny(t, "<"u8) || Has(t, "${"u8) || Any(t, IsFreeMarker), "<#if a>\n${b}\n</#if>\n", "hello = Hello\n"),
            new HeuristicRule("Fluent", t => Any(t, IsFluent), "hello = Hello, { $name }\n", "<html>\n")),
        new("ice", "Slice",
            new HeuristicRule("JSON", t => BeginsWithAny(t, "{["u8), "{ \"a\": 1 }\n", "module A {\n")),
        new("vba", "VBA",
            new HeuristicRule("Vim Script", t => Any(t, l => l.StartsWith("UseVimball"u8)), "UseVimball\nfinish\n", "' UseVimball\n")),
    ];

    /// <summary>True for a request or comment of roff.</summary>
    public static bool IsRoffLine(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith(".\\\""u8) || line.StartsWith("'\\\""u8))
            return true;
        return line.Length >= 3 && line[0] is (byte)'.' or (byte)'\'' && char.IsAsciiLetter((char)line[1]) && char.IsAsciiLetter((char)line[2]) && (line.Length == 3 || line[3] is (byte)' ' or (byte)'\t');
    }

    // man: .TH and .SH; mdoc: .Dd, .Dt and .Sh.
    private static bool IsManualPage(ReadOnlySpan<byte> text) =>
        Any(text, line =>
        {
            var cursor = new Cursor(line);
            return (cursor.Is("."u8) || cursor.Is("'"u8)) && (cursor.Then("TH "u8) || cursor.Is("Dt "u8)) && !cursor.IsAtEnd;
        }) && Any(text, line =>
        {
            var cursor = new Cursor(line);
            return (cursor.Is("."u8) || cursor.Is("'"u8)) && (cursor.Then("SH "u8) || cursor.Is("Sh "u8)) && !cursor.IsAtEnd;
        });

    private static bool IsMachineDescription(ReadOnlySpan<byte> text) =>
        Any(text, l => l.StartsWith("(define_"u8)) || (text.TrimStart("\r\n"u8).StartsWith(";;"u8) && !Any(text, l => l.StartsWith("#"u8)));

    private static bool IsFreeMarker(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("<#--"u8) || cursor.Is("[#--"u8) || cursor.Is("<@"u8))
            return true;
        return (cursor.Is("<#"u8) || cursor.Is("[#"u8)) && cursor.Word(FreeMarkerDirectives);
    }

    private static bool IsFluent(ReadOnlySpan<byte> line)
    {
        var cursor = new Cursor(line);
        cursor.Is("-"u8);
        return char.IsAsciiLetter((char)cursor.Next) && cursor.Name("-"u8) && cursor.Then("="u8);
    }

    private static bool IsAblClass(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        return cursor.IsAnyCase("class "u8) && cursor.Name("."u8) && line.TrimEnd(" \t"u8).EndsWith(":"u8);
    }

    private static bool IsApexClass(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        return (cursor.IsAnyCase("public "u8) || cursor.IsAnyCase("global "u8) || cursor.IsAnyCase("private "u8) || cursor.IsAnyCase("@istest"u8) || cursor.IsAnyCase("class "u8) || cursor.IsAnyCase("trigger "u8)
            || cursor.IsAnyCase("/*"u8) || cursor.IsAnyCase("//"u8));
    }
}
