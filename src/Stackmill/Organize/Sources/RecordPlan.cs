using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;
using Stackmill.Datasets.Storage;

namespace Stackmill.Organize.Sources;

/// <summary>One piece of an input of records.</summary>
/// <param name="File">The file.</param>
/// <param name="Start">First byte (JSON lines): lines that begin here or later are the piece's.</param>
/// <param name="End">Byte after the last one (JSON lines): lines that begin here or later are not.</param>
/// <param name="RowGroups">Row groups (Parquet); empty for all, and for a file that could not be opened.</param>
internal sealed record RecordPiece(SourceFile File, long Start, long End, int[] RowGroups)
{
    /// <summary>A file that is read from its begin to its end.</summary>
    public static RecordPiece Whole(SourceFile file) => new(file, 0, long.MaxValue, []);
}

/// <summary>
/// Tasks over files of records: pieces of about one shard of content at lines or row groups, whole files where they can't be cut.
/// </summary>
/// <param name="Tasks">The tasks.</param>
/// <param name="Pieces">What each reads.</param>
/// <param name="Fingerprint">SHA-256 over path, size and tag of the files.</param>
internal sealed record RecordPlan(IReadOnlyList<ShardTask> Tasks, IReadOnlyList<RecordPiece> Pieces, string Fingerprint)
{
    // Footers of files that lie elsewhere are a matter of waiting, not of work.
    private const int FootersAtOnce = 16;

    /// <summary>Cuts the input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="shardBytes">Bytes of content that a piece should have.</param>
    /// <param name="cancellation">Set when the run must stop.</param>
    public static RecordPlan Make(InputKind input, long shardBytes, CancellationToken cancellation)
    {
        var (tasks, pieces) = (new List<ShardTask>(), new List<RecordPiece>());
        using var fingerprint = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var cuts = new List<(RecordPiece Piece, long Weight)>[input.Files.Count];
        try
        {
            Parallel.For(0, cuts.Length, new ParallelOptions { MaxDegreeOfParallelism = FootersAtOnce, CancellationToken = cancellation }, i => cuts[i] = Cut(input.Form, input.Files[i], shardBytes));
        }
        catch (AggregateException faults)
        {
            ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }

        for (var i = 0; i < cuts.Length; i++)
        {
            var file = input.Files[i];
            fingerprint.AppendData(Encoding.UTF8.GetBytes($"{file.RelativePath}\t{file.Length}\t{file.Tag}\n"));
            foreach (var (piece, weight) in cuts[i])
            {
                tasks.Add(new ShardTask(tasks.Count, ShardWriter.PartName(tasks.Count), weight));
                pieces.Add(piece);
            }
        }

        return new RecordPlan(tasks, pieces, Convert.ToHexStringLower(fingerprint.GetHashAndReset()));
    }

    private static List<(RecordPiece Piece, long Weight)> Cut(InputForm form, SourceFile file, long shardBytes) => form switch
    {
        InputForm.JsonLines => Lines(file, shardBytes),
        InputForm.Parquet => Groups(file, shardBytes),
        _ => [(RecordPiece.Whole(file), file.Length)],
    };

    private static List<(RecordPiece Piece, long Weight)> Lines(SourceFile file, long shardBytes)
    {
        if (PackedFile.IsCompressed(file.RelativePath))
            return [(RecordPiece.Whole(file), file.Length * 4)];
        var starts = file is LocalFile local ? JsonLines.Split(local, shardBytes) : Offsets(file.Length, shardBytes);
        var pieces = new List<(RecordPiece, long)>(starts.Count);
        for (var i = 0; i < starts.Count; i++)
        {
            var end = i + 1 < starts.Count ? starts[i + 1] : long.MaxValue;
            pieces.Add((new RecordPiece(file, starts[i], end, []), Math.Min(end, file.Length) - starts[i]));
        }

        return pieces;
    }

    // Looking for the line ends would be a request for each limit; the reader of a piece finds its first line by itself.
    private static List<long> Offsets(long length, long shardBytes)
    {
        var starts = new List<long> { 0 };
        for (var at = shardBytes; at < length; at += shardBytes)
            starts.Add(at);
        return starts;
    }

    private static List<(RecordPiece Piece, long Weight)> Groups(SourceFile source, long shardBytes)
    {
        var pieces = new List<(RecordPiece, long)>();
        var (groups, bytes) = (new List<int>(), 0L);
        try
        {
            using var file = ParquetTableReader.Open(source);
            for (var i = 0; i < file.NumRowGroups; i++)
            {
                using var group = ParquetTableReader.Guard(source.Name, () => file.ParquetReader.RowGroup(i));
                groups.Add(i);
                bytes += group.MetaData.TotalByteSize;
                if (bytes < shardBytes)
                    continue;
                pieces.Add((new RecordPiece(source, 0, 0, [.. groups]), bytes));
                groups.Clear();
                bytes = 0;
            }
        }
        catch (ShardFaultException)
        {
            // The task meets the same fault again and reports it as a failed shard; the other files go on.
            return [(RecordPiece.Whole(source), source.Length)];
        }

        if (groups.Count > 0)
            pieces.Add((new RecordPiece(source, 0, 0, [.. groups]), bytes));
        return pieces;
    }
}
