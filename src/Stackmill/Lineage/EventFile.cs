using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stackmill.Lineage;

/// <summary>
/// The file of one run's events, a line each. Each run has its own, so that processes which share storage never write to the same one; a line goes to the system in
/// one write, so that a kill loses whole lines, or leaves one that readers see is cut.
/// </summary>
internal sealed class EventFile : IDisposable
{
    /// <summary>The folder of the files in a project's logs folder.</summary>
    public const string FolderName = "lineage";

    /// <summary>The end of the files' names.</summary>
    public const string Extension = ".jsonl";

    /// <summary>How events are written: on one line, UTF-8 as it is.</summary>
    public static JsonSerializerOptions Json { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _path;
    private FileStream? _file;

    /// <summary>A file in a folder; it is made with the first event.</summary>
    public EventFile(string folder, string runId) => _path = Path.Combine(folder, runId + Extension);

    /// <summary>Adds an event.</summary>
    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Add(JsonObject lineage)
    {
        if (_file is null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(_path))!);
            // Without a buffer a line is one write.
            _file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        }

        _file.Write(Encoding.UTF8.GetBytes(lineage.ToJsonString(Json) + "\n"));
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
