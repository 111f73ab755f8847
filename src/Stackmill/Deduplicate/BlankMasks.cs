using Stackmill.Shared.Lexing;

namespace Stackmill.Deduplicate;

/// <summary>
/// Which bytes of a text are code, asked from its start to its end: words of comments, strings, regular expressions and markup around code are
/// what they are, not identifiers. One per worker: not thread-safe.
/// </summary>
internal sealed class BlankMasks
{
    private readonly Lexer _lexer = new();
    private int _segment;

    /// <summary>Begins a text.</summary>
    /// <returns>The keywords of its language; <c>null</c> when nothing is blanked in it.</returns>
    public Keywords? Load(ReadOnlySpan<byte> text, string language)
    {
        _segment = 0;
        if (Keywords.Of(language) is not { } keywords)
            return null;
        _lexer.Load(text, language);
        return keywords;
    }

    /// <summary>Which of the bytes from <paramref name="block"/> on are code; bit i stands for byte i. Blocks come in order.</summary>
    public ulong Code(int block)
    {
        ulong other = 0;
        for (var segments = _lexer.Segments; _segment < segments.Count; _segment++)
        {
            var (start, end) = Range(segments[_segment], block);
            if (start >= LexicalBytes.BlockLength)
                break;
            if (end > 0 && end > start)
                other |= (ulong.MaxValue << Math.Max(start, 0)) & (ulong.MaxValue >> (LexicalBytes.BlockLength - Math.Min(end, LexicalBytes.BlockLength)));
            if (end > LexicalBytes.BlockLength)
                break;
        }

        return ~other;
    }

    /// <summary>Whether a byte is code. Places come in order.</summary>
    public bool IsCode(int at)
    {
        for (var segments = _lexer.Segments; _segment < segments.Count; _segment++)
        {
            var (start, end) = Range(segments[_segment], at);
            if (end > 0)
                return start > 0;
        }

        return true;
    }

    private static (int Start, int End) Range(in Segment segment, int origin) => (segment.Start - segment.Head - origin, segment.End + segment.Tail - origin);
}
