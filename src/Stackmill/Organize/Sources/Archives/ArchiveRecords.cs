using System.IO.Hashing;
using System.Runtime.InteropServices;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Core.Stages;
using Stackmill.Datasets;
using Stackmill.Organize.Licenses;
using Stackmill.Shared.Filters;
using Stackmill.Shared.Languages;

namespace Stackmill.Organize.Sources.Archives;

/// <summary>Decides on the files of one archive, reads those that go on, and keeps the books of them all.</summary>
internal sealed class ArchiveRecords(
    string repoName, IReadOnlyList<IFileFilter> filters, OrganizeOptions options, FolderMap? folders, RecordLicenses licenses, ShardContext context, LedgerWriter ledger, SortedShardWriter shards) : IArchiveSink
{
    // 16 bytes a path: ten million files of one archive take some 300 MB.
    private readonly HashSet<UInt128> _paths = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _scopes = new(StringComparer.Ordinal);
    private byte[] _buffer = new byte[1 << 16];

    /// <summary>Adds one to a counter of the stage.</summary>
    public void Count(string counter) => context.Books.Count(counter);

    /// <summary>Counts an archive that can't be read, or not to its end, as one thing that came in and failed.</summary>
    public void FailArchive(string path, string reason, string detail)
    {
        context.Books.In++;
        context.Advance(0);
        Fail(path, null, reason, detail);
    }

    /// <summary>Takes one entry; false when its archive can't be read on.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="path">Its path as the record will have it.</param>
    /// <param name="isSafe">False when its name leads out of the archive.</param>
    /// <param name="inner">Its path inside its own archive, which decides whether it is hidden.</param>
    /// <param name="isNested">True when its archive lies inside another one.</param>
    /// <param name="reader">Stands at the entry.</param>
    /// <exception cref="ArchiveFaultException">The archive itself is damaged, and <paramref name="isNested"/> is false.</exception>
    public bool Take(in ArchiveEntry entry, string path, bool isSafe, string inner, bool isNested, ArchiveReader reader)
    {
        context.Books.In++;
        var (language, possible) = NameGuess.Of(path);
        var verdict = !isSafe ? Verdict.Drop("unsafe_path") : EntryPath.Check(entry.Kind);
        if (verdict.IsKept)
            verdict = EntryPath.Check(inner, options.Input.IncludeHidden);
        if (verdict.IsKept && entry.Fault is { } fault)
        {
            context.Advance(0);
            Fail(path, entry.Length, fault.Reason, fault.Message);
            return true;
        }

        if (verdict.IsKept && ArchiveFormat.OfName(path) is not null)
            verdict = Verdict.Drop("nested_archive");
        if (verdict.IsKept && !_paths.Add(XxHash128.HashToUInt128(MemoryMarshal.AsBytes(path.AsSpan()))))
            verdict = Verdict.Drop("duplicate_path");
        if (verdict.IsKept)
            verdict = filters.Check(new FileFacts(path, language, entry.Length, RepoName: repoName, PossibleLanguages: possible));
        // What is not read has a length that nobody has seen: progress is told of the others only.
        context.Advance(verdict.IsKept ? entry.Length : 0);
        if (!verdict.IsKept)
        {
            Drop(path, language, entry.Length, verdict);
            return true;
        }

        try
        {
            Keep(path, entry.Length, reader);
            return true;
        }
        catch (RecordFaultException damage)
        {
            Fail(path, entry.Length, damage.Reason, damage.Message);
            return true;
        }
        catch (ArchiveFaultException damage) when (isNested || !damage.IsDamage)
        {
            Fail(path, entry.Length, damage.Fault.Reason, damage.Message + "; the rest of the archive was not read");
            return false;
        }
    }

    private void Fail(string path, long? length, string reason, string detail)
    {
        context.Books.Fail(reason);
        ledger.Add(Row(path, LedgerAction.Failed, reason, length) with { Detail = detail });
    }

    private void Keep(string path, long length, ArchiveReader reader)
    {
        using var content = reader.OpenContent();
        if (_buffer.Length < length)
            _buffer = new byte[Math.Max(length, Math.Min(_buffer.Length * 2L, Array.MaxLength))];
        content.ReadExactly(_buffer.AsSpan(0, (int)length));
        // The end is where a zip's checksum is held against its bytes.
        content.ReadByte();
        context.Books.BytesIn += length;
        var record = new CodeRecord { RepoName = repoName, Path = path, Content = _buffer.AsMemory(0, (int)length) };
        RecordIdentity.Complete(record);
        var verdict = filters.Check(ContentJudge.Fill(record, isLanguageGiven: false));
        if (verdict.IsKept)
        {
            licenses.Apply(record, folders?.Of("", path, _scopes));
            verdict = licenses.Check(record);
        }

        if (verdict.IsKept)
            shards.Add(record);
        else
            Drop(path, record.Language, length, verdict);
    }

    private void Drop(string path, string? language, long length, Verdict verdict)
    {
        context.Books.Drop(verdict.Reason!);
        ledger.Add(Row(path, LedgerAction.Dropped, verdict.Reason!, length) with { Language = language ?? "", Value = verdict.Value, Threshold = verdict.Threshold });
    }

    private LedgerRow Row(string path, LedgerAction action, string reason, long? length) => new()
    {
        Stage = OrganizeStage.Id,
        Action = action,
        Reason = reason,
        RepoName = repoName,
        Path = path,
        LengthBytes = length,
    };
}
