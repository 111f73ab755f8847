using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets.Parquet;

namespace Stackmill.Datasets;

/// <summary>Writes the ledger part of one task: one row a file that was dropped, failed or changed.</summary>
internal sealed class LedgerWriter : IDisposable
{
    /// <summary>Folder of the ledger inside a dataset.</summary>
    public const string Folder = "_ledger";

    private const int RowGroupRows = 8192;

    private readonly ShardContext _context;
    private readonly string _path;
    private readonly List<LedgerRow> _rows = new(256);
    private ParquetTableWriter<LedgerRow>? _file;

    /// <summary>Makes the writer; the file appears with the first row.</summary>
    public LedgerWriter(ShardContext context, string partName)
    {
        _context = context;
        _path = $"{Folder}/{partName}.parquet";
    }

    /// <summary>Adds one row.</summary>
    public void Add(LedgerRow row)
    {
        _rows.Add(row);
        if (_rows.Count == RowGroupRows)
            Flush();
    }

    /// <summary>Writes what is left and closes the file.</summary>
    public void Complete()
    {
        if (_rows.Count > 0)
            Flush();
        _file?.Close();
    }

    /// <summary>Frees the native writer.</summary>
    public void Dispose() => _file?.Dispose();

    private void Flush()
    {
        _file ??= new ParquetTableWriter<LedgerRow>(
            _context.CreateOutput(_path, ShardOutput.LedgerKind, "", () => (_file!.Rows, 0)), LedgerColumns.Write());
        _file.WriteRowGroup(_rows);
        _rows.Clear();
    }
}

/// <summary>Columns of the ledger.</summary>
internal static class LedgerColumns
{
    /// <summary>A row while it is read: the columns set one value after another.</summary>
    internal sealed class Row
    {
        public LedgerRow Value { get; set; } = new() { Path = "", Stage = "", Action = LedgerAction.Dropped, Reason = "" };
    }

    /// <summary>The columns for writing.</summary>
    public static IReadOnlyList<ParquetColumn<LedgerRow>> Write() => Make<LedgerRow>(row => row, (_, _) => { });

    /// <summary>The columns for reading.</summary>
    public static IReadOnlyList<ParquetColumn<Row>> Read() => Make<Row>(row => row.Value, (row, value) => row.Value = value);

    private static IReadOnlyList<ParquetColumn<T>> Make<T>(Func<T, LedgerRow> of, Action<T, LedgerRow> set) =>
    [
        new TextColumn<T>("stage", false, r => of(r).Stage, (r, v) => set(r, of(r) with { Stage = v! })),
        new TextColumn<T>("action", false, r => Name(of(r).Action), (r, v) => set(r, of(r) with { Action = Enum.Parse<LedgerAction>(v!, ignoreCase: true) })),
        new TextColumn<T>("reason", false, r => of(r).Reason, (r, v) => set(r, of(r) with { Reason = v! })),
        new TextColumn<T>("content_id", false, r => of(r).ContentId, (r, v) => set(r, of(r) with { ContentId = v! })),
        new TextColumn<T>("repo_name", false, r => of(r).RepoName, (r, v) => set(r, of(r) with { RepoName = v! })),
        new TextColumn<T>("path", false, r => of(r).Path, (r, v) => set(r, of(r) with { Path = v! })),
        new TextColumn<T>("language", false, r => of(r).Language, (r, v) => set(r, of(r) with { Language = v! })),
        ValueColumns.Double<T>("value", true, r => of(r).Value, (r, v) => set(r, of(r) with { Value = v })),
        ValueColumns.Double<T>("threshold", true, r => of(r).Threshold, (r, v) => set(r, of(r) with { Threshold = v })),
        new TextColumn<T>("kept_path", true, r => of(r).KeptPath, (r, v) => set(r, of(r) with { KeptPath = v })),
        new TextColumn<T>("kept_id", true, r => of(r).KeptId, (r, v) => set(r, of(r) with { KeptId = v })),
        ValueColumns.Double<T>("similarity", true, r => of(r).Similarity, (r, v) => set(r, of(r) with { Similarity = v })),
        new TextColumn<T>("detail", true, r => of(r).Detail, (r, v) => set(r, of(r) with { Detail = v })),
        ValueColumns.Long<T>("length_bytes", true, r => of(r).LengthBytes, (r, v) => set(r, of(r) with { LengthBytes = v })),
        new TextColumn<T>("blob_id", true, r => of(r).BlobId, (r, v) => set(r, of(r) with { BlobId = v })),
    ];

    /// <summary>How an action is stored.</summary>
    public static string Name(LedgerAction action) => action switch
    {
        LedgerAction.Dropped => "dropped",
        LedgerAction.Failed => "failed",
        _ => "changed",
    };
}
