using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;

namespace Stackmill.Organize.Sources;

/// <summary>Reads one record from a JSON object with the names of the stored columns, or those of published datasets.</summary>
/// <param name="contentColumn">Name of the content's key; empty for the known ones.</param>
/// <param name="pathColumn">Name of the path's key; empty for the known ones.</param>
internal sealed class JsonRecordReader(string contentColumn, string pathColumn)
{
    private readonly ArrayBufferWriter<byte> _content = new();
    private int _contentRank;
    private int _pathRank;
    private bool _hasContent;

    /// <summary>Reads one line. The record's content is valid until the next call.</summary>
    /// <exception cref="RecordFaultException">The line is no object, or has no content.</exception>
    public CodeRecord Read(ReadOnlySpan<byte> line)
    {
        _content.ResetWrittenCount();
        (_contentRank, _pathRank, _hasContent) = (int.MaxValue, int.MaxValue, false);
        var record = new CodeRecord();
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Disallow });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw new RecordFaultException("invalid_json", "expected a JSON object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                Set(record, name, ref reader);
            }

            if (reader.Read())
                throw new RecordFaultException("invalid_json", "there is more after the JSON object");
        }
        catch (JsonException fault)
        {
            // The exception's own text may quote the line.
            throw new RecordFaultException("invalid_json", $"not valid JSON at byte {fault.BytePositionInLine}");
        }
        catch (InvalidOperationException)
        {
            throw new RecordFaultException("invalid_json", "a string holds bytes or surrogates that are no Unicode text");
        }

        if (!_hasContent)
        {
            throw new RecordFaultException("missing_content", contentColumn.Length > 0
                ? $"there is no text under '{contentColumn}' (input.content_column)"
                : "there is no text under 'content', 'text' or 'code'; name the key with --content-column");
        }

        record.Content = _content.WrittenMemory;
        return record;
    }

    private void Set(CodeRecord record, string name, ref Utf8JsonReader reader)
    {
        if (Rank(name, contentColumn, RecordColumns.Content, RecordColumns.ContentAliases) is { } contentRank)
        {
            if (reader.TokenType == JsonTokenType.String && contentRank < _contentRank)
                SetContent(contentRank, ref reader);
            else
                reader.Skip();
            return;
        }

        if (Rank(name, pathColumn, "path", RecordColumns.PathAliases) is { } pathRank)
        {
            if (reader.TokenType == JsonTokenType.String && pathRank < _pathRank)
            {
                record.Path = reader.GetString()!;
                _pathRank = pathRank;
            }

            reader.Skip();
            return;
        }

        switch (name)
        {
            case "content_base64" when reader.TokenType == JsonTokenType.String:
                SetBase64(ref reader);
                break;
            case "repo_name" or "repo" or "repository" or "repository_name" or "max_stars_repo_name":
                record.RepoName = Text(ref reader) ?? record.RepoName;
                break;
            case "language" or "lang" or "programming_language":
                record.Language = Text(ref reader) ?? record.Language;
                break;
            case "detected_licenses" or "licenses" or "license" or "max_stars_repo_licenses":
                record.DetectedLicenses = Texts(ref reader) ?? record.DetectedLicenses;
                break;
            case "license_type":
                record.LicenseType = Text(ref reader);
                break;
            case "star_events_count" or "stars" or "stargazers_count" or "max_stars_count":
                record.StarEventsCount = Number(ref reader) ?? record.StarEventsCount;
                break;
            case "fork_events_count" or "forks" or "forks_count" or "max_forks_count":
                record.ForkEventsCount = Number(ref reader) ?? record.ForkEventsCount;
                break;
            case "revision_id" or "commit_id" or "commit":
                record.RevisionId = Text(ref reader);
                break;
            case "branch_name" or "ref":
                record.BranchName = Text(ref reader);
                break;
            case "directory_id":
                record.DirectoryId = Text(ref reader);
                break;
            case "snapshot_id":
                record.SnapshotId = Text(ref reader);
                break;
            case "committer_date":
                record.CommitterDateMicros = Time(ref reader);
                break;
            case "github_id":
                record.GithubId = Number(ref reader);
                break;
            case "is_vendor":
                record.IsVendor = Truth(ref reader);
                break;
            case "is_generated":
                record.IsGenerated = Truth(ref reader);
                break;
            case "src_encoding":
                record.SrcEncoding = Text(ref reader);
                break;
            default:
                break;
        }

        reader.Skip();
    }

    private void SetContent(int rank, ref Utf8JsonReader reader)
    {
        _content.ResetWrittenCount();
        var size = reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length;
        // Unescaping never lengthens a string.
        var written = size == 0 ? 0 : reader.CopyString(_content.GetSpan(size));
        _content.Advance(written);
        (_contentRank, _hasContent) = (rank, true);
    }

    private void SetBase64(ref Utf8JsonReader reader)
    {
        if (_hasContent && _contentRank < int.MaxValue)
            return;
        _content.ResetWrittenCount();
        if (reader.ValueIsEscaped)
        {
            // Writers that escape '/' (PHP's) are rare, so they pay for a copy.
            if (!reader.TryGetBytesFromBase64(out var bytes))
                throw new RecordFaultException("invalid_base64", "the text under 'content_base64' is not base64");
            _content.Write(bytes);
            _hasContent = true;
            return;
        }

        var target = _content.GetSpan(Base64.GetMaxDecodedFromUtf8Length(reader.ValueSpan.Length) + 1);
        if (Base64.DecodeFromUtf8(reader.ValueSpan, target, out _, out var written) != OperationStatus.Done)
            throw new RecordFaultException("invalid_base64", "the text under 'content_base64' is not base64");
        _content.Advance(written);
        _hasContent = true;
    }

    private static int? Rank(string name, string configured, string own, string[] aliases)
    {
        if (configured.Length > 0)
            return name == configured ? 0 : null;
        if (name == own)
            return 0;
        var index = Array.IndexOf(aliases, name);
        return index < 0 ? null : index + 1;
    }

    private static string? Text(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String ? reader.GetString() : null;

    private static long? Number(ref Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.Number ? null
        : reader.TryGetInt64(out var whole) ? whole
        : reader.TryGetDouble(out var real) && Math.Abs(real) < long.MaxValue ? (long)real : null;

    private static bool? Truth(ref Utf8JsonReader reader) =>
        reader.TokenType switch { JsonTokenType.True => true, JsonTokenType.False => false, _ => null };

    private static long? Time(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.TryGetDateTimeOffset(out var time) ? (time.UtcTicks - DateTime.UnixEpoch.Ticks) / 10 : null,
        JsonTokenType.Number => Number(ref reader),
        _ => null,
    };

    private static List<string>? Texts(ref Utf8JsonReader reader)
    {
        if (Text(ref reader) is { } one)
            return [one];
        if (reader.TokenType != JsonTokenType.StartArray)
            return null;
        var texts = new List<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (Text(ref reader) is { } text)
                texts.Add(text);
            else
                reader.Skip();
        }

        return texts;
    }
}
