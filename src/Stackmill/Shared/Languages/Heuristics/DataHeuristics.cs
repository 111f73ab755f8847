using static Stackmill.Shared.Languages.Lines;

namespace Stackmill.Shared.Languages.Heuristics;

/// <summary>Data, settings and databases, and what shares their extensions. Case does not matter to most of them.</summary>
internal static class DataHeuristics
{
    private static readonly WordSet FortranStarts = new("subroutine program end data integer real double common dimension implicit function call character logical block");
    private static readonly WordSet FreeBasicDirectives = new("define endif endmacro if ifdef ifndef include lang macro");
    private static readonly WordSet HaProxySections = new("global defaults frontend backend listen userlist peers");
    private static readonly WordSet NginxWords = new("server upstream location listen server_name");
    private static readonly WordSet IdlStarts = new("pro function end endif endfor");

    /// <summary>The extensions.</summary>
    public static readonly Disambiguation[] All =
    [
        new("sql", "SQL",
            new HeuristicRule("PLpgSQL", IsPostgres, "create function f() returns int as $$\nbegin\n", "create table t (a int);\nbegin transaction;\n"),
            new HeuristicRule("SQLPL", IsDb2, "alter module a publish function f;\n", "alter table a;\n"),
            new HeuristicRule("PLSQL", IsOracle, "create or replace package a authid definer as\n", "create package a\n"),
            new HeuristicRule("TSQL", IsTransact, "use a\ngo\nselect 1 from [dbo].[t]\n", "select go from t\n")) { AnyCase = true },
        new("ddl prc", "SQL",
            new HeuristicRule("PLSQL", IsOracle, "create or replace package a authid definer as\n", "create table a (b int);\n")) { AnyCase = true },
        new("properties", "Java Properties",
            new HeuristicRule("INI", t => Any(t, IsAssignment) && Any(t, l => l.Length > 0 && l[0] is (byte)';' or (byte)'['), "[a]\nb=1\n", "# a\nb=1\n"),
            new HeuristicRule("Java Properties", t => Any(t, l => l.Length > 0 && l[0] is (byte)'#' or (byte)'!') && Any(t, IsAssignment), "# a\nb=1\n", "b=1\n"),
            new HeuristicRule("INI", t => Any(t, IsAssignment), "b=1\n", "b: 1\n")),
        new("cfg", "INI",
            new HeuristicRule("HAProxy", t => Any(t, IsHaProxy), "frontend www\n    bind *:80\n", "[frontend]\nbind=1\n")),
        new("vhost", "ApacheConf",
            new HeuristicRule("Nginx", t => Any(t, IsNginx), "server {\n  listen 80;\n", "<VirtualHost *:80>\n")),
        new("yaml", "YAML",
            new HeuristicRule("MiniYAML", t => !Has(t, "---"u8) && Any(t, IsTabbedKey), "A:\n\tB: 1\n", "a:\n  b: 1\n")),
        new("plist", "OpenStep Property List",
            new HeuristicRule("XML Property List", t => Has(t, "<!DOCTYPE plist"u8) || Has(t, "<plist"u8), "<!DOCTYPE plist>\n<plist>\n", "{ a = b; }\n")),
        new("ts", "TypeScript",
            new HeuristicRule("XML", t => Has(t, "<TS "u8) || Has(t, "<TS>"u8) || Has(t, "<!DOCTYPE TS"u8), "<?xml version=\"1.0\"?>\n<!DOCTYPE TS>\n<TS version=\"2.0\">\n", "function f<T>(a: <TSX>() => T) {}\n")),
        new("tsx", "TSX",
            new HeuristicRule("XML", t => BeginsWithAny(t, "<"u8) && (Has(t, "<?xml "u8) || Has(t, "<tileset"u8)), "<?xml version=\"1.0\"?>\n<tileset name=\"a\">\n", "import React from 'react';\nconst a = <tileset/>;\n")),
        new("php", "PHP",
            new HeuristicRule("Hack", t => Has(t, "<?hh"u8), "<?hh // strict\n", "<?php\n")),
        new("csl", "Kusto",
            new HeuristicRule("XML", t => BeginsWithAny(t, "<"u8), "<?xml version=\"1.0\"?>\n<style>\n", "T | where a > 1\n")),
        new("gst", "Gosu",
            new HeuristicRule("XML", t => Has(t, "<?xml "u8), "<?xml version=\"1.0\"?>\n", "<% uses a %>\n")),
        new("res", "ReScript",
            new HeuristicRule("XML", t => BeginsWithAny(t, "<"u8), "<resources>\n", "let x = 1\n")),
        new("pluginspec", "Ruby",
            new HeuristicRule("XML", t => BeginsWithAny(t, "<"u8), "<plugin name=\"a\">\n", "Jenkins::Plugin.new\n")),
        new("workflow", "HCL",
            new HeuristicRule("XML", t => BeginsWithAny(t, "<"u8), "<?xml version=\"1.0\"?>\n<Workflow>\n", "workflow \"a\" {\n")),
        new("sch", "XML",
            new HeuristicRule("KiCad Schematic", t => t.StartsWith("EESchema"u8) || t.StartsWith("(kicad_sch"u8), "EESchema Schematic File Version 2\n", "<schema>\n"),
            new HeuristicRule("Eagle", t => Has(t, "<eagle "u8) || Has(t, "eagle.dtd"u8), "<!DOCTYPE eagle SYSTEM \"eagle.dtd\">\n", "<schema>\n"),
            new HeuristicRule("Scheme", t => BeginsWithAny(t, ";("u8), "(define (f x) x)\n", "<schema>\n")),
        new("brd", "Eagle",
            new HeuristicRule("KiCad Legacy Layout", t => t.StartsWith("PCBNEW"u8), "PCBNEW-BOARD Version 1\n", "<eagle>\n")),
        new("cue", "CUE",
            new HeuristicRule("Cue Sheet", t => Any(t, l => Cursor.Behind(l).Is("TRACK "u8) || Cursor.Behind(l).Is("FILE \""u8)), "FILE \"a.wav\" WAVE\n  TRACK 01 AUDIO\n", "package a\nfile: \"b\"\n")),
        new("gml", "Game Maker Language",
            new HeuristicRule("XML", t => BeginsWithAny(t, "<"u8), "<?xml version=\"1.0\"?>\n", "x = 1 < 2;\n"),
            new HeuristicRule("Graph Modeling Language", t => Any(t, l => Cursor.Behind(l).Is("graph ["u8) || Cursor.Behind(l).Is("node ["u8) || l.SequenceEqual("graph"u8)), "graph [\n  node [\n", "graph = 1;\n"),
            new HeuristicRule("Gerber Image", t => Any(t, IsGerber), "G04*\nD10*\n", "d10 = 1;\n")),
        new("sol cmp", "",
            new HeuristicRule("Solidity", t => Has(t, "pragma solidity"u8) || Any(t, IsContract), "pragma solidity ^0.8.0;\ncontract A {\n", "solid contract\n"),
            new HeuristicRule("Gerber Image", t => Any(t, IsGerber), "G04*\nM02*\n", "M02\n")),
        new("stl", "",
            new HeuristicRule("STL", t => BeginsWithSolid(t), "solid a\nfacet normal 0 0 1\nendsolid a\n", "solids\n")),
        new("url", "",
            new HeuristicRule("INI", t => Any(t, l => l.StartsWith("[InternetShortcut]"u8)), "[InternetShortcut]\nURL=a\n", "URL=a\n")),
        new("ncl", "NCL",
            new HeuristicRule("XML", t => Any(t, l => Cursor.Behind(l).Is("<?xml"u8)), "<?xml version=\"1.0\"?>\n", "; <?xml\n"),
            new HeuristicRule("Gerber Image", t => Any(t, IsGerber), "G04*\nD10*\n", "d10\n"),
            new HeuristicRule("Text", t => Has(t, "THE_TITLE"u8), "THE_TITLE a\n", "begin\nend\n")),
        new("nb", "Mathematica",
            new HeuristicRule("Text", t => !Has(t, "Notebook["u8) && !Has(t, "(*"u8), "a note\n", "(* Content-type: application/mathematica *)\nNotebook[{\n")),
        new("srt", "SubRip Text",
            new HeuristicRule("SRecode Template", t => Any(t, l => l.StartsWith(";;"u8) || l.StartsWith("template "u8) || l.StartsWith("set mode"u8)), "set mode \"c-mode\"\ntemplate a\n----\n", "1\n00:00:01,000 --> 00:00:02,000\n")),
        new("mask", "Mask",
            new HeuristicRule("Unity3D Asset", t => Has(t, "tag:unity3d.com"u8), "%TAG !u! tag:unity3d.com,2011:\n", "div { }\n")),
        new("yy", "Yacc",
            new HeuristicRule("JSON", t => BeginsWithAny(t, "{"u8) && Has(t, "\"modelName\""u8), "{ \"modelName\": \"GMSprite\" }\n", "%{\n%}\n%%\n")),
        new("dsp", "Faust",
            new HeuristicRule("Microsoft Developer Studio Project", t => Has(t, "# Microsoft Developer Studio Generated Build File"u8), "# Microsoft Developer Studio Generated Build File\n", "process = _;\n")),
        new("pro", "QMake",
            new HeuristicRule("Proguard", t => Any(t, l => l.StartsWith("-keep"u8) || l.StartsWith("-dontwarn"u8) || l.StartsWith("-include "u8)), "-keep class a.b { *; }\n", "TEMPLATE = app\n"),
            new HeuristicRule("Prolog", t => Any(t, ScriptHeuristics.IsPrologClause), "f(X) :- g(X).\n", "# a :- b\n"),
            new HeuristicRule("INI", t => Has(t, "last_client="u8), "last_client=1\n", "CONFIG += qt\n"),
            new HeuristicRule("QMake", t => Has(t, "SOURCES"u8) || Has(t, "HEADERS"u8) || Has(t, "TEMPLATE"u8) || Has(t, "SUBDIRS"u8), "SOURCES += a.cpp\n", "pro a\nend\n"),
            new HeuristicRule("IDL", t => Any(t, IsIdl), "pro a, b\nend\n", "project = 1\n")),
        new("bas", "VBA",
            new HeuristicRule("FreeBasic", t => Any(t, IsFreeBasic), "#include \"a.bi\"\n", "# a\n"),
            new HeuristicRule("BASIC", t => Any(t, l => { var c = Cursor.Behind(l); return char.IsAsciiDigit((char)c.Next) && c.Word().Length > 0 && c.Gap() && char.IsAsciiLetter((char)c.Next); }), "10 print \"a\"\n20 goto 10\n", "attribute vb_name = \"a\"\n")) { AnyCase = true },
        new("for f", "Fortran",
            new HeuristicRule("Forth", t => Any(t, l => l.StartsWith(": "u8)), ": sq dup * ;\n", "      integer :: a\n"),
            new HeuristicRule("Filebench WML", t => Has(t, "flowop"u8), "flowop openfile name=a\n", "c flow\n"),
            new HeuristicRule("Fortran", t => Any(t, IsFixedFortran), "c     a comment\n      subroutine f(x)\n", "1.0 2.0\n"),
            new HeuristicRule("Formatted", t => !Any(t, l => l.StartsWith("      "u8)), "1.0 2.0\n", "      x = 1\n")) { AnyCase = true },
    ];

    private static bool IsPostgres(ReadOnlySpan<byte> text) =>
        Has(text, "as $$"u8) || Has(text, "language plpgsql"u8) || Has(text, "language 'plpgsql'"u8)
        || HasAtStart(text, "\\i "u8) || HasAtStart(text, "begin;"u8) || HasAtStart(text, "begin work;"u8);

    private static bool IsDb2(ReadOnlySpan<byte> text) =>
        Has(text, "alter module"u8) || Has(text, "mode db2sql"u8) || Has(text, "syscat."u8) || Has(text, "sysproc."u8) || Has(text, "associate result set"u8) || (Has(text, "end!"u8) && Any(text, l => l.TrimEnd(" \t"u8).EndsWith("end!"u8)));

    private static bool IsOracle(ReadOnlySpan<byte> text) =>
        Has(text, "$$plsql_"u8) || Has(text, "xmltype"u8) || Has(text, "systimestamp"u8) || Has(text, ".nextval"u8) || Has(text, "connect by"u8) || Has(text, "authid definer"u8) || Has(text, "authid current_user"u8)
        || Has(text, "create or replace package"u8) || Has(text, "constructor function"u8);

    private static bool IsTransact(ReadOnlySpan<byte> text) =>
        Has(text, "begin try"u8) || Has(text, "begin catch"u8) || Has(text, "output inserted"u8) || Has(text, "declare @"u8) || Has(text, "[dbo]"u8)
        || AnyFrom(text, (byte)'g', l => { var c = new Cursor(l); return c.Is("go"u8) && c.IsAtEnd; });

    private static bool IsAssignment(ReadOnlySpan<byte> line) => line.Length > 0 && line[0] is not ((byte)'#' or (byte)'!' or (byte)';' or (byte)'=') && line.Contains((byte)'=');

    private static bool IsHaProxy(ReadOnlySpan<byte> line)
    {
        var cursor = new Cursor(line);
        return cursor.Word(HaProxySections) && (cursor.IsAtEnd || (cursor.Gap() && Cursor.IsWordByte(cursor.Next) && !cursor.Rest.Contains((byte)'=')));
    }

    private static bool IsNginx(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        return cursor.Word(NginxWords) && line.TrimEnd(" \t"u8) is { Length: > 0 } trimmed && trimmed[^1] is (byte)'{' or (byte)';';
    }

    private static bool IsTabbedKey(ReadOnlySpan<byte> line) => line.StartsWith("\t"u8) && Cursor.Behind(line).Rest.IndexOf((byte)':') > 0;

    private static bool IsGerber(ReadOnlySpan<byte> line) =>
        line.Length >= 4 && line[0] is (byte)'D' or (byte)'G' or (byte)'M' or (byte)'T' && char.IsAsciiDigit((char)line[1]) && char.IsAsciiDigit((char)line[2]) && line[3] == '*';

    private static bool IsContract(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("abstract "u8))
            cursor.Gap();
        return (cursor.Is("contract "u8) || cursor.Is("interface "u8) || cursor.Is("library "u8)) && cursor.Name("$"u8) && line.Contains((byte)'{');
    }

    private static bool BeginsWithSolid(ReadOnlySpan<byte> text)
    {
        var first = Cursor.Behind(First(ref text));
        return first.Is("solid"u8) && (first.IsAtEnd || first.Gap()) && Any(text, l => Cursor.Behind(l).Is("facet"u8) || Cursor.Behind(l).Is("endsolid"u8));
    }

    private static bool IsFreeBasic(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        return cursor.Is("#"u8) && cursor.Word(FreeBasicDirectives) && (cursor.IsAtEnd || cursor.Gap());
    }

    private static bool IsFixedFortran(ReadOnlySpan<byte> line)
    {
        if (line.Length > 1 && line[0] is (byte)'c' or (byte)'*' && line[1] is not ((byte)'a' or (byte)'b' or (byte)'d' or >= (byte)'e' and <= (byte)'z'))
            return true;
        var cursor = Cursor.Behind(line);
        return cursor.Is("!"u8) || (line.StartsWith("      "u8) && cursor.Word(FortranStarts) && (cursor.IsAtEnd || cursor.Gap() || cursor.Next is (byte)'*' or (byte)'('));
    }

    private static bool IsIdl(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        return cursor.Word(IdlStarts) && (cursor.IsAtEnd || (cursor.Gap() && char.IsAsciiLetter((char)cursor.Next) && !cursor.Rest.Contains((byte)'=')));
    }
}
