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

        var keywords = _blanks?.Load(text, language);
        switch (_level)
        {
            case SimdLevel.Vector512: Tokenise<Of512Bits>(text, keywords); break;
            case SimdLevel.Vector256: Tokenise<Of256Bits>(text, keywords); break;
            case SimdLevel.Vector128: Tokenise<Of128Bits>(text, keywords); break;
            default: Tokenise<OfScalars>(text, keywords); break;
        }
        FlushTokens();
        _distinct = _sort.Sort(_shingles.AsSpan(0, _written));
        return Shingles;
    }

    private void Tokenise<TLevel>(ReadOnlySpan<byte> text, Keywords? keywords)
        where TLevel : ISimdLevel
    {
        if (keywords is null)
            Tokenise<TLevel, KeptNames>(text, null!);
        else
            Tokenise<TLevel, BlankNames>(text, keywords);
    }

    private void Tokenise<TLevel, TNames>(ReadOnlySpan<byte> text, Keywords keywords)
        where TLevel : ISimdLevel
        where TNames : INames
    {
        bool wordBefore = false;
        int block = 0;
        // Every token that starts in these blocks may be read as 16 bytes.
        for (; block + LexicalBytes.BlockLength + 15 <= text.Length; block += LexicalBytes.BlockLength)
        {
            LexicalMasks masks = LexicalBytes.Classify(ref Unsafe.Add(ref MemoryMarshal.GetReference(text), block), TLevel.Value);
            HashTokens<TNames>(text, block, masks, keywords, ref wordBefore);
        }
        Span<byte> last = stackalloc byte[LexicalBytes.BlockLength];
        for (; block < text.Length; block += LexicalBytes.BlockLength)
        {
            last.Fill((byte)' ');
            text[block..Math.Min(block + LexicalBytes.BlockLength, text.Length)].CopyTo(last);
            HashLastTokens<TNames>(text, block, LexicalBytes.Classify(ref last[0], TLevel.Value), keywords, ref wordBefore);
        }
    }

    /// <summary>Hashes the tokens that start in one block of 64 bytes, after which the text has at least 15 more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void HashTokens<TNames>(ReadOnlySpan<byte> text, int block, LexicalMasks masks, Keywords keywords, ref bool wordBefore)
        where TNames : INames
    {
        if (_pending >= TokenBatch)
            FlushTokens();

        ulong word = masks.Word;
        ulong marks = ~(word | masks.Space);
        ulong carried = wordBefore ? 1UL : 0;
        ulong starts = (word & ~((word << 1) | carried)) | marks;
        // Where tokens end that started in this block: the first end is not, when the word before goes on here.
        ulong wordEnds = ~word & (word << 1);
        wordEnds &= wordEnds - (carried & word);
        ulong ends = wordEnds | (marks << 1);
        wordBefore = word >> 63 != 0;

        ref byte first = ref Unsafe.Add(ref MemoryMarshal.GetReference(text), block);
        ref ulong output = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_tokens), _pending);
        ref ulong lowMasks = ref MemoryMarshal.GetArrayDataReference(s_lowMasks);
        ref ulong highMasks = ref MemoryMarshal.GetArrayDataReference(s_highMasks);
        int count = BitOperations.PopCount(starts);
        _pending += count;
        TokenCount += count;
        ulong names = TNames.Blanks ? word & _blanks!.Code(block) : 0;
        for (; starts != 0; starts &= starts - 1)
        {
            int bit = BitOperations.TrailingZeroCount(starts);
            // None is left for a word that goes on in the next block: 64.
            int length = BitOperations.TrailingZeroCount(ends) - bit;
            ends &= ends - 1;
            if (length <= 16 && length + bit < LexicalBytes.BlockLength)
            {
                ulong low = StableHash.ReadLittleEndian(ref Unsafe.Add(ref first, bit)) & Unsafe.Add(ref lowMasks, length);
                ulong high = StableHash.ReadLittleEndian(ref Unsafe.Add(ref first, bit + 8)) & Unsafe.Add(ref highMasks, length);
                output = StableHash.ShortToken(low, high);
                if (TNames.Blanks)
                    output = keywords.Blank(output, low, high, (names >> bit) & 1);
            }
            else
            {
                output = HashToken<TNames>(text, block + bit, length, bit, names, keywords);
            }
            output = ref Unsafe.Add(ref output, 1);
        }
    }

    // A token that is long, that reaches the end of its block (where only a word goes on), or that starts near the end of the text.
    private static ulong HashToken<TNames>(ReadOnlySpan<byte> text, int at, int length, int bit, ulong names, Keywords keywords)
        where TNames : INames
    {
        if (length + bit >= LexicalBytes.BlockLength && LexicalBytes.IsWord(text[at]))
            length = WordLength(text, at, length);
        var token = text.Slice(at, length);
        if (TNames.Blanks && ((names >> bit) & 1) != 0 && keywords.IsIdentifier(token))
            return Keywords.BlankHash;
        if (length > 16 || at + 16 > text.Length)
            return StableHash.Token(token);
        ref byte first = ref MemoryMarshal.GetReference(token);
        return StableHash.ShortToken(StableHash.ReadLittleEndian(ref first) & s_lowMasks[length], StableHash.ReadLittleEndian(ref Unsafe.Add(ref first, 8)) & s_highMasks[length]);
    }

    /// <summary>Hashes the tokens that start in one of the last two blocks, which may be filled up with spaces.</summary>
    private void HashLastTokens<TNames>(ReadOnlySpan<byte> text, int block, LexicalMasks masks, Keywords keywords, ref bool wordBefore)
        where TNames : INames
    {
        if (_pending >= TokenBatch)
            FlushTokens();
        ulong word = masks.Word;
        ulong names = TNames.Blanks ? word & _blanks!.Code(block) : 0;
        for (ulong starts = (word & ~((word << 1) | (wordBefore ? 1UL : 0))) | ~(word | masks.Space); starts != 0; starts &= starts - 1)
        {
            int bit = BitOperations.TrailingZeroCount(starts);
            int length = Math.Max(BitOperations.TrailingZeroCount(~(word >> bit)), 1);
            _tokens[_pending++] = HashToken<TNames>(text, block + bit, length, bit, names, keywords);
            TokenCount++;
        }
        wordBefore = word >> 63 != 0;
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

    /// <summary>Whether identifiers are blanked, as a type: the loop that keeps them is compiled without that.</summary>
    private interface INames
    {
        /// <summary>True when they are.</summary>
        static abstract bool Blanks { get; }
    }

    private readonly struct KeptNames : INames
    {
        public static bool Blanks => false;
    }

    private readonly struct BlankNames : INames
    {
        public static bool Blanks => true;
    }
}
