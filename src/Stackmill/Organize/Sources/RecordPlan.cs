using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;

namespace Stackmill.Organize.Sources;

/// <summary>One piece of a JSON-lines or Parquet input.</summary>
/// <param name="Path">The file.</param>
/// <param name="Start">First byte (JSON lines).</param>
/// <param name="End">Byte after the last line (JSON lines).</param>
/// <param name="RowGroups">Row groups (Parquet); empty for a file that could not be opened.</param>
internal sealed record RecordPiece(string Path, long Start, long End, int[] RowGroups);

/// <summary>Tasks over JSON-lines and Parquet files: pieces of about one shard of content, at line or row group limits.</summary>
/// <param name="Tasks">The tasks.</param>
/// <param name="Pieces">What each reads.</param>
/// <param name="Fingerprint">SHA-256 over path, size and change time of the files.</param>
internal sealed record RecordPlan(IReadOnlyList<ShardTask> Tasks, IReadOnlyList<RecordPiece> Pieces, string Fingerprint)
{
    /// <summary>Cuts the input.</summary>
    public static RecordPlan Make(InputKind input, long shardBytes)
    {
        var (tasks, pieces) = (new List<ShardTask>(), new List<RecordPiece>());
        using var fingerprint = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in input.Files)
        {
            var kind = FileKind.Of(new FileInfo(path));
            var relative = File.Exists(input.Path) ? Path.GetFileName(path) : Path.GetRelativePath(input.Path, path).Replace('\\', '/');
            fingerprint.AppendData(Encoding.UTF8.GetBytes($"{relative}\t{kind.Length}\t{kind.Changed}\n"));
            foreach (var (piece, weight) in input.Form == InputForm.JsonLines ? Lines(path, kind.Length, shardBytes) : Groups(path, kind.Length, shardBytes))
            {
                tasks.Add(new ShardTask(tasks.Count, ShardWriter.PartName(tasks.Count), weight));
                pieces.Add(piece);
            }
        }

        return new RecordPlan(tasks, pieces, Convert.ToHexStringLower(fingerprint.GetHashAndReset()));
    }

    private static IEnumerable<(RecordPiece Piece, long Weight)> Lines(string path, long length, long shardBytes)
    {
        if (JsonLines.IsCompressed(path))
        {
            yield return (new RecordPiece(path, 0, long.MaxValue, []), length * 4);
            yield break;
        }

        var starts = JsonLines.Split(path, shardBytes);
        for (var i = 0; i < starts.Count; i++)
        {
            var end = i + 1 < starts.Count ? starts[i + 1] : long.MaxValue;
            yield return (new RecordPiece(path, starts[i], end, []), Math.Min(end, length) - starts[i]);
        }
    }

    private static List<(RecordPiece Piece, long Weight)> Groups(string path, long length, long shardBytes)
    {
        var pieces = new List<(RecordPiece, long)>();
        var (groups, bytes) = (new List<int>(), 0L);
        try
        {
            using var file = ParquetTableReader.Open(path);
            for (var i = 0; i < file.NumRowGroups; i++)
            {
                using var group = file.ParquetReader.RowGroup(i);
                groups.Add(i);
                bytes += group.MetaData.TotalByteSize;
                if (bytes < shardBytes)
                    continue;
                pieces.Add((new RecordPiece(path, 0, 0, [.. groups]), bytes));
                groups.Clear();
                bytes = 0;
            }
        }
        catch (ShardFaultException)
        {
            // The task meets the same fault again and reports it as a failed shard; the other files go on.
            return [(new RecordPiece(path, 0, 0, []), length)];
        }

        if (groups.Count > 0)
            pieces.Add((new RecordPiece(path, 0, 0, [.. groups]), bytes));
        return pieces;
    }
}
