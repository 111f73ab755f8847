using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Stackmill.Preprocess.Tokenize;

/// <summary>
/// Counts and encodes text as tiktoken's <c>encode_ordinary</c> does: the names of special tokens are text like any other.
/// Patterns are matched on Unicode scalar values as there (.NET's regular expressions, and libraries on top of them, match on
/// UTF-16 units and so take letters beyond U+FFFF for symbols). Each byte that isn't part of valid UTF-8 counts as a symbol.
/// One per worker: it holds the caches (3.2 MiB) and scratch. Linear time, but n log n for a single word of n bytes.
/// </summary>
internal sealed class BpeTokenizer(BpeVocabulary vocabulary)
{
    private readonly LongWordCache _longWords = new();
    private readonly WordMerger _merger = new(vocabulary);
    private readonly ShortWordCache _shortWords = new();
    private readonly int[] _single = new int[1];

    /// <summary>Number of tokens of a text.</summary>
    public int Count(ReadOnlySpan<byte> utf8)
    {
        var sink = default(CountingSink);
        Run(utf8, ref sink);
        return sink.Count;
    }

    /// <summary>Appends the ids of a text's tokens to <paramref name="ids"/>.</summary>
    public void Encode(ReadOnlySpan<byte> utf8, IBufferWriter<int> ids)
    {
        var sink = new WritingSink(ids);
        Run(utf8, ref sink);
        sink.Flush();
    }

    private void Run<TSink>(ReadOnlySpan<byte> text, ref TSink sink)
        where TSink : struct, ITokenSink, allows ref struct
    {
        switch (vocabulary.Splitter)
        {
            case SplitterKind.O200k:
                Run<O200kSplitter, TSink>(text, ref sink);
                break;
            case SplitterKind.Cl100k:
                Run<Cl100kSplitter, TSink>(text, ref sink);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Run<TSplitter, TSink>(ReadOnlySpan<byte> text, ref TSink sink)
        where TSplitter : struct, ISplitter
        where TSink : struct, ITokenSink, allows ref struct
    {
        for (var start = 0; start < text.Length;)
        {
            var head = text.Length - start >= 16
                ? Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)start)
                : PaddedHead(text[start..]);
            var length = TSplitter.AsciiWord(head);
            if (length == 0) length = TSplitter.Next(text, start) - start;
            sink.Add(length <= ShortWordCache.LongestWord
                ? ShortWord(text.Slice(start, length), ShortWordCache.Key(head, length))
                : LongWord(text.Slice(start, length)));
            start += length;
        }
    }

    // The zeros behind the text's end are neither letters nor an apostrophe: a word ends there as it does at the end.
    private static Vector128<byte> PaddedHead(ReadOnlySpan<byte> rest)
    {
        Span<byte> padded = stackalloc byte[16];
        padded.Clear();
        rest.CopyTo(padded);
        return Vector128.Create<byte>(padded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<int> ShortWord(ReadOnlySpan<byte> word, Vector128<ulong> key)
    {
        var ids = _shortWords.Find(key);
        return ids.IsEmpty ? NewShortWord(word, key) : ids;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ReadOnlySpan<int> NewShortWord(ReadOnlySpan<byte> word, Vector128<ulong> key)
    {
        var ids = LongWord(word);
        if (ids.Length <= ShortWordCache.MostTokens) _shortWords.Add(key, ids);
        return ids;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ReadOnlySpan<int> LongWord(ReadOnlySpan<byte> word)
    {
        var id = vocabulary.IdOf(word);
        if (id != BpeVocabulary.None)
        {
            _single[0] = id;
            return _single;
        }

        if (word.Length > LongWordCache.LongestWord) return _merger.Merge(word);
        var hash = WordHash.Of(word);
        var ids = _longWords.Find(word, hash);
        if (!ids.IsEmpty) return ids;
        ids = _merger.Merge(word);
        _longWords.Add(word, hash, ids);
        return ids;
    }
}
