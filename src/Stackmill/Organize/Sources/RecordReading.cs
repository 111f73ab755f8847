using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Datasets.Parquet;
using Stackmill.Organize.Sources.Records;

namespace Stackmill.Organize.Sources;

/// <summary>Reads the records of pieces, whatever their form. For one thread.</summary>
internal sealed class RecordReading(InputForm form, RecordNames names)
{
    private readonly JsonRecordReader _json = new(names);

    /// <summary>Gives all records of a piece to a sink.</summary>
    public void Read(RecordPiece piece, IRecordSink sink)
    {
        switch (form)
        {
            case InputForm.JsonLines:
                ReadLines(piece, sink);
                break;
            case InputForm.Csv:
                CsvRecords.Read(piece.File, names, sink);
                break;
            case InputForm.Arrow:
                ReadBatches(piece, ArrowStreams.Read(piece.File), sink);
                break;
            default:
                ReadBatches(piece, ParquetTableReader.Batches(
                    piece.File, schema => ArrowBinding.Of(schema, names, piece.File.Name).Leaves(schema), piece.RowGroups.Length == 0 ? null : piece.RowGroups), sink);
                break;
        }
    }

    private void ReadLines(RecordPiece piece, IRecordSink sink)
    {
        foreach (var line in JsonLines.Read(piece.File, piece.Start, piece.End))
        {
            var where = piece.Start == 0 ? $"line {line.Number}" : $"line {line.Number} after byte {piece.Start}";
            try
            {
                if (line.TooLong)
                    throw new RecordFaultException("line_too_long", $"a line above {JsonLines.MaxLineBytes >> 20} MiB");
                _json.Read(line.Bytes.Span, where, sink);
            }
            catch (RecordFaultException fault)
            {
                sink.Fail(new CodeRecord { Path = Path.GetFileName(piece.File.RelativePath) }, new RecordFaultException(fault.Reason, $"{where}: {fault.Message}"));
            }
        }
    }

    private void ReadBatches(RecordPiece piece, IEnumerable<Apache.Arrow.RecordBatch> batches, IRecordSink sink)
    {
        var records = new ArrowRecords(names, piece.File, sink);
        foreach (var batch in batches)
            records.Read(batch);
    }
}
