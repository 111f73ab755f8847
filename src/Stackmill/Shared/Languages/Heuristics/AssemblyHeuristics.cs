using static Stackmill.Shared.Languages.Lines;

namespace Stackmill.Shared.Languages.Heuristics;

/// <summary>Assembly languages, and what shares <c>.inc</c> with them.</summary>
internal static class AssemblyHeuristics
{
    private static readonly WordSet MotorolaBranches = new("btst dbra dbf movem moveq bsr moveb movel movew", anyCase: true);
    private static readonly WordSet Instructions = new("mov push pop ret call jmp lea add sub cmp xor nop equ db dw dd org section global segment proc endp", anyCase: true);
    private static readonly WordSet Directives = new("include globl global text data macro endm");
    private static readonly WordSet SqlStarts = new("select create insert delete drop alter update set grant", anyCase: true);
    private static readonly WordSet PovStarts = new("declare local macro while version");
    private static readonly WordSet NaslStarts = new("global_var local_var include namespace");
    private static readonly WordSet PascalAlone = new("begin const type var uses implementation interface", anyCase: true);
    private static readonly WordSet PascalDirectives = new("$mode $ifdef $ifndef $undef $define $i $h $r $q", anyCase: true);

    /// <summary>The extensions.</summary>
    public static readonly Disambiguation[] All =
    [
        new("asm", "Assembly",
            new HeuristicRule("Motorola 68K Assembly", IsMotorola, "\tmove.l d0,a1\n\tmoveq #1,d0\n", "\tmov eax, 1\n")),
        new("s", "Unix Assembly",
            new HeuristicRule("Motorola 68K Assembly", IsMotorola, "\tmovem.l d0-d7,-(sp)\n", "\tmovl %eax, %ebx\n\tmoveq $1\n")),
        new("ms", "MAXScript",
            new HeuristicRule("Roff", t => Any(t, DocumentHeuristics.IsRoffLine), ".TL\nA title\n.PP\n", "a = .5\n"),
            new HeuristicRule("Unix Assembly", t => !Has(t, "/*"u8) && Any(t, IsDirective), "\t.globl main\n", "x = 1 -- a .globl\n")),
        new("nas", "Assembly",
            new HeuristicRule("Nasal", t => Any(t, l => (l.StartsWith("var "u8) && Has(l, "="u8)) || Has(l, "func("u8) || Has(l, "setlistener("u8)), "var a = func(x) {\n", "section .text\n")),
        new("inc", "C++",
            new HeuristicRule("Motorola 68K Assembly", IsMotorola, "\tmove.w d0,(a0)\n", "mov ax, 1\n"),
            new HeuristicRule("PHP", t => Has(t, "<?php"u8) || t.StartsWith("<?"u8), "<?php\n", "#include <a>\n"),
            new HeuristicRule("SourcePawn", t => Any(t, IsSourcePawn), "methodmap Foo < Handle\n", "public int a;\n"),
            new HeuristicRule("NASL", t => Any(t, IsNasl), "include(\"a.inc\");\n", "include('a.h');\n"),
            new HeuristicRule("POV-Ray SDL", t => Any(t, IsPov), "#declare A = 1;\n", "#define A 1\n"),
            new HeuristicRule("Pascal", t => Any(t, IsPascal), "{$MODE objfpc}\n", "end\n"),
            new HeuristicRule("HTML", t => BeginsWithAny(t, "<"u8), "<!-- head -->\n<div>\n", "#include <a>\n"),
            new HeuristicRule("SQL", t => Any(t, IsSql), "CREATE TABLE t (a INT);\n", "created by me\n"),
            new HeuristicRule("Pawn", t => Any(t, l => l.StartsWith("native "u8) || l.StartsWith("forward "u8) || l.StartsWith("stock "u8)), "native print(const a[]);\n", "int native;\n"),
            new HeuristicRule("C++", t => Any(t, IsCComment), "// a\nint a;\n", "; mov\n"),
            new HeuristicRule("Assembly", IsAssembly, "; macros\nfoo:\n  mov ax, 1\n", "int a;\n")),
    ];

    /// <summary>True for instructions of the 68000 with operands of its form.</summary>
    public static bool IsMotorola(ReadOnlySpan<byte> text) => Any(text, line =>
    {
        var cursor = new Cursor(line);
        // A label may stand before the instruction.
        if (Cursor.IsWordByte(cursor.Next))
        {
            cursor.Word();
            cursor.Is(":"u8);
        }

        if (!cursor.Gap())
            return false;
        if (cursor.IsAnyCase("moveq"u8))
        {
            cursor.IsAnyCase(".l"u8);
            return cursor.Gap() && cursor.Is("#"u8);
        }

        if (cursor.IsAnyCase("movem."u8) || cursor.IsAnyCase("movep."u8))
            return true;
        if (cursor.IsAnyCase("move."u8))
        {
            var size = (char)cursor.Next;
            return size is 'b' or 'w' or 'l' or 'B' or 'W' or 'L' && cursor.Word().Length == 1 && cursor.Gap();
        }

        return cursor.Word(MotorolaBranches) && cursor.Gap() && line.IndexOfAny("#%"u8) < 0 && Has(line, ","u8) && HasRegister(line);
    });

    /// <summary>True for comments, labels and instructions of assemblers.</summary>
    public static bool IsAssembly(ReadOnlySpan<byte> text) => Any(text, line =>
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Next == ';' || cursor.Is("%macro"u8) || cursor.Is("%define"u8) || cursor.Is("%include"u8))
            return true;
        var word = cursor.Word();
        if (word.Length > 0 && cursor.Is(":"u8))
            return cursor.IsAtEnd;
        return Instructions.Contains(word) && cursor.Gap() && Cursor.IsWordByte(cursor.Next);
    });

    private static bool HasRegister(ReadOnlySpan<byte> line)
    {
        for (var i = 0; i + 1 < line.Length; i++)
        {
            if (line[i] is (byte)'d' or (byte)'a' or (byte)'D' or (byte)'A' && line[i + 1] is >= (byte)'0' and <= (byte)'7' && (i == 0 || !Cursor.IsWordByte(line[i - 1])))
                return true;
        }

        return false;
    }

    private static bool IsDirective(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        return cursor.Is("."u8) && cursor.Word(Directives) && (cursor.IsAtEnd || cursor.Gap());
    }

    private static bool IsSourcePawn(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("public SharedPlugin"u8) || cursor.Is("public Extension __ext"u8) || cursor.Is("MarkNativeAsOptional("u8) || cursor.Is("#pragma newdecls"u8))
            return true;
        return (cursor.Is("methodmap "u8) && cursor.Name()) || Has(line, "__pl_"u8);
    }

    private static bool IsNasl(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("include"u8))
            return cursor.Then("("u8) && (Has(line, ".inc\""u8) || Has(line, ".inc'"u8) || Has(line, ".nasl"u8)) && Has(line, ";"u8);
        return cursor.Word(NaslStarts) && cursor.Gap() && cursor.Name() && !Has(line, "::"u8);
    }

    private static bool IsPov(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        return cursor.Is("#"u8) && cursor.Word(PovStarts) && cursor.Gap();
    }

    private static bool IsPascal(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        if (cursor.Is("{"u8))
        {
            var directive = cursor.Rest;
            var end = directive.IndexOfAny(" }+-"u8);
            return end > 0 && PascalDirectives.Contains(directive[..end]);
        }

        if (cursor.IsAnyCase("end"u8))
            return (cursor.Is("."u8) || cursor.Is(";"u8)) && cursor.IsAtEnd;
        if (cursor.Word(PascalAlone))
            return cursor.IsAtEnd;
        if (cursor.IsAnyCase("function "u8) || cursor.IsAnyCase("procedure "u8))
            return line.TrimEnd(" \t"u8).EndsWith(";"u8);
        // A constant or a field: "NAME = $1F;", "name : longint;".
        return cursor.Name() && (cursor.Then(": "u8) || cursor.Then("= $"u8)) && cursor.Name("^$"u8) && cursor.Then(";"u8);
    }

    private static bool IsSql(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        return cursor.Word(SqlStarts) && cursor.Gap() && (line.TrimEnd(" \t"u8).EndsWith(";"u8) || cursor.IsAnyCase("table"u8) || cursor.IsAnyCase("into"u8));
    }

    private static bool IsCComment(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        return cursor.Is("//"u8) || cursor.Is("/*"u8) || cursor.Is("#include"u8) || cursor.Is("#define"u8) || cursor.Is("#if"u8);
    }
}
