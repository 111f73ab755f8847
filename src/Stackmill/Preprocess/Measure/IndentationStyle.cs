namespace Stackmill.Preprocess.Measure;

/// <summary>
/// Names how a text's lines are indented: <c>none</c>, <c>tabs</c>, <c>spaces-2</c>, <c>spaces-4</c>, <c>spaces-8</c>, <c>spaces</c> (no such step)
/// or <c>mixed</c>. Of the lines that start with white space and hold something, those whose first sign is <c>*</c> are left out: they are
/// mostly aligned comments.
/// </summary>
internal static class IndentationStyle
{
    internal static string Of(ReadOnlySpan<byte> text)
    {
        int tabs = 0, spaces = 0, by2 = 0, by4 = 0, by8 = 0;
        while (text.Length > 0)
        {
            if (text[0] is (byte)' ' or (byte)'\t')
            {
                var content = text.IndexOfAnyExcept((byte)' ', (byte)'\t');
                if (content > 0 && text[content] is not ((byte)'\n' or (byte)'\r' or (byte)'*'))
                {
                    if (text[0] == '\t')
                    {
                        tabs++;
                    }
                    else
                    {
                        spaces++;
                        var width = text.IndexOfAnyExcept((byte)' ');
                        by2 += width % 2 == 0 ? 1 : 0;
                        by4 += width % 4 == 0 ? 1 : 0;
                        by8 += width % 8 == 0 ? 1 : 0;
                    }
                }
            }

            var end = text.IndexOf((byte)'\n');
            text = end < 0 ? default : text[(end + 1)..];
        }

        // A tenth of the lines may go another way.
        var lines = tabs + spaces;
        if (lines == 0)
            return "none";
        if (Math.Min(tabs, spaces) * 10L > lines)
            return "mixed";
        if (tabs > spaces)
            return "tabs";
        return by8 * 10L >= spaces * 9L ? "spaces-8" : by4 * 10L >= spaces * 9L ? "spaces-4" : by2 * 10L >= spaces * 9L ? "spaces-2" : "spaces";
    }
}
