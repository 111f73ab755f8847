using Stackmill.Core.Faults;
using Stackmill.Organize.Licenses;
using Stackmill.Shared.Licenses;

namespace Stackmill.Organize.Sources.Archives;

/// <summary>
/// Gathers what the licence files of one archive say, before its files are read: they may come after those that they speak of. What can't be read here is
/// met again, and counted, when the files are.
/// </summary>
internal sealed class ArchiveLicenses(LicenseReader licenses) : IArchiveSink
{
    private readonly byte[] _buffer = new byte[LicenseFiles.MostBytes];

    /// <summary>What was found.</summary>
    public FolderMap Folders { get; } = new();

    public void Count(string counter)
    {
    }

    public void FailArchive(string path, string reason, string detail)
    {
    }

    public bool Take(in ArchiveEntry entry, string path, bool isSafe, string inner, bool isNested, ArchiveReader reader)
    {
        var kind = LicenseFiles.Of(path, out var folder);
        if (!isSafe || entry.Kind != EntryKind.File || entry.Fault is not null || kind == LicenseFileKind.None)
            return true;
        try
        {
            using var content = reader.OpenContent();
            var read = content.ReadAtLeast(_buffer, (int)Math.Min(entry.Length, _buffer.Length), throwOnEndOfStream: false);
            Folders.Add(FolderMap.Key("", folder), kind, licenses.Ids(kind, Path.GetFileName(path), _buffer.AsSpan(0, read)));
            return true;
        }
        catch (RecordFaultException)
        {
            Folders.Add(FolderMap.Key("", folder), kind, [LicenseRefs.Unknown]);
            return true;
        }
        catch (ArchiveFaultException)
        {
            Folders.Add(FolderMap.Key("", folder), kind, [LicenseRefs.Unknown]);
            return false;
        }
    }
}
