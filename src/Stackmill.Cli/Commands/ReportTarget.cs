using Stackmill.Catalog;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Shared;

namespace Stackmill.Cli.Commands;

/// <summary>Where a report goes: a file, or an object that is sent when the file is written.</summary>
internal sealed class ReportTarget : IDisposable
{
    private readonly DirectoryInfo? _folder;

    /// <param name="given">What the user named; <c>null</c> for nothing.</param>
    /// <param name="usual">Where the report goes then.</param>
    public ReportTarget(string? given, string usual)
    {
        Name = given ?? usual;
        if (StoragePaths.IsAddress(Name))
            _folder = Directory.CreateTempSubdirectory("stackmill-report-");
        Path = _folder is null ? Name : System.IO.Path.Combine(_folder.FullName, System.IO.Path.GetFileName(usual));
    }

    /// <summary>The file that is written.</summary>
    public string Path { get; }

    /// <summary>How people call it.</summary>
    public string Name { get; }

    /// <summary>Sends the file when its place is an address.</summary>
    public void Send(StackmillOptions options, RunContext context)
    {
        if (_folder is null)
            return;
        using var paths = new StoragePaths(options.Storage, context.Observer, context.Cancellation);
        paths.Send(Path, Name);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder?.Delete(recursive: true);
}
