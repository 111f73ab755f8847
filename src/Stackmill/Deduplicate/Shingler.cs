using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Stackmill.Deduplicate;

/// <summary>
/// Turns UTF-8 text into the set of its shingles. A token is a maximal run of word bytes
/// (<c>A-Z a-z 0-9 _</c> and all bytes of 0x80 and above) or any other single byte that isn't white space
/// (0x09 to 0x0D, 0x20); case and digits count. A shingle is k consecutive tokens:
/// the exclusive or of their 64-bit hashes, each rotated by its place, finalised by a bijection
/// (a cyclic polynomial as in Cohen, "Recursive hashing functions for n-grams", 1997).
/// Identifiers may be blanked: then all of them are one token. The same text gives the same hashes everywhere. One per worker: not thread-safe.
/// </summary>
internal sealed partial class Shingler
{
    /// <summary>Tokens in a shingle (k) unless another number is asked for.</summary>
    public const int TokensPerShingle = 5;

    /// <summary>Most tokens in a shingle: each has a rotation of its own.</summary>
    public const int MostTokensPerShingle = 64;

    // Tokens hashed before their shingles are made: 32 KiB of hashes stay in the first-level cache.
    private const int TokenBatch = 4096;

    // Scratch kept for the next file; a 1 MiB file of one-byte tokens needs 16 MiB.
    private const long MaxRetainedBytes = 8 << 20;

    // Zeros out what follows a token of i bytes within its first 8 (low) and next 8 (high) bytes.
    private static readonly ulong[] s_lowMasks = [.. Enumerable.Range(0, 17).Select(static i => i >= 8 ? ulong.MaxValue : (1UL << (8 * i)) - 1)];
    private static readonly ulong[] s_highMasks = [.. Enumerable.Range(0, 17).Select(static i => i == 16 ? ulong.MaxValue : i <= 8 ? 0 : (1UL << (8 * (i - 8))) - 1)];

    private readonly SimdLevel _level;
    private readonly int _length;
    private readonly DistinctSort _sort = new();
    private readonly ulong[] _tokens = new ulong[TokenBatch + LexicalBytes.BlockLength];
    private ulong[] _shingles = [];
    private int _pending;
    private int _written;
    private int _distinct;

    /// <param name="level">Vectors to use; by default the widest that the processor has.</param>
    /// <param name="tokensPerShingle">Tokens in a shingle, 1 to <see cref="MostTokensPerShingle"/>.</param>
    /// <param name="blankIdentifiers">True when all identifiers count as one token.</param>
    public Shingler(SimdLevel? level = null, int tokensPerShingle = TokensPerShingle, bool blankIdentifiers = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokensPerShingle, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tokensPerShingle, MostTokensPerShingle);
        (_level, _length, _blanks) = (level ?? SimdLevels.Best, tokensPerShingle, blankIdentifiers ? new BlankMasks() : null);
    }

    /// <summary>Tokens in the last text.</summary>
    public int TokenCount { get; private set; }

    /// <summary>The last text's distinct shingles, ascending; valid until the next call. Empty below k tokens.</summary>
    public ReadOnlySpan<ulong> Shingles => _shingles.AsSpan(0, _distinct);

    /// <summary>
    /// Reads one text. Time is linear in its length, apart from introsort's factor on hashes chosen to collide;
    /// memory is at most 16 bytes a token, and at most 16 MiB of it is kept afterwards.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="language">Its language by linguist's name; it tells identifiers from other words, where those are blanked.</param>
    /// <returns>The distinct shingles, as <see cref="Shingles"/>.</returns>
    public ReadOnlySpan<ulong> Read(ReadOnlySpan<byte> text, string language = "")
    {
        if (_shingles.LongLength * sizeof(ulong) > MaxRetainedBytes)
            _shingles = [];
        _sort.Trim(MaxRetainedBytes);
        _pending = _written = _distinct = TokenCount = 0;

        // A constant level lets the compiler drop the other paths from the loop, and so does a constant null.
        var keywords = _blanks?.Load(text, language);
        switch (_level, keywords)
        {
            case (SimdLevel.Vector512, null): Tokenise(text, SimdLevel.Vector512, null); break;
            case (SimdLevel.Vector256, null): Tokenise(text, SimdLevel.Vector256, null); break;
            case (SimdLevel.Vector128, null): Tokenise(text, SimdLevel.Vector128, null); break;
            case (_, null): Tokenise(text, SimdLevel.Scalar, null); break;
            case (SimdLevel.Vector512, _): Tokenise(text, SimdLevel.Vector512, keywords); break;
            case (SimdLevel.Vector256, _): Tokenise(text, SimdLevel.Vector256, keywords); break;
            case (SimdLevel.Vector128, _): Tokenise(text, SimdLevel.Vector128, keywords); break;
            default: Tokenise(text, SimdLevel.Scalar, keywords); break;
        }
        FlushTokens();
        _distinct = _sort.Sort(_shingles.AsSpan(0, _written));
        return Shingles;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Tokenise(ReadOnlySpan<byte> text, SimdLevel level, Keywords? keywords)
    {
        bool wordBefore = false;
        int block = 0;
        for (; block + LexicalBytes.BlockLength <= text.Length; block += LexicalBytes.BlockLength)
        {
            LexicalMasks masks = LexicalBytes.Classify(ref Unsafe.Add(ref MemoryMarshal.GetReference(text), block), level);
            HashTokens(text, block, masks, keywords, ref wordBefore);
        }
        if (block < text.Length)
        {
            Span<byte> last = stackalloc byte[LexicalBytes.BlockLength];
            last.Fill((byte)' ');
            text[block..].CopyTo(last);
            HashTokens(text, block, LexicalBytes.Classify(ref last[0], level), keywords, ref wordBefore);
        }
    }

    /// <summary>Hashes the tokens that start in one block of 64 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void HashTokens(ReadOnlySpan<byte> text, int block, LexicalMasks masks, Keywords? keywords, ref bool wordBefore)
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
        ulong names = keywords is null ? 0 : word & _blanks!.Code(block);
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
                if (keywords is not null)
                    output = keywords.Blank(output, low, high, (names >> bit) & 1);
            }
            else
            {
                output = keywords is not null && ((names >> bit) & 1) != 0 && keywords.IsIdentifier(text.Slice(at, length)) ? Keywords.BlankHash : StableHash.Token(text.Slice(at, length));
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
        int shingles = _pending - _length + 1;
        if (shingles <= 0)
            return;
        if (_shingles.Length - _written < shingles)
            Array.Resize(ref _shingles, (int)BitOperations.RoundUpToPowerOf2((uint)(_written + shingles)));
        Span<ulong> output = _shingles.AsSpan(_written, shingles);
        ShingleHashes.Of(_tokens, _length, output, _level);
        _written += shingles;
        _tokens.AsSpan(shingles, _length - 1).CopyTo(_tokens);
        _pending = _length - 1;
    }
}
