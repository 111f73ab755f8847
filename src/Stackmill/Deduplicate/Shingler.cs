using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Stackmill.Deduplicate;

/// <summary>
/// Turns UTF-8 text into the set of its shingles. A token is a maximal run of word bytes
/// (<c>A-Z a-z 0-9 _</c> and all bytes of 0x80 and above) or any other single byte that isn't white space
/// (0x09 to 0x0D, 0x20); case and digits count. A shingle is <see cref="TokensPerShingle"/> consecutive tokens:
/// the exclusive or of their 64-bit hashes, each rotated by its place, finalised by a bijection
/// (a cyclic polynomial as in Cohen, "Recursive hashing functions for n-grams", 1997).
/// The same text gives the same hashes everywhere. One per worker: not thread-safe.
/// </summary>
internal sealed class Shingler
{
    /// <summary>Tokens in a shingle (k).</summary>
    public const int TokensPerShingle = 5;

    // Tokens hashed before their shingles are made: 32 KiB of hashes stay in the first-level cache.
    private const int TokenBatch = 4096;

    // Scratch kept for the next file; a 1 MiB file of one-byte tokens needs 16 MiB.
    private const long MaxRetainedBytes = 8 << 20;

    // Zeros out what follows a token of i bytes within its first 8 (low) and next 8 (high) bytes.
    private static readonly ulong[] s_lowMasks = [.. Enumerable.Range(0, 17).Select(static i => i >= 8 ? ulong.MaxValue : (1UL << (8 * i)) - 1)];
    private static readonly ulong[] s_highMasks = [.. Enumerable.Range(0, 17).Select(static i => i == 16 ? ulong.MaxValue : i <= 8 ? 0 : (1UL << (8 * (i - 8))) - 1)];

    private readonly SimdLevel _level;
    private readonly DistinctSort _sort = new();
    private readonly ulong[] _tokens = new ulong[TokenBatch + LexicalBytes.BlockLength];
    private ulong[] _shingles = [];
    private int _pending;
    private int _written;
    private int _distinct;

    /// <param name="level">Vectors to use; by default the widest that the processor has.</param>
    public Shingler(SimdLevel? level = null) => _level = level ?? SimdLevels.Best;

    /// <summary>Tokens in the last text.</summary>
    public int TokenCount { get; private set; }

    /// <summary>The last text's distinct shingles, ascending; valid until the next call. Empty below <see cref="TokensPerShingle"/> tokens.</summary>
    public ReadOnlySpan<ulong> Shingles => _shingles.AsSpan(0, _distinct);

    /// <summary>
    /// Reads one text. Time is linear in its length, apart from introsort's factor on hashes chosen to collide;
    /// memory is at most 16 bytes a token, and at most 16 MiB of it is kept afterwards.
    /// </summary>
    /// <returns>The distinct shingles, as <see cref="Shingles"/>.</returns>
    public ReadOnlySpan<ulong> Read(ReadOnlySpan<byte> text)
    {
        if (_shingles.LongLength * sizeof(ulong) > MaxRetainedBytes)
            _shingles = [];
        _sort.Trim(MaxRetainedBytes);
        _pending = _written = _distinct = TokenCount = 0;

        // A constant level lets the compiler drop the other paths from the loop.
        switch (_level)
        {
            case SimdLevel.Vector512: Tokenise(text, SimdLevel.Vector512); break;
            case SimdLevel.Vector256: Tokenise(text, SimdLevel.Vector256); break;
            case SimdLevel.Vector128: Tokenise(text, SimdLevel.Vector128); break;
            default: Tokenise(text, SimdLevel.Scalar); break;
        }
        FlushTokens();
        _distinct = _sort.Sort(_shingles.AsSpan(0, _written));
        return Shingles;
    }

    /// <summary>
    /// The first 128 bits of the SHA-256 of the tokens, each followed by one space: equal exactly when two texts
    /// have the same tokens. For files too short for shingles.
    /// </summary>
    public static UInt128 TokenDigest(ReadOnlySpan<byte> text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int at = 0;
        while (NextToken(text, ref at) is { Length: > 0 } token)
        {
            hash.AppendData(token);
            hash.AppendData(" "u8);
        }
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    private static ReadOnlySpan<byte> NextToken(ReadOnlySpan<byte> text, ref int at)
    {
        while (at < text.Length && LexicalBytes.IsSpace(text[at]))
            at++;
        int start = at;
        while (at < text.Length && LexicalBytes.IsWord(text[at]))
            at++;
        if (at == start && at < text.Length)
            at++;
        return text[start..at];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Tokenise(ReadOnlySpan<byte> text, SimdLevel level)
    {
        bool wordBefore = false;
        int block = 0;
        for (; block + LexicalBytes.BlockLength <= text.Length; block += LexicalBytes.BlockLength)
        {
            LexicalMasks masks = LexicalBytes.Classify(ref Unsafe.Add(ref MemoryMarshal.GetReference(text), block), level);
            HashTokens(text, block, masks, ref wordBefore);
        }
        if (block < text.Length)
        {
            Span<byte> last = stackalloc byte[LexicalBytes.BlockLength];
            last.Fill((byte)' ');
            text[block..].CopyTo(last);
            HashTokens(text, block, LexicalBytes.Classify(ref last[0], level), ref wordBefore);
        }
    }

    /// <summary>Hashes the tokens that start in one block of 64 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void HashTokens(ReadOnlySpan<byte> text, int block, LexicalMasks masks, ref bool wordBefore)
    {
        ulong word = masks.Word;
        ulong starts = (word & ~((word << 1) | (wordBefore ? 1UL : 0))) | ~(word | masks.Space);
        wordBefore = word >> 63 != 0;
        if (_pending >= TokenBatch)
            FlushTokens();

        ref byte first = ref MemoryMarshal.GetReference(text);
        ref ulong output = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_tokens), _pending);
        ref ulong lowMasks = ref MemoryMarshal.GetArrayDataReference(s_lowMasks);
        ref ulong highMasks = ref MemoryMarshal.GetArrayDataReference(s_highMasks);
        int lastPaddable = text.Length - 16;
        int count = BitOperations.PopCount(starts);
        for (; starts != 0; starts &= starts - 1)
        {
            int bit = BitOperations.TrailingZeroCount(starts);
            int run = BitOperations.TrailingZeroCount(~(word >> bit));
            int at = block + bit;
            if (run + bit >= LexicalBytes.BlockLength)
                run = WordLength(text, at, LexicalBytes.BlockLength - bit);
            int length = Math.Max(run, 1);
            if (length <= 16 && at <= lastPaddable)
            {
                ulong low = StableHash.ReadLittleEndian(ref Unsafe.Add(ref first, at)) & Unsafe.Add(ref lowMasks, length);
                ulong high = StableHash.ReadLittleEndian(ref Unsafe.Add(ref first, at + 8)) & Unsafe.Add(ref highMasks, length);
                output = StableHash.ShortToken(low, high);
            }
            else
            {
                output = StableHash.Token(text.Slice(at, length));
            }
            output = ref Unsafe.Add(ref output, 1);
        }
        _pending += count;
        TokenCount += count;
    }

    /// <summary>Length of the word at <paramref name="at"/> that runs over its block's end; called once a word.</summary>
    private static int WordLength(ReadOnlySpan<byte> text, int at, int known)
    {
        int end = at + known;
        while (end < text.Length && LexicalBytes.IsWord(text[end]))
            end++;
        return end - at;
    }

    /// <summary>Makes the shingles of the tokens at hand, and keeps the last k − 1 tokens for the next batch.</summary>
    private void FlushTokens()
    {
        int shingles = _pending - TokensPerShingle + 1;
        if (shingles <= 0)
            return;
        if (_shingles.Length - _written < shingles)
            Array.Resize(ref _shingles, (int)BitOperations.RoundUpToPowerOf2((uint)(_written + shingles)));
        ref ulong token = ref MemoryMarshal.GetArrayDataReference(_tokens);
        Span<ulong> output = _shingles.AsSpan(_written, shingles);
        for (int i = 0; i < output.Length; i++)
        {
            ulong mixed = BitOperations.RotateLeft(token, 4)
                ^ BitOperations.RotateLeft(Unsafe.Add(ref token, 1), 3)
                ^ BitOperations.RotateLeft(Unsafe.Add(ref token, 2), 2)
                ^ BitOperations.RotateLeft(Unsafe.Add(ref token, 3), 1)
                ^ Unsafe.Add(ref token, 4);
            output[i] = StableHash.Finalise(mixed);
            token = ref Unsafe.Add(ref token, 1);
        }
        _written += shingles;
        _tokens.AsSpan(shingles, TokensPerShingle - 1).CopyTo(_tokens);
        _pending = TokensPerShingle - 1;
    }
}
