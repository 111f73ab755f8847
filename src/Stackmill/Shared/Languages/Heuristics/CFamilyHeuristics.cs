using static Stackmill.Shared.Languages.Lines;

namespace Stackmill.Shared.Languages.Heuristics;

/// <summary>C, its relatives, and what shares their extensions.</summary>
internal static class CFamilyHeuristics
{
    private static readonly WordSet SmalltalkCategory = new("methodsFor class");
    private static readonly WordSet FSharpStarts = new("let module namespace open type import");
    private static readonly WordSet ReasonOpens = new("include open");
    private static readonly WordSet ScalaImports = new("scala java akka play");

    /// <summary>The extensions.</summary>
    public static readonly Disambiguation[] All =
    [
        new("h", "C",
            new HeuristicRule("Objective-C", CSigns.IsObjectiveC, "#import <Foundation/Foundation.h>\n@class A;\n", "/* @class Doxygen's */\nint a;\n"),
            new HeuristicRule("C++", CSigns.IsCpp, "#include <vector>\n", "#include <vector.h>\n/* std: */\n")),
        // Only of names that end in a capital C, as C++ files of Unix do.
        new("c", "C",
            new HeuristicRule("C++", CSigns.IsCpp, "class A {\npublic:\n};\n", "struct A { int class; };\n")),
        new("hh", "C++",
            new HeuristicRule("Hack", t => Has(t, "<?hh"u8), "<?hh // strict\n", "#include <vector>\n")),
        new("cs", "C#",
            new HeuristicRule("Smalltalk", IsSmalltalkChunks, "!Object methodsFor: 'printing'!\n", "// ! see methods for: x\nclass A {}\n")),
        new("cp", "C++",
            new HeuristicRule("Component Pascal", t => Any(t, IsComponentPascal), "MODULE HostFiles;\n", "#include \"MODULE.h\"\n")),
        new("mm", "Objective-C++",
            new HeuristicRule("XML", t => BeginsWithAny(t, "<"u8), "<map version=\"1.0.1\">\n", "#include <vector>\n")),
        new("m", "MATLAB",
            new HeuristicRule("Objective-C", CSigns.IsObjectiveCSource, "#import \"A.h\"\n@implementation A\n@end\n", "% @implementation A\n"),
            new HeuristicRule("Mercury", t => Has(t, ":- module"u8), ":- module hello.\n", "x = a:-1;\n"),
            new HeuristicRule("MUF", t => HasAtStart(t, ": "u8), ": main\n  me @\n;\n", "a: b\n"),
            new HeuristicRule("Mathematica", t => Has(t, "(*"u8) && Any(t, l => l.TrimEnd(" \t"u8).EndsWith("*)"u8)), "(* ::Package:: *)\n", "x = f(*p)\n"),
            new HeuristicRule("Limbo", t => Any(t, IsLimboModule), "Sh: module {\n", "module: 1\n"),
            new HeuristicRule("M", t => HasAtStart(t, ";"u8), "\t; routine header\n", "x = 1; % first\n")),
        new("d", "D",
            new HeuristicRule("D", t => Any(t, IsD), "module std.array;\nimport std.range;\n", "a.o: a.c \\\n  b.h\n"),
            new HeuristicRule("DTrace", t => Any(t, IsDTrace), "syscall::open:entry\n{\n", "BEGINNING of it\n"),
            new HeuristicRule("Makefile", t => Any(t, IsDependency), "src/a.o: src/a.c \\\n src/a.h\n", "int main() {\n")),
        new("cl", "OpenCL",
            new HeuristicRule("Common Lisp", FunctionalHeuristics.IsCommonLisp, "(defun f (x) x)\n", "/* (defun in C */\n"),
            new HeuristicRule("Cool", t => Any(t, l => l.StartsWith("class "u8)), "class Main inherits IO {\n", "  classify(a);\n")),
        new("fs", "F#",
            new HeuristicRule("Forth", t => Any(t, l => l.StartsWith(": "u8) || l.StartsWith("\\ "u8) || l.StartsWith("new-device"u8)), ": square dup * ;\n", "let f x : int = x\n"),
            new HeuristicRule("F#", t => Any(t, IsFSharp), "module A\nlet x = 1\n", "#version 330\nuniform vec3 a;\n"),
            new HeuristicRule("GLSL", t => Any(t, IsGlsl), "#version 330\nvoid main() {}\n", "#pragma version(1)\n"),
            new HeuristicRule("Filterscript", t => Has(t, "#include"u8) || Has(t, "#pragma"u8) || Has(t, "__attribute__"u8), "#pragma rs java_package_name(a)\n", "let x = 1\n")),
        new("frag", "GLSL",
            new HeuristicRule("JavaScript", t => !Has(t, "void main"u8) && !Any(t, IsGlsl) && (Has(t, "function"u8) || Has(t, "=> {"u8)), "(function () { return 1; })();\n", "void main() { gl_FragColor = f; }\n")),
        new("shader", "GLSL",
            new HeuristicRule("ShaderLab", t => Any(t, l => Cursor.Behind(l).Is("Shader \""u8) || Cursor.Behind(l).Is("SubShader"u8)), "Shader \"Custom/A\" {\n", "void main() {}\n")),
        new("gs", "Gosu",
            new HeuristicRule("GLSL", t => Any(t, l => l.StartsWith("#version "u8)), "#version 150\n", "# version 2\n"),
            new HeuristicRule("Gosu", t => Any(t, l => l.StartsWith("uses java."u8) || l.StartsWith("uses gw."u8)), "uses gw.api.util\n", "it uses gw.\n"),
            new HeuristicRule("Genie", t => Any(t, l => l.StartsWith("[indent="u8)), "[indent=4]\n", "x[indent=4]\n"),
            new HeuristicRule("JavaScript", t => Any(t, l => Cursor.Behind(l).Is("var "u8) && Has(l, "="u8)) || Any(t, IsScriptFunction), "function doGet(e) {\n  var a = 1;\n", "function f() : String {\n")),
        new("fx", "HLSL",
            new HeuristicRule("FLUX", t => Any(t, l => l.StartsWith("typedef "u8) && Has(l, "=>"u8)) || (Has(t, "source "u8) && Has(t, "=>"u8)), "source Listen => Image;\n", "float4 main() : COLOR {\n")),
        new("rs", "Rust",
            new HeuristicRule("Rust", t => Any(t, IsRust), "use std::io;\n", "#include <a.rsh>\n"),
            new HeuristicRule("RenderScript", t => Has(t, "#include"u8) || Has(t, "#pragma"u8) || Has(t, "__attribute__"u8), "#pragma version(1)\n", "fn main() {}\n"),
            new HeuristicRule("XML", t => Any(t, l => Cursor.Behind(l).Is("<?xml"u8)), "<?xml version=\"1.0\"?>\n", "// <?xml\n")),
        new("re", "Reason",
            new HeuristicRule("Reason", t => Any(t, IsReason), "let x: int = 1;\nopen Belt;\n", "#include <vector>\n"),
            new HeuristicRule("C++", t => Any(t, CSigns.IsCppDirective), "#define YYCTYPE char\n", "let x = 1\n")),
        new("i", "SWIG",
            new HeuristicRule("Motorola 68K Assembly", AssemblyHeuristics.IsMotorola, "  moveq #1,d0\n", "%module a\n"),
            new HeuristicRule("SWIG", t => Any(t, IsSwig), "%module example\n%{\n%}\n", "100% of it\n"),
            new HeuristicRule("Assembly", AssemblyHeuristics.IsAssembly, "label:\n  mov ax, 1\n  ret\n", "int a;\n")),
        new("ch", "xBase",
            new HeuristicRule("xBase", t => Any(t, IsXBase), "#xcommand SAY <x> => f(<x>)\n", "def f: A -> B\n"),
            new HeuristicRule("Charity", t => Any(t, l => Cursor.Behind(l).Is("data "u8) || (Cursor.Behind(l).Is("def "u8) && Has(l, "="u8))), "data list(A) -> C = nil : 1 -> C.\n", "function F()\n")),
        new("j", "Jasmin",
            new HeuristicRule("Objective-J", IsObjectiveJ, "@import <Foundation/CPObject.j>\n", ".class public A\n")),
        new("mod", "Linux Kernel Module",
            new HeuristicRule("XML", t => Has(t, "<!ENTITY "u8), "<!ENTITY % a \"b\">\n", "entity a\n"),
            new HeuristicRule("Modula-2", t => Any(t, IsModula), "IMPLEMENTATION MODULE Lists;\nMODULE Lists;\n", "end of module\n"),
            new HeuristicRule("AMPL", t => Any(t, IsAmpl), "param n > 0;\nvar x {1..n} >= 0;\n", "drivers/a.ko\ndrivers/a.o\n")),
        new("sc", "SuperCollider",
            new HeuristicRule("Scala", t => Any(t, IsScala), "import scala.io.Source\n", "SynthDef(\\a, { |x| x })\n"),
            new HeuristicRule("SuperCollider", t => Has(t, "SynthDef"u8) || Has(t, ".ar("u8) || Has(t, ".kr("u8) || Has(t, "^this."u8) || Has(t, "^super."u8), "{ SinOsc.ar(440) }.play;\n", "object A { val x = 1 }\n")),
        new("x", "RPC",
            new HeuristicRule("DirectX 3D File", t => t.StartsWith("xof 030"u8), "xof 0303txt 0032\n", "// xof\n"),
            new HeuristicRule("RPC", t => Any(t, IsRpc), "program PING_PROG {\n", "version 1\n"),
            new HeuristicRule("Logos", t => Any(t, l => l.StartsWith("%hook"u8) || l.StartsWith("%end"u8) || l.StartsWith("%ctor"u8) || l.StartsWith("%group"u8)), "%hook SpringBoard\n%end\n", "%token A\n"),
            new HeuristicRule("Linker Script", t => Has(t, "OUTPUT_ARCH("u8) || Has(t, "OUTPUT_FORMAT("u8) || Has(t, "SECTIONS"u8), "OUTPUT_ARCH(arm)\nSECTIONS {\n", "struct sections { int a; };\n")),
    ];

    private static bool IsSmalltalkChunks(ReadOnlySpan<byte> text) => Has(text, " methodsFor: "u8) && Any(text, line =>
    {
        var mark = line.IndexOf((byte)'!');
        if (mark < 0)
            return false;
        var cursor = new Cursor(line[(mark + 1)..]);
        for (var words = 0; words < 4 && cursor.Name(); words++)
        {
            cursor.Gap();
            if (cursor.Word(SmalltalkCategory) && cursor.Is(":"u8))
                return true;
        }

        return false;
    });

    private static bool IsComponentPascal(ReadOnlySpan<byte> line)
    {
        var cursor = new Cursor(line);
        return cursor.Is("MODULE "u8) && cursor.Name() && (cursor.Then(";"u8) || cursor.Then("["u8));
    }

    private static bool IsLimboModule(ReadOnlySpan<byte> line)
    {
        var cursor = new Cursor(line);
        return cursor.Name() && cursor.Then(":"u8) && cursor.Then("module"u8) && cursor.Then("{"u8);
    }

    private static bool IsD(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("module "u8) || cursor.Is("import "u8))
            return cursor.Name("."u8) && line.TrimEnd(" \t"u8).EndsWith(";"u8);
        cursor = Cursor.Behind(line);
        if (cursor.Is("unittest"u8))
            return cursor.IsAtEnd || cursor.Then("{"u8);
        // A function's head: type, name, parameters, brace.
        return cursor.Name("[]!"u8) && cursor.Gap() && cursor.Name() && cursor.Is("("u8) && Has(cursor.Rest, ")"u8) && line.TrimEnd(" \t"u8).EndsWith("{"u8);
    }

    private static bool IsDTrace(ReadOnlySpan<byte> line)
    {
        var cursor = new Cursor(line);
        if (cursor.Is("#pragma D "u8) || cursor.Is("#pragma ident "u8) || cursor.Is("provider "u8))
            return true;
        if (cursor.Is("BEGIN"u8) || cursor.Is("END"u8))
            return !Cursor.IsWordByte(cursor.Next);
        cursor = new Cursor(line);
        cursor.Word();
        if (!cursor.Is(":"u8))
            return false;
        cursor.Word();
        if (!cursor.Is(":"u8))
            return false;
        cursor.Word();
        return cursor.Is(":"u8);
    }

    // target: dependency \
    private static bool IsDependency(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf(": "u8);
        if (colon <= 0)
            return line.TrimEnd(" \t"u8).EndsWith(":"u8) && line.Contains((byte)'.');
        return line.TrimEnd(" \t"u8).EndsWith("\\"u8) || (line[..colon].Contains((byte)'.') && line[colon..].Contains((byte)'.') && !line.Contains((byte)'('));
    }

    private static bool IsFSharp(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        return cursor.Is("#light"u8) || (cursor.Word(FSharpStarts) && cursor.Gap());
    }

    private static bool IsGlsl(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        return cursor.Is("#version"u8) || cursor.Is("precision "u8) || cursor.Is("uniform "u8) || cursor.Is("varying "u8) || cursor.Is("vec"u8);
    }

    private static bool IsScriptFunction(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        return cursor.Is("function "u8) && cursor.Name("$"u8) && cursor.Then("("u8) && !Has(line, ":"u8);
    }

    private static bool IsRust(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("#["u8) || cursor.Is("#!["u8) || cursor.Is("macro_rules!"u8) || cursor.Is("impl<"u8))
            return true;
        return cursor.Is("use "u8) || cursor.Is("fn "u8) || cursor.Is("mod "u8) || cursor.Is("pub "u8) || cursor.Is("impl "u8) || cursor.Is("extern crate "u8) || cursor.Is("let "u8);
    }

    private static bool IsReason(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("module "u8))
            return Has(line, "="u8) || cursor.Is("type "u8);
        if (cursor.Word(ReasonOpens))
            return cursor.Name("."u8) && cursor.Then(";"u8);
        return cursor.Is("let "u8) && (line.TrimEnd(" \t"u8).EndsWith(";"u8) || Has(line, "=>"u8));
    }

    private static bool IsSwig(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        return cursor.Is("%{"u8) || cursor.Is("%}"u8) || (cursor.Is("%"u8) && cursor.Next is >= (byte)'a' and <= (byte)'z');
    }

    private static bool IsXBase(ReadOnlySpan<byte> line) => Cursor.Behind(line).Is("#"u8);

    private static bool IsObjectiveJ(ReadOnlySpan<byte> text) => CSigns.IsObjectiveC(text) || Any(text, line => line.StartsWith("@import "u8));

    private static bool IsModula(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.IsAnyCase("definition "u8) || cursor.IsAnyCase("implementation "u8))
            cursor.Gap();
        return (cursor.IsAnyCase("module "u8) || cursor.IsAnyCase("end "u8)) && cursor.Name("."u8) && cursor.Then(";"u8);
    }

    private static bool IsAmpl(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        return (cursor.Is("param "u8) || cursor.Is("set "u8) || cursor.Is("var "u8) || cursor.Is("minimize "u8) || cursor.Is("maximize "u8) || cursor.Is("subject to "u8)) && cursor.Name();
    }

    private static bool IsScala(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("import "u8))
            return cursor.Word(ScalaImports) && cursor.Is("."u8);
        return cursor.Is("object "u8) || cursor.Is("package "u8) || cursor.Is("case class "u8) || cursor.Is("trait "u8)
            || (cursor.Is("class "u8) && cursor.Name() && Has(line, "("u8)) || (cursor.Is("def "u8) && Has(line, "="u8));
    }

    private static bool IsRpc(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("program "u8) || cursor.Is("version "u8))
            return cursor.Name() && cursor.Then("{"u8);
        return cursor.Is("union "u8) && cursor.Name() && cursor.Then("switch"u8);
    }
}
