using Apache.Arrow.Ipc;
using K4os.Compression.LZ4.Streams;
using ZstdSharp;

namespace Stackmill.Organize.Sources.Records;

/// <summary>
/// Unpacks the buffers of Arrow batches: LZ4 frames, which Feather files have by default, and zstd. Each buffer declares its own
/// unpacked length, and has to have it. Schema.fbs and Message.fbs of Arrow, "BodyCompression".
/// </summary>
internal sealed class ArrowCodecs : ICompressionCodecFactory
{
    /// <inheritdoc/>
    public ICompressionCodec CreateCodec(CompressionCodecType compressionCodecType) => CreateCodec(compressionCodecType, null);

    /// <inheritdoc/>
    public ICompressionCodec CreateCodec(CompressionCodecType compressionCodecType, int? compressionLevel) => compressionCodecType switch
    {
        CompressionCodecType.Lz4Frame => new Lz4Codec(),
        CompressionCodecType.Zstd => new ZstdCodec(),
        _ => throw new InvalidDataException($"its buffers are compressed by method {(int)compressionCodecType}, which is not known"),
    };

    private abstract class Codec : ICompressionCodec
    {
        public abstract int Decompress(ReadOnlyMemory<byte> source, Memory<byte> destination);

        public void Compress(ReadOnlyMemory<byte> source, Stream destination) => throw new NotSupportedException("files are read here, never written");

        public void Dispose()
        {
        }

        protected static InvalidDataException Damaged(string method, string found, Exception? inner = null) => new($"a buffer is no {method} data of the length that it declares: {found}", inner);
    }

    private sealed class Lz4Codec : Codec
    {
        public override int Decompress(ReadOnlyMemory<byte> source, Memory<byte> destination)
        {
            try
            {
                using var frame = LZ4Frame.Decode(source);
                var length = frame.ReadManyBytes(destination.Span);
                return frame.ReadOneByte() < 0 ? length : throw Damaged("LZ4", $"it unpacks to more than {destination.Length} bytes");
            }
            catch (Exception fault) when (fault is EndOfStreamException or ArgumentException or NotSupportedException or NotImplementedException or IndexOutOfRangeException)
            {
                throw Damaged("LZ4", fault.Message, fault);
            }
        }
    }

    private sealed class ZstdCodec : Codec
    {
        public override int Decompress(ReadOnlyMemory<byte> source, Memory<byte> destination)
        {
            try
            {
                using var decompressor = new Decompressor();
                return decompressor.Unwrap(source.Span, destination.Span);
            }
            catch (ZstdException fault)
            {
                throw Damaged("zstd", fault.Message, fault);
            }
        }
    }
}
