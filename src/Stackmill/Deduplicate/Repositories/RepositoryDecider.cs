using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Repositories;

/// <summary>What came of comparing repositories.</summary>
/// <param name="Repositories">Repositories with files.</param>
/// <param name="Groups">Groups of equal ones; one of each stays.</param>
/// <param name="Gone">Repositories that go.</param>
/// <param name="GoneFiles">Their files.</param>
internal readonly record struct RepositorySummary(long Repositories, long Groups, long Gone, long GoneFiles);

/// <summary>
/// Decides over all shards which repositories go: those with the same files (path and content) as another one that is preferred. It sorts beyond memory: runs by
/// repository, repositories by tree, and those of groups by name, so that one can be found. Where all rules are equal, the lesser name (in UTF-8) is preferred.
/// </summary>
internal static class RepositoryDecider
{
    /// <summary>Files that make a repository; a single one is compared by its content anyway, whatever its path.</summary>
    public const int LeastFiles = 2;

    /// <summary>Decides, and writes what <see cref="RepositoryDecisions"/> reads.</summary>
    /// <param name="shards">The files of the collectors, each once; their order doesn't count.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="scratch">The start of names of files that go when it is done; its folder is there.</param>
    /// <param name="memory">Most memory.</param>
    /// <param name="cancellation">Set when the run must stop.</param>
    public static RepositorySummary Run(IEnumerable<string> shards, string output, string scratch, long memory, CancellationToken cancellation = default)
    {
        var namesPath = scratch + "-names.tmp";
        using var names = new RowWriter<byte>(namesPath, temporary: true);
        using var groups = new RowWriter<RepositoryGroup>(scratch + "-groups.tmp", temporary: true);
        using var trees = new ExternalSort<RepositoryTree>(scratch + "-trees", memory / 2);
        var summary = default(RepositorySummary);
        using (var runs = new ExternalSort<PlacedRun>(scratch + "-runs", memory / 2))
        {
            AddRuns(shards, names, runs, cancellation);
            summary = summary with { Repositories = AddTrees(runs, trees, cancellation) };
        }

        names.Flush();
        using var members = new ExternalSort<RepositoryMember>(scratch + "-members", memory / 2);
        using var file = new RowWriter<byte>(output);
        Group(trees.Sort(), new NameOrder(names, namesPath), file, groups, members, cancellation);
        groups.Flush();
        return WriteIndex(members.Sort(), groups, scratch + "-groups.tmp", file, summary with { Groups = groups.Count }, cancellation);
    }

    private static void AddRuns(IEnumerable<string> shards, RowWriter<byte> names, ExternalSort<PlacedRun> runs, CancellationToken cancellation)
    {
        foreach (var shard in shards)
        {
            cancellation.ThrowIfCancellationRequested();
            using var reader = new RepositoryRuns(shard);
            while (reader.Read(out var run, out var name))
            {
                runs.Add(new PlacedRun(run, names.Count));
                names.AddRange(name);
            }
        }
    }

    private static long AddTrees(ExternalSort<PlacedRun> runs, ExternalSort<RepositoryTree> trees, CancellationToken cancellation)
    {
        var (sorted, count) = (runs.Sort(), 0L);
        for (var more = sorted.Read(out var next); more; count++)
        {
            var (run, name) = (next.Run, next.NameOffset);
            while ((more = sorted.Read(out next)) && next.Run.Name == run.Name)
            {
                run.Tree += next.Run.Tree;
                run.Files += next.Run.Files;
                run.Merits.Add(next.Run.Merits);
            }

            if (run.Files >= LeastFiles)
                trees.Add(new RepositoryTree(run, name));
            if ((count & 0xFFFF) == 0)
                cancellation.ThrowIfCancellationRequested();
        }

        return count;
    }

    private static void Group(
        SortedValues<RepositoryTree> trees, NameOrder names, RowWriter<byte> file, RowWriter<RepositoryGroup> groups, ExternalSort<RepositoryMember> members, CancellationToken cancellation)
    {
        for (var more = trees.Read(out var next); more;)
        {
            cancellation.ThrowIfCancellationRequested();
            var (first, best, count) = (next, next, 1);
            for (; (more = trees.Read(out next)) && next.Run.Tree == first.Run.Tree && next.Run.Files == first.Run.Files; count = 2)
            {
                if (count == 1)
                    members.Add(new RepositoryMember(first.Run.Name, groups.Count, first.Run.Files));
                members.Add(new RepositoryMember(next.Run.Name, groups.Count, next.Run.Files));
                // The order of the trees is that of merits, so that only the first ones can be equal.
                if (next.Run.Merits.CompareTo(best.Run.Merits) == 0 && names.Compare(next, best) < 0)
                    best = next;
            }

            if (count == 1)
                continue;
            groups.Add(new RepositoryGroup(best.Run.Name, file.Count, best.Run.NameLength));
            file.AddRange(names.Read(best));
        }
    }

    private static RepositorySummary WriteIndex(
        SortedValues<RepositoryMember> members, RowWriter<RepositoryGroup> groups, string groupsPath, RowWriter<byte> file, RepositorySummary summary, CancellationToken cancellation)
    {
        var index = file.Count;
        var (gone, files) = (0L, 0L);
        Span<RepositoryGroup> group = new RepositoryGroup[1];
        while (members.Read(out var member))
        {
            RowReader<RepositoryGroup>.ReadAt(groups.Handle, groupsPath, member.Group * Unsafe.SizeOf<RepositoryGroup>(), group);
            if (group[0].Kept == member.Name)
                continue;
            var row = new GoneRepository(member.Name, group[0].NameOffset, group[0].NameLength);
            file.AddRange(MemoryMarshal.AsBytes(new ReadOnlySpan<GoneRepository>(in row)));
            (gone, files) = (gone + 1, files + member.Files);
            if ((gone & 0xFFFF) == 0)
                cancellation.ThrowIfCancellationRequested();
        }

        summary = summary with { Gone = gone, GoneFiles = files };
        var end = new RepositoryTrailer(RepositoryTrailer.Magic, index, summary);
        file.AddRange(MemoryMarshal.AsBytes(new ReadOnlySpan<RepositoryTrailer>(in end)));
        file.Flush();
        return summary;
    }

    // A run, and where its name lies.
    private readonly record struct PlacedRun(RepositoryRun Run, long NameOffset) : IComparable<PlacedRun>
    {
        public int CompareTo(PlacedRun other) => Run.Name != other.Run.Name ? Run.Name.CompareTo(other.Run.Name) : NameOffset.CompareTo(other.NameOffset);
    }

    private readonly record struct RepositoryTree(RepositoryRun Run, long NameOffset) : IComparable<RepositoryTree>
    {
        public int CompareTo(RepositoryTree other)
        {
            if (Run.Tree != other.Run.Tree)
                return Run.Tree.CompareTo(other.Run.Tree);
            if (Run.Files != other.Run.Files)
                return Run.Files.CompareTo(other.Run.Files);
            return Run.Merits.CompareTo(other.Run.Merits) is var order and not 0 ? order : Run.Name.CompareTo(other.Run.Name);
        }
    }

    private readonly record struct RepositoryGroup(UInt128 Kept, long NameOffset, int NameLength);

    private readonly record struct RepositoryMember(UInt128 Name, long Group, long Files) : IComparable<RepositoryMember>
    {
        public int CompareTo(RepositoryMember other) => Name.CompareTo(other.Name);
    }

    private sealed class NameOrder(RowWriter<byte> names, string path)
    {
        private byte[] _one = [];
        private byte[] _other = [];

        public int Compare(in RepositoryTree x, in RepositoryTree y) => Read(x, ref _one).SequenceCompareTo(Read(y, ref _other));

        public ReadOnlySpan<byte> Read(in RepositoryTree tree) => Read(tree, ref _one);

        private Span<byte> Read(in RepositoryTree tree, ref byte[] buffer)
        {
            if (buffer.Length < tree.Run.NameLength)
                buffer = new byte[2 * tree.Run.NameLength];
            var name = buffer.AsSpan(0, tree.Run.NameLength);
            RowReader<byte>.ReadAt(names.Handle, path, tree.NameOffset, name);
            return name;
        }
    }
}
