using Stackmill.Core.Model;

namespace Stackmill.Deduplicate.Boilerplate;

/// <summary>
/// The finds of redaction in one text: where a cut would go through one, and where they lie afterwards. Offsets are asked for in ascending order,
/// so the text is walked over once.
/// </summary>
internal sealed class RedactionPlaces
{
    private readonly IReadOnlyList<Redaction> _finds;
    private readonly int[] _starts;
    private readonly int[] _furthestEnds;
    private int _at;
    private int _points;

    /// <param name="finds">Where something was found; <c>null</c> for nowhere.</param>
    public RedactionPlaces(IReadOnlyList<Redaction>? finds)
    {
        _finds = finds ?? [];
        var sorted = _finds.OrderBy(f => f.Start).ToList();
        _starts = [.. sorted.Select(f => f.Start)];
        _furthestEnds = new int[sorted.Count];
        for (var i = 0; i < sorted.Count; i++)
            _furthestEnds[i] = Math.Max(i == 0 ? 0 : _furthestEnds[i - 1], sorted[i].Start + sorted[i].Length);
    }

    /// <summary>Whether a find begins before this byte and ends after it.</summary>
    public bool AnyAround(ReadOnlySpan<byte> text, int offset)
    {
        if (_starts.Length == 0)
            return false;
        var points = PointsBefore(text, offset);
        var before = Array.BinarySearch(_starts, points);
        if (before < 0)
            before = ~before;
        while (before > 0 && _starts[before - 1] == points)
            before--;
        return before > 0 && _furthestEnds[before - 1] > points;
    }

    /// <summary>The finds after the cuts: those in a cut are gone with it, those behind it have moved.</summary>
    /// <param name="text">The text before the cuts.</param>
    /// <param name="cuts">The cuts in bytes, ascending; none goes through a find.</param>
    public IReadOnlyList<Redaction> After(ReadOnlySpan<byte> text, IReadOnlyList<(int Start, int End)> cuts)
    {
        if (_finds.Count == 0)
            return _finds;
        (_at, _points) = (0, 0);
        var starts = new int[cuts.Count];
        var ends = new int[cuts.Count];
        var gone = new int[cuts.Count + 1];
        for (var i = 0; i < cuts.Count; i++)
        {
            starts[i] = PointsBefore(text, cuts[i].Start);
            ends[i] = PointsBefore(text, cuts[i].End);
            gone[i + 1] = gone[i] + ends[i] - starts[i];
        }

        var left = new List<Redaction>(_finds.Count);
        foreach (var find in _finds)
        {
            // The last cut that starts at or before the find.
            var cut = Array.BinarySearch(starts, find.Start);
            cut = cut < 0 ? ~cut - 1 : cut;
            if (cut < 0)
                left.Add(find);
            else if (find.Start >= ends[cut])
                left.Add(find with { Start = find.Start - gone[cut + 1] });
        }

        return left;
    }

    private int PointsBefore(ReadOnlySpan<byte> text, int offset)
    {
        if (offset < _at)
            (_at, _points) = (0, 0);
        foreach (var b in text[_at..offset])
            _points += (sbyte)b >= -64 ? 1 : 0;
        _at = offset;
        return _points;
    }
}
