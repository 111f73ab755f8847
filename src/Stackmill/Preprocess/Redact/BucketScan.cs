using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Stackmill.Preprocess.Redact;

/// <summary>
/// Says of 64 positions at a time where one of some hundred short byte strings may begin, by the method of Teddy in Hyperscan: strings are dealt to
/// buckets; for each of their first four bytes two tables say by low and high nibble which buckets go on. Eight buckets fill a table; there are
/// eight sets of tables, since with 700 strings in eight buckets every third position of code would go on.
/// </summary>
internal sealed class BucketScan
{
    /// <summary>Positions that one call decides on.</summary>
    public const int Step = 64;

    /// <summary>Bytes that one call reads.</summary>
    public const int Reads = Step + Window - 1;

    private const int Window = 4;
    private const int Sets = 8;
    private const int Buckets = 8 * Sets;
    private const int Table = 16;

    // By set, place and half (low nibble, high nibble).
    private readonly Vector128<byte>[] _tables = new Vector128<byte>[Sets * Window * 2];
    private readonly Vector512<byte>[] _wide = new Vector512<byte>[Sets * Window * 2];

    /// <param name="strings">Three or four bytes each, neighbours like each other; lower case where any case counts.</param>
    public BucketScan((byte[] Bytes, bool AnyCase)[] strings)
    {
        byte[] tables = new byte[_tables.Length * Table];
        for (int i = 0; i < strings.Length; i++)
        {
            int bucket = i * Buckets / strings.Length;
            for (int place = 0; place < Window; place++)
                Allow(tables.AsSpan((((bucket / 8 * Window) + place) * 2) * Table, 2 * Table), strings[i], place, (byte)(1 << (bucket % 8)));
        }
        for (int i = 0; i < _tables.Length; i++)
        {
            _tables[i] = Vector128.Create<byte>(tables.AsSpan(i * Table, Table));
            _wide[i] = Vector512.Create(Vector256.Create(_tables[i], _tables[i]), Vector256.Create(_tables[i], _tables[i]));
        }
    }

    /// <summary>A bit for each of the 64 positions from <paramref name="at"/>; <see cref="Reads"/> bytes must be there.</summary>
    public ulong Hits(ReadOnlySpan<byte> text, int at)
    {
        ref byte origin = ref MemoryMarshal.GetReference(text.Slice(at, Reads));
        if (Avx512BW.IsSupported)
            return HitsWide(ref origin);
        ulong hits = 0;
        for (int part = 0; part < Step; part += Vector128<byte>.Count)
            hits |= (ulong)HitsNarrow(ref origin, (nuint)part) << part;
        return hits;
    }

    private ulong HitsWide(ref byte origin)
    {
        Vector512<byte> nibble = Vector512.Create((byte)0x0F);
        Vector512<byte> found = Vector512<byte>.Zero;
        (Vector512<byte> low0, Vector512<byte> high0) = Nibbles(ref origin, 0, nibble);
        (Vector512<byte> low1, Vector512<byte> high1) = Nibbles(ref origin, 1, nibble);
        (Vector512<byte> low2, Vector512<byte> high2) = Nibbles(ref origin, 2, nibble);
        (Vector512<byte> low3, Vector512<byte> high3) = Nibbles(ref origin, 3, nibble);
        ReadOnlySpan<Vector512<byte>> all = _wide;
        for (int set = 0; set < Sets; set++)
        {
            ReadOnlySpan<Vector512<byte>> t = all.Slice(set * Window * 2, Window * 2);
            found |= Avx512BW.Shuffle(t[0], low0) & Avx512BW.Shuffle(t[1], high0) & Avx512BW.Shuffle(t[2], low1) & Avx512BW.Shuffle(t[3], high1)
                & Avx512BW.Shuffle(t[4], low2) & Avx512BW.Shuffle(t[5], high2) & Avx512BW.Shuffle(t[6], low3) & Avx512BW.Shuffle(t[7], high3);
        }
        return ~Vector512.Equals(found, Vector512<byte>.Zero).ExtractMostSignificantBits();
    }

    private static (Vector512<byte> Low, Vector512<byte> High) Nibbles(ref byte origin, nuint place, Vector512<byte> nibble)
    {
        Vector512<byte> bytes = Vector512.LoadUnsafe(ref origin, place);
        return (bytes & nibble, (bytes >>> 4) & nibble);
    }

    private uint HitsNarrow(ref byte origin, nuint at)
    {
        Vector128<byte> nibble = Vector128.Create((byte)0x0F);
        Vector128<byte> found = Vector128<byte>.Zero;
        Vector128<byte> first = Vector128.LoadUnsafe(ref origin, at);
        Vector128<byte> second = Vector128.LoadUnsafe(ref origin, at + 1);
        Vector128<byte> third = Vector128.LoadUnsafe(ref origin, at + 2);
        Vector128<byte> fourth = Vector128.LoadUnsafe(ref origin, at + 3);
        ReadOnlySpan<Vector128<byte>> all = _tables;
        for (int set = 0; set < Sets; set++)
        {
            ReadOnlySpan<Vector128<byte>> t = all.Slice(set * Window * 2, Window * 2);
            found |= Vector128.ShuffleNative(t[0], first & nibble) & Vector128.ShuffleNative(t[1], (first >>> 4) & nibble)
                & Vector128.ShuffleNative(t[2], second & nibble) & Vector128.ShuffleNative(t[3], (second >>> 4) & nibble)
                & Vector128.ShuffleNative(t[4], third & nibble) & Vector128.ShuffleNative(t[5], (third >>> 4) & nibble)
                & Vector128.ShuffleNative(t[6], fourth & nibble) & Vector128.ShuffleNative(t[7], (fourth >>> 4) & nibble);
        }
        return ~Vector128.Equals(found, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xFFFF;
    }

    private static void Allow(Span<byte> halves, (byte[] Bytes, bool AnyCase) text, int place, byte bucket)
    {
        // Three bytes say nothing of a fourth.
        if (place >= text.Bytes.Length)
        {
            for (int i = 0; i < halves.Length; i++)
                halves[i] |= bucket;
            return;
        }
        byte b = text.Bytes[place];
        halves[b & 0x0F] |= bucket;
        halves[Table + (b >> 4)] |= bucket;
        // Both cases have the same low nibble.
        if (text.AnyCase && b is >= (byte)'a' and <= (byte)'z')
            halves[Table + ((b - 0x20) >> 4)] |= bucket;
    }
}
