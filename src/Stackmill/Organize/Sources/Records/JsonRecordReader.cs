using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;

namespace Stackmill.Organize.Sources.Records;

/// <summary>
/// Reads the records of a JSON object: one that is a file, or one that is a repository with a list of files. Of several
/// names for one thing the best known wins, wherever it stands.
/// </summary>
internal sealed class JsonRecordReader
{
    private const int ContentTarget = -1;
    private const int Base64Target = -2;
    private const int FilesTarget = -3;

    private readonly RecordNames _names;
    private readonly JsonKeys _rowKeys = new();
    private readonly JsonKeys _fileKeys = new();
    private readonly int[] _ranks;
    private readonly ArrayBufferWriter<byte> _content = new();
    private int _contentRank;
    private bool _hasContent;
    private long _filesAt;
    private bool _filesNull;

    /// <summary>A reader by these names.</summary>
    public JsonRecordReader(RecordNames names)
    {
        _names = names;
        _ranks = new int[names.Others.Count];
        _rowKeys.Add(names.FilesName, FilesTarget, 0);
        foreach (var keys in (JsonKeys[])[_rowKeys, _fileKeys])
        {
            Add(keys, names.Content.Names, ContentTarget);
            keys.Add("content_base64", Base64Target, 0);
            for (var i = 0; i < names.Others.Count; i++)
                Add(keys, names.Others[i].Names, i);
        }

        void Add(JsonKeys keys, IReadOnlyList<string> known, int target)
        {
            for (var rank = 0; rank < known.Count; rank++)
                keys.Add(keys == _fileKeys ? names.InFile(known[rank]) : known[rank], target, rank);
        }
    }

    /// <summary>Reads one line. A record's content is valid while the sink has it.</summary>
    /// <param name="line">The line.</param>
    /// <param name="where">How messages name the line.</param>
    /// <param name="sink">Where the records go.</param>
    /// <exception cref="RecordFaultException">The line is no object, or has no content; nothing was given to the sink.</exception>
    public void Read(ReadOnlySpan<byte> line, string where, IRecordSink sink)
    {
        var record = new CodeRecord();
        (_filesAt, _filesNull) = (-1, false);
        var json = new Utf8JsonReader(line, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Disallow });
        try
        {
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
                throw new RecordFaultException("invalid_json", "expected a JSON object");
            Begin();
            ReadObject(ref json, _rowKeys, record);
            if (json.Read())
                throw new RecordFaultException("invalid_json", "there is more after the JSON object");
        }
        catch (JsonException fault)
        {
            // The exception's own text may quote the line.
            throw new RecordFaultException("invalid_json", $"not valid JSON at byte {fault.BytePositionInLine}");
        }
        catch (InvalidOperationException)
        {
            throw NotUnicode();
        }

        var isRepository = _names.FilesColumn.Length > 0 || !_hasContent;
        if (isRepository && _filesAt >= 0)
        {
            ReadFiles(line[(int)_filesAt..], record, where, sink);
            return;
        }

        if (isRepository && (_filesNull || _names.FilesColumn.Length > 0))
            throw new RecordFaultException("missing_content", $"there is no list of files under '{_names.FilesName}'");
        if (!_hasContent)
            throw NoContent();
        record.Content = _content.WrittenMemory;
        sink.Take(record);
    }

    private void ReadFiles(ReadOnlySpan<byte> list, CodeRecord repository, string where, IRecordSink sink)
    {
        // The whole line has been read once: what follows here is valid JSON, but for the text of its strings.
        var json = new Utf8JsonReader(list);
        json.Read();
        var files = 0;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            var record = RecordNames.FileOf(repository);
            var file = json;
            json.Skip();
            files++;
            try
            {
                if (file.TokenType != JsonTokenType.StartObject)
                    throw new RecordFaultException("invalid_json", "expected a JSON object");
                Begin();
                ReadObject(ref file, _fileKeys, record);
                if (!_hasContent)
                    throw NoContent();
            }
            catch (RecordFaultException fault)
            {
                sink.Fail(record, new RecordFaultException(fault.Reason, $"{where}, file {files} of the list: {fault.Message}"));
                continue;
            }
            catch (InvalidOperationException)
            {
                var fault = NotUnicode();
                sink.Fail(record, new RecordFaultException(fault.Reason, $"{where}, file {files} of the list: {fault.Message}"));
                continue;
            }

            record.Content = _content.WrittenMemory;
            sink.Take(record);
        }

        if (files == 0)
            sink.EmptyRepository();
    }

    private void Begin()
    {
        _content.ResetWrittenCount();
        (_contentRank, _hasContent) = (int.MaxValue, false);
        Array.Fill(_ranks, int.MaxValue);
    }

    // Stands at the object's start, ends at its end.
    private void ReadObject(ref Utf8JsonReader json, JsonKeys keys, CodeRecord record)
    {
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var key = keys.Find(ref json);
            json.Read();
            if (key is { HasInner: true } && json.TokenType == JsonTokenType.StartObject)
                ReadObject(ref json, key, record);
            else if (key is not null)
                Set(ref json, key, record);
            json.Skip();
        }
    }

    private void Set(ref Utf8JsonReader json, JsonKeys key, CodeRecord record)
    {
        foreach (var (target, rank) in key.Targets)
        {
            switch (target)
            {
                case ContentTarget:
                    if (json.TokenType == JsonTokenType.String && rank < _contentRank)
                        SetContent(rank, ref json);
                    break;
                case Base64Target:
                    if (json.TokenType == JsonTokenType.String)
                        SetBase64(ref json);
                    break;
                case FilesTarget:
                    _filesAt = json.TokenType == JsonTokenType.StartArray ? json.TokenStartIndex : _filesAt;
                    _filesNull = json.TokenType == JsonTokenType.Null;
                    break;
                default:
                    if (rank < _ranks[target] && _names.Others[target].Field!.Set(record, ref json))
                        _ranks[target] = rank;
                    break;
            }
        }
    }

    private void SetContent(int rank, ref Utf8JsonReader json)
    {
        _content.ResetWrittenCount();
        var size = json.ValueSpan.Length;
        // Unescaping never lengthens a string.
        var written = size == 0 ? 0 : json.CopyString(_content.GetSpan(size));
        _content.Advance(written);
        (_contentRank, _hasContent) = (rank, true);
    }

    private void SetBase64(ref Utf8JsonReader json)
    {
        if (_hasContent && _contentRank < int.MaxValue)
            return;
        _content.ResetWrittenCount();
        if (json.ValueIsEscaped)
        {
            // Writers that escape '/' (PHP's) are rare, so they pay for a copy.
            if (!json.TryGetBytesFromBase64(out var bytes))
                throw new RecordFaultException("invalid_base64", "the text under 'content_base64' is not base64");
            _content.Write(bytes);
            _hasContent = true;
            return;
        }

        var target = _content.GetSpan(Base64.GetMaxDecodedFromUtf8Length(json.ValueSpan.Length) + 1);
        if (Base64.DecodeFromUtf8(json.ValueSpan, target, out _, out var written) != OperationStatus.Done)
            throw new RecordFaultException("invalid_base64", "the text under 'content_base64' is not base64");
        _content.Advance(written);
        _hasContent = true;
    }

    private RecordFaultException NoContent() => new("missing_content", _names.Content.Option is { } option
        ? $"there is no text under '{_names.Content.Names[0]}' ({option})"
        : "there is no text under 'content', 'text' or 'code'; name the key with --content-column");

    private static RecordFaultException NotUnicode() => new("invalid_json", "a string holds bytes or surrogates that are no Unicode text");
}
