using Apache.Arrow;
using Apache.Arrow.Ipc;
using Stackmill.Core.Faults;
using Stackmill.Datasets.Storage;

namespace Stackmill.Organize.Sources.Records;

/// <summary>Reads the batches of Arrow IPC files in order: the file form, which is Feather's second version too, and the stream form.</summary>
internal static class ArrowStreams
{
    private static readonly byte[] FileMagic = [.. "ARROW1\0\0"u8];
    private static readonly byte[] OldFeather = [.. "FEA1"u8];

    /// <summary>True when the name is one of such a file.</summary>
    public static bool IsName(string path) =>
        path.EndsWith(".arrow", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".feather", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".arrows", StringComparison.OrdinalIgnoreCase);

    /// <summary>The batches of a file; each is valid until the next one is taken.</summary>
    /// <param name="file">The file.</param>
    /// <param name="mostBatchBytes">Most bytes of one batch, as it lies in the file and unpacked.</param>
    /// <exception cref="ShardFaultException">The file can't be read as Arrow.</exception>
    public static IEnumerable<RecordBatch> Read(SourceFile file, long mostBatchBytes = ArrowMemory.MostBatchBytes)
    {
        using var stream = file.OpenSequential();
        var magic = new byte[FileMagic.Length];
        var read = stream.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
        if (magic.AsSpan(0, read).StartsWith(OldFeather))
            throw ArrowFaults.Damaged(file.Name, "it is of Feather's first version.");
        var isFile = magic.AsSpan(0, read).SequenceEqual(FileMagic);
        using var start = new MemoryStream(isFile ? [] : magic[..read]);
        using var all = new JoinedStream(start, stream);
        using var messages = new ArrowMessages(all, file.Length - (isFile ? FileMagic.Length : 0), isFile ? () => ArrowFooter.Schema(file) : null);
        var memory = new ArrowMemory(mostBatchBytes);
        using var reader = new ArrowStreamReader(messages, memory, new ArrowCodecs(), leaveOpen: true);
        while (true)
        {
            memory.Begin();
            using var batch = Next(reader, file.Name);
            if (batch is null)
                yield break;
            yield return batch;
        }
    }

    private static RecordBatch? Next(ArrowStreamReader reader, string file)
    {
        try
        {
            return reader.ReadNextRecordBatch();
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException or IndexOutOfRangeException or ArgumentException or OverflowException or NotSupportedException or NotImplementedException or InvalidOperationException or InvalidCastException or NullReferenceException or KeyNotFoundException or FormatException || fault.GetType() == typeof(Exception))
        {
            // The Arrow library trusts the offsets in a file's metadata, and finds out by the bounds of its arrays; unknown types are plain exceptions.
            throw ArrowFaults.Damaged(file, fault.Message, fault);
        }
    }

    // The first bytes have been looked at, and a stream over a network can't go back.
    private sealed class JoinedStream(Stream first, Stream second) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer) => first.Read(buffer) is > 0 and var read ? read : second.Read(buffer);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

/// <summary>What is said of Arrow files that can't be read.</summary>
internal static class ArrowFaults
{
    /// <summary>A fault of the shard that names the file.</summary>
    public static ShardFaultException Damaged(string file, string found, Exception? inner = null) => new(
        $"'{file}' can't be read as Arrow: {found.ReplaceLineEndings(" ")} Expected a whole Arrow IPC file or stream (Feather version 2), its buffers plain, or compressed by LZ4 or zstd; make it again, or take it out of the input.", inner);
}
