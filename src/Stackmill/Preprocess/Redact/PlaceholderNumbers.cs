using System.Globalization;

namespace Stackmill.Preprocess.Redact;

/// <summary>
/// Gives each different value of a kind its number, in order of first appearance, above all numbers that the text has already.
/// It keeps offsets into the text, never values; one per worker, reset for each text.
/// </summary>
internal sealed class PlaceholderNumbers
{
    // Longer numbers in a text are no placeholders of ours, and leaving them out keeps the sum within an int.
    private const int MostDigits = 8;

    private readonly record struct Entry(int Start, int End, int Number, int Next);

    private readonly int[] _last = new int[RedactionKinds.Count];
    private readonly bool[] _searched = new bool[RedactionKinds.Count];
    private readonly Dictionary<(RedactionKind Kind, int Hash), int> _heads = [];
    private readonly List<Entry> _entries = [];

    public void Reset()
    {
        Array.Clear(_last);
        Array.Clear(_searched);
        _heads.Clear();
        _entries.Clear();
    }

    /// <summary>The number of the value at [<paramref name="start"/>, <paramref name="end"/>) of <paramref name="text"/>; e-mail addresses are compared in any case.</summary>
    public int Of(ReadOnlySpan<byte> text, RedactionKind kind, int start, int end)
    {
        if (!_searched[(int)kind])
        {
            _last[(int)kind] = Highest(text, RedactionKinds.Opening(kind));
            _searched[(int)kind] = true;
        }
        (RedactionKind, int) key = (kind, Hash(text[start..end]));
        int head = _heads.GetValueOrDefault(key, -1);
        for (int i = head; i >= 0; i = _entries[i].Next)
        {
            if (AreEqual(kind, text[start..end], text[_entries[i].Start.._entries[i].End]))
                return _entries[i].Number;
        }
        int number = ++_last[(int)kind];
        _heads[key] = _entries.Count;
        _entries.Add(new Entry(start, end, number, head));
        return number;
    }

    private static bool AreEqual(RedactionKind kind, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        kind == RedactionKind.Email ? System.Text.Ascii.EqualsIgnoreCase(a, b) || a.SequenceEqual(b) : a.SequenceEqual(b);

    private static int Hash(ReadOnlySpan<byte> value)
    {
        var hash = new HashCode();
        foreach (byte b in value)
            hash.Add(b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b);
        return hash.ToHashCode();
    }

    private static int Highest(ReadOnlySpan<byte> text, ReadOnlySpan<byte> opening)
    {
        int highest = 0;
        int at = 0;
        while (true)
        {
            int step = at < text.Length ? text[at..].IndexOf(opening) : -1;
            if (step < 0)
                return highest;
            at += step + opening.Length;
            if (Shapes.At(text, at++) != '_')
                continue;
            int digits = Shapes.Run(text, at, DigitScan.Digits, MostDigits + 1);
            if (digits is > 0 and <= MostDigits && Shapes.At(text, at + digits) == '>')
                highest = Math.Max(highest, int.Parse(text.Slice(at, digits), NumberStyles.None, CultureInfo.InvariantCulture));
        }
    }
}
