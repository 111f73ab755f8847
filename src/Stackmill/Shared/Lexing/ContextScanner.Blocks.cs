namespace Stackmill.Shared.Lexing;

/// <summary>Literals that their indentation ends.</summary>
internal sealed partial class ContextScanner
{
    /// <summary>Passes over a block scalar of YAML whose header's sign is at <paramref name="at"/>; all else is left as code.</summary>
    private int IndentedBlock(ReadOnlySpan<byte> text, int at)
    {
        int end = LineEnd(text, at);
        if (!IsBlockHeader(text[(at + 1)..end]) || !TryParentColumn(text, at, out int parent))
            return at + 1;
        bool keepsEnd = text[(at + 1)..end].Contains((byte)'+');
        int start = Math.Min(text.Length, end + 1);
        int next = start;
        int last = start;
        while (next < text.Length)
        {
            Steps++;
            int lineEnd = LineEnd(text, next);
            ReadOnlySpan<byte> line = text[next..lineEnd];
            int column = line.IndexOfAnyExcept((byte)' ');
            bool blank = column < 0 || line[column..] is [(byte)'\r'];
            if (!blank && column <= parent)
                break;
            next = Math.Min(text.Length, lineEnd + 1);
            // A plus keeps the empty lines at the end as well.
            if (!blank || keepsEnd)
                last = lineEnd;
        }

        if (last > start)
        {
            Add(start, last, LexicalContext.String, 0);
            AddLiteral(text, start, Math.Min(text.Length, last + 1));
        }

        return EndOperand(Math.Max(at + 1, last));
    }

    private static bool IsBlockHeader(ReadOnlySpan<byte> rest)
    {
        rest = rest.TrimStart("+-123456789"u8);
        ReadOnlySpan<byte> trimmed = rest.TrimStart(" \t"u8);
        return trimmed is [] or [(byte)'\r'] || (trimmed[0] == '#' && trimmed.Length < rest.Length);
    }

    /// <summary>The column that a block's lines must be deeper than: that of its key, or of the dash before it.</summary>
    private static bool TryParentColumn(ReadOnlySpan<byte> text, int at, out int parent)
    {
        parent = 0;
        if (at == 0 || text[at - 1] != ' ')
            return false;
        int start = text[..at].LastIndexOf((byte)'\n') + 1;
        ReadOnlySpan<byte> line = text[start..at];
        int i = line.IndexOfAnyExcept((byte)' ');
        if (i < 0)
            return false;
        parent = i;
        while (i + 1 < line.Length && line[i] is (byte)'-' or (byte)'?' && line[i + 1] == ' ')
        {
            parent = i;
            int step = line[(i + 1)..].IndexOfAnyExcept((byte)' ');
            if (step < 0)
                return true;
            i += 1 + step;
            parent = i;
        }

        // A tag or an anchor may stand between the colon and the block.
        ReadOnlySpan<byte> before = line[i..].TrimEnd((byte)' ');
        while (before.LastIndexOf((byte)' ') is > 0 and int blank && before[blank + 1] is (byte)'!' or (byte)'&')
            before = before[..blank].TrimEnd((byte)' ');
        return before.EndsWith(":"u8) || before[0] is (byte)'!' or (byte)'&';
    }
}
