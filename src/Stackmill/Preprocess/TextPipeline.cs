using System.Buffers;
using System.Runtime.InteropServices;
using Stackmill.Core.Model;
using Stackmill.Preprocess.Clean;
using Stackmill.Preprocess.Decode;
using Stackmill.Preprocess.Measure;
using Stackmill.Preprocess.Redact;
using Stackmill.Preprocess.Tokenize;

namespace Stackmill.Preprocess;

/// <summary>What one pass over a file's bytes found and made.</summary>
/// <param name="Verdict">Whether the file goes on.</param>
/// <param name="Encoding">What the bytes were.</param>
/// <param name="Changes">What cleaning changed.</param>
/// <param name="Matches">What was replaced; offsets in the cleaned text and in the new one.</param>
/// <param name="Decoded">The text before cleaning, UTF-8.</param>
/// <param name="Cleaned">The text before redaction, UTF-8.</param>
/// <param name="Content">The text at the end, UTF-8. Valid, as the other two, until the next file.</param>
internal readonly record struct ProcessedText(
    Verdict Verdict,
    Decoded Encoding,
    CleanChange Changes,
    IReadOnlyList<Match> Matches,
    ReadOnlyMemory<byte> Decoded,
    ReadOnlyMemory<byte> Cleaned,
    ReadOnlyMemory<byte> Content);

/// <summary>
/// One pass over one file: decode, clean, redact, measure, count tokens, all in memory that one worker reuses.
/// Redaction comes after cleaning, so that a control character inside a value can't hide it.
/// </summary>
internal sealed class TextPipeline
{
    private static readonly SearchValues<byte> Blank = SearchValues.Create(" \t\n\r\f\v"u8);

    private readonly PreprocessOptions _options;
    private readonly TextDecoder _decoder = new();
    private readonly Mojibake? _mojibake;
    private readonly TextCleaner _cleaner;
    private readonly Redactor? _redactor;
    private readonly ArrayBufferWriter<byte> _decoded = new();
    private readonly ArrayBufferWriter<byte> _cleaned = new();
    private readonly ArrayBufferWriter<byte> _redacted = new();
    private readonly List<Match> _matches = [];

    /// <summary>Makes a pipeline for one worker; <paramref name="vocabulary"/> is <c>null</c> when no tokens are counted.</summary>
    public TextPipeline(PreprocessOptions options, BpeVocabulary? vocabulary)
    {
        _options = options;
        _mojibake = options.Stages.EncodingFix && options.Decoding.RepairMojibake ? new Mojibake() : null;
        _cleaner = new TextCleaner(new CleanOptions
        {
            MalformedCleaning = options.Stages.MalformedCleaning,
            WhitespaceCleanup = options.Stages.WhitespaceCleanup,
            MaxBlankLines = options.Cleaning.MaxBlankLines,
        });
        _redactor = options.Stages.PiiRemoval ? new Redactor(options.Redaction) : null;
        var tokenizer = vocabulary is null ? null : new BpeTokenizer(vocabulary);
        Facts = new TextFacts(tokenizer is null ? null : text => tokenizer.Count(text.Span));
    }

    /// <summary>What is known of the texts of the file that was processed last.</summary>
    public TextFacts Facts { get; }

    /// <summary>The vocabulary that the options ask for, shared by all workers; <c>null</c> for none.</summary>
    public static BpeVocabulary? LoadVocabulary(PreprocessOptions options) =>
        options.Stages.Tokenization ? BpeVocabulary.Load(options.TokenizerModel) : null;

    /// <summary>Processes one file.</summary>
    /// <param name="raw">Its bytes.</param>
    /// <param name="declaredEncoding">The encoding its source names, if any.</param>
    /// <param name="language">Linguist's name, or empty.</param>
    /// <param name="map">Filled, if given, with the way back from the cleaned text's offsets to the decoded text's.</param>
    /// <param name="path">Its path, for users' redaction rules.</param>
    public ProcessedText Process(ReadOnlyMemory<byte> raw, string? declaredEncoding, string language, OffsetMap? map = null, string path = "")
    {
        _decoded.ResetWrittenCount();
        _cleaned.ResetWrittenCount();
        _redacted.ResetWrittenCount();
        _matches.Clear();
        Facts.Reset();
        map?.Reset();
        var declares = CodingDeclaration.IsReadBy(language);
        var encoding = _decoder.Decode(raw.Span, declaredEncoding, _decoded);
        if (encoding.Kind == DecodeKind.Binary)
            return new ProcessedText(Verdict.Drop("binary"), encoding, CleanChange.None, _matches, default, default, default);
        if (encoding.Kind == DecodeKind.Undecodable || (encoding.Kind == DecodeKind.Transcoded && !_options.Stages.EncodingFix))
            return new ProcessedText(Verdict.Drop("undecodable"), encoding, CleanChange.None, _matches, default, default, default);

        if (encoding.Kind == DecodeKind.Utf8 && _mojibake is not null && _mojibake.TryRepair(raw.Span[encoding.Offset..], _decoded) is { } taken)
            encoding = Decoded.Transcoded("utf-8", encoding.HasBom, 1) with { RepairedFrom = taken, IsExact = false };
        if (declares && encoding.Kind == DecodeKind.Transcoded)
            CodingDeclaration.SetUtf8(MemoryMarshal.AsMemory(_decoded.WrittenMemory).Span, language);
        var decoded = encoding.Kind == DecodeKind.Utf8 ? raw[encoding.Offset..] : _decoded.WrittenMemory;
        var changes = _cleaner.Clean(decoded.Span, language, _cleaned, map);
        var cleaned = changes == CleanChange.None ? decoded : _cleaned.WrittenMemory;
        var content = _redactor is not null && _redactor.Redact(cleaned.Span, language, _redacted, _matches, path) ? _redacted.WrittenMemory : cleaned;
        var verdict = IsBlank(content.Span) ? Verdict.Drop("empty", content.Length) : Sensitive(_matches);
        return new ProcessedText(verdict, encoding, changes, _matches, decoded, cleaned, content);
    }

    /// <summary>Measures of a text that this pipeline made, of a language by linguist's name.</summary>
    public RecordMeasures Measure(ReadOnlyMemory<byte> content, string language)
    {
        var code = CodeMeasures.OfLoaded(content.Span, language, Facts.Lexed(content, language));
        return StoredMeasures.Of(Facts.Measures(content), code, Facts.Tokens(content));
    }

    /// <summary>Names of what was done to a file, for the ledger: <c>encoding</c>, <c>line_ends</c>, <c>redacted</c> …</summary>
    public static string DescribeChanges(in ProcessedText text)
    {
        var names = new List<string>();
        if (text.Encoding.Kind == DecodeKind.Transcoded)
            names.Add(text.Encoding.RepairedFrom is null ? "encoding" : "mojibake");
        if (!text.Encoding.IsExact && text.Encoding.RepairedFrom is null)
            names.Add("not_reversible");
        if (text.Encoding.HasBom || text.Changes.HasFlag(CleanChange.ByteOrderMark))
            names.Add("byte_order_mark");
        if (text.Changes.HasFlag(CleanChange.ControlCharacters))
            names.Add("control_characters");
        if (text.Changes.HasFlag(CleanChange.LineEnds))
            names.Add("line_ends");
        if (text.Changes.HasFlag(CleanChange.TrailingWhitespace))
            names.Add("trailing_whitespace");
        if (text.Changes.HasFlag(CleanChange.BlankLines))
            names.Add("blank_lines");
        if (text.Matches.Any(m => m.Action == RedactionAction.Replace))
            names.Add("redacted");
        return string.Join(',', names);
    }

    // What the configuration says no file may hold.
    private static Verdict Sensitive(List<Match> matches)
    {
        var (secrets, others) = (0, 0);
        foreach (var match in matches)
        {
            if (match.Action == RedactionAction.DropFile)
                _ = match.Kind == "key" ? secrets++ : others++;
        }

        if (secrets > 0)
            return Verdict.Drop("has_secrets", secrets, 0);
        return others > 0 ? Verdict.Drop("has_personal_data", others, 0) : Verdict.Keep;
    }

    // White space of one byte is all that a file without content can hold after cleaning; \f and \v included.
    private static bool IsBlank(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(Blank);
}
