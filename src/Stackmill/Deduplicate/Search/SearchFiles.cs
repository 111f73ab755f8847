using System.Text;
using Stackmill.Core.Engine;

namespace Stackmill.Deduplicate.Search;

/// <summary>
/// Where the steps of a search leave what the next ones read. All lies in one folder, which processes on several machines may share; nothing is
/// written there but whole files.
/// </summary>
/// <param name="Folder">The folder.</param>
/// <param name="NewRows">Rows of each shard of the dataset.</param>
/// <param name="Parameters">How candidates are found.</param>
/// <param name="Indexed">Shards of datasets that it is compared with, whose documents all stay; they are numbered after its own.</param>
internal sealed record SearchFiles(string Folder, IReadOnlyList<long> NewRows, LshParameters Parameters, IReadOnlyList<IndexedShard> Indexed)
{
    private readonly long[] _rows = [.. NewRows, .. Indexed.Select(i => i.Rows)];

    // Names are asked for with every row that is read.
    private readonly string?[] _documents = new string?[NewRows.Count + Indexed.Count];
    private readonly string?[] _shingles = new string?[NewRows.Count + Indexed.Count];
    private readonly string?[] _names = new string?[NewRows.Count + Indexed.Count];

    /// <summary>Rank of a row that takes no part in bands.</summary>
    public const uint NoRank = uint.MaxValue;

    /// <summary>Documents whose keys lie together in a <c>.keys</c> file, band after band.</summary>
    public const int KeysPerChunk = 1024;

    private const int MostParts = 256;
    private const int RowsPerPart = 4096;
    private const long KeysPerBandTask = 1 << 21;

    /// <summary>The first step's output for one shard.</summary>
    public const string Signatures = "signatures";

    /// <summary>Rows of each shard: those of the dataset, then indexed ones.</summary>
    public IReadOnlyList<long> Rows => _rows;

    /// <summary>Rows of all shards.</summary>
    public long Documents { get; } = NewRows.Sum() + Indexed.Sum(i => i.Rows);

    /// <summary>Documents of indexed shards. They are preferred to all others: their ranks are below.</summary>
    public long Old { get; } = Indexed.Sum(i => i.Rows);

    /// <summary>Parts that decisions are made in; by the dataset alone.</summary>
    public int Parts { get; } = (int)Math.Clamp((NewRows.Sum() + Indexed.Sum(i => i.Rows) + RowsPerPart - 1) / RowsPerPart, 1, MostParts);

    /// <summary>Tasks that the bands are divided among; by the dataset alone. The task after them stands for equal digests.</summary>
    public int BandTasks { get; } = (int)Math.Clamp((((NewRows.Sum() + Indexed.Sum(i => i.Rows)) * Parameters.Bands) + KeysPerBandTask - 1) / KeysPerBandTask, 1, Parameters.Bands);

    /// <summary>Row of the dataset that each shard begins at.</summary>
    public IReadOnlyList<long> Starts { get; } = StartsOf([.. NewRows, .. Indexed.Select(i => i.Rows)]);

    /// <summary>Documents of a shard.</summary>
    public string DocumentsOf(int shard) => _documents[shard] ??= shard < NewRows.Count ? Of(SignatureName(shard, "documents")) : Indexed[shard - NewRows.Count].PathOf("documents");

    /// <summary>Band keys of a shard.</summary>
    public string KeysOf(int shard) => shard < NewRows.Count ? Of(SignatureName(shard, "keys")) : Indexed[shard - NewRows.Count].PathOf("keys");

    /// <summary>Shingle sets of a shard.</summary>
    public string ShinglesOf(int shard) => _shingles[shard] ??= Of(shard < NewRows.Count ? SignatureName(shard, "shingles") : ContentsName(shard - NewRows.Count, "shingles"));

    /// <summary>Where the shingle sets of an indexed shard's rows begin that are needed: a number for each row, −1 for none.</summary>
    public string OffsetsOf(int shard) => Of(ContentsName(shard - NewRows.Count, "offsets"));

    /// <summary>Rows of indexed shards that are compared, as rows of all shards, ascending.</summary>
    public string Needed => Of(NeededName);

    /// <summary>What a shard tells of repositories.</summary>
    public string RepositoriesOf(int shard) => Of(SignatureName(shard, "repositories"));

    /// <summary>Samples of shingles of a shard.</summary>
    public string SamplesOf(int shard) => Of(SignatureName(shard, "samples"));

    /// <summary>Decisions on files that lie in others; not there where those stay.</summary>
    public string Contained => Of(ContainedName);

    /// <summary>The report on files that lie in others.</summary>
    public string ContainmentReport => Of(ContainmentReportName);

    /// <summary>Repositories that go.</summary>
    public string GoneRepositories => Of(GoneRepositoriesName);

    /// <summary>Names of a shard.</summary>
    public string NamesOf(int shard) => _names[shard] ??= shard < NewRows.Count ? Of(SignatureName(shard, "names")) : Indexed[shard - NewRows.Count].PathOf("names");

    /// <summary>Documents in order of preference.</summary>
    public string Ranked => Of(RankedName);

    /// <summary>The rank of each row of the dataset, or <see cref="NoRank"/>.</summary>
    public string Ranks => Of(RanksName);

    /// <summary>Copies and the first document of their content: the copy's rank in the upper half, ascending.</summary>
    public string Copies => Of(CopiesName);

    /// <summary>Pairs of a task's bands, band after band.</summary>
    public string PairsOf(int bandTask) => Of(PairsName(bandTask));

    /// <summary>How many pairs of each of its bands a task has.</summary>
    public string PairCountsOf(int bandTask) => Of(PairCountsName(bandTask));

    /// <summary>The bands of a task.</summary>
    public (int Start, int End) BandsOf(int bandTask) => (Parameters.Bands * bandTask / BandTasks, Parameters.Bands * (bandTask + 1) / BandTasks);

    /// <summary>Pairs of a part, band after band.</summary>
    public string PartPairs(int part) => Of(PartName(part, "pairs"));

    /// <summary>How many pairs of each band a part has.</summary>
    public string PartCounts(int part) => Of(PartName(part, "counts"));

    /// <summary>Copies whose first document is in a part: the first's rank in the upper half, ascending.</summary>
    public string PartCopies(int part) => Of(PartName(part, "copies"));

    /// <summary>Decisions of a part.</summary>
    public string Decisions(int part) => Of(DecisionsName(part));

    public static string ContainedName => "containment/rows";

    public static string ContainmentReportName => "containment/report.json";

    public static string GoneRepositoriesName => "repositories/gone";

    public static string NeededName => "needed/rows";

    public static string ContentsName(int indexed, string what) => $"contents/part-{indexed:D5}.{what}";

    public static string RankedName => "order/documents";

    public static string RanksName => "order/ranks";

    public static string CopiesName => "order/copies";

    public static string SignatureName(int shard, string what) => $"{Signatures}/part-{shard:D5}.{what}";

    public static string PairsName(int bandTask) => $"buckets/bands-{bandTask:D4}.pairs";

    public static string PairCountsName(int bandTask) => $"buckets/bands-{bandTask:D4}.counts";

    public static string PartName(int part, string what) => $"parts/part-{part:D5}.{what}";

    public static string DecisionsName(int part) => $"decisions/part-{part:D5}";

    /// <summary>The repository with path, and the content id, of a document.</summary>
    public (string Path, string Id) NameOf(int shard, int row, OpenFiles files)
    {
        var document = files.ReadRow<SketchedDocument>(DocumentsOf(shard), row);
        var bytes = new byte[document.PathLength + document.IdLength];
        files.Read<byte>(NamesOf(shard), document.NameOffset, bytes);
        return (Encoding.UTF8.GetString(bytes, 0, document.PathLength), Encoding.UTF8.GetString(bytes, document.PathLength, document.IdLength));
    }

    /// <summary>Where a scratch file of a step begins its name.</summary>
    public string Scratch(string name) => Path.Combine(Folder, $"{name}.{AtomicFile.ProcessMark}");

    private string Of(string name) => Path.Combine(Folder, name);

    private static long[] StartsOf(IReadOnlyList<long> rows)
    {
        var starts = new long[rows.Count + 1];
        for (var i = 0; i < rows.Count; i++)
            starts[i + 1] = starts[i] + rows[i];
        return starts;
    }
}
