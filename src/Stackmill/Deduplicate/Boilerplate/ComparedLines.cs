using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Stackmill.Deduplicate.Boilerplate;

/// <summary>
/// The lines of one text as boilerplate compares them: from the first to the last byte of a word (a letter, digit, underscore, or part of a
/// character outside ASCII), so that neither indentation nor the frame of a comment counts. Lines without such a byte are passed over.
/// One per worker: not thread-safe.
/// </summary>
internal sealed class ComparedLines
{
    // Places kept for the next text; a file of 1 MiB of line ends needs a million.
    private const int MaxRetained = 1 << 18;

    private int[] _starts = new int[256];
    private ComparedLine[] _compared = new ComparedLine[256];

    /// <summary>Lines of the text. A line ends at <c>\n</c>; text after the last one is one more.</summary>
    public int Lines { get; private set; }

    /// <summary>Lines that are compared.</summary>
    public int Count { get; private set; }

    /// <summary>Where each line starts, in bytes, and after them the end of the text.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, Lines + 1);

    /// <summary>The compared lines, in order; valid until the next text.</summary>
    public ReadOnlySpan<ComparedLine> Compared => _compared.AsSpan(0, Count);

    /// <summary>Reads a text, in one pass.</summary>
    public void Read(ReadOnlySpan<byte> text)
    {
        if (_starts.Length > MaxRetained)
            _starts = new int[256];
        if (_compared.Length > MaxRetained)
            _compared = new ComparedLine[256];
        (Lines, Count) = (0, 0);
        _starts[0] = 0;
        var (first, last, at) = (-1, -1, 0);
        for (; at + LexicalBytes.BlockLength <= text.Length; at += LexicalBytes.BlockLength)
            ReadBlock(text, at, ref Unsafe.Add(ref MemoryMarshal.GetReference(text), at), ref first, ref last);
        if (at < text.Length)
        {
            Span<byte> end = stackalloc byte[LexicalBytes.BlockLength];
            end.Fill((byte)' ');
            text[at..].CopyTo(end);
            ReadBlock(text, at, ref end[0], ref first, ref last);
        }

        if (text.Length > _starts[Lines])
            EndLine(text, text.Length, first, last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ReadBlock(ReadOnlySpan<byte> text, int offset, ref byte block, ref int first, ref int last)
    {
        var word = LexicalBytes.Classify(ref block, SimdLevels.Best).Word;
        ulong ends = 0;
        for (var part = 0; part < LexicalBytes.BlockLength; part += Vector256<byte>.Count)
            ends |= (ulong)Vector256.Equals(Vector256.LoadUnsafe(ref block, (nuint)part), Vector256.Create((byte)'\n')).ExtractMostSignificantBits() << part;
        for (; ends != 0; ends &= ends - 1)
        {
            var end = BitOperations.TrailingZeroCount(ends);
            Mark(word & ((1UL << end) - 1), offset, ref first, ref last);
            EndLine(text, offset + end + 1, first, last);
            (first, last) = (-1, -1);
            // The bits above the line end; a shift by 64 would be one by 0.
            word &= ulong.MaxValue << end << 1;
        }

        Mark(word, offset, ref first, ref last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mark(ulong word, int offset, ref int first, ref int last)
    {
        if (word == 0)
            return;
        if (first < 0)
            first = offset + BitOperations.TrailingZeroCount(word);
        last = offset + BitOperations.Log2(word);
    }

    private void EndLine(ReadOnlySpan<byte> text, int next, int first, int last)
    {
        if (first >= 0)
        {
            if (Count == _compared.Length)
                Array.Resize(ref _compared, 2 * Count);
            _compared[Count++] = new ComparedLine(LineHash.Of(text, first, last + 1 - first), Lines, first, last + 1 - first);
        }

        if (++Lines == _starts.Length)
            Array.Resize(ref _starts, 2 * Lines);
        _starts[Lines] = next;
    }
}

/// <summary>A line that is compared.</summary>
/// <param name="Hash">64-bit hash of its compared bytes.</param>
/// <param name="Line">Which line of the text it is, from 0.</param>
/// <param name="Start">Where its compared bytes start in the text.</param>
/// <param name="Length">How many there are.</param>
internal readonly record struct ComparedLine(ulong Hash, int Line, int Start, int Length);

/// <summary>Hashes of lines: the same on every machine. Fast, not cryptographic, as <see cref="StableHash"/>.</summary>
internal static class LineHash
{
    private const int Step = 16;

    /// <summary>The hash of <paramref name="length"/> bytes of a text.</summary>
    public static ulong Of(ReadOnlySpan<byte> text, int start, int length)
    {
        if (length <= Step)
            return StableHash.Finalise(StableHash.Token(text.Slice(start, length)) + (ulong)length);
        ref var at = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), start);
        ref var end = ref Unsafe.Add(ref at, length - Step);
        var hash = (ulong)length;
        for (; Unsafe.IsAddressLessThan(ref at, ref end); at = ref Unsafe.Add(ref at, Step))
            hash = Add(hash, ref at);
        // The last step reaches back over bytes that were read before, so that no byte behind the line is read.
        return StableHash.Finalise(Add(hash, ref end));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Add(ulong hash, ref byte at)
    {
        var (low, high) = StableHash.TokenSecrets;
        return BitOperations.RotateLeft(hash, 29) ^ StableHash.Fold(StableHash.ReadLittleEndian(ref at) ^ low ^ hash, StableHash.ReadLittleEndian(ref Unsafe.Add(ref at, 8)) ^ high);
    }
}
