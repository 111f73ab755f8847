namespace Stackmill.Preprocess.Clean;

/// <summary>
/// Maps byte offsets of a cleaned text back to the text it was made from. Piecewise: inside a piece the two differ
/// by a constant. Kept by the caller and reused; filled only where someone asks for it.
/// </summary>
internal sealed class OffsetMap
{
    private readonly List<(int Output, int Input)> pieces = [];

    /// <summary>Number of pieces: 1 for an unchanged text.</summary>
    internal int Count => pieces.Count;

    /// <summary>Makes this the map of an unchanged text.</summary>
    internal void Reset()
    {
        pieces.Clear();
        pieces.Add((0, 0));
    }

    /// <summary>From <paramref name="output"/> on, output bytes stem from <paramref name="input"/> on.</summary>
    internal void Add(int output, int input)
    {
        Truncate(output);
        if (pieces.Count == 0 || pieces[^1].Input - pieces[^1].Output != input - output)
            pieces.Add((output, input));
    }

    /// <summary>Makes this the map to the text that <paramref name="inner"/> leads to, from which this map's input was made.</summary>
    internal void Compose(OffsetMap inner)
    {
        List<(int Output, int Input)> outer = [.. pieces];
        pieces.Clear();
        var next = 0;
        for (var k = 0; k < outer.Count; k++)
        {
            var (output, middle) = outer[k];
            Add(output, inner.ToInput(middle));
            while (next < inner.pieces.Count && inner.pieces[next].Output <= middle)
                next++;
            for (; next < inner.pieces.Count; next++)
            {
                var at = output + (inner.pieces[next].Output - middle);
                if (k + 1 < outer.Count && at >= outer[k + 1].Output)
                    break;
                Add(at, inner.pieces[next].Input);
            }
        }
    }

    /// <summary>Forgets what was said of <paramref name="output"/> and later.</summary>
    private void Truncate(int output)
    {
        var count = pieces.Count;
        while (count > 0 && pieces[count - 1].Output >= output)
            count--;
        pieces.RemoveRange(count, pieces.Count - count);
    }

    /// <summary>
    /// The input offset of the byte at <paramref name="output"/>; of a line end that was CR LF, that of the CR. The
    /// cleaned text's length maps to the input's length.
    /// </summary>
    internal int ToInput(int output)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(output);
        int low = 0, high = pieces.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            if (pieces[middle].Output <= output)
                low = middle;
            else
                high = middle - 1;
        }

        return pieces[low].Input + (output - pieces[low].Output);
    }

    /// <summary>
    /// The input offset where a range that ends before <paramref name="output"/> ends: just after the input byte of
    /// its last byte, so that what cleaning removed after the range stays outside.
    /// </summary>
    internal int ToInputEnd(int output) => output == 0 ? ToInput(0) : ToInput(output - 1) + 1;
}
