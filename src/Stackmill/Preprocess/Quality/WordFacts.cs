using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;

namespace Stackmill.Preprocess.Quality;

/// <summary>
/// Words of a text, defined as RedPajama's quality signals define them, which OpenCoder uses: a word is a run of letters, marks and
/// digits, without regard to ASCII's case; a line end ends nothing. Lengths are code points. One per worker.
/// </summary>
internal sealed class WordFacts
{
    /// <summary>Repetition is looked for in so many first words, which bounds the memory: about 2 MB of code.</summary>
    public const int MostWords = 1 << 18;

    private const int Block = 64;
    private const ulong Odd = 0x9E3779B97F4A7C15UL;

    private readonly WordGrams _grams = new();
    private ulong[] _words = new ulong[1024];
    private int[] _lengths = new int[1024];
    private int _held;
    private bool _loaded;

    // The word that goes on from one block to the next, or -1; and how far a character of the last block reaches into this one.
    private int _start;
    private int _spill;

    /// <summary>Number of words.</summary>
    public long Words { get; private set; }

    /// <summary>Code points of all words.</summary>
    public long Characters { get; private set; }

    /// <summary>Repetition of the first words.</summary>
    public WordGrams Grams
    {
        get
        {
            if (!_loaded)
                _grams.Load(_words.AsSpan(0, _held), _lengths.AsSpan(0, _held));
            _loaded = true;
            return _grams;
        }
    }

    /// <summary>Finds the words of a text.</summary>
    public void Load(ReadOnlySpan<byte> text)
    {
        (Words, Characters, _held, _loaded, _start, _spill) = (0, 0, 0, false, -1, 0);
        Span<byte> tail = stackalloc byte[Block];
        for (var at = 0; at < text.Length; at += Block)
        {
            scoped var block = text[at..];
            if (block.Length < Block)
            {
                tail.Clear();
                block.CopyTo(tail);
                block = tail;
            }

            var (word, other) = Masks(block);
            if (other != 0 || _spill > 0)
                word = Others(text, at, word, other);
            AddWords(text, at, word);
        }

        if (_start >= 0)
            Add(text, _start, text.Length);
    }

    private static (ulong Word, ulong Other) Masks(ReadOnlySpan<byte> block)
    {
        ulong word = 0, other = 0;
        for (var half = 0; half < Block; half += Vector256<byte>.Count)
        {
            var v = Vector256.Create(block.Slice(half, Vector256<byte>.Count));
            var letters = Vector256.LessThan((v | Vector256.Create((byte)0x20)) - Vector256.Create((byte)'a'), Vector256.Create((byte)26));
            var digits = Vector256.LessThan(v - Vector256.Create((byte)'0'), Vector256.Create((byte)10));
            word |= (ulong)(letters | digits).ExtractMostSignificantBits() << half;
            other |= (ulong)v.ExtractMostSignificantBits() << half;
        }

        return (word, other);
    }

    // Adds the bytes of word characters outside of ASCII to a block's mask.
    private ulong Others(ReadOnlySpan<byte> text, int at, ulong word, ulong other)
    {
        if (_spill > 0)
            word |= (1UL << _spill) - 1;
        _spill = 0;
        while (other != 0)
        {
            var bit = BitOperations.TrailingZeroCount(other);
            Rune.DecodeFromUtf8(text[(at + bit)..], out var rune, out var used);
            var bytes = ((1UL << used) - 1) << bit;
            if (IsWord(rune) && rune != Rune.ReplacementChar)
            {
                word |= bytes;
                _spill = Math.Max(0, bit + used - Block);
            }

            other &= ~bytes;
        }

        return word;
    }

    private static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune)
        || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    private void AddWords(ReadOnlySpan<byte> text, int at, ulong word)
    {
        // One bit where a run begins or ends.
        var edges = word ^ ((word << 1) | (_start >= 0 ? 1UL : 0));
        while (edges != 0)
        {
            var edge = at + BitOperations.TrailingZeroCount(edges);
            edges &= edges - 1;
            if (_start < 0)
            {
                _start = edge;
                continue;
            }

            Add(text, _start, edge);
            _start = -1;
        }
    }

    private void Add(ReadOnlySpan<byte> text, int start, int end)
    {
        var (hash, length) = Hash(text, start, end);
        Words++;
        Characters += length;
        if (_held == MostWords)
            return;
        if (_held == _words.Length)
        {
            Array.Resize(ref _words, 2 * _held);
            Array.Resize(ref _lengths, 2 * _held);
        }

        _words[_held] = hash;
        _lengths[_held++] = length;
    }

    // Eight bytes at a time. The bit of ASCII's lower case changes no digit; what is no ASCII goes on as it is.
    private static (ulong Hash, int Length) Hash(ReadOnlySpan<byte> text, int start, int end)
    {
        var (hash, length) = ((ulong)(end - start) * Odd, end - start);
        for (var at = start; at < end; at += 8)
        {
            var part = end - at >= 8 || text.Length - at >= 8 ? BinaryPrimitives.ReadUInt64LittleEndian(text[at..]) : Last(text[at..end]);
            if (end - at < 8)
                part &= (1UL << (8 * (end - at))) - 1;
            var high = part & 0x8080808080808080UL;
            if (high == 0)
            {
                part |= 0x2020202020202020UL;
            }
            else
            {
                // 0x40 marks ASCII's letters; a byte with its high bit has no such mark.
                part |= (part & 0x4040404040404040UL & ~(high >> 1)) >> 1;
                length -= BitOperations.PopCount(high & ~((part & 0x4040404040404040UL) << 1));
            }

            hash = (hash ^ part) * Odd;
            hash ^= hash >> 32;
        }

        return (hash, length);
    }

    private static ulong Last(ReadOnlySpan<byte> text)
    {
        ulong part = 0;
        for (var i = text.Length - 1; i >= 0; i--)
            part = (part << 8) | text[i];
        return part;
    }
}
