using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Repositories;

/// <summary>Files in a row in a shard that go, because a repository that stays has the same.</summary>
/// <param name="FirstRow">Row of the first.</param>
/// <param name="Rows">How many they are.</param>
/// <param name="Kept">The repository that stays; each file has its copy there at the same path, with the same content id.</param>
internal readonly record struct GoneRun(long FirstRow, long Rows, string Kept);

/// <summary>A repository that goes, in the order of <paramref name="Name"/>'s hash, and where the name of the one that stays lies in the file.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal readonly record struct GoneRepository(UInt128 Name, long KeptOffset, int KeptLength);

/// <summary>The end of the file: what it holds, and where the repositories that go begin.</summary>
internal readonly record struct RepositoryTrailer(long Sign, long Index, RepositorySummary Summary)
{
    /// <summary><c>smrepos1</c>.</summary>
    public const long Magic = 0x3173_6F70_6572_6D73;
}

/// <summary>
/// What <see cref="RepositoryDecider"/> decided: names of repositories that stay, those that go sorted by their hash, a trailer. A look-up reads some rows, so
/// that memory doesn't grow with the file. Not thread-safe; any number may be open.
/// </summary>
internal sealed class RepositoryDecisions : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _handle;
    private readonly RepositoryTrailer _trailer;
    private readonly GoneRepository[] _row = new GoneRepository[1];

    /// <param name="path">The file.</param>
    /// <exception cref="RunFaultException">It isn't whole.</exception>
    public RepositoryDecisions(string path)
    {
        (_path, _handle) = (path, File.OpenHandle(path));
        var end = RandomAccess.GetLength(_handle) - Unsafe.SizeOf<RepositoryTrailer>();
        var trailer = new RepositoryTrailer[1];
        if (end >= 0)
            RowReader<RepositoryTrailer>.ReadAt(_handle, path, end, trailer);
        _trailer = trailer[0];
        if (_trailer.Sign == RepositoryTrailer.Magic && _trailer.Index + (Summary.Gone * Unsafe.SizeOf<GoneRepository>()) == end)
            return;
        _handle.Dispose();
        throw new RunFaultException($"'{path}' does not end as decisions on repositories do: something else changed it. Run again with --force.");
    }

    /// <summary>What happens to the files of a repository that goes.</summary>
    public static Verdict Drop { get; } = Verdict.Drop("duplicate_repository");

    /// <summary>What came of comparing them.</summary>
    public RepositorySummary Summary => _trailer.Summary;

    /// <summary>The files of a shard that go, in the order of its rows.</summary>
    /// <param name="shard">The file that the shard's collector wrote.</param>
    public IEnumerable<GoneRun> GoneIn(string shard)
    {
        if (Summary.Gone == 0)
            yield break;
        using var runs = new RepositoryRuns(shard);
        while (runs.Read(out var run, out _))
        {
            if (Find(run.Name))
                yield return new GoneRun(run.FirstRow, run.Files, Kept());
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    // Hashes are even, so that a row is found near where it would be if they were perfectly so; every third step halves, should they not be.
    private bool Find(UInt128 name)
    {
        var (low, high, key) = (0L, Summary.Gone - 1, Leading(name));
        var (least, most) = (0.0, (double)ulong.MaxValue);
        for (var step = 1; low <= high; step++)
        {
            var share = step % 3 == 0 || most <= least ? 0.5 : Math.Clamp((key - least) / (most - least), 0, 1);
            var at = Math.Clamp(low + (long)(share * (high - low)), low, high);
            RowReader<GoneRepository>.ReadAt(_handle, _path, _trailer.Index + (at * Unsafe.SizeOf<GoneRepository>()), _row);
            if (_row[0].Name == name)
                return true;
            if (_row[0].Name < name)
                (low, least) = (at + 1, Leading(_row[0].Name));
            else
                (high, most) = (at - 1, Leading(_row[0].Name));
        }

        return false;
    }

    private static double Leading(UInt128 name) => (ulong)(name >> 64);

    private string Kept()
    {
        var name = new byte[_row[0].KeptLength];
        RowReader<byte>.ReadAt(_handle, _path, _row[0].KeptOffset, name);
        return Encoding.UTF8.GetString(name);
    }
}
