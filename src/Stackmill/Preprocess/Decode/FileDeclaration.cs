using System.Text;
using Stackmill.Shared.Languages;

namespace Stackmill.Preprocess.Decode;

/// <summary>
/// The encoding that a file names for whoever reads it: XML's declaration, HTML's <c>meta</c>, CSS's <c>@charset</c>, the comment of Python and
/// Ruby, Emacs' and Vim's mode lines, and Vim's <c>scriptencoding</c>.
/// </summary>
internal static class FileDeclaration
{
    private const int LinesToLookAt = 5;

    /// <summary>HTML asks for its declaration within so many bytes; the others are in the first lines.</summary>
    private const int HeadBytes = 1024;

    private const int LongestName = 40;

    /// <summary>The name as it is written, or <c>null</c>.</summary>
    internal static string? Find(ReadOnlySpan<byte> raw)
    {
        var head = raw[..Math.Min(raw.Length, HeadBytes)];
        return InMarkup(head) ?? InLines(Lines.Head(head, LinesToLookAt))
            ?? (raw.Length > HeadBytes ? InModeLine(Lines.Tail(raw[^HeadBytes..], LinesToLookAt)) : null);
    }

    private static string? InMarkup(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("@charset \""u8))
            return Name(head["@charset \""u8.Length..]);
        if (head.StartsWith("<?xml"u8))
        {
            var end = head.IndexOf("?>"u8);
            return end < 0 ? null : Behind(head[..end], "encoding"u8);
        }

        for (var rest = head; ;)
        {
            var meta = rest.IndexOf("<meta"u8);
            if (meta < 0 && (meta = rest.IndexOf("<META"u8)) < 0)
                return null;
            rest = rest[(meta + 5)..];
            var end = rest.IndexOf((byte)'>');
            var tag = end < 0 ? rest : rest[..end];
            if ((Behind(tag, "charset"u8) ?? Behind(tag, "CHARSET"u8)) is { } found)
                return found;
        }
    }

    private static string? InLines(ReadOnlySpan<byte> head)
    {
        if (CodingDeclaration.Find(head) is var coding && !coding.Equals(default))
            return Encoding.ASCII.GetString(head[coding]);
        return InModeLine(head);
    }

    private static string? InModeLine(ReadOnlySpan<byte> lines)
    {
        while (!lines.IsEmpty)
        {
            var line = Lines.First(ref lines);
            if (line.IndexOf("-*-"u8) >= 0 && Behind(line, "coding"u8) is { } emacs)
                return emacs;
            if (line.IndexOf("vim:"u8) >= 0 || line.IndexOf("vi:"u8) >= 0)
                if ((Behind(line, "fileencoding"u8) ?? Behind(line, "fenc"u8)) is { } vim)
                    return vim;
            if (line.StartsWith("scriptencoding "u8))
                return Name(line["scriptencoding "u8.Length..]);
        }

        return null;
    }

    /// <summary>The value behind the key and a colon or equals sign; the last one, if the key comes more than once.</summary>
    private static string? Behind(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        for (var end = text.Length; end > 0;)
        {
            var at = text[..end].LastIndexOf(key);
            if (at < 0)
                return null;
            var value = text[(at + key.Length)..].TrimStart(" \t"u8);
            if (value is [(byte)'=' or (byte)':', ..] && Name(value[1..].TrimStart(" \t\"'"u8)) is { } name)
                return name;
            end = at;
        }

        return null;
    }

    private static string? Name(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit((char)text[length]) || text[length] is (byte)'-' or (byte)'_' or (byte)'.'))
            length++;
        return length is 0 or > LongestName ? null : Encoding.ASCII.GetString(text[..length]);
    }
}
