using System.Text.RegularExpressions;
using Stackmill.Core.Engine;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>What of a local folder is published, and to which dataset each file belongs.</summary>
internal sealed partial class PublishPlan
{
    private readonly HashSet<string> _datasets = new(StringComparer.Ordinal);

    private PublishPlan()
    {
    }

    /// <summary>Paths of the files to be published, in their order.</summary>
    public List<string> Files { get; } = [];

    /// <summary>Files that belong to this machine only: locks, unfinished work, logs, the cache of contents.</summary>
    public long Skipped { get; private set; }

    /// <summary>Folders of datasets, here or there; empty text for the place itself.</summary>
    public IReadOnlyCollection<string> Datasets => _datasets;

    /// <summary>Looks through a folder.</summary>
    public static PublishPlan Of(string folder, IEnumerable<string> remotePaths)
    {
        var plan = new PublishPlan();
        foreach (var file in Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            var path = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (IsOfThisMachine(folder, path))
                plan.Skipped++;
            else
                plan.Files.Add(path);
        }

        plan.Files.Sort(StringComparer.Ordinal);
        foreach (var manifest in plan.Files.Concat(remotePaths).Where(ObjectMirror.IsManifest))
            plan._datasets.Add(FolderOf(manifest));
        return plan;
    }

    /// <summary>The innermost dataset that a path lies in; <c>null</c> for none.</summary>
    public string? DatasetOf(string path)
    {
        for (var folder = FolderOf(path); ; folder = FolderOf(folder))
        {
            if (_datasets.Contains(folder))
                return folder;
            if (folder.Length == 0)
                return null;
        }
    }

    /// <summary>Path of a dataset's manifest.</summary>
    public static string ManifestOf(string dataset) => dataset.Length == 0 ? Manifest.FileName : $"{dataset}/{Manifest.FileName}";

    /// <summary>True for the name of a shard or of a part of the ledger.</summary>
    public static bool IsPart(string path) => Part().IsMatch(path[(path.LastIndexOf('/') + 1)..]);

    /// <summary>True for what a run has fetched from elsewhere and keeps for later runs on this machine.</summary>
    public static bool IsCache(string path) => path.StartsWith("data/cache/", StringComparison.Ordinal);

    /// <summary>The dataset in whose work folder a path lies; <c>null</c> for one that lies in none.</summary>
    public static string? WorkOf(string path) => Work().Match(path) is { Success: true } at ? path[..at.Index].TrimEnd('/') : null;

    private static string FolderOf(string path) => path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : "";

    // Narrow on purpose: an export of plain files holds whatever names its users' files have.
    private static bool IsOfThisMachine(string folder, string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (name == OutputLock.FileName || Temporary().IsMatch(name) || OwnLog().IsMatch(path) || IsCache(path) || PublishMarks.IsMark(path))
            return true;
        for (var at = Work().Match(path); at.Success; at = at.NextMatch())
        {
            var parent = Path.Combine(folder, path[..at.Index]);
            if (File.Exists(Path.Combine(parent, OutputLock.FileName)) || File.Exists(Path.Combine(parent, Manifest.FileName)))
                return true;
        }

        return false;
    }

    [GeneratedRegex(@"^part-[0-9]{5,}(-[0-9]{4,})?\.(parquet|jsonl|jsonl\.gz|jsonl\.zst)$")]
    private static partial Regex Part();

    [GeneratedRegex(@"\.[0-9]+\.tmp$")]
    private static partial Regex Temporary();

    [GeneratedRegex(@"^logs/stackmill[^/]*$")]
    private static partial Regex OwnLog();

    [GeneratedRegex(@"(?<=^|/)_work/")]
    private static partial Regex Work();
}
