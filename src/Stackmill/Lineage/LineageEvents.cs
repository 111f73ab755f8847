using System.Text;
using System.Text.Json;
using Stackmill.Core.Faults;
using Stackmill.Datasets;

namespace Stackmill.Lineage;

/// <summary>Reads the events of a project, or of any files with one OpenLineage event a line. Lines that are none are counted: a kill may have cut the last.</summary>
internal sealed class LineageEvents
{
    // Events have some tens of kilobytes; a line is held at once.
    private const int MostLineBytes = 8 << 20;

    private readonly IReadOnlyList<string> _files;

    private LineageEvents(string path, IReadOnlyList<string> files) => (Place, _files) = (path, files);

    /// <summary>What was opened.</summary>
    public string Place { get; }

    /// <summary>Lines that were no events, once all was read.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Events of a project folder, a folder of event files, or one file.</summary>
    /// <exception cref="UsageException">There are none.</exception>
    public static LineageEvents Open(string path)
    {
        if (File.Exists(path))
            return Of(path, [path]);
        if (!Directory.Exists(path))
            throw new UsageException($"there is no '{path}'. Expected the --output of a run, a folder of event files, or such a file.");
        foreach (var folder in (string[])[Path.Combine(path, "logs", EventFile.FolderName), path])
        {
            // Names are ids that sort by time.
            var files = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*" + EventFile.Extension).Order(StringComparer.Ordinal).ToList() : [];
            if (files.Count > 0)
                return Of(path, files);
        }

        throw new UsageException($"'{path}' holds no OpenLineage events (no {EventFile.Extension} file in logs/{EventFile.FolderName}). They are written by runs with lineage.enabled set to true.");
    }

    private static LineageEvents Of(string path, IReadOnlyList<string> files) => files.FirstOrDefault(f => !FileKind.IsOrdinary(f)) is not { } odd ? new LineageEvents(path, files)
        : throw new UsageException($"'{odd}' is a FIFO, socket or device; expected a file of events. Write them to a file, and name that.");

    /// <summary>All events, file by file.</summary>
    public IEnumerable<JsonElement> Read()
    {
        Unreadable = 0;
        foreach (var file in _files)
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            while (NextLine(reader) is { } line)
            {
                if (line.Length == 0)
                    continue;
                if (TryParse(line) is { } lineage)
                    yield return lineage;
                else
                    Unreadable++;
            }
        }
    }

    // A line that is too long is read to its end and is no event.
    private static string? NextLine(StreamReader reader)
    {
        var line = new StringBuilder();
        var tooLong = false;
        for (var read = reader.Read(); ; read = reader.Read())
        {
            if (read < 0 && line.Length == 0 && !tooLong)
                return null;
            if (read is < 0 or '\n')
                return tooLong ? "?" : line.ToString();
            if (line.Length >= MostLineBytes)
                tooLong = true;
            else
                line.Append((char)read);
        }
    }

    private static JsonElement? TryParse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && IsText(line) && Text(root, "job", "name") is not null && Text(root, "run", "runId") is not null ? root.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Half of a surrogate pair can be written in JSON, and is no text: whoever asked for it would fail.
    private static bool IsText(string line)
    {
        if (!line.Contains("\\ud", StringComparison.OrdinalIgnoreCase))
            return true;
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(line));
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    _ = reader.GetString();
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The text at a path of names; <c>null</c> when there is none.</summary>
    public static string? Text(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return null;
        }

        return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
    }

    /// <summary>The items of a list; none when it is no list.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    /// <summary>The members of an object; none when it is no object.</summary>
    public static IEnumerable<JsonProperty> Members(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
                return [];
        }

        return element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : [];
    }
}
