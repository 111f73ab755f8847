using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Stackmill.Preprocess.Redact;

/// <summary>
/// Searches for the literals of all rules at once, 16 positions at a time, by the method of Teddy in Hyperscan: literals are dealt to eight buckets;
/// for each of their first three bytes two tables say by low and high nibble which buckets go on. What survives all six tables is checked in a
/// bit set of three-byte prefixes, and only then compared. (SearchValues of strings does the same on characters, at a quarter of the speed here.)
/// </summary>
internal sealed class LiteralIndex
{
    private const int Prefix = 3;
    private const int Buckets = 8;
    private const int FilterBits = 16;

    private readonly record struct Entry(byte[] Literal, bool AnyCase, Rule Rule);

    private readonly Dictionary<int, Entry[]> _byPrefix;
    private readonly ulong[] _filter = new ulong[(1 << FilterBits) / 64];
    private readonly Vector128<byte>[] _low = new Vector128<byte>[Prefix];
    private readonly Vector128<byte>[] _high = new Vector128<byte>[Prefix];

    /// <param name="rules">The rules; those that are not anchored by literals are passed over.</param>
    /// <exception cref="ArgumentException">A literal has fewer than three bytes.</exception>
    public LiteralIndex(IEnumerable<Rule> rules)
    {
        List<Entry> entries = [];
        foreach (Rule rule in rules.Where(r => r.Anchor is RuleAnchor.Literal or RuleAnchor.LiteralAnyCase))
        {
            bool anyCase = rule.Anchor == RuleAnchor.LiteralAnyCase;
            foreach (string literal in rule.Literals)
            {
                if (literal.Length < Prefix)
                    throw new ArgumentException($"Rule {rule.Id} has a literal of fewer than {Prefix} bytes; searching for it would stop everywhere.", nameof(rules));
                entries.Add(new Entry(Encoding.ASCII.GetBytes(anyCase ? literal.ToLowerInvariant() : literal), anyCase, rule));
            }
        }
        _byPrefix = entries.GroupBy(e => Fold(e.Literal)).ToDictionary(g => g.Key, g => g.ToArray());
        foreach (int prefix in _byPrefix.Keys)
            _filter[Slot(prefix) >> 6] |= 1UL << (Slot(prefix) & 63);
        BuildTables(entries);
    }

    /// <summary>Runs the rules whose literal begins in [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public void Find(ReadOnlySpan<byte> text, int from, int to, CandidateSink sink)
    {
        int at = from;
        int vectorEnd = Math.Min(to, text.Length - Vector128<byte>.Count - Prefix);
        ref byte origin = ref MemoryMarshal.GetReference(text);
        Vector128<byte> nibble = Vector128.Create((byte)0x0F);
        (Vector128<byte> low0, Vector128<byte> low1, Vector128<byte> low2) = (_low[0], _low[1], _low[2]);
        (Vector128<byte> high0, Vector128<byte> high1, Vector128<byte> high2) = (_high[0], _high[1], _high[2]);
        for (; at < vectorEnd; at += Vector128<byte>.Count)
        {
            Vector128<byte> first = Vector128.LoadUnsafe(ref origin, (nuint)at);
            Vector128<byte> second = Vector128.LoadUnsafe(ref origin, (nuint)at + 1);
            Vector128<byte> third = Vector128.LoadUnsafe(ref origin, (nuint)at + 2);
            Vector128<byte> buckets = Vector128.ShuffleNative(low0, first & nibble) & Vector128.ShuffleNative(high0, (first >>> 4) & nibble)
                & Vector128.ShuffleNative(low1, second & nibble) & Vector128.ShuffleNative(high1, (second >>> 4) & nibble)
                & Vector128.ShuffleNative(low2, third & nibble) & Vector128.ShuffleNative(high2, (third >>> 4) & nibble);
            if (buckets == Vector128<byte>.Zero)
                continue;
            uint hits = ~Vector128.Equals(buckets, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
            for (; hits != 0; hits &= hits - 1)
            {
                int hit = at + BitOperations.TrailingZeroCount(hits);
                if (hit < to)
                    Check(text, hit, sink);
            }
        }
        for (; at < Math.Min(to, text.Length - Prefix + 1); at++)
            Check(text, at, sink);
    }

    private void Check(ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        int prefix = Fold(text[at..]);
        int slot = Slot(prefix);
        if ((_filter[slot >> 6] & (1UL << (slot & 63))) == 0 || !_byPrefix.TryGetValue(prefix, out Entry[]? entries))
            return;
        sink.Count(1);
        foreach (Entry entry in entries)
        {
            if (entry.Literal.Length > text.Length - at)
                continue;
            ReadOnlySpan<byte> here = text.Slice(at, entry.Literal.Length);
            if (entry.AnyCase ? Ascii.EqualsIgnoreCase(here, entry.Literal) : here.SequenceEqual(entry.Literal))
                entry.Rule.Match(entry.Rule, text, at, sink);
        }
    }

    private void BuildTables(List<Entry> entries)
    {
        Span<byte> low = stackalloc byte[Prefix * 16];
        Span<byte> high = stackalloc byte[Prefix * 16];
        low.Clear();
        high.Clear();
        // Neighbours in the order share bytes, so that a bucket's tables stay sparse.
        Entry[] ordered = [.. entries.OrderBy(e => Fold(e.Literal))];
        for (int i = 0; i < ordered.Length; i++)
        {
            byte bucket = (byte)(1 << (i * Buckets / ordered.Length));
            for (int position = 0; position < Prefix; position++)
            {
                byte b = ordered[i].Literal[position];
                Allow(low, high, position, b, bucket);
                if (ordered[i].AnyCase && b is >= (byte)'a' and <= (byte)'z')
                    Allow(low, high, position, (byte)(b - 0x20), bucket);
            }
        }
        for (int position = 0; position < Prefix; position++)
        {
            _low[position] = Vector128.Create<byte>(low.Slice(position * 16, 16));
            _high[position] = Vector128.Create<byte>(high.Slice(position * 16, 16));
        }
    }

    private static void Allow(Span<byte> low, Span<byte> high, int position, byte b, byte bucket)
    {
        low[(position * 16) + (b & 0x0F)] |= bucket;
        high[(position * 16) + (b >> 4)] |= bucket;
    }

    // All bytes with bit 5 set: one key for both cases; what it confuses beside that is told apart by the comparison.
    private static int Fold(ReadOnlySpan<byte> text) => (text[0] | (text[1] << 8) | (text[2] << 16)) | 0x202020;

    private static int Slot(int prefix) => (int)((uint)prefix * 2654435769u >> (32 - FilterBits));
}
