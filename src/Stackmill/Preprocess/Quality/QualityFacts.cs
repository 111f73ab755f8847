using System.Text;
using Stackmill.Preprocess.Measure;

namespace Stackmill.Preprocess.Quality;

/// <summary>What is known of a file beside its text.</summary>
/// <param name="Path">Path in its repository.</param>
/// <param name="Language">Linguist's name, or empty.</param>
/// <param name="BlobId">SHA-1 of the original bytes.</param>
/// <param name="Stars">Stars of the repository; <c>null</c> when unknown.</param>
/// <param name="IsGenerated">True for a file that a tool has written; <c>null</c> when it is not known.</param>
internal readonly record struct QualitySubject(string Path, string Language, string BlobId, long? Stars, bool? IsGenerated);

/// <summary>
/// What quality rules ask of a file's cleaned text. Everything is worked out when it is first asked for, in linear time and in
/// memory that is used again. The text is the one before redaction: placeholders are longer or shorter than what they stand for,
/// and published thresholds are of texts without them. One per worker.
/// </summary>
/// <param name="shared">What others ask of the same texts.</param>
internal sealed class QualityFacts(TextFacts shared)
{
    private readonly TextSpans _spans = new(shared);
    private readonly WordFacts _words = new();
    private readonly LineFacts _lines = new();
    private readonly LiteralFacts _literals = new();
    private ReadOnlyMemory<byte> _text;
    private byte[] _lower = new byte[4096];
    private EncodedData? _encoded;
    private int? _visible;
    private int? _mains;
    private Known _known;

    [Flags]
    private enum Known
    {
        None = 0,
        Spans = 1,
        Words = 2,
        Lines = 4,
        Literals = 8,
        Lower = 16,
    }

    /// <summary>What is known beside the text.</summary>
    public QualitySubject Subject { get; private set; }

    /// <summary>The text.</summary>
    public ReadOnlySpan<byte> Text => _text.Span;

    /// <summary>Takes the next file.</summary>
    public void Load(in QualitySubject subject, ReadOnlyMemory<byte> text)
    {
        Subject = subject;
        _text = text;
        (_encoded, _visible, _mains, _known) = (null, null, null, Known.None);
    }

    /// <summary>Measures of the text.</summary>
    public TextMeasures Measures => shared.Measures(_text);

    /// <summary>Encoded data in the text.</summary>
    public EncodedData Encoded => _encoded ??= EncodedData.Of(Text);

    /// <summary>Visible text of a page, in code points.</summary>
    public int VisibleCharacters => _visible ??= VisibleText.CharactersOf(Text);

    /// <summary>Definitions of <c>main</c>.</summary>
    public int Mains => _mains ??= MainFunctions.CountIn(Text, Spans.Spans);

    /// <summary>Code points a token; <c>null</c> when tokens are not counted.</summary>
    public double? CharactersPerToken => _text.IsEmpty || shared.Tokens(_text) is not { } tokens ? null : (double)Measures.Characters / tokens;

    /// <summary>The first 8 digits of the blob id as a fraction of 2^32: even over all files, and always the same for one.</summary>
    public double? Place => uint.TryParse(Subject.BlobId.AsSpan(0, Math.Min(8, Subject.BlobId.Length)), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var place) ? place / 4_294_967_296.0 : null;

    /// <summary>Steps of the parts that could be more than linear: the lexer's, pieces of lines, and hashes that were passed over.</summary>
    public long Steps => _spans.Steps + _lines.Steps + _words.Grams.Collisions;

    /// <summary>Comments and strings.</summary>
    public TextSpans Spans
    {
        get
        {
            if (IsNew(Known.Spans))
                _spans.Load(_text, Subject.Language);
            return _spans;
        }
    }

    /// <summary>Words and their repetition.</summary>
    public WordFacts Words
    {
        get
        {
            if (IsNew(Known.Words))
                _words.Load(Text);
            return _words;
        }
    }

    /// <summary>Counts of lines.</summary>
    public LineFacts Lines
    {
        get
        {
            if (IsNew(Known.Lines))
                _lines.Load(Text, Lower, Spans.Spans, Subject.Language);
            return _lines;
        }
    }

    /// <summary>Counts over comments and strings; <c>null</c> for a language that the lexer doesn't know.</summary>
    public LiteralFacts? Literals
    {
        get
        {
            if (!Spans.IsKnown)
                return null;
            if (IsNew(Known.Literals))
                _literals.Load(Text, Spans.Spans);
            return _literals;
        }
    }

    /// <summary>The text with ASCII letters in lower case.</summary>
    public ReadOnlySpan<byte> Lower
    {
        get
        {
            if (IsNew(Known.Lower))
            {
                if (_lower.Length < Text.Length)
                    _lower = new byte[Math.Max(Text.Length, Math.Min(Array.MaxLength, 2L * _lower.Length))];
                LowerCase(Text, _lower);
            }

            return _lower.AsSpan(0, Text.Length);
        }
    }

    /// <summary>The first lines in lower case.</summary>
    public ReadOnlySpan<byte> FirstLines(int count)
    {
        var end = 0;
        for (; count > 0 && end < Text.Length; count--)
        {
            var length = Text[end..].IndexOf((byte)'\n');
            end = length < 0 ? Text.Length : end + length + 1;
        }

        return Lower[..end];
    }

    /// <summary>The first characters, as written.</summary>
    public ReadOnlySpan<byte> FirstCharacters(int count)
    {
        var end = 0;
        for (; count > 0 && end < Text.Length; count--)
        {
            Rune.DecodeFromUtf8(Text[end..], out _, out var used);
            end += used;
        }

        return Text[..end];
    }

    private bool IsNew(Known fact)
    {
        var isNew = (_known & fact) == 0;
        _known |= fact;
        return isNew;
    }

    private static void LowerCase(ReadOnlySpan<byte> text, Span<byte> lower)
    {
        // Ascii.ToLower stops at what is no ASCII; that goes over as it is.
        while (!text.IsEmpty)
        {
            _ = Ascii.ToLower(text, lower, out var done);
            text = text[done..];
            lower = lower[done..];
            var other = text.IndexOfAnyInRange((byte)0, (byte)0x7F);
            other = other < 0 ? text.Length : other;
            text[..other].CopyTo(lower);
            text = text[other..];
            lower = lower[other..];
        }
    }
}
