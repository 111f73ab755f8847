using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Stackmill.Preprocess.Redact;

/// <summary>
/// Searches for the literals of all rules at once. Of each literal its rarest four bytes (three, if it has no more) are looked for by a
/// <see cref="BucketScan"/>; what that lets through is checked in a bit set of those bytes, and only then compared.
/// (SearchValues of strings does the same on characters, at a quarter of the speed here.)
/// </summary>
internal sealed class LiteralIndex
{
    private const int Shortest = 3;
    private const int Window = 4;
    private const int FurthestWindow = 16;
    private const int FilterBits = 16;

    // Bytes of source code by how often they come, the commonest first; what is not here is rare.
    private const string Common = " etarnsoilcdupm_fgh.b(),=vyxk\"-*:;/w'jq0123TESARINLCO456789zDPMF{}UB>[]GHVWKYXJQZ";

    private readonly record struct Entry(byte[] Literal, int Offset, bool AnyCase, Rule Rule)
    {
        public ReadOnlySpan<byte> Rarest => Literal.AsSpan(Offset, Math.Min(Window, Literal.Length));
    }

    private readonly Dictionary<uint, Entry[]> _byWindow;
    private readonly ulong[] _filter = new ulong[(1 << FilterBits) / 64];
    private readonly BucketScan _scan;
    private readonly int _furthest;

    /// <param name="rules">The rules; those that are not anchored by literals are passed over.</param>
    /// <exception cref="ArgumentException">A literal has fewer than three bytes.</exception>
    public LiteralIndex(IEnumerable<Rule> rules)
    {
        List<Entry> entries = [];
        foreach (Rule rule in rules.Where(r => r.Anchor is RuleAnchor.Literal or RuleAnchor.LiteralAnyCase))
        {
            bool anyCase = rule.Anchor == RuleAnchor.LiteralAnyCase;
            foreach (string literal in rule.Literals.Distinct(StringComparer.Ordinal))
            {
                if (literal.Length < Shortest)
                    throw new ArgumentException($"Rule {rule.Id} has a literal of fewer than {Shortest} bytes; searching for it would stop everywhere.", nameof(rules));
                byte[] bytes = Encoding.UTF8.GetBytes(anyCase ? literal.ToLowerInvariant() : literal);
                entries.Add(new Entry(bytes, RarestWindow(bytes), anyCase, rule));
            }
        }
        _byWindow = entries.GroupBy(e => Key(e.Rarest)).ToDictionary(g => g.Key, g => g.ToArray());
        foreach (uint key in _byWindow.Keys)
            _filter[Slot(key) >> 6] |= 1UL << (Slot(key) & 63);
        _furthest = entries.Count == 0 ? 0 : entries.Max(e => e.Offset);
        // Neighbours in the order share bytes, so that a bucket's tables stay sparse.
        _scan = new BucketScan([.. entries.OrderBy(e => e.Rarest.Length).ThenBy(e => Encoding.Latin1.GetString(e.Rarest), StringComparer.Ordinal).Select(e => (e.Rarest.ToArray(), e.AnyCase))]);
    }

    /// <summary>Runs the rules whose literal begins in [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public void Find(ReadOnlySpan<byte> text, int from, int to, CandidateSink sink)
    {
        int at = from;
        int end = Math.Min(text.Length, to + _furthest);
        ref byte first = ref MemoryMarshal.GetReference(text);
        ref ulong filter = ref MemoryMarshal.GetArrayDataReference(_filter);
        for (; at < end && at <= text.Length - BucketScan.Reads; at += BucketScan.Step)
        {
            for (ulong hits = _scan.Hits(text, at); hits != 0; hits &= hits - 1)
            {
                // Some positions in a hundred come here, and nearly all end here: four bytes are there, and both keys are looked up without a call.
                int place = at + BitOperations.TrailingZeroCount(hits);
                uint bytes = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, place));
                uint four = (BitConverter.IsLittleEndian ? bytes : BinaryPrimitives.ReverseEndianness(bytes)) | 0x20202020;
                uint three = four & 0xFFFFFF;
                int slot4 = Slot(four);
                int slot3 = Slot(three);
                if (((Unsafe.Add(ref filter, slot4 >> 6) >> slot4) | (Unsafe.Add(ref filter, slot3 >> 6) >> slot3)) << 63 != 0)
                    Check(text, place, from, to, sink);
            }
        }
        for (; at < end; at++)
            Check(text, at, from, to, sink);
    }

    private void Check(ReadOnlySpan<byte> text, int at, int from, int to, CandidateSink sink)
    {
        if (text.Length - at < Shortest)
            return;
        uint three = Key(text.Slice(at, Shortest));
        if (IsIn(three))
            Compare(text, at, three, from, to, sink);
        if (text.Length - at < Window)
            return;
        uint four = Key(text.Slice(at, Window));
        if (IsIn(four))
            Compare(text, at, four, from, to, sink);
    }

    private void Compare(ReadOnlySpan<byte> text, int at, uint key, int from, int to, CandidateSink sink)
    {
        if (!_byWindow.TryGetValue(key, out Entry[]? entries))
            return;
        sink.Count(1);
        foreach (Entry entry in entries)
        {
            int start = at - entry.Offset;
            if (start < from || start >= to || entry.Literal.Length > text.Length - start)
                continue;
            ReadOnlySpan<byte> here = text.Slice(start, entry.Literal.Length);
            if (entry.AnyCase ? Ascii.EqualsIgnoreCase(here, entry.Literal) : here.SequenceEqual(entry.Literal))
                entry.Rule.Match(entry.Rule, text, start, sink);
        }
    }

    private bool IsIn(uint key) => (_filter[Slot(key) >> 6] & (1UL << (Slot(key) & 63))) != 0;

    private static int RarestWindow(ReadOnlySpan<byte> literal)
    {
        int best = 0;
        int most = -1;
        for (int i = 0; i <= Math.Min(literal.Length - Window, FurthestWindow); i++)
        {
            int rarity = 0;
            foreach (byte b in literal.Slice(i, Window))
            {
                int rank = Common.IndexOf((char)b, StringComparison.Ordinal);
                rarity += rank < 0 ? Common.Length : rank;
            }
            if (rarity > most)
                (best, most) = (i, rarity);
        }
        return best;
    }

    // All bytes with bit 5 set: one key for both cases; what it confuses beside that is told apart by the comparison. Three bytes have none in the fourth place.
    private static uint Key(ReadOnlySpan<byte> window) =>
        window.Length >= Window ? BinaryPrimitives.ReadUInt32LittleEndian(window) | 0x20202020 : (uint)(window[0] | (window[1] << 8) | (window[2] << 16)) | 0x202020;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Slot(uint key) => (int)(key * 2654435769u >> (32 - FilterBits));
}
