namespace Stackmill.Shared.Languages;

/// <summary>The interpreter that a script's first line names.</summary>
internal static class Shebang
{
    private const int LongestLine = 512;
    private const int LinesOfSecondExec = 5;

    /// <summary>The languages of a script's interpreter; empty when there is no such line or the interpreter is not known.</summary>
    public static LanguageEntry[] Of(ReadOnlySpan<byte> content)
    {
        if (!content.StartsWith("#!"u8))
            return [];
        var name = Interpreter(content);
        Span<char> chars = stackalloc char[LongestLine];
        if (name.Length is 0 or > LongestLine)
            return [];
        System.Text.Encoding.Latin1.GetChars(name, chars);
        var known = LanguageTable.OfInterpreter(chars[..name.Length]);
        // perl5 and lua51 are versions of what the table knows; rust-script and python3 are names of their own.
        var bare = chars[..name.Length].TrimEnd("0123456789.-");
        return known.Length > 0 || bare.Length == name.Length ? known : LanguageTable.OfInterpreter(bare);
    }

    /// <summary>Name of the interpreter without its folder and minor version; empty when the first line names none.</summary>
    public static ReadOnlySpan<byte> Interpreter(ReadOnlySpan<byte> content)
    {
        var rest = content;
        var line = Lines.First(ref rest);
        if (!line.StartsWith("#!"u8))
            return default;
        line = line[2..Math.Min(line.Length, LongestLine)];
        var name = Name(Token(ref line));
        if (name.SequenceEqual("env"u8))
        {
            name = Token(ref line);
            // Options and variables of env come before the command.
            while (name.StartsWith("-"u8) || name.Contains((byte)'='))
                name = Token(ref line);
            name = Name(name);
        }

        name = WithoutMinorVersion(name);
        if (name.SequenceEqual("sh"u8) && SecondExec(rest) is { IsEmpty: false } real)
            return real;
        // AppleScript's runner runs other languages too.
        return name.SequenceEqual("osascript"u8) && line.IndexOf("-l"u8) >= 0 ? default : name;
    }

    // exec wish "$0" "$@": the shell of the first line only starts the true interpreter.
    private static ReadOnlySpan<byte> SecondExec(ReadOnlySpan<byte> text)
    {
        for (var i = 1; i < LinesOfSecondExec && !text.IsEmpty; i++)
        {
            var line = Lines.First(ref text);
            var at = line.IndexOf("exec "u8);
            if (at < 0 || line.IndexOf("$0"u8) is var self && (self < at || line[self..].IndexOf("$@"u8) < 0))
                continue;
            var cursor = new Cursor(line[(at + 5)..]);
            var name = cursor.Word();
            if (name.Length > 0)
                return name;
        }

        return default;
    }

    private static ReadOnlySpan<byte> Token(scoped ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t"u8);
        var end = line.IndexOfAny(" \t"u8);
        var token = end < 0 ? line : line[..end];
        line = line[token.Length..];
        return token;
    }

    private static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> path) => path[(path.LastIndexOf((byte)'/') + 1)..];

    private static ReadOnlySpan<byte> WithoutMinorVersion(ReadOnlySpan<byte> name)
    {
        var dot = name.LastIndexOf((byte)'.');
        return dot > 0 && dot + 1 < name.Length && name[(dot + 1)..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0 ? name[..dot] : name;
    }
}
