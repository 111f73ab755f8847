using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.Storage;

namespace Stackmill.Organize.Sources.Archives;

/// <summary>One archive to read.</summary>
/// <param name="File">Where it lies.</param>
/// <param name="Format">What it is.</param>
/// <param name="RepoName">Name of the repository that its records get.</param>
internal sealed record PlannedArchive(SourceFile File, ArchiveFormat Format, string RepoName);

/// <summary>Tasks over archives, one each: a tar can only be read from its start.</summary>
/// <param name="Tasks">The tasks.</param>
/// <param name="Archives">What each reads.</param>
/// <param name="Fingerprint">SHA-256 over path, length and tag of the archives.</param>
internal sealed record ArchivePlan(IReadOnlyList<ShardTask> Tasks, IReadOnlyList<PlannedArchive> Archives, string Fingerprint)
{
    // What source code packed by gzip unpacks to, about: weights need no more.
    private const int UsualRatio = 4;

    /// <summary>
    /// Plans the archives. Each is one repository, named by its path inside the input without the ending (<c>owner/name.zip</c> is
    /// <c>owner/name</c>); where that would give several archives one name, they keep their endings.
    /// </summary>
    /// <exception cref="UsageException">A file is no archive, by its name and by its first bytes.</exception>
    public static ArchivePlan Make(IEnumerable<SourceFile> files)
    {
        var sorted = files.OrderBy(f => f.RelativePath, StringComparer.Ordinal).ToList();
        var names = sorted.CountBy(f => ArchiveFormat.WithoutSuffix(f.RelativePath), StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var (tasks, archives) = (new List<ShardTask>(sorted.Count), new List<PlannedArchive>(sorted.Count));
        using var fingerprint = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in sorted)
        {
            var format = ArchiveFormat.OfName(file.RelativePath) ?? OfContent(file);
            var name = ArchiveFormat.WithoutSuffix(file.RelativePath);
            fingerprint.AppendData(Encoding.UTF8.GetBytes($"{file.RelativePath}\t{file.Length}\t{file.Tag}\n"));
            tasks.Add(new ShardTask(tasks.Count, ShardWriter.PartName(tasks.Count), file.Length * UsualRatio));
            archives.Add(new PlannedArchive(file, format, names[name] == 1 ? name : file.RelativePath));
        }

        return new ArchivePlan(tasks, archives, Convert.ToHexStringLower(fingerprint.GetHashAndReset()));
    }

    private static ArchiveFormat OfContent(SourceFile file)
    {
        Span<byte> head = stackalloc byte[512];
        using var stream = file.OpenSequential();
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return ArchiveFormat.OfMagic(head[..read])
            ?? throw new UsageException($"'{file.Name}' is no archive: neither its name nor its first bytes are those of one. Expected a name that ends with one of {ArchiveFormat.Known}.");
    }
}
