namespace Stackmill.Shared.Languages;

/// <summary>
/// The language that a file names for its editor: Emacs' <c>-*- mode: c++ -*-</c> and Vim's <c>vim: set ft=ruby:</c>, in the first
/// or last five lines.
/// </summary>
internal static class Modeline
{
    private const int LinesToLookAt = 5;

    // Lines with a mode in them are short; the five first lines of minified code need not be.
    private const int MostBytes = 4096;

    /// <summary>The language of a mode line, or <c>null</c>.</summary>
    public static LanguageEntry? Of(ReadOnlySpan<byte> content)
    {
        var head = Lines.Head(content[..Math.Min(content.Length, MostBytes)], LinesToLookAt);
        // An archive of Vim scripts quotes the mode lines of what it holds.
        if (head.IndexOf("UseVimball"u8) >= 0)
            return null;
        return OfLines(head) ?? (head.Length < content.Length ? OfLines(Lines.Tail(content[Math.Max(head.Length, content.Length - MostBytes)..], LinesToLookAt)) : null);
    }

    /// <summary>The mode in a line for Emacs; empty when there is none.</summary>
    public static ReadOnlySpan<byte> OfEmacs(ReadOnlySpan<byte> line)
    {
        var start = line.IndexOf("-*-"u8);
        if (start < 0)
            return default;
        var inner = line[(start + 3)..];
        var end = inner.IndexOf("-*-"u8);
        if (end < 0)
            return default;
        inner = inner[..end].Trim(" \t"u8);
        // A mode alone, or variables of which one is the mode.
        if (inner.IndexOfAny(":; \t"u8) < 0)
            return inner;
        while (!inner.IsEmpty)
        {
            var next = inner.IndexOf((byte)';');
            var variable = next < 0 ? inner : inner[..next];
            inner = next < 0 ? default : inner[(next + 1)..];
            var colon = variable.IndexOf((byte)':');
            if (colon < 0)
                continue;
            var words = variable[..colon].Trim(" \t"u8);
            // "-*- foo: bar mode: ruby -*-" lacks its semicolon, and is read all the same.
            if (!System.Text.Ascii.EqualsIgnoreCase(words[(words.LastIndexOfAny(" \t"u8) + 1)..], "mode"u8))
            {
                var again = System.MemoryExtensions.IndexOf(variable, " mode:"u8);
                if (again < 0)
                    continue;
                colon = again + 5;
            }

            var value = variable[(colon + 1)..].Trim(" \t"u8);
            var stop = value.IndexOfAny(" \t"u8);
            return stop < 0 ? value : value[..stop];
        }

        return default;
    }

    /// <summary>The file type in a line for Vim; empty when there is none.</summary>
    public static ReadOnlySpan<byte> OfVim(ReadOnlySpan<byte> line)
    {
        for (var from = 0; from < line.Length;)
        {
            var colon = line[from..].IndexOf((byte)':');
            if (colon < 0)
                return default;
            colon += from;
            if (IsEditor(line[..colon]))
                return FileType(line[(colon + 1)..]);
            from = colon + 1;
        }

        return default;
    }

    private static LanguageEntry? OfLines(ReadOnlySpan<byte> lines)
    {
        // Nearly every file has neither: two searches and no look at single lines.
        if (lines.IndexOf("-*-"u8) >= 0 && Find(lines, OfEmacs) is { } emacs)
            return emacs;
        return lines.IndexOf("ft="u8) >= 0 || lines.IndexOf("filetype="u8) >= 0 || lines.IndexOf("syntax="u8) >= 0 ? Find(lines, OfVim) : null;
    }

    private delegate ReadOnlySpan<byte> ModeOf(ReadOnlySpan<byte> line);

    private static LanguageEntry? Find(ReadOnlySpan<byte> lines, ModeOf find)
    {
        Span<char> name = stackalloc char[64];
        while (!lines.IsEmpty)
        {
            var mode = find(Lines.First(ref lines));
            if (mode.Length is 0 or > 64)
                continue;
            System.Text.Encoding.Latin1.GetChars(mode, name);
            return LanguageTable.OfAlias(name[..mode.Length]);
        }

        return null;
    }

    // "vim", "vi", "Vim", "vim>700" or "ex", at the line's begin or behind a blank.
    private static bool IsEditor(ReadOnlySpan<byte> before)
    {
        var word = before[(before.LastIndexOfAny(" \t"u8) + 1)..];
        var isFirst = word.Length == before.Length;
        if (word.SequenceEqual("ex"u8))
            return !isFirst;
        if (!word.StartsWith("vi"u8) && !word.StartsWith("Vim"u8))
            return false;
        var version = word[2..];
        if (version.IsEmpty)
            return true;
        if (version[0] != 'm')
            return false;
        version = version[1..].TrimStart("<=>"u8);
        return version.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;
    }

    private static ReadOnlySpan<byte> FileType(ReadOnlySpan<byte> options)
    {
        var cursor = Cursor.Behind(options);
        // "set" asks for a colon at the end, and what follows that is no option.
        if (cursor.Is("set "u8) || cursor.Is("se "u8))
        {
            var end = cursor.Rest.IndexOf((byte)':');
            if (end < 0)
                return default;
            options = cursor.Rest[..end];
        }

        ReadOnlySpan<byte> found = default;
        for (var at = 0; at < options.Length;)
        {
            var start = at;
            // A backslash keeps the next byte from ending the option.
            while (at < options.Length && options[at] is not ((byte)' ' or (byte)'\t' or (byte)':'))
                at += options[at] == '\\' ? 2 : 1;
            var option = options[start..Math.Min(at, options.Length)];
            at++;
            var equals = option.IndexOf((byte)'=');
            if (equals > 0 && IsFileType(option[..equals]) && option[(equals + 1)..] is { IsEmpty: false } value && IsWord(value))
                found = value;
        }

        return found;
    }

    private static bool IsFileType(ReadOnlySpan<byte> name) => name.SequenceEqual("ft"u8) || name.SequenceEqual("filetype"u8) || name.SequenceEqual("syntax"u8);

    private static bool IsWord(ReadOnlySpan<byte> value)
    {
        foreach (var b in value)
        {
            if (!Cursor.IsWordByte(b))
                return false;
        }

        return true;
    }
}
