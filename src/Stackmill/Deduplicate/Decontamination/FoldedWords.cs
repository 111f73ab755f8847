using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Stackmill.Deduplicate.Decontamination;

/// <summary>
/// The words of a text, batch by batch, with hashes in which ASCII's case doesn't count. A word is a maximal run of
/// <c>A-Z a-z 0-9 _</c> and bytes of 0x80 and above; everything between words is passed over, so that indentation, line
/// ends, quotes, comment marks and the spacing of operators make no difference. So is a letter n, r or t after a backslash,
/// and u with the four digits of a sign of ASCII: a line end in a string is none of the word behind it, and a text in a JSON or
/// program string has the words that it has outside of it. Equal words have equal hashes; the reverse must be checked with <see cref="Same"/>.
/// </summary>
internal sealed class FoldedWords
{
    // 4096 hashes and places are 64 KiB: they stay in the second-level cache until their windows are looked up.
    private const int BatchWords = 4096;

    // Sets ASCII letters to lower case and leaves digits; `_` becomes 0x7F, which no word holds. Other bytes may fall together.
    private const ulong CaseBit = 0x2020202020202020;

    private static readonly ulong[] s_lowMasks = [.. Enumerable.Range(0, 17).Select(static i => i >= 8 ? ulong.MaxValue : (1UL << (8 * i)) - 1)];
    private static readonly ulong[] s_highMasks = [.. Enumerable.Range(0, 17).Select(static i => i == 16 ? ulong.MaxValue : i <= 8 ? 0 : (1UL << (8 * (i - 8))) - 1)];

    private readonly SimdLevel _level;
    private readonly ulong[] _hashes;
    private readonly int[] _starts;
    private readonly int[] _lengths;
    private int _block;
    private bool _wordBefore;
    private bool _backslashBefore;
    private int _escapedAhead;

    /// <param name="keep">Words of the batch before that <see cref="Next"/> keeps at the start of the next one.</param>
    /// <param name="level">Vectors to use; by default the widest that the processor has.</param>
    public FoldedWords(int keep, SimdLevel? level = null)
    {
        (Keep, _level) = (keep, level ?? SimdLevels.Best);
        _hashes = new ulong[keep + BatchWords + LexicalBytes.BlockLength];
        _starts = new int[_hashes.Length];
        _lengths = new int[_hashes.Length];
    }

    /// <summary>Most words that are kept of the batch before.</summary>
    public int Keep { get; }

    /// <summary>Words at hand, those that were kept included.</summary>
    public int Count { get; private set; }

    /// <summary>How many of them were kept.</summary>
    public int Kept { get; private set; }

    /// <summary>The words' hashes.</summary>
    public ReadOnlySpan<ulong> Hashes => _hashes.AsSpan(0, Count);

    /// <summary>Begins another text.</summary>
    public void Begin()
    {
        Count = Kept = _block = 0;
        _wordBefore = _backslashBefore = false;
        _escapedAhead = 0;
    }

    /// <summary>Takes the next words of the text; false at its end.</summary>
    public bool Next(ReadOnlySpan<byte> text)
    {
        Kept = Math.Min(Keep, Count);
        _hashes.AsSpan(Count - Kept, Kept).CopyTo(_hashes);
        _starts.AsSpan(Count - Kept, Kept).CopyTo(_starts);
        _lengths.AsSpan(Count - Kept, Kept).CopyTo(_lengths);
        Count = Kept;
        switch (_level)
        {
            case SimdLevel.Vector512: Fill<Of512Bits>(text); break;
            case SimdLevel.Vector256: Fill<Of256Bits>(text); break;
            case SimdLevel.Vector128: Fill<Of128Bits>(text); break;
            default: Fill<OfScalars>(text); break;
        }

        return Count > Kept;
    }

    /// <summary>One of the words at hand, as it stands in the text.</summary>
    public ReadOnlySpan<byte> Word(ReadOnlySpan<byte> text, int index) => text.Slice(_starts[index], _lengths[index]);

    /// <summary>True when a word is <paramref name="folded"/>, which has ASCII's lower case.</summary>
    public static bool Same(ReadOnlySpan<byte> word, ReadOnlySpan<byte> folded)
    {
        if (word.Length != folded.Length)
            return false;
        for (var i = 0; i < word.Length; i++)
        {
            if (Lower(word[i]) != folded[i])
                return false;
        }

        return true;
    }

    /// <summary>A byte in ASCII's lower case.</summary>
    public static byte Lower(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;

    private void Fill<TLevel>(ReadOnlySpan<byte> text)
        where TLevel : ISimdLevel
    {
        while (_block + LexicalBytes.BlockLength <= text.Length && Count < Keep + BatchWords)
            Take(text, ref Unsafe.Add(ref MemoryMarshal.GetReference(text), _block), TLevel.Value);
        if (_block >= text.Length || Count >= Keep + BatchWords)
            return;
        Span<byte> last = stackalloc byte[LexicalBytes.BlockLength];
        last.Fill((byte)' ');
        text[_block..].CopyTo(last);
        Take(text, ref last[0], TLevel.Value);
    }

    /// <summary>Hashes the words that start in one block of 64 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Take(ReadOnlySpan<byte> text, ref byte block, SimdLevel level)
    {
        var word = LexicalBytes.Classify(ref block, level).Word;
        var backslashes = Equal(ref block, (byte)'\\');
        if (backslashes != 0 || _backslashBefore || _escapedAhead != 0)
            word &= ~Escapes(text, ref block, backslashes);

        var starts = word & ~((word << 1) | (_wordBefore ? 1UL : 0));
        _wordBefore = word >> 63 != 0;
        var count = Count;
        for (; starts != 0; starts &= starts - 1)
        {
            var bit = BitOperations.TrailingZeroCount(starts);
            var length = BitOperations.TrailingZeroCount(~(word >> bit));
            var at = _block + bit;
            if (length + bit >= LexicalBytes.BlockLength)
                length = WordLength(text, at, LexicalBytes.BlockLength - bit);
            _starts[count] = at;
            _lengths[count] = length;
            _hashes[count++] = length <= 16 && at <= text.Length - 16 ? Short(ref Unsafe.Add(ref MemoryMarshal.GetReference(text), at), length) : Hash(text.Slice(at, length));
        }

        Count = count;
        _block += LexicalBytes.BlockLength;
    }

    /// <summary>Letters and digits of a block that belong to an escape.</summary>
    private ulong Escapes(ReadOnlySpan<byte> text, ref byte block, ulong backslashes)
    {
        var after = (backslashes << 1) | (_backslashBefore ? 1UL : 0);
        _backslashBefore = backslashes >> 63 != 0;
        var escaped = (after & (Equal(ref block, (byte)'n') | Equal(ref block, (byte)'r') | Equal(ref block, (byte)'t'))) | ((1UL << _escapedAhead) - 1);
        _escapedAhead = 0;
        for (var unicode = after & Equal(ref block, (byte)'u'); unicode != 0; unicode &= unicode - 1)
        {
            var bit = BitOperations.TrailingZeroCount(unicode);
            if (!IsAsciiEscape(text[(_block + bit)..]))
                continue;
            escaped |= 0b11111UL << bit;
            _escapedAhead = Math.Max(0, bit + 5 - LexicalBytes.BlockLength);
        }

        return escaped;
    }

    private static bool IsAsciiEscape(ReadOnlySpan<byte> text) =>
        text.Length >= 5 && text[1] == '0' && text[2] == '0' && text[3] is >= (byte)'0' and <= (byte)'7' && char.IsAsciiHexDigit((char)text[4]);

    private static ulong Equal(ref byte block, byte value) =>
        Vector512.Equals(Vector512.LoadUnsafe(ref block), Vector512.Create(value)).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Short(ref byte start, int length) => StableHash.ShortToken(
        (StableHash.ReadLittleEndian(ref start) | CaseBit) & s_lowMasks[length],
        (StableHash.ReadLittleEndian(ref Unsafe.Add(ref start, 8)) | CaseBit) & s_highMasks[length]);

    private static ulong Hash(ReadOnlySpan<byte> word)
    {
        ulong hash = 0;
        for (; word.Length > 16; word = word[16..])
            hash = BitOperations.RotateLeft(hash, 5) + Short(ref MemoryMarshal.GetReference(word), 16);
        var (low, high) = StableHash.PaddedWords(word);
        return hash + StableHash.ShortToken((low | CaseBit) & s_lowMasks[word.Length], (high | CaseBit) & s_highMasks[word.Length]);
    }

    /// <summary>Length of the word at <paramref name="at"/> that runs over its block's end; called once a word.</summary>
    private static int WordLength(ReadOnlySpan<byte> text, int at, int known)
    {
        var end = at + known;
        while (end < text.Length && LexicalBytes.IsWord(text[end]))
            end++;
        return end - at;
    }
}
