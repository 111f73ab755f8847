using static Stackmill.Shared.Languages.Lines;

namespace Stackmill.Shared.Languages.Heuristics;

/// <summary>Lisps, logic and functional languages, and what shares their extensions.</summary>
internal static class FunctionalHeuristics
{
    private static readonly WordSet LispDefinitions = new("defun in-package defpackage defmacro defvar defparameter defclass defgeneric defmethod defsystem", anyCase: true);
    private static readonly WordSet OCamlStarts = new("module open include external exception");
    private static readonly WordSet EuphoriaTypes = new("atom constant enum function integer object procedure sequence type");
    private static readonly WordSet ElixirStarts = new("cond import quote unless alias require use");
    private static readonly WordSet ElixirDefinitions = new("defexception defimpl defmacro defmodule defprotocol");
    private static readonly WordSet EiffelClauses = new("across deferred elseif ensure feature from inherit inspect invariant note once require undefine variant when create class");
    private static readonly WordSet CoqEnds = new("Proof Qed Defined Admitted");
    private static readonly WordSet CoqStarts = new("Require From Theorem Lemma Definition Fixpoint Inductive CoInductive Section Module Import Export Notation Ltac Ltac2 Record Class Instance Axiom Parameter Hint Global Local Set Open Infix Variable Hypothesis Corollary Remark Fact Example Arguments");
    private static readonly WordSet VerilogStarts = new("module always initial assign endmodule wire reg input output parameter primitive");
    private static readonly WordSet PicoLisp = new("de class rel code data must");

    /// <summary>The extensions.</summary>
    public static readonly Disambiguation[] All =
    [
        new("lsp lisp", "Common Lisp",
            new HeuristicRule("Common Lisp", IsCommonLisp, "(defun f (x) x)\n", "(define (f x) x)\n"),
            new HeuristicRule("NewLisp", t => Any(t, l => Cursor.Behind(l).Is("(define "u8)), "(define (f x) x)\n", "; (define\n")),
        new("l", "Lex",
            new HeuristicRule("Common Lisp", t => Any(t, l => Cursor.Behind(l).Is("(defun "u8) || Cursor.Behind(l).Is("(defmacro "u8)), "(defun f (x) x)\n", "%{ /* (defun */\n"),
            new HeuristicRule("Lex", t => Any(t, IsLex), "%{\n#include <a.h>\n%}\n%%\n", ".TH A\n"),
            new HeuristicRule("Roff", t => Any(t, DocumentHeuristics.IsRoffLine), ".TH A 1\n.SH NAME\n", "..a\n"),
            new HeuristicRule("PicoLisp", t => Any(t, IsPicoLisp), "(de fact (N) N)\n", "(defun a)\n")),
        new("ml", "OCaml",
            new HeuristicRule("OCaml", t => Has(t, "let rec "u8) || Any(t, IsOCaml), "open Printf\nlet rec f x = x\n", "fun f x = case x of A => 1\n"),
            new HeuristicRule("Standard ML", t => Has(t, "=> "u8) || Any(t, l => HasWord(l, "case"u8) && HasWord(l, "of"u8)), "fun f x = case x of A => 1\n", "let f x = x\n")),
        new("ex", "Elixir",
            new HeuristicRule("Elixir", t => Any(t, IsElixir), "defmodule A do\n", "include std/io.e\n"),
            new HeuristicRule("Euphoria", t => Any(t, IsEuphoria), "include std/io.e\n", "def f do\n")),
        new("e", "Eiffel",
            new HeuristicRule("E", t => Any(t, IsE), "def x := 1\ndef f(a) {\n", "x := 1\n"),
            new HeuristicRule("Eiffel", t => Any(t, IsEiffel), "feature\n  x: INTEGER\n", "include a.e\n"),
            new HeuristicRule("Euphoria", t => Any(t, IsEuphoria), "include std/io.e\nglobal constant A = 1\n", "feature\n")),
        new("es", "JavaScript",
            new HeuristicRule("Erlang", t => Any(t, l => Cursor.Behind(l).Is("%%"u8) || (l.StartsWith("main("u8) && Has(l, "->"u8))), "%% a script\nmain(_) -> ok.\n", "main(a => b);\n")),
        new("ecl", "ECL",
            new HeuristicRule("ECLiPSe", t => Any(t, ScriptHeuristics.IsPrologClause), ":- lib(fd).\nf(X) :- g(X).\n", "a := 1;\n")),
        new("fr", "Text",
            new HeuristicRule("Forth", t => Any(t, l => l.StartsWith(": "u8) || l.StartsWith("also "u8) || l.StartsWith("new-device"u8) || l.StartsWith("previous "u8)), ": sq dup * ;\n", "a : b\n"),
            new HeuristicRule("Frege", t => Any(t, l => l.StartsWith("import "u8) || l.StartsWith("module "u8) || l.StartsWith("package "u8) || l.StartsWith("data "u8) || l.StartsWith("type "u8)), "module A where\n", "les modules\n")),
        new("v", "Verilog",
            new HeuristicRule("Coq", t => Any(t, IsCoq), "Require Import Arith.\nProof.\nQed.\n", "module m (a);\n"),
            new HeuristicRule("Verilog", t => Any(t, IsVerilog), "module m (input a);\n", "module main\nfn main() {\n"),
            new HeuristicRule("V", t => Any(t, IsV), "module main\nfn main() {\n", "// fn x\n")),
        new("sls", "SaltStack",
            new HeuristicRule("Scheme", t => BeginsWithAny(t, "(;#"u8) && Has(t, "("u8) && (Has(t, "(library"u8) || Has(t, "(define"u8) || Has(t, "(import"u8)), "(library (a) (export b))\n", "a:\n  pkg.installed\n")),
        new("moo", "Moocode",
            new HeuristicRule("Mercury", t => Has(t, ":- module"u8), ":- module a.\n", "@verb $a:b\n")),
        new("bb", "BlitzBasic",
            new HeuristicRule("BitBake", t => Any(t, l => Cursor.Behind(l).Is("# "u8) || Cursor.Behind(l).Is("include "u8) || Cursor.Behind(l).Is("require "u8) || l.StartsWith("SUMMARY"u8) || l.StartsWith("SRC_URI"u8) || l.StartsWith("inherit "u8)), "SUMMARY = \"A\"\nSRC_URI = \"b\"\n", "Function a()\n"),
            new HeuristicRule("Clojure", t => Has(t, "(def "u8) || Has(t, "(defn "u8) || Has(t, "(defmacro "u8) || Has(t, "(let "u8) || Has(t, "(ns "u8), "(ns a)\n(defn f [x] x)\n", "Function def(n)\n")),
        new("rsc", "Rascal",
            new HeuristicRule("RouterOS Script", t => Any(t, l => Cursor.Behind(l).Is("/ip"u8) || Cursor.Behind(l).Is("/interface"u8) || Cursor.Behind(l).Is("/system"u8) || Cursor.Behind(l).Is(":local "u8) || Cursor.Behind(l).Is(":global "u8) || Cursor.Behind(l).Is(":if "u8)), ":local a 1\n/ip address print\n", "module A\n")),
        new("mo", "Modelica",
            new HeuristicRule("Motoko", t => Any(t, l => Cursor.Behind(l).Is("actor "u8) || Cursor.Behind(l).Is("import "u8) && Has(l, "\"mo:"u8)) || Has(t, "public func "u8), "import A \"mo:base/A\";\nactor {\n", "model A\n  import Modelica.Math;\n")),
        new("star", "Starlark",
            new HeuristicRule("STAR", t => Any(t, l => l.StartsWith("loop_"u8) || l.StartsWith("data_"u8)), "data_a\nloop_\n_b\n", "def loop_(a):\n")),
    ];

    /// <summary>True for definitions of Common Lisp.</summary>
    public static bool IsCommonLisp(ReadOnlySpan<byte> text) => Any(text, line =>
    {
        var cursor = Cursor.Behind(line);
        if (!cursor.Is("("u8))
            return false;
        var head = cursor.Rest;
        var end = head.IndexOfAny(" \t()"u8);
        return LispDefinitions.Contains(end < 0 ? head : head[..end]);
    });

    private static bool IsLex(ReadOnlySpan<byte> line) =>
        line.StartsWith("%{"u8) || line.StartsWith("%}"u8) || line.StartsWith("%%"u8) || line.StartsWith("%x "u8) || line.StartsWith("%s "u8) || line.StartsWith("%option"u8)
        || (line.StartsWith("<"u8) && line.Contains((byte)'>') && line.Contains((byte)'{'));

    private static bool IsPicoLisp(ReadOnlySpan<byte> line)
    {
        var cursor = new Cursor(line);
        return cursor.Is("("u8) && cursor.Word(PicoLisp) && cursor.Gap();
    }

    private static bool IsOCaml(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("(*"u8))
            return false;
        if (cursor.Word(OCamlStarts))
            return cursor.Gap() && cursor.Next is >= (byte)'A' and <= (byte)'Z' or (byte)'t';
        return HasWord(line, "match"u8) && HasWord(line, "with"u8);
    }

    private static bool IsElixir(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("@moduledoc"u8))
            return true;
        if (cursor.Word(ElixirDefinitions))
            return cursor.Gap() || cursor.Is("("u8);
        return cursor.Word(ElixirStarts) && cursor.Gap() && cursor.Next is >= (byte)'A' and <= (byte)'Z' or (byte)'d';
    }

    private static bool IsEuphoria(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("public "u8) || cursor.Is("export "u8) || cursor.Is("global "u8))
            cursor.Gap();
        return cursor.Is("include "u8) || cursor.Is("namespace "u8) || (cursor.Word(EuphoriaTypes) && cursor.Gap());
    }

    private static bool IsE(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("def "u8) || cursor.Is("var "u8))
            return Has(line, ":="u8) || line.TrimEnd(" \t"u8).EndsWith("{"u8);
        return (cursor.Is("to "u8) || cursor.Is("when "u8)) && line.TrimEnd(" \t"u8).EndsWith("{"u8);
    }

    private static bool IsEiffel(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Word(EiffelClauses))
            return cursor.IsAtEnd;
        // name: TYPE
        return cursor.Name() && cursor.Then(":"u8) && cursor.Gap() && cursor.Next is >= (byte)'A' and <= (byte)'Z' && cursor.Name();
    }

    private static bool IsCoq(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Word(CoqEnds))
            return cursor.Next == '.';
        return cursor.Word(CoqStarts) && cursor.Gap() && Cursor.IsWordByte(cursor.Next) && (Has(line, "."u8) || Has(line, ":"u8)) && !Has(line, ";"u8);
    }

    private static bool IsVerilog(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("`"u8))
            return Cursor.IsWordByte(cursor.Next);
        var word = cursor.Word();
        if (!VerilogStarts.Contains(word))
            return false;
        if (!word.SequenceEqual("module"u8))
            return cursor.IsAtEnd || cursor.Gap();
        return cursor.Name() && (cursor.Then("("u8) || cursor.Then("#"u8) || cursor.Then(";"u8));
    }

    private static bool IsV(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("pub "u8) || cursor.Is("$if "u8) || cursor.Is("$else"u8))
            return true;
        return (cursor.Is("fn "u8) && Has(line, "("u8)) || (cursor.Is("for"u8) && cursor.Then("{"u8));
    }
}
