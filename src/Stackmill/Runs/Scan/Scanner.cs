using Stackmill.Core.Faults;
using Stackmill.Preprocess.Redact;

namespace Stackmill.Runs.Scan;

/// <summary>Looks for personal data and secrets in a folder or a file, and writes nothing.</summary>
internal sealed class Scanner
{
    private const int FilesAtOnce = 256;

    private static readonly HashSet<string> Skipped = new(StringComparer.Ordinal) { ".git", ".hg", ".svn", ".bzr", "CVS" };

    private readonly ScanRequest _request;
    private readonly List<(string Path, string Reason)> _failed = [];

    private Scanner(ScanRequest request) => _request = request;

    /// <summary>Scans.</summary>
    /// <param name="request">What, and how.</param>
    /// <param name="cancellation">Set when it must stop.</param>
    /// <exception cref="UsageException">There is no such path, or rules or the baseline are wrong.</exception>
    public static ScanResult Run(ScanRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new Scanner(request).Run(cancellation);
    }

    private ScanResult Run(CancellationToken cancellation)
    {
        var baseline = _request.Baseline is null ? [] : ScanBaseline.Read(_request.Baseline);
        var root = _request.Path;
        if (!File.Exists(root) && !Directory.Exists(root))
            throw new UsageException($"there is no file or folder '{root}'. Name what is to be scanned.");
        var isFile = File.Exists(root);
        // To open a FIFO would be to wait for ever.
        if (isFile && !Datasets.FileKind.Of(new FileInfo(new FileInfo(root).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? root)).IsRegular)
            throw new UsageException($"'{root}' is a FIFO, socket or device; expected a file or a folder.");
        // All rules are read before anything is scanned.
        _ = _request.Redaction.UserRules;
        var findings = new List<ScanFinding>();
        var (files, binary, tooLarge, known) = (0, 0, 0, 0);
        using var scanners = new ThreadLocal<FileScanner>(() => new FileScanner(_request.Redaction, _request.ShowContext));
        foreach (var batch in (isFile ? [root] : Walk(root)).Chunk(FilesAtOnce))
        {
            var results = new Outcome[batch.Length];
            Parallel.For(0, batch.Length, new ParallelOptions { MaxDegreeOfParallelism = _request.Workers, CancellationToken = cancellation }, i =>
                results[i] = Scan(scanners.Value!, batch[i], isFile ? Path.GetFileName(root) : Path.GetRelativePath(root, batch[i]).Replace('\\', '/')));
            foreach (var result in results)
            {
                files += result.Findings is null ? 0 : 1;
                binary += result.IsBinary ? 1 : 0;
                tooLarge += result.IsTooLarge ? 1 : 0;
                if (result.Fault is not null)
                    _failed.Add((result.Path, result.Fault));
                known += (result.Findings ?? []).Count(f => baseline.Contains(f.Fingerprint));
                findings.AddRange((result.Findings ?? []).Where(f => !baseline.Contains(f.Fingerprint)));
            }
        }

        return new ScanResult(findings, files, binary, tooLarge, known, _failed);
    }

    private Outcome Scan(FileScanner scanner, string file, string path)
    {
        try
        {
            if (new FileInfo(file).Length > _request.MaxFileBytes)
                return new Outcome(path, null, IsTooLarge: true);
            var findings = scanner.Scan(path, File.ReadAllBytes(file));
            return new Outcome(path, findings, IsBinary: findings is null);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new Outcome(path, null, Fault: fault.Message);
        }
    }

    // In the order of names, folder by folder; links are not followed: what they name inside is met under its own name.
    private IEnumerable<string> Walk(string folder)
    {
        List<FileSystemInfo> entries;
        try
        {
            entries = [.. new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal)];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _failed.Add((Path.GetRelativePath(_request.Path, folder).Replace('\\', '/') + "/", fault.Message));
            yield break;
        }

        foreach (var entry in entries.Where(e => e.LinkTarget is null))
        {
            if (entry is DirectoryInfo && !Skipped.Contains(entry.Name))
            {
                foreach (var file in Walk(entry.FullName))
                    yield return file;
            }
            else if (entry is FileInfo file && Datasets.FileKind.Of(file).IsRegular)
            {
                yield return file.FullName;
            }
        }
    }

    private sealed record Outcome(string Path, List<ScanFinding>? Findings, bool IsBinary = false, bool IsTooLarge = false, string? Fault = null);
}

/// <summary>What is scanned, and how.</summary>
/// <param name="Path">A file or a folder.</param>
/// <param name="Redaction">What is looked for.</param>
/// <param name="Workers">Threads.</param>
/// <param name="MaxFileBytes">Larger files are counted and not looked into.</param>
/// <param name="ShowContext">Whether masked lines are told.</param>
/// <param name="Baseline">A report of an earlier scan whose finds are known; <c>null</c> for none.</param>
internal sealed record ScanRequest(string Path, RedactionOptions Redaction, int Workers, long MaxFileBytes, bool ShowContext, string? Baseline);
