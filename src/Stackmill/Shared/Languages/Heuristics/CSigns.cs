using static Stackmill.Shared.Languages.Lines;

namespace Stackmill.Shared.Languages.Heuristics;

/// <summary>Signs of C++ and Objective-C, which share extensions with C and with others.</summary>
internal static class CSigns
{
    private static readonly WordSet ObjectiveCDeclarations = new("interface implementation protocol");
    private static readonly WordSet CppStarts = new("constexpr virtual friend explicit typename mutable consteval concept");
    private static readonly WordSet CppTypes = new("class namespace");
    private static readonly WordSet CppAccess = new("public private protected");
    private static readonly WordSet CppBeforeClass = new("enum inline export final");

    // Headers of C++ that C does not have.
    private static readonly WordSet CppHeaders = new(
        "algorithm any array atomic bitset cassert cctype cerrno cfloat chrono cinttypes climits clocale cmath codecvt complex concepts condition_variable csetjmp csignal "
        + "cstdarg cstddef cstdint cstdio cstdlib cstring ctime cwchar deque exception filesystem forward_list fstream functional future initializer_list iomanip ios iosfwd "
        + "iostream istream iterator limits list locale map memory mutex new numeric optional ostream queue random ratio regex set shared_mutex span sstream stack stdexcept "
        + "streambuf string string_view system_error thread tuple type_traits typeindex typeinfo unordered_map unordered_set utility valarray variant vector");

    /// <summary>True for declarations and imports of Objective-C.</summary>
    public static bool IsObjectiveC(ReadOnlySpan<byte> text) =>
        AnyFrom(text, (byte)'@', IsObjectiveCLine) || (Has(text, "#import"u8) && AnyFrom(text, (byte)'#', l => l.StartsWith("#import"u8) && (Has(l, ".h>"u8) || Has(l, ".h\""u8))));

    /// <summary>True for sources of C or Objective-C: those without a class still include headers, or have comments of C.</summary>
    public static bool IsObjectiveCSource(ReadOnlySpan<byte> text) =>
        IsObjectiveC(text) || HasAtStart(text, "#include "u8) || HasAtStart(text, "#define "u8) || HasAtStart(text, "//"u8) || HasAtStart(text, "/*"u8);

    /// <summary>True for what only C++ has: its headers, templates, classes, namespaces.</summary>
    public static bool IsCpp(ReadOnlySpan<byte> text) => Has(text, "std::"u8) || Any(text, IsCppLine);

    private static bool IsObjectiveCLine(ReadOnlySpan<byte> line)
    {
        var cursor = new Cursor(line[1..]);
        var word = cursor.Word();
        // Documentation tools have marks of the same names: the rest of the line must be that of code.
        if (word.SequenceEqual("end"u8))
            return cursor.IsAtEnd;
        if (word.SequenceEqual("class"u8) || word.SequenceEqual("import"u8))
            return line.TrimEnd(" \t"u8).EndsWith(";"u8);
        return word.SequenceEqual("property"u8) ? cursor.Then("("u8) || Has(line, ";"u8) : ObjectiveCDeclarations.Contains(word) && cursor.Name();
    }

    private static bool IsCppLine(ReadOnlySpan<byte> line)
    {
        var start = line.IndexOfAnyExcept((byte)' ', (byte)'\t');
        // First bytes of all that is looked for: most lines end here.
        if (start < 0 || line[start] is not ((byte)'#' or (byte)'c' or (byte)'e' or (byte)'f' or (byte)'i' or (byte)'m' or (byte)'n' or (byte)'p' or (byte)'t' or (byte)'u' or (byte)'v'))
            return false;
        var cursor = new Cursor(line[start..]);
        if (cursor.Is("#"u8))
        {
            cursor.Gap();
            return cursor.Is("include"u8) && cursor.Then("<"u8) && CppHeaders.Contains(cursor.Word()) && cursor.Next == '>';
        }

        var word = cursor.Word();
        if (word.SequenceEqual("template"u8))
            return cursor.Then("<"u8);
        if (word.SequenceEqual("catch"u8))
            return cursor.Then("("u8);
        if (word.SequenceEqual("try"u8))
            return cursor.Then("{"u8) || cursor.IsAtEnd;
        if (CppAccess.Contains(word))
            return cursor.Then(":"u8) && cursor.IsAtEnd;
        if (word.SequenceEqual("using"u8))
            return cursor.Gap() && cursor.Name(":"u8) && Has(line, ";"u8);
        if (CppStarts.Contains(word))
            return cursor.Gap() && Cursor.IsWordByte(cursor.Next) && line.IndexOfAny(";({<"u8) >= 0;
        if (CppBeforeClass.Contains(word) && cursor.Gap())
            word = cursor.Word();
        return CppTypes.Contains(word) && IsClassHead(line, cursor);
    }

    // "class of objects that" stands in comments: a head ends with its name, or what may follow it.
    private static bool IsClassHead(ReadOnlySpan<byte> line, Cursor cursor)
    {
        if (!cursor.Name(":"u8))
            return false;
        if (cursor.IsAtEnd || line.IndexOf((byte)'{') >= 0 || line.TrimEnd(" \t"u8).EndsWith(";"u8))
            return true;
        cursor.Name();
        return cursor.IsAtEnd || cursor.Then(":"u8);
    }

    /// <summary>True for a line of the preprocessor or the head of a template.</summary>
    public static bool IsCppDirective(ReadOnlySpan<byte> line)
    {
        var cursor = Cursor.Behind(line);
        return line.StartsWith("#"u8) || (cursor.Is("template"u8) && cursor.Then("<"u8));
    }
}
