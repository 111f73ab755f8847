using ParquetSharp.Arrow;
using Stackmill.Core.Faults;
using Stackmill.Datasets.Parquet;
using Stackmill.Datasets.Storage;

namespace Stackmill.Acquire.Metadata;

/// <summary>One open Parquet file: its footer, its layout, and its rows by row group and column.</summary>
internal sealed class OpenSource : IDisposable
{
    // Rows of a batch. A repository of the nested form has 40 files on average and some have 100,000, so fewer at once.
    private const int FlatRows = 4096;
    private const int NestedRows = 128;

    private OpenSource(string name, FileReader file, SourceLayout layout) => (Name, Reader, Layout) = (name, file, layout);

    /// <summary>How messages name it.</summary>
    public string Name { get; }

    /// <summary>The reader.</summary>
    public FileReader Reader { get; }

    /// <summary>Where its columns lie.</summary>
    public SourceLayout Layout { get; }

    /// <summary>Opens a file, whose layout may be known to be nested already.</summary>
    /// <exception cref="ShardFaultException">It can't be read, is no Parquet file, or lacks columns.</exception>
    public static OpenSource Open(SourceFile source, bool nested)
    {
        var file = ParquetTableReader.Open(source, nested ? NestedRows : FlatRows);
        var done = false;
        try
        {
            var opened = new OpenSource(source.Name, file, ParquetTableReader.Guard(source.Name, () => SourceLayout.Of(source.Name, file)));
            done = true;
            return opened;
        }
        finally
        {
            if (!done)
                file.Dispose();
        }
    }

    /// <summary>Reads some columns of a row group; each batch is valid until the next one is taken.</summary>
    /// <exception cref="ShardFaultException">The bytes can't be read or are damaged.</exception>
    public IEnumerable<ItemBatch> Read(int group, IEnumerable<string> columns)
    {
        var leaves = Layout.Leaves(columns);
        using var batches = ParquetTableReader.Guard(Name, () => Reader.GetRecordBatchReader([group], leaves));
        while (true)
        {
            // The native reader never goes async; the value is there when the call returns.
            var batch = ParquetTableReader.Guard(Name, () => batches.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult());
            if (batch is null)
                yield break;
            using var items = new ItemBatch(batch, Layout);
            yield return items;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Reader.Dispose();
}
