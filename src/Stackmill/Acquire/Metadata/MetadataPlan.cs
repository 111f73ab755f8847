using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets.Parquet;
using Stackmill.Datasets.Storage;
using Stackmill.Shared;
using Stackmill.Shared.Filters;

namespace Stackmill.Acquire.Metadata;

/// <summary>One row group of the plan.</summary>
/// <param name="Index">Its index in the file.</param>
/// <param name="Rows">Its rows, by the footer.</param>
/// <param name="Bytes">Compressed bytes of the columns that reading it would move, at most.</param>
/// <param name="Language">The one language of its rows, where statistics tell it.</param>
/// <param name="Excluded">The reason for which all its rows are dropped unread; <c>null</c> when it is read.</param>
internal sealed record PlannedGroup(int Index, long Rows, long Bytes, string? Language, string? Excluded);

/// <summary>A run of row groups of one file, done by one task.</summary>
/// <param name="Index">Position in the plan.</param>
/// <param name="Name">Name of the task without what the limit adds; it depends on the file's position and its own in the file only.</param>
/// <param name="Source">The file.</param>
/// <param name="Nested">True when its rows are repositories.</param>
/// <param name="Groups">The row groups; none for a file whose footer could not be read.</param>
/// <param name="Fault">Why the footer could not be read, with which the task fails; <c>null</c> when it could.</param>
internal sealed record MetadataPiece(int Index, string Name, SourceFile Source, bool Nested, IReadOnlyList<PlannedGroup> Groups, string? Fault)
{
    /// <summary>Bytes that the task moves, at most; at least 1.</summary>
    public long Weight { get; } = Math.Max(1, Groups.Where(g => g.Excluded is null).Sum(g => g.Bytes));

    /// <summary>The one language of all rows, or <c>null</c>.</summary>
    public string? Language { get; } = Groups.Count > 0 && Groups.All(g => g.Language == Groups[0].Language) ? Groups[0].Language : null;
}

/// <summary>All tasks of a source, cut from the footers alone.</summary>
/// <param name="Pieces">In the order of the files, and of the row groups in them.</param>
/// <param name="HasFilename">True when some file has the 27th column.</param>
internal sealed record MetadataPlan(IReadOnlyList<MetadataPiece> Pieces, bool HasFilename)
{
    // Rows of one task: seconds of work, and one small part for each language.
    private const long RowsPerPiece = 1 << 18;

    // A row of a repository stands for 40 files on average.
    private const long RowsPerNestedPiece = RowsPerPiece / 64;

    // Footers of files that lie elsewhere are a matter of waiting, not of work.
    private const int FootersAtOnce = 16;

    /// <summary>Reads the footers, several at a time.</summary>
    public static MetadataPlan Make(IReadOnlyList<SourceFile> files, MetadataOptions options, RepositoryLists lists, string folder, RunContext context)
    {
        var statistics = new GroupStatistics(options, lists);
        var footers = new Footer[files.Count];
        var tasks = files.Select((f, i) => new ShardTask(i, $"footer-{i:D5}", 1)).ToList();
        new ShardRunner(MetadataStage.Id + ": footers", folder, null, "", Math.Max(FootersAtOnce, context.Workers), context.Observer)
            .Run(tasks, () => new FooterWorker(task => footers[task.Index] = Footer.Read(files[task.Index], statistics)), context.Cancellation);
        return Cut(files, footers);
    }

    private static MetadataPlan Cut(IReadOnlyList<SourceFile> files, Footer[] footers)
    {
        var pieces = new List<MetadataPiece>();
        for (var f = 0; f < files.Count; f++)
        {
            var footer = footers[f];
            var (groups, rows, number) = (new List<PlannedGroup>(), 0L, 0);
            foreach (var group in footer.Groups)
            {
                groups.Add(group);
                rows += group.Rows;
                if (rows < (footer.Nested ? RowsPerNestedPiece : RowsPerPiece))
                    continue;
                Add(groups);
                (groups, rows) = ([], 0);
            }

            if (groups.Count > 0 || footer.Fault is not null)
                Add(groups);

            void Add(List<PlannedGroup> some) => pieces.Add(new MetadataPiece(pieces.Count, $"part-{f:D5}-{number++:D5}", files[f], footer.Nested, some, footer.Fault));
        }

        return new MetadataPlan(pieces, footers.Any(f => f.HasFilename));
    }

    private sealed record Footer(string? Fault, bool Nested, bool HasFilename, IReadOnlyList<PlannedGroup> Groups)
    {
        public static Footer Read(SourceFile file, GroupStatistics statistics)
        {
            try
            {
                return ParquetTableReader.Guard(file.Name, () => ReadWhole(file, statistics));
            }
            catch (Exception fault) when (fault is ShardFaultException or IOException or UnauthorizedAccessException)
            {
                // The file's task fails with it; the other files go on.
                return new Footer(fault.Message, false, false, []);
            }
        }

        private static Footer ReadWhole(SourceFile file, GroupStatistics statistics)
        {
            using var source = OpenSource.Open(file, nested: false);
            var leaves = source.Layout.Leaves(MetadataColumns.All(filename: true).Select(c => c.Name));
            var groups = new PlannedGroup[source.Reader.NumRowGroups];
            for (var i = 0; i < groups.Length; i++)
                groups[i] = Group(source, i, leaves, statistics);
            return new Footer(null, source.Layout.IsNested, source.Layout.Has(MetadataColumns.Filename), groups);
        }

        private static PlannedGroup Group(OpenSource source, int index, int[] leaves, GroupStatistics statistics)
        {
            using var group = source.Reader.ParquetReader.RowGroup(index);
            long bytes = 0;
            foreach (var leaf in leaves)
            {
                using var chunk = group.MetaData.GetColumnChunkMetaData(leaf);
                bytes += chunk.TotalCompressedSize;
            }

            var reason = statistics.Exclude(group.MetaData, source.Reader.ParquetReader.FileMetaData.CreatedBy, source.Layout, out var language);
            return new PlannedGroup(index, group.MetaData.NumRows, bytes, language, reason);
        }
    }

    private sealed class FooterWorker(Action<ShardTask> read) : IShardWorker
    {
        public void Run(ShardTask task, ShardContext context) => read(task);

        public void Dispose()
        {
        }
    }
}
