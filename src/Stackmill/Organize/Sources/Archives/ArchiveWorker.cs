using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Organize.Licenses;
using Stackmill.Shared;

namespace Stackmill.Organize.Sources.Archives;

/// <summary>
/// Reads archives into shards, one a task. The one folder that all files of an archive lie in (<c>name-1.2.3/</c>) is left out of their
/// paths, except in packages, whose form has none. To know it, the names are read before the contents; that ends at the second folder.
/// </summary>
/// <param name="plan">The archives.</param>
/// <param name="filters">Decide which files go on.</param>
/// <param name="options">How archives are read.</param>
/// <param name="scratchFolder">Where zip files that lie inside archives are kept while they are read; made when missing.</param>
internal sealed class ArchiveWorker(ArchivePlan plan, IReadOnlyList<IFileFilter> filters, OrganizeOptions options, string scratchFolder) : IShardWorker
{
    private readonly ByteArena _sortArena = new();
    private readonly ByteArena _writeArena = new();
    private readonly LicenseReader _reader = new();
    private readonly RecordLicenses _licenses = new(options);
    private readonly byte[] _copy = new byte[1 << 16];

    public void Run(ShardTask task, ShardContext context)
    {
        _sortArena.Reset();
        var archive = plan.Archives[task.Index];
        using var ledger = new LedgerWriter(context, task.Name);
        var shards = new SortedShardWriter(context, task.Name, options.ShardSize, _sortArena, _writeArena);
        var top = Top(archive, context.Cancellation);
        var budget = new UnpackBudget(archive.File.Length, options.Input.Archives);
        var entries = new ArchiveRecords(archive.RepoName, filters, options, Licenses(archive, top, task.Name), _licenses, context, ledger, shards);
        try
        {
            Read(new Level(archive.Format, "", top, 0), archive.File.RelativePath, () => Reader(archive, budget), entries, budget, task.Name);
        }
        catch (ArchiveFaultException fault)
        {
            throw new ShardFaultException($"the archive '{archive.File.Name}' is damaged: {fault.Message}. None of its files is taken, as nobody can tell which are right. Fetch it again, or take it out of the input.", fault);
        }

        shards.Flush();
        ledger.Complete();
    }

    public void Dispose()
    {
    }

    private string Top(PlannedArchive archive, CancellationToken cancellation)
    {
        if (archive.Format.IsPackage)
            return "";
        try
        {
            using var reader = Reader(archive, new UnpackBudget(archive.File.Length, options.Input.Archives));
            return EntryPath.CommonTop(reader, archive.Format.IsZip, cancellation);
        }
        catch (ArchiveFaultException)
        {
            // It can't even be opened; reading it meets the same fault and counts it.
            return "";
        }
    }

    // Which licence a file is under, an entry behind it may tell: the archive is read once for those alone.
    private FolderMap? Licenses(PlannedArchive archive, string top, string taskName)
    {
        if (options.Licenses.Detect == LicenseOptions.Never)
            return null;
        var found = new ArchiveLicenses(_reader);
        var budget = new UnpackBudget(archive.File.Length, options.Input.Archives);
        try
        {
            Read(new Level(archive.Format, "", top, 0), archive.File.RelativePath, () => Reader(archive, budget), found, budget, taskName);
        }
        catch (ArchiveFaultException)
        {
            // Reading its files meets the same damage, and none of them is taken.
            return null;
        }

        return found.Folders;
    }

    // False when the whole archive is not read on.
    private bool Read(Level level, string name, Func<ArchiveReader> open, IArchiveSink records, UnpackBudget budget, string taskName)
    {
        var seen = 0L;
        try
        {
            using var reader = open();
            while (reader.Next(out var entry))
            {
                seen++;
                if (entry.Kind != EntryKind.Folder && !Take(level, entry, reader, records, budget, taskName))
                    return !budget.IsSpent;
            }
        }
        catch (ArchiveFaultException fault) when (level.Depth > 0 || !fault.IsDamage)
        {
            records.FailArchive(name, fault.Fault.Reason, $"{fault.Message}; {seen} entries were read before");
        }

        return !budget.IsSpent;
    }

    // False when the archive that holds the entry can't be read on.
    private bool Take(Level level, in ArchiveEntry entry, ArchiveReader reader, IArchiveSink records, UnpackBudget budget, string taskName)
    {
        var normal = EntryPath.Normalise(entry.Name, level.Format.IsZip);
        var inner = normal is null ? "" : level.Top.Length > 0 && normal.StartsWith(level.Top + "/", StringComparison.Ordinal) ? normal[(level.Top.Length + 1)..] : normal;
        var path = level.Prefix + (normal is null ? entry.Name : inner);
        var isReadable = entry.Kind == EntryKind.File && entry.Fault is null && normal is not null;
        var isGemData = level.Format.IsGem && inner == "data.tar.gz";
        if (isReadable && (isGemData || (ArchiveFormat.OfName(path) is not null && options.Input.Archives.Nested && level.Depth == 0 && EntryPath.Check(inner, options.Input.IncludeHidden).IsKept)))
        {
            var below = isGemData ? level with { Format = ArchiveFormat.OfName(inner)! } : new Level(ArchiveFormat.OfName(path)!, path + "/", "", level.Depth + 1);
            return TakeArchive(below, path, reader, records, budget, taskName);
        }

        return records.Take(entry, path, isSafe: normal is not null, inner, isNested: level.Depth > 0, reader);
    }

    private bool TakeArchive(Level level, string path, ArchiveReader outer, IArchiveSink records, UnpackBudget budget, string taskName)
    {
        records.Count("nested_archives");
        try
        {
            using var content = outer.OpenContent();
            if (!level.Format.IsZip)
            {
                return Read(level, path, () => new TarReader(level.Format.Compression == ArchiveCompression.None ? content : UnpackedStream.Open(content, level.Format.Compression, budget)), records, budget, taskName);
            }

            Directory.CreateDirectory(scratchFolder);
            var copy = Path.Combine(scratchFolder, taskName + ".zip");
            using var file = new FileStream(copy, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.DeleteOnClose);
            for (var read = content.Read(_copy, 0, _copy.Length); read > 0; read = content.Read(_copy, 0, _copy.Length))
                file.Write(_copy, 0, read);
            return Read(level, path, () => new ZipReader(() => new FileStream(copy, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), budget), records, budget, taskName);
        }
        catch (RecordFaultException fault)
        {
            records.FailArchive(path, fault.Reason, fault.Message);
            return true;
        }
    }

    private static ArchiveReader Reader(PlannedArchive archive, UnpackBudget budget)
    {
        try
        {
            if (archive.Format.IsZip)
                return new ZipReader(archive.File.OpenSeekable, budget);
            return new TarReader(UnpackedStream.Open(archive.File.OpenSequential(), archive.Format.Compression, budget));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ShardFaultException($"the archive '{archive.File.Name}' can't be opened: {fault.Message}", fault);
        }
    }

    /// <summary>Where an entry is met.</summary>
    /// <param name="Format">Format of the archive that holds it.</param>
    /// <param name="Prefix">What comes before its path, with a slash; empty outside of nested archives.</param>
    /// <param name="Top">Folder that is left out of its path; empty for none.</param>
    /// <param name="Depth">0 in the archive itself, 1 in an archive inside it.</param>
    private sealed record Level(ArchiveFormat Format, string Prefix, string Top, int Depth);
}
