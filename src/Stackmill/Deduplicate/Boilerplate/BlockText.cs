using System.Text;
using Stackmill.Core.Model;
using Stackmill.Datasets;

namespace Stackmill.Deduplicate.Boilerplate;

/// <summary>A block as the report shows it.</summary>
/// <param name="File">The file whose lines are shown.</param>
/// <param name="Language">Its language.</param>
/// <param name="Text">The lines; finds of redaction that were left in the text are masked.</param>
/// <param name="IsShortened">True when there are more lines than are shown.</param>
internal sealed record BlockText(string File, string Language, string Text, bool IsShortened)
{
    /// <summary>Most bytes of a block that are shown.</summary>
    public const int MostBytes = 4096;

    /// <summary>Reads the examples of some blocks from the dataset that was looked at. A shard is read once.</summary>
    public static Dictionary<BlockPlace, BlockText> Read(Dataset input, IEnumerable<BlockPlace> places)
    {
        var texts = new Dictionary<BlockPlace, BlockText>();
        var lines = new ComparedLines();
        foreach (var shard in places.GroupBy(p => p.Shard).OrderBy(g => g.Key))
        {
            var rows = shard.ToLookup(p => p.Row);
            var row = 0;
            foreach (var record in input.Read(shard.Key, RecordColumns.Text()).SelectMany(b => b))
            {
                if (rows.Contains(row))
                {
                    lines.Read(record.Content.Span);
                    foreach (var place in rows[row])
                        texts[place] = Of(record, place, lines.Starts);
                }

                row++;
            }
        }

        return texts;
    }

    private static BlockText Of(CodeRecord record, BlockPlace place, ReadOnlySpan<int> starts)
    {
        var (start, end) = (starts[place.FirstLine], starts[place.FirstLine + place.Lines]);
        var stop = Math.Min(end, start + MostBytes);
        // Never within a character.
        while (stop < end && stop > start && (record.Content.Span[stop] & 0xC0) == 0x80)
            stop--;
        var text = Encoding.UTF8.GetString(Masked(record, start, stop));
        return new BlockText(record.DisplayPath, record.Language, text, stop < end);
    }

    // What was only annotated still stands in the text.
    private static byte[] Masked(CodeRecord record, int start, int stop)
    {
        var bytes = record.Content.Span[start..stop].ToArray();
        var left = (record.Redactions ?? []).Where(r => !r.IsReplaced).ToList();
        if (left.Count == 0)
            return bytes;
        var point = -1;
        var masked = new List<byte>(bytes.Length);
        for (var i = 0; i < stop; i++)
        {
            var begins = (record.Content.Span[i] & 0xC0) != 0x80;
            point += begins ? 1 : 0;
            if (i < start)
                continue;
            var hidden = left.Exists(r => point >= r.Start && point < r.Start + r.Length);
            if (!hidden)
                masked.Add(record.Content.Span[i]);
            else if (begins)
                masked.Add(record.Content.Span[i] == '\n' ? (byte)'\n' : (byte)'*');
        }

        return [.. masked];
    }
}
