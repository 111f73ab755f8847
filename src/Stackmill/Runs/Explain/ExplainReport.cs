using System.Globalization;
using System.Text.Json;
using Stackmill.Core.Model;
using Stackmill.Deduplicate.Repositories;
using Stackmill.Runs.Scan;

namespace Stackmill.Runs.Explain;

/// <summary>What became of files, as text and as JSON.</summary>
internal static class ExplainReport
{
    // So many of the files that went for one are named in the text.
    private const int MostNamed = 10;

    /// <summary>Writes one file for people.</summary>
    public static void WriteText(FileStory story, TextWriter output)
    {
        output.WriteLine(ScanReport.Printable(story.Path));
        if (story.ContentId.Length > 0)
            output.WriteLine($"  content id {story.ContentId}");
        foreach (var step in story.Steps)
        {
            foreach (var row in step.Rows)
                output.WriteLine($"  {step.Stage,-12} {Describe(row)}");
            if (step.IsKept)
                output.WriteLine($"  {step.Stage,-12} kept");
        }

        foreach (var row in story.KeptFor.Take(MostNamed))
            output.WriteLine($"  stays for    {ScanReport.Printable(Display(row))} ({row.Reason}{Similarity(row)})");
        if (story.KeptFor.Count > MostNamed)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  stays for    {story.KeptFor.Count - MostNamed:N0} more"));
    }

    /// <summary>Writes files as one object.</summary>
    public static void WriteJson(string question, IReadOnlyList<FileStory> stories, Stream output)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("question", question);
        json.WriteStartArray("files");
        foreach (var story in stories)
        {
            json.WriteStartObject();
            json.WriteString("path", story.Path);
            json.WriteString("content_id", story.ContentId);
            json.WriteStartArray("steps");
            foreach (var step in story.Steps)
            {
                json.WriteStartObject();
                json.WriteString("dataset", step.Dataset);
                json.WriteString("stage", step.Stage);
                json.WriteBoolean("kept", step.IsKept);
                WriteRows(json, "ledger", step.Rows);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            WriteRows(json, "kept_for", story.KeptFor);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRows(Utf8JsonWriter json, string name, IReadOnlyList<LedgerRow> rows)
    {
        json.WriteStartArray(name);
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("path", Display(row));
            json.WriteString("action", Action(row.Action));
            json.WriteString("reason", row.Reason);
            Number(json, "value", row.Value);
            Number(json, "threshold", row.Threshold);
            json.WriteString("kept_path", row.KeptPath);
            Number(json, "similarity", row.Similarity);
            json.WriteString("detail", row.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    private static string Describe(LedgerRow row)
    {
        var text = $"{Action(row.Action)}: {row.Reason}";
        if (row.Value is { } value)
            text += string.Create(CultureInfo.InvariantCulture, $", value {value:0.####}");
        if (row.Threshold is { } threshold)
            text += string.Create(CultureInfo.InvariantCulture, $", threshold {threshold:0.####}");
        // The file of an equal repository that was preferred may itself go for another one.
        if (row.KeptPath is { } kept)
            text += row.Reason == RepositoryDecisions.Drop.Reason ? $", the same as {ScanReport.Printable(kept)} of the repository that was preferred" : $", {ScanReport.Printable(kept)} stays{Similarity(row)}";
        return row.Detail is { Length: > 0 } detail ? $"{text} ({ScanReport.Printable(detail)})" : text;
    }

    private static string Similarity(LedgerRow row) => row.Similarity is { } similarity ? string.Create(CultureInfo.InvariantCulture, $", similarity {similarity:0.####}") : "";

    private static string Action(LedgerAction action) => action switch
    {
        LedgerAction.Dropped => "dropped",
        LedgerAction.Failed => "failed",
        _ => "changed",
    };

    private static string Display(LedgerRow row) => row.RepoName.Length == 0 ? row.Path : row.RepoName + "/" + row.Path;
}
