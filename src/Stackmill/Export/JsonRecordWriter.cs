using System.Text.Json;
using System.Text.Unicode;
using Stackmill.Core.Model;

namespace Stackmill.Export;

/// <summary>Writes a record as one JSON object, with the names of the stored columns; <c>organize</c> reads it back.</summary>
internal static class JsonRecordWriter
{
    /// <summary>Writes one record; what is unknown is left out. Content that is not UTF-8 becomes <c>content_base64</c>.</summary>
    public static void Write(Utf8JsonWriter json, CodeRecord record)
    {
        json.WriteStartObject();
        json.WriteString("blob_id", record.BlobId);
        json.WriteString("content_id", record.ContentId);
        json.WriteString("repo_name", record.RepoName);
        json.WriteString("path", record.Path);
        json.WriteString("extension", record.Extension);
        json.WriteString("language", record.Language);
        if (record.DetectedLicenses is not null)
        {
            json.WriteStartArray("detected_licenses");
            foreach (var license in record.DetectedLicenses)
                json.WriteStringValue(license);
            json.WriteEndArray();
        }

        Text(json, "license_type", record.LicenseType);
        Number(json, "star_events_count", record.StarEventsCount);
        Number(json, "fork_events_count", record.ForkEventsCount);
        Text(json, "revision_id", record.RevisionId);
        Text(json, "branch_name", record.BranchName);
        Text(json, "directory_id", record.DirectoryId);
        Text(json, "snapshot_id", record.SnapshotId);
        if (record.CommitterDateMicros is { } micros)
            WriteTime(json, micros);
        Number(json, "github_id", record.GithubId);
        if (record.IsVendor is { } vendor)
            json.WriteBoolean("is_vendor", vendor);
        if (record.IsGenerated is { } generated)
            json.WriteBoolean("is_generated", generated);
        Text(json, "src_encoding", record.SrcEncoding);
        json.WriteNumber("length_bytes", record.LengthBytes);
        json.WriteString("sha256", record.Sha256);
        if (record.Measures is { } measures)
            Write(json, measures);
        if (record.Redactions is not null)
            Write(json, record.Redactions);
        if (record.Filters is not null)
            Write(json, record.Filters);
        if (Utf8.IsValid(record.Content.Span))
            json.WriteString("content", record.Content.Span);
        else
            json.WriteBase64String("content_base64", record.Content.Span);
        json.WriteEndObject();
    }

    /// <summary>Writes the fields of the measures into the current object.</summary>
    public static void Write(Utf8JsonWriter json, RecordMeasures measures)
    {
        json.WriteNumber("num_bytes", measures.Bytes);
        json.WriteNumber("num_chars", measures.Characters);
        json.WriteNumber("num_lines", measures.Lines);
        json.WriteNumber("num_blank_lines", measures.BlankLines);
        json.WriteNumber("avg_line_length", measures.MeanLineLength);
        json.WriteNumber("max_line_length", measures.LongestLine);
        json.WriteNumber("alpha_fraction", measures.AlphaFraction);
        json.WriteNumber("alphanum_fraction", measures.AlphanumFraction);
        json.WriteNumber("digit_fraction", measures.DigitFraction);
        json.WriteNumber("whitespace_fraction", measures.WhitespaceFraction);
        Number(json, "num_tokens", measures.Tokens);
        Number(json, "num_code_lines", measures.CodeLines);
        Number(json, "num_comment_lines", measures.CommentLines);
        Number(json, "comment_fraction", measures.CommentFraction);
        if (measures.LexDegraded is { } degraded)
            json.WriteBoolean("lex_degraded", degraded);
        if (measures.Indentation is { } indentation)
            json.WriteString("indentation", indentation);
        Number(json, "byte_entropy", measures.ByteEntropy);
        Number(json, "max_encoded_run", measures.LongestEncodedRun);
        Number(json, "num_functions", measures.Functions);
        Number(json, "num_classes", measures.Classes);
        Number(json, "num_imports", measures.Imports);
        Number(json, "complexity_mean", measures.MeanComplexity);
        Number(json, "complexity_max", measures.MaxComplexity);
    }

    /// <summary>Writes the array <c>redactions</c> into the current object.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<Redaction> redactions)
    {
        json.WriteStartArray("redactions");
        foreach (var redaction in redactions)
        {
            json.WriteStartObject();
            json.WriteString("kind", redaction.Kind);
            json.WriteString("rule", redaction.Rule);
            json.WriteNumber("start", redaction.Start);
            json.WriteNumber("length", redaction.Length);
            json.WriteNumber("confidence", redaction.Confidence);
            if (!redaction.IsReplaced)
                json.WriteBoolean("replaced", false);
            if (redaction.Hash is { } hash)
                json.WriteString("hash", hash);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the array <c>filters</c> into the current object.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<FilterVerdict> filters)
    {
        json.WriteStartArray("filters");
        foreach (var filter in filters)
        {
            json.WriteStartObject();
            json.WriteString("id", filter.Id);
            json.WriteString("verdict", filter.Decision);
            json.WriteNumber("value", filter.Value);
            json.WriteNumber("threshold", filter.Threshold);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    // A source's nonsense (years before 1 or after 9999) stays a number of microseconds, as it came.
    private static void WriteTime(Utf8JsonWriter json, long micros)
    {
        var (first, last) = ((DateTime.MinValue - DateTime.UnixEpoch).Ticks / 10, (DateTime.MaxValue - DateTime.UnixEpoch).Ticks / 10);
        if (micros >= first && micros <= last)
            json.WriteString("committer_date", DateTime.UnixEpoch.AddTicks(micros * 10));
        else
            json.WriteNumber("committer_date", micros);
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    private static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }
}
