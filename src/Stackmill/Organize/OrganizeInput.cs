using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.Storage;
using Stackmill.Organize.Sources;
using Stackmill.Organize.Sources.Archives;
using Stackmill.Organize.Sources.Git;

namespace Stackmill.Organize;

/// <summary>What <c>organize</c> reads: source files, records, repositories or archives.</summary>
/// <param name="Name">How messages and the ingest manifest call it; never with credentials.</param>
/// <param name="LocalPath">Its path on this machine; <c>null</c> when it lies elsewhere.</param>
internal sealed record OrganizeInput(string Name, string? LocalPath)
{
    // A folder is looked at this far to tell whether it holds archives only.
    private const int FilesToTell = 10_000;

    /// <summary>A folder of source files, or files of records; <c>null</c> for another form.</summary>
    public InputKind? Kind { get; private init; }

    /// <summary>Git repositories; <c>null</c> for another form.</summary>
    public GitInput? Git { get; private init; }

    /// <summary>Archives; <c>null</c> for another form.</summary>
    public IReadOnlyList<SourceFile>? Archives { get; private init; }

    /// <summary>What tells whether the input has changed: a dataset's root hash, or a listing of objects; <c>null</c> for the listing of its files.</summary>
    public ManifestInput? State { get; init; }

    /// <summary>What lies on this machine of what is read: the path itself, and the repositories that a list names.</summary>
    public IEnumerable<string> LocalPlaces => (LocalPath is { } local ? new[] { local } : []).Concat(Git?.Sources.Where(s => s.LocalFolder is not null).Select(s => s.LocalFolder!) ?? []);

    /// <summary>One sentence on what is read.</summary>
    public string Description => this switch
    {
        { Git: { IsList: true } git } => $"reading '{Name}' as a list of {git.Sources.Count} Git repositories",
        { Git: not null } => $"reading '{Name}' as a Git repository",
        { Archives: { } archives } => $"reading '{Name}' as archives ({archives.Count} files)",
        { Kind: { Form: InputForm.Folder } } => $"reading '{Name}' as a folder of source files",
        { Kind: { Form: InputForm.JsonLines } lines } => $"reading '{Name}' as JSON lines ({lines.Files.Count} files)",
        _ => $"reading '{Name}' as {Kind!.Title} ({Kind.Files.Count} files)",
    };

    /// <summary>True for an address of a Git repository, which does not lie on this machine.</summary>
    public static bool IsGitAddress(string input) => GitInput.IsAddress(input);

    /// <summary>Finds out what a path of this machine, or an address of a Git repository, is.</summary>
    /// <param name="input">As given.</param>
    /// <param name="format"><c>auto</c>, or the form that the user names.</param>
    /// <exception cref="UsageException">There is nothing to read, or not what was named.</exception>
    public static OrganizeInput Find(string input, string format)
    {
        if (GitInput.IsAddress(input) && !Path.Exists(input))
            return OfGit(input, null);
        if (format == "git")
            return OfGit(input, input);
        if (format == "archive" || (format == "auto" && ArchivesOnly(input)))
            return new OrganizeInput(input, input) { Archives = ArchivesOf(input) };
        // A work tree is read as the folder it is; a store without one holds nothing else to read, and a list of addresses neither.
        if (format == "auto" && !Directory.Exists(Path.Combine(input, ".git")) && !File.Exists(Path.Combine(input, ".git")) && GitInput.Find(input) is { } git)
            return new OrganizeInput(input, input) { Git = git };
        return new OrganizeInput(input, input) { Kind = InputKind.Find(input, format) };
    }

    /// <summary>Files that lie anywhere: records, or archives.</summary>
    /// <param name="name">How messages call them.</param>
    /// <param name="files">The files.</param>
    /// <param name="format"><c>auto</c>, or the form that the user names.</param>
    /// <exception cref="UsageException">There is nothing to read, or not what was named.</exception>
    public static OrganizeInput OfFiles(string name, IReadOnlyList<SourceFile> files, string format)
    {
        if (format is "folder" or "git")
            throw new UsageException($"the input '{name}' can't be read with --input-format {format}; expected auto, jsonl, parquet, csv, arrow or archive.");
        var archives = files.Where(f => ArchiveFormat.OfName(f.RelativePath) is not null).ToList();
        return format == "archive" || (format == "auto" && archives.Count > 0 && archives.Count == files.Count)
            ? new OrganizeInput(name, null) { Archives = archives.Count > 0 ? archives : files }
            : new OrganizeInput(name, null) { Kind = InputKind.Of(name, files, format) };
    }

    /// <summary>True when a file can be read wherever it lies: files of records with what comes beside them, and archives.</summary>
    /// <param name="path">Its path inside the input.</param>
    /// <param name="format"><c>auto</c>, or the form that the user names.</param>
    public static bool IsReadInPlace(string path, string format) => format switch
    {
        // Our own datasets are more than their files: they are opened by their manifest.
        "auto" => Path.GetFileName(path) != Manifest.FileName && (InputKind.IsOfRecords(path) || ArchiveFormat.OfName(path) is not null),
        "folder" or "git" => false,
        _ => true,
    };

    /// <summary>True when files, each of which could be read where it lies, are of one kind: records, or archives alone.</summary>
    public static bool AreReadInPlace(IReadOnlyList<SourceFile> files, string format)
    {
        var archives = files.Count(f => ArchiveFormat.OfName(f.RelativePath) is not null);
        return format != "auto" || archives == files.Count || (archives == 0 && files.Any(f => InputKind.IsRecords(f.RelativePath)));
    }

    /// <summary>A dataset of ours that holds contents as they were fetched; it may be empty.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="manifest">Its manifest.</param>
    public static OrganizeInput OfDataset(string folder, Manifest manifest) => new(folder, folder)
    {
        Kind = new InputKind(InputForm.Parquet, folder, LocalFile.Shards(folder, manifest)),
        State = new ManifestInput(manifest.Stage, manifest.RootHash),
    };

    private static OrganizeInput OfGit(string input, string? local)
    {
        var git = GitInput.Find(input, isAsked: true)!;
        return new OrganizeInput(git.IsList ? input : git.Sources[0].Location, local) { Git = git };
    }

    private static bool ArchivesOnly(string input)
    {
        if (File.Exists(input))
            return ArchiveFormat.OfName(input) is not null;
        if (!Directory.Exists(input))
            return false;
        var seen = 0;
        foreach (var file in Files(input).Take(FilesToTell))
        {
            if (ArchiveFormat.OfName(file) is null)
                return false;
            seen++;
        }

        return seen > 0;
    }

    private static List<SourceFile> ArchivesOf(string input)
    {
        if (File.Exists(input))
            return [new LocalFile(input, Path.GetFileName(input))];
        if (!Directory.Exists(input))
            throw new UsageException($"there is no input '{input}'; expected an archive ({ArchiveFormat.Known}) or a folder of archives. Check the path.");
        FolderScanner.Require(input);
        var files = Files(input).Where(f => ArchiveFormat.OfName(f) is not null)
            .Select(f => (SourceFile)new LocalFile(f, Path.GetRelativePath(input, f).Replace('\\', '/'))).ToList();
        return files.Count > 0 ? files : throw new UsageException($"the input folder '{input}' holds no archive ({ArchiveFormat.Known}). Check the path or --input-format.");
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint });
}
