using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stackmill.Catalog;
using Stackmill.Core.Model;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Export;
using Stackmill.Preprocess;
using Stackmill.Preprocess.Clean;
using Stackmill.Preprocess.Decode;
using Stackmill.Preprocess.Quality;
using Stackmill.Preprocess.Redact;
using Stackmill.Shared.Filters;
using Stackmill.Shared.Languages;
using Stackmill.Shared.Languages.Traits;
using Stackmill.Shared.Licenses;

namespace Stackmill.Runs;

/// <summary>
/// Tells of single files all that the pipeline would decide, as one JSON object a file, and writes nothing else. What
/// needs the other files of a corpus (duplicates) is not decided here.
/// </summary>
internal sealed class Inspector
{
    private readonly StackmillOptions _options;
    private readonly Stream _output;
    private readonly bool _indented;
    private readonly TextPipeline _pipeline;
    private readonly QualityFilter _quality;
    private readonly IReadOnlyList<IFileFilter> _filters;
    private readonly InspectedLicenses _licenses = new();
    private readonly OffsetMap _map = new();
    private readonly ArrayBufferWriter<byte> _line = new();

    /// <summary>Makes an inspector.</summary>
    /// <param name="options">The configuration that decides.</param>
    /// <param name="output">Where the objects go.</param>
    /// <param name="indented">Whether they are written over several lines.</param>
    public Inspector(StackmillOptions options, Stream output, bool indented)
    {
        (_options, _output, _indented) = (options, output, indented);
        var preprocess = options.Preprocess;
        var vocabulary = TextPipeline.LoadVocabulary(preprocess);
        _pipeline = new TextPipeline(preprocess, vocabulary);
        _quality = new QualityFilter(preprocess.Filters, _pipeline.Facts);
        _filters = FileFilters.Create(options.Organize);
    }

    /// <summary>Files or lines that could not be read.</summary>
    public int Failures { get; private set; }

    /// <summary>Inspects a file on disk.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="name">The path that is judged, as it was given.</param>
    public void File(string path, string name)
    {
        byte[] content;
        try
        {
            if (Directory.Exists(path))
            {
                Fail(null, name, "it is a folder; expected an ordinary file");
                return;
            }

            var info = new FileInfo(path);
            if (info.Exists && !FileKind.Of(info.LinkTarget is null ? info : new FileInfo(info.ResolveLinkTarget(true)!.FullName)).IsRegular)
            {
                Fail(null, name, "it is a FIFO, socket or device; expected an ordinary file");
                return;
            }

            if (info.Exists && info.Length > Array.MaxLength)
            {
                Fail(null, name, $"it has {info.Length} bytes; at most {Array.MaxLength} can be inspected");
                return;
            }

            content = System.IO.File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            Fail(null, name, fault.Message);
            return;
        }

        Content(null, name.Replace('\\', '/'), content);
    }

    /// <summary>Inspects JSON lines <c>{"id", "path", "text"}</c> or <c>{"id", "path", "base64"}</c>, one answer a line.</summary>
    public void Lines(Stream input)
    {
        // Latin-1 keeps every byte, so that text that is no UTF-8 is seen and not replaced.
        using var reader = new StreamReader(input, System.Text.Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        for (var number = 1; reader.ReadLine() is { } bytes; number++)
        {
            if (string.IsNullOrWhiteSpace(bytes))
                continue;
            var line = System.Text.Encoding.Latin1.GetBytes(bytes).AsSpan();
            if (line.StartsWith("\uFEFF"u8))
                line = line[3..];
            JsonNode? id = null;
            try
            {
                if (!System.Text.Unicode.Utf8.IsValid(line))
                {
                    Fail(null, null, $"line {number}: its bytes are not UTF-8; send such content as base64");
                    continue;
                }

                if (JsonNode.Parse(line) is not JsonObject request)
                {
                    Fail(null, null, $"line {number}: expected a JSON object with path and text or base64");
                    continue;
                }

                var asked = request["id"]?.DeepClone();
                // An id that can't be written (half a surrogate pair) must not be answered with.
                _ = asked?.ToJsonString();
                id = asked;
                var path = (string?)request["path"] ?? "";
                if (request["text"] is { } text)
                    Content(id, path, System.Text.Encoding.UTF8.GetBytes((string)text!));
                else if (request["base64"] is { } base64)
                    Content(id, path, Convert.FromBase64String((string)base64!));
                else
                    Fail(id, path, $"line {number}: there is neither text nor base64");
            }
            catch (JsonException fault)
            {
                Fail(id, null, $"line {number}: not valid JSON at byte {fault.BytePositionInLine}");
            }
            catch (Exception fault) when (fault is FormatException or InvalidOperationException or ArgumentException)
            {
                Fail(id, null, $"line {number}: path and text must be strings of Unicode text, base64 valid base64, and no key may come twice");
            }
        }
    }

    private void Content(JsonNode? id, string path, byte[] content)
    {
        var normal = RecordIdentity.NormalisePath(path);
        var detected = LanguageDetector.Detect(normal, content);
        var language = detected.Language?.Name;
        var traits = FileTraits.Of(normal, content);
        var text = _pipeline.Process(content, null, language ?? "", _map, path);
        var verdict = Verdict.Keep;
        var licenses = _licenses.Of(path, text.Decoded.Span);
        IReadOnlyList<string>? ids = licenses.Count == 0 ? null : [.. licenses.Select(l => l.Id).Distinct(StringComparer.Ordinal)];
        foreach (var filter in _filters)
        {
            verdict = filter.Check(new FileFacts(path, language, content.Length, Licenses: ids, LicenseType: ids is null ? null : LicenseTypes.Of(ids), IsVendor: traits.Vendored is not null, IsGenerated: traits.Generated is not null));
            if (!verdict.IsKept)
                break;
        }

        if (verdict.IsKept)
            verdict = text.Verdict;
        var subject = new QualitySubject(normal, language ?? "", RecordIdentity.BlobId(content), null, traits.Generated is not null);
        var quality = text.Cleaned.IsEmpty ? null : _quality.All(subject, text.Cleaned);
        if (verdict.IsKept && !_quality.Annotates && quality?.FirstOrDefault(f => f.Decision == FilterVerdict.Drop) is { } rejected)
            verdict = Verdict.Drop(rejected.Id, rejected.Value, rejected.Threshold);
        Answer(json =>
        {
            Head(json, id, path);
            json.WriteStartObject("encoding");
            json.WriteString("name", text.Encoding.EncodingName);
            json.WriteNumber("confidence", Math.Round(text.Encoding.Confidence, 3));
            json.WriteString("declared", FileDeclaration.Find(content));
            json.WriteBoolean("bom", text.Encoding.HasBom);
            json.WriteEndObject();
            json.WriteBoolean("is_binary", text.Encoding.Kind == DecodeKind.Binary);
            json.WriteString("language", language);
            json.WriteString("language_reason", detected.Reason);
            Trait(json, "is_vendor", traits.Vendored);
            Trait(json, "is_generated", traits.Generated);
            Trait(json, "is_test", traits.Test);
            Trait(json, "is_documentation", traits.Documentation);
            var hasText = text.Encoding.Kind is DecodeKind.Utf8 or DecodeKind.Transcoded && !(text.Encoding.Kind == DecodeKind.Transcoded && !_options.Stages.EncodingFix);
            if (hasText)
            {
                json.WriteStartObject("measures");
                JsonRecordWriter.Write(json, _pipeline.Measure(text.Content, language ?? ""));
                json.WriteEndObject();
            }
            else
            {
                json.WriteNull("measures");
            }

            if (hasText)
            {
                InspectedLicenses.Write(json, licenses, text.Decoded.Span);
            }
            else
            {
                json.WriteNull("licenses");
                json.WriteNull("license_type");
            }

            json.WriteString("changes", TextPipeline.DescribeChanges(text));
            JsonRecordWriter.Write(json, Located(text));
            JsonRecordWriter.Write(json, quality ?? []);
            json.WriteString("verdict", verdict.IsKept ? "keep" : "drop");
            json.WriteString("reason", verdict.Reason);
            if (verdict.Value is { } value)
                json.WriteNumber("value", value);
            if (verdict.Threshold is { } threshold)
                json.WriteNumber("threshold", threshold);
            if (hasText)
                json.WriteString("content", text.Content.Span);
            else
                json.WriteNull("content");
        });
    }

    // The redactor saw the cleaned text; people and tests know the decoded one.
    private List<Redaction> Located(in ProcessedText text)
    {
        var matches = new List<Match>(text.Matches.Count);
        foreach (var match in text.Matches)
        {
            var (start, end) = text.Changes == CleanChange.None
                ? (match.Start, match.Start + match.Length)
                : (_map.ToInput(match.Start), _map.ToInputEnd(match.Start + match.Length));
            matches.Add(match with { Start = start, Length = end - start });
        }

        return CodePoints.Describe(text.Decoded.Span, matches, inOutput: false);
    }

    // The reason is shown of what is true only.
    private static void Trait(Utf8JsonWriter json, string name, string? reason)
    {
        json.WriteBoolean(name, reason is not null);
        if (reason is not null)
            json.WriteString(name + "_reason", reason);
    }

    private void Fail(JsonNode? id, string? path, string error)
    {
        Failures++;
        Answer(json =>
        {
            Head(json, id, path);
            json.WriteString("error", error);
        });
    }

    private static void Head(Utf8JsonWriter json, JsonNode? id, string? path)
    {
        if (id is not null)
        {
            json.WritePropertyName("id");
            id.WriteTo(json);
        }

        if (path is not null)
            json.WriteString("path", path);
    }

    private void Answer(Action<Utf8JsonWriter> write)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line, new JsonWriterOptions { Indented = _indented, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        _output.Write(_line.WrittenSpan);
        _output.Write("\n"u8);
        _output.Flush();
    }
}
