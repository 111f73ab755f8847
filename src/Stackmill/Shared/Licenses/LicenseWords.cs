using System.Buffers;
using System.Text;

namespace Stackmill.Shared.Licenses;

/// <summary>What is known of a word beside its letters.</summary>
[Flags]
internal enum WordMarks : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The first word on its line; only signs stand before it.</summary>
    LineStart = 1,

    /// <summary>The first word after a full stop, colon or blank line.</summary>
    SentenceStart = 2,

    /// <summary>Part of a copyright line, which no licence is told from.</summary>
    Copyright = 4,
}

/// <summary>
/// The words of a text as licences are compared by: letters and digits in lower case, as hashes with their places. Signs, white space,
/// comment marks, HTML tags, single letters and the numbers of lists do not count, and spellings that SPDX calls equal are equal.
/// </summary>
internal sealed class LicenseWords
{
    private const int LongestTag = 200;

    private uint[] _hashes = new uint[1024];
    private int[] _starts = new int[1024];
    private int[] _ends = new int[1024];
    private WordMarks[] _marks = new WordMarks[1024];

    /// <summary>Number of words.</summary>
    public int Count { get; private set; }

    /// <summary>Hash of each word.</summary>
    public ReadOnlySpan<uint> Hashes => _hashes.AsSpan(0, Count);

    /// <summary>First byte of each word.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, Count);

    /// <summary>Byte after each word.</summary>
    public ReadOnlySpan<int> Ends => _ends.AsSpan(0, Count);

    /// <summary>Marks of each word.</summary>
    public Span<WordMarks> Marks => _marks.AsSpan(0, Count);

    /// <summary>Hash of one word, which must be in lower case.</summary>
    public static uint HashOf(string word)
    {
        var hash = WordSpelling.Seed;
        foreach (var b in Encoding.UTF8.GetBytes(word))
            hash = WordSpelling.Add(hash, b);
        return WordSpelling.Usual(hash);
    }

    /// <summary>Reads the words of a part of a text; what was read before is forgotten.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">First byte to read.</param>
    /// <param name="to">Byte after the last one to read.</param>
    public void Read(ReadOnlySpan<byte> text, int from, int to)
    {
        Count = 0;
        var marks = WordMarks.LineStart | WordMarks.SentenceStart;
        var breaks = 0;
        text = text[..to];
        for (var i = from; i < to;)
        {
            var b = text[i];
            if (WordSpelling.Letters[b] != 0)
            {
                var end = Word(text, i, out var hash);
                if (end == i)
                {
                    i++;
                    continue;
                }

                breaks = 0;
                if (b <= '9' && IsNumberOfList(text, i, (marks & WordMarks.LineStart) != 0, out var afterNumber))
                {
                    i = afterNumber;
                    continue;
                }

                if (end - i > 1 && !((marks & WordMarks.LineStart) != 0 && WordSpelling.IsCommentWord(hash)))
                {
                    Add(WordSpelling.Usual(hash), i, end, marks);
                    marks = WordMarks.None;
                }

                i = end;
                continue;
            }

            if (b == '\n' || (b == '\\' && i + 1 < to && text[i + 1] == 'n'))
            {
                marks |= ++breaks > 1 ? WordMarks.LineStart | WordMarks.SentenceStart : WordMarks.LineStart;
                i += b == '\n' ? 1 : 2;
            }
            else if (b == '\\' && i + 1 < to && text[i + 1] is (byte)'t' or (byte)'r')
            {
                i += 2;
            }
            else if (b == '<')
            {
                i = AfterTag(text, i);
            }
            else if (b == '&')
            {
                i = AfterEntity(text, i);
            }
            else
            {
                if (b is (byte)':' or (byte)';' || (b is (byte)'.' or (byte)'!' or (byte)'?' && (i + 1 == to || text[i + 1] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'"' or (byte)')')))
                    marks |= WordMarks.SentenceStart;
                i++;
            }
        }

        CopyrightLines.Mark(this, text);
    }

    private void Add(uint hash, int start, int end, WordMarks marks)
    {
        if (Count == _hashes.Length)
        {
            Array.Resize(ref _hashes, Count * 2);
            Array.Resize(ref _starts, Count * 2);
            Array.Resize(ref _ends, Count * 2);
            Array.Resize(ref _marks, Count * 2);
        }

        (_hashes[Count], _starts[Count], _ends[Count], _marks[Count]) = (hash, start, end, marks);
        Count++;
    }

    // The end of the word that begins here, or its begin when there is none.
    private static int Word(ReadOnlySpan<byte> text, int start, out uint hash)
    {
        hash = WordSpelling.Seed;
        var i = start;
        var letters = WordSpelling.Letters;
        Span<byte> bytes = stackalloc byte[4];
        while (i < text.Length)
        {
            var letter = letters[text[i]];
            if (letter == 0 && AfterHyphen(text, start, i) is var next && next > i)
            {
                i = next;
                continue;
            }

            if (letter == 0)
                break;
            if (letter < 0x80)
            {
                hash = WordSpelling.Add(hash, letter);
                i++;
                continue;
            }

            if (Rune.DecodeFromUtf8(text[i..], out var rune, out var used) != OperationStatus.Done || !Rune.IsLetterOrDigit(rune))
                break;
            // Scripts without spaces have no words to find by their looks: each sign is one.
            var isAlone = rune.Value >= 0x2E80;
            if (isAlone && i > start)
                break;
            foreach (var part in bytes[..Rune.ToLowerInvariant(rune).EncodeToUtf8(bytes)])
                hash = WordSpelling.Add(hash, part);
            i += used;
            if (isAlone)
                break;
        }

        return i;
    }

    // Where a word goes on behind a hyphen at the end of a line, also of a comment; "non-" is a word of its own.
    private static int AfterHyphen(ReadOnlySpan<byte> text, int start, int at)
    {
        if (text[at] != '-' || at + 2 >= text.Length || text[at + 1] is not ((byte)'\n' or (byte)'\r') || at - start < 2 || text[start..at].SequenceEqual("non"u8))
            return at;
        var next = at + 1;
        while (next < text.Length && text[next] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)'#' or (byte)'*' or (byte)'/' or (byte)';' && next - at < 40)
            next++;
        return next < text.Length && char.IsAsciiLetterLower((char)text[next]) ? next : at;
    }

    // "1.", "2)", "3.1." and, where a line begins, "3.1": they change when a text is set anew. "2.0" in a line is a version.
    private static bool IsNumberOfList(ReadOnlySpan<byte> text, int start, bool atLineStart, out int after)
    {
        after = start;
        var parts = 0;
        for (var i = start; i < text.Length; parts++)
        {
            var digits = i;
            while (i < text.Length && i - digits < 3 && char.IsAsciiDigit((char)text[i]))
                i++;
            if (i - digits is 0 or > 2)
                return false;
            after = i;
            if (i == text.Length)
                return true;
            var isStop = text[i] is (byte)'.' or (byte)')';
            if (isStop && (i + 1 == text.Length || text[i + 1] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r'))
            {
                after = i + 1;
                return true;
            }

            if (text[i] != '.')
                return atLineStart && parts > 0 && text[i] is (byte)' ' or (byte)'\t';
            i++;
        }

        return false;
    }

    private static int AfterTag(ReadOnlySpan<byte> text, int at)
    {
        if (at + 1 == text.Length || !(char.IsAsciiLetter((char)text[at + 1]) || text[at + 1] == '/'))
            return at + 1;
        var inside = text[(at + 1)..Math.Min(text.Length, at + LongestTag)];
        var end = inside.IndexOfAny((byte)'>', (byte)'<');
        return end >= 0 && inside[end] == '>' ? at + end + 2 : at + 1;
    }

    private static int AfterEntity(ReadOnlySpan<byte> text, int at)
    {
        var end = at + 1;
        while (end < text.Length && end - at < 9 && (char.IsAsciiLetterOrDigit((char)text[end]) || text[end] == '#'))
            end++;
        return end < text.Length && end > at + 1 && text[end] == ';' ? end + 1 : at + 1;
    }
}
