using System.Buffers;
using static Stackmill.Shared.Languages.Lines;

namespace Stackmill.Shared.Languages.Heuristics;

/// <summary>Scripting languages, and what shares their extensions.</summary>
internal static class ScriptHeuristics
{
    private static readonly WordSet GapCalls = new("DeclareOperation DeclareAttribute DeclareGlobalFunction DeclareProperty DeclareCategory DeclareRepresentation BindGlobal KeyDependentOperation DeclareInfoClass DeclareFilter DeclareSynonym DeclareConstructor InstallMethod");
    private static readonly WordSet ActionScriptWords = new("package import class public private protected function var const dynamic intrinsic");
    private static readonly WordSet GnuplotSettings = new("term terminal out output xtics ytics xlabel ylabel xrange yrange style title key");
    private static readonly WordSet PuppetStarts = new("class define node include");
    private static readonly WordSet RubyStarts = new("require require_relative describe module class Gem");

    // Bytes of Perl, and of comments and texts of any language: the neck of a clause has none of them before it.
    private static readonly SearchValues<byte> NotBeforeNeck = SearchValues.Create("#$'\"%{["u8);

    /// <summary>The extensions.</summary>
    public static readonly Disambiguation[] All =
    [
        new("pl", "Perl",
            new HeuristicRule("Prolog", t => Any(t, IsPrologClause), ":- module(a, [b/1]).\nf(X) :- g(X).\n", "$x = ${y:-1}; # a :- b\n"),
            new HeuristicRule("Perl", IsPerl, "use strict;\n", "use v6;\nclass A {}\n"),
            new HeuristicRule("Raku", t => Any(t, IsRaku), "use v6;\n", "package A;\n")),
        new("pm", "Perl",
            new HeuristicRule("Perl", IsPerl, "package A;\nuse strict;\n", "unit module A;\n"),
            new HeuristicRule("Raku", t => Any(t, IsRaku), "unit module A;\n", "package A;\n"),
            new HeuristicRule("X PixMap", t => Any(t, l => Cursor.Behind(l).Is("/* XPM */"u8)), "/* XPM */\n", "# XPM\n")),
        new("t", "Perl",
            new HeuristicRule("Perl", IsPerl, "use strict;\nuse Test::More;\n", "use v6;\n"),
            new HeuristicRule("Raku", t => Any(t, IsRaku), "use v6;\nuse Test;\n", "use Test;\n"),
            new HeuristicRule("Turing", t => Any(t, IsTuring), "var x : int := 1\n", "var x = 1\n"),
            new HeuristicRule("Terra", t => Any(t, l => l.StartsWith("terra "u8) || l.StartsWith("local "u8)), "local C = terralib.includec(\"stdio.h\")\nterra f()\n", "my $local = 1;\n")),
        new("pod", "Pod",
            new HeuristicRule("Pod 6", t => Any(t, l => Cursor.Behind(l).Is("=begin pod"u8) || Cursor.Behind(l).Is("=begin para"u8) || Cursor.Behind(l).Is("=comment"u8) || (Cursor.Behind(l).Is("=item"u8) && l.Length > 5 && char.IsAsciiDigit((char)l[^1]) && !l.Contains((byte)' '))), "=begin pod\n=TITLE A\n=end pod\n", "=head1 NAME\n=begin html\n")),
        new("fcgi cgi", "Perl",
            new HeuristicRule("Python", t => Any(t, l => l.StartsWith("import "u8) || l.StartsWith("def "u8) && l.TrimEnd(" \t"u8).EndsWith(":"u8)), "import cgi\n", "use CGI;\n"),
            new HeuristicRule("PHP", t => Has(t, "<?php"u8), "<?php echo 1;\n", "print \"<?xml\";\n"),
            new HeuristicRule("Shell", t => Any(t, l => l.StartsWith("echo "u8) || Cursor.Behind(l).Is("fi"u8) && Cursor.Behind(l).Rest.Length == 2), "echo \"Content-type: text/plain\"\n", "print \"a\";\n"),
            new HeuristicRule("Ruby", t => Any(t, l => l.StartsWith("require '"u8)), "require 'cgi'\n", "require CGI;\n")),
        new("p", "OpenEdge ABL",
            new HeuristicRule("Gnuplot", t => Any(t, IsGnuplot), "set term png\nplot sin(x)\n", "DEFINE VARIABLE plot AS CHARACTER.\n")),
        new("r", "R",
            new HeuristicRule("Rebol", t => Any(t, l => Cursor.Behind(l).IsAnyCase("rebol"u8) && HasBracket(l)), "REBOL [\n  Title: \"a\"\n]\n", "# a rebol\nx <- 1\n")),
        new("rpy", "Ren'Py",
            new HeuristicRule("Python", t => Any(t, l => l.StartsWith("import "u8) || l.StartsWith("from "u8) || l.StartsWith("class "u8) || l.StartsWith("def "u8)), "import os\ndef f():\n", "label start:\n  \"hi\"\n")),
        new("pp", "Puppet",
            new HeuristicRule("Pascal", t => Any(t, l => Cursor.Behind(l).IsAnyCase("end."u8) || Cursor.Behind(l).IsAnyCase("end;"u8)), "begin\nend.\n", "class a {\n}\n"),
            new HeuristicRule("Puppet", t => Any(t, IsPuppet), "class ntp (\n) {\n  file { '/a':\n    ensure => present,\n", "unit a;\n"),
            new HeuristicRule("Pascal", t => Any(t, IsPascalHead), "{$mode objfpc}\nunit a;\n", "file { 'a': }\n")),
        new("spec", "RPM Spec",
            new HeuristicRule("RPM Spec", t => Any(t, l => l.StartsWith("Name:"u8) || l.StartsWith("%define "u8) || l.StartsWith("%global "u8) || l.StartsWith("%prep"u8) || l.StartsWith("Summary:"u8)), "Name: a\nVersion: 1\n", "a = Analysis([])\n"),
            new HeuristicRule("Python", t => Has(t, "Analysis("u8) || Any(t, l => l.StartsWith("import "u8) || l.StartsWith("# -*- mode: python"u8)), "a = Analysis(['b.py'])\n", "describe 'a' do\n"),
            new HeuristicRule("Ruby", t => Any(t, l => Cursor.Behind(l).Word(RubyStarts)), "Gem::Specification.new do |s|\n", "name: a\n")),
        new("bf", "Brainfuck",
            new HeuristicRule("Beef", t => Any(t, l => l.StartsWith("using "u8) || l.StartsWith("namespace "u8)), "using System;\nnamespace A\n", "++++[>++<-]\n"),
            new HeuristicRule("HyPhy", t => Has(t, "LIKELIHOOD"u8) || Has(t, "DataSet "u8) || Has(t, "ExecuteAFile"u8) || Has(t, "fprintf ("u8) || Any(t, l => l.StartsWith("function "u8) || l.StartsWith("LoadFunctionLibrary"u8)), "DataSet ds = ReadDataFile(x);\n", "+[>+<-]\n")),
        new("b", "Limbo",
            new HeuristicRule("Brainfuck", t => t.IndexOfAnyInRange((byte)'a', (byte)'z') < 0 || Has(t, "[>+"u8) || Has(t, ">+++"u8), "++++[>+++<-]>.\n", "implement A;\ninclude \"sys.m\";\n")),
        new("bs", "Bikeshed",
            new HeuristicRule("Bikeshed", t => Any(t, l => Cursor.Behind(l).IsAnyCase("<pre class"u8) && Has(l, "metadata"u8)), "<pre class='metadata'>\n", "<pre class=a>\n"),
            new HeuristicRule("BrighterScript", t => Any(t, IsBrighterScript), "sub main()\nend sub\n", "subject\n")),
        new("q", "q",
            new HeuristicRule("HiveQL", t => Any(t, IsHive), "SELECT a, b FROM t;\nCREATE TABLE x (a int);\n", "selected:{x}\n")),
        new("qs", "Qt Script",
            new HeuristicRule("Q#", t => Any(t, l => Cursor.Behind(l).Is("namespace "u8) || Cursor.Behind(l).Is("operation "u8)), "namespace A {\n  operation B() : Unit {\n", "var namespaces = 1;\n")),
        new("tst", "Scilab",
            new HeuristicRule("GAP", t => Has(t, "gap> "u8), "gap> 1+1;\n2\n", "// gap>x\n")),
        new("gd", "GDScript",
            new HeuristicRule("GAP", t => Any(t, l => Cursor.Behind(l).Word(GapCalls)), "DeclareOperation( \"A\", [ IsObject ] );\n", "extends Node\nfunc f():\n")),
        new("g", "G-code",
            new HeuristicRule("GAP", t => Any(t, l => HasWord(l, "function"u8) || Has(l, ":="u8) || Cursor.Behind(l).Word(GapCalls)), "f := function(x)\n", "G1 X10 Y10\n")),
        new("as", "ActionScript",
            new HeuristicRule("ActionScript", t => Any(t, IsActionScript), "package a {\n  public class B {\n", "void main() { int packages; }\n"),
            new HeuristicRule("AngelScript", t => Any(t, IsTypedHead), "void main() {\n", "var a;\n")),
        new("al", "Perl",
            new HeuristicRule("AL", t => Any(t, IsAl), "table 50100 A\n{\n", "package A;\nsub b {\n")),
        new("cake", "C#",
            new HeuristicRule("CoffeeScript", t => Has(t, "->"u8) && !Has(t, "=>"u8) && !Has(t, ";"u8), "task 'a', -> b()\n", "Task(\"A\").Does(() => {});\n")),
        new("jq", "jq",
            new HeuristicRule("JSONiq", t => Any(t, l => Cursor.Behind(l).Is("let $"u8) || Cursor.Behind(l).Is("for $"u8) || Cursor.Behind(l).Is("jsoniq version"u8) || Cursor.Behind(l).Is("module namespace"u8) || Cursor.Behind(l).Is("declare function"u8)), "let $x := 1 return $x\n", "def f: .a;\n")),
        new("ls", "LiveScript",
            new HeuristicRule("LoomScript", t => Any(t, l => Cursor.Behind(l).Is("package"u8) && l.TrimEnd(" \t"u8).EndsWith("{"u8)) || Any(t, l => l.SequenceEqual("package"u8)), "package a {\n", "packages = {}\n")),
        new("mc", "Monkey C",
            new HeuristicRule("Win32 Message File", t => Any(t, l => Cursor.Behind(l).IsAnyCase("messageid="u8) || l.SequenceEqual("."u8)), "MessageId=1\nSeverity=Error\n.\n", "var messageId = 1;\n"),
            new HeuristicRule("M4", t => Any(t, l => l.StartsWith("dnl"u8) || l.StartsWith("divert("u8)), "dnl a\ndivert(-1)\n", "module dnl {\n")),
        new("m4", "M4",
            new HeuristicRule("M4Sugar", t => Has(t, "AC_DEFUN"u8) || Has(t, "AC_PREREQ"u8) || Has(t, "AC_INIT"u8) || Any(t, l => l.StartsWith("m4_"u8) || l.StartsWith("_m4_"u8)), "AC_DEFUN([A], [\n", "define(`A', `B')\n")),
        new("n", "Nemerle",
            new HeuristicRule("Roff", t => Any(t, l => l.StartsWith("."u8) || l.StartsWith("'"u8)), ".TH a n\n", "module A {\n"),
            new HeuristicRule("Nemerle", t => Any(t, l => l.StartsWith("module "u8) || l.StartsWith("namespace "u8) || l.StartsWith("using "u8)), "using System;\n", ".TH using\n")),
        new("nl", "NewLisp",
            new HeuristicRule("NL", t => Any(t, l => (l.StartsWith("b"u8) || l.StartsWith("g"u8)) && l.Length > 2 && char.IsAsciiDigit((char)l[1]) && l.Contains((byte)' ')), "g3 0 1 0\n", "(define g3 1)\n")),
        new("scd", "SuperCollider",
            new HeuristicRule("Markdown", t => Any(t, l => l.StartsWith("# "u8) || l.StartsWith("## "u8)), "# a(1)\n\n# NAME\n", "( { SinOsc.ar }.play )\n")),
        new("st", "Smalltalk",
            new HeuristicRule("StringTemplate", t => Any(t, IsStringTemplate), "class $name$ {\n  $if(x)$\n", "Object subclass: A\n  x := $a.\n")),
        new("w", "CWeb",
            new HeuristicRule("OpenEdge ABL", t => Has(t, "&ANALYZE-SUSPEND"u8), "&ANALYZE-SUSPEND _UIB-CODE-BLOCK\n", "@ A.\n")),
        new("dsc", "Debian Package Control File",
            new HeuristicRule("DenizenScript", t => Any(t, l => Cursor.Behind(l).Is("type: "u8)), "a:\n  type: task\n", "Format: 3.0\nSource: a\n")),
        new("mqh", "MQL4",
            new HeuristicRule("MQL5", t => Has(t, "#include <Object.mqh>"u8) || Any(t, l => l.StartsWith("class "u8) || l.StartsWith("#include <"u8)), "class A {\n", "#define A 1\n")),
        new("pbt", "Protocol Buffer Text Format",
            new HeuristicRule("PowerBuilder", t => t.StartsWith("Save Format"u8), "Save Format v3.0(19990112)\n", "save { format: 1 }\n")),
        new("odin", "Odin",
            new HeuristicRule("Odin", t => Any(t, l => l.StartsWith("package "u8) || Has(l, ":: proc"u8) || Has(l, ":: struct"u8)), "package main\nmain :: proc() {\n", "a = <\n"),
            new HeuristicRule("Object Data Instance Notation", t => Any(t, l => Has(l, "= <"u8)), "a = <\n  b = <\"c\">\n>\n", "a := 1\n")),
    ];

    /// <summary>True for a clause or directive of Prolog: <c>:-</c> behind nothing, a name, or its arguments.</summary>
    public static bool IsPrologClause(ReadOnlySpan<byte> line)
    {
        var at = line.IndexOf(":-"u8);
        if (at < 0 || line[..at].IndexOfAny(NotBeforeNeck) >= 0)
            return false;
        var before = line[..at].TrimEnd(" \t"u8);
        var after = line[(at + 2)..];
        return (before.IsEmpty || before[^1] == ')' || Cursor.IsWordByte(before[^1])) && (after.IsEmpty || after[0] is (byte)' ' or (byte)'\t' || Cursor.IsWordByte(after[0]));
    }

    private static bool IsPerl(ReadOnlySpan<byte> text) => Any(text, line =>
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("use "u8))
        {
            cursor.Gap();
            return cursor.Is("strict"u8) || cursor.Is("warnings"u8) || cursor.Is("5."u8) || cursor.Is("v5."u8);
        }

        if (cursor.Is("package "u8))
            return cursor.Name(":"u8) && cursor.Then(";"u8);
        return cursor.Is("my $"u8) || cursor.Is("my @"u8) || cursor.Is("my %"u8) || cursor.Is("=head1"u8);
    });

    private static bool IsRaku(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("use v6"u8))
            return true;
        if (cursor.Is("unit "u8) || cursor.Is("my "u8))
            cursor.Gap();
        return (cursor.Is("module "u8) || cursor.Is("class "u8) || cursor.Is("grammar "u8)) && cursor.Name(":"u8);
    }

    private static bool IsTuring(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("%"u8))
            return cursor.Gap();
        return cursor.Is("var "u8) && cursor.Name() && Has(line, ":="u8);
    }

    private static bool IsGnuplot(ReadOnlySpan<byte> line)
    {
        var cursor = new Cursor(line);
        if (cursor.Is("plot "u8) || cursor.Is("splot "u8) || cursor.Is("replot"u8))
            return true;
        return cursor.Is("set "u8) && cursor.Word(GnuplotSettings);
    }

    private static bool HasBracket(ReadOnlySpan<byte> line) => line.Contains((byte)'[') || Cursor.Behind(line).Rest.Length <= "rebol".Length;

    private static bool IsPuppet(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Word(PuppetStarts))
            return cursor.Gap() && cursor.Name(":'\""u8) && !Has(line, ";"u8);
        // An attribute: name => value.
        return cursor.Name() && cursor.Gap() && cursor.Is("=>"u8);
    }

    private static bool IsPascalHead(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        return cursor.Is("{$"u8) || ((cursor.IsAnyCase("unit "u8) || cursor.IsAnyCase("program "u8)) && cursor.Name("."u8) && cursor.Then(";"u8));
    }

    private static bool IsBrighterScript(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.IsAnyCase("end sub"u8) || cursor.IsAnyCase("end function"u8) || cursor.IsAnyCase("endsub"u8))
            return true;
        return (cursor.IsAnyCase("sub "u8) || cursor.IsAnyCase("function "u8)) && cursor.Name() && cursor.Next == '(';
    }

    private static bool IsHive(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.IsAnyCase("select "u8))
            return true;
        return (cursor.IsAnyCase("create "u8) || cursor.IsAnyCase("alter "u8) || cursor.IsAnyCase("drop "u8))
            && (cursor.IsAnyCase("table"u8) || cursor.IsAnyCase("database"u8) || cursor.IsAnyCase("schema"u8) || cursor.IsAnyCase("view"u8));
    }

    private static bool IsActionScript(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (!cursor.Word(ActionScriptWords) || !(cursor.Gap() || cursor.IsAtEnd))
            return false;
        return Has(line, "function "u8) || Has(line, "class "u8) ? line.IndexOfAny("{(:"u8) >= 0 || cursor.IsAtEnd : Has(line, ":"u8) || Has(line, "package"u8) || Has(line, ";"u8);
    }

    private static bool IsTypedHead(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        return (cursor.Is("void "u8) || cursor.Is("int "u8) || cursor.Is("bool "u8) || cursor.Is("class "u8) || cursor.Is("string "u8) || cursor.Is("float "u8)) && cursor.Name();
    }

    private static bool IsAl(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        var isObject = cursor.IsAnyCase("codeunit "u8) || cursor.IsAnyCase("table "u8) || cursor.IsAnyCase("page "u8) || cursor.IsAnyCase("tableextension "u8) || cursor.IsAnyCase("pageextension "u8)
            || cursor.IsAnyCase("report "u8) || cursor.IsAnyCase("enum "u8) || cursor.IsAnyCase("query "u8) || cursor.IsAnyCase("xmlport "u8);
        return isObject && cursor.Next is >= (byte)'0' and <= (byte)'9';
    }

    private static bool IsStringTemplate(ReadOnlySpan<byte> line)
    {
        // $name$ or $if(x)$, a pair of dollars around a name; Smalltalk's characters ($a) have one.
        var at = line.IndexOf((byte)'$');
        if (at < 0)
            return false;
        var cursor = new Cursor(line[(at + 1)..]);
        return cursor.Name("."u8) && (cursor.Is("$"u8) || cursor.Is("("u8));
    }
}
