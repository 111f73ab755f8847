using Apache.Arrow.Ipc;
using K4os.Compression.LZ4;
using K4os.Compression.LZ4.Streams;
using ZstdSharp;

namespace Stackmill.Tests.Organize.Sources.Records;

/// <summary>Packs the buffers of Arrow files that tests write.</summary>
internal sealed class PackingCodecs : ICompressionCodecFactory
{
    /// <summary>Options of a writer whose buffers are packed.</summary>
    public static IpcOptions Options(CompressionCodecType type) => new() { CompressionCodec = type, CompressionCodecFactory = new PackingCodecs() };

    public ICompressionCodec CreateCodec(CompressionCodecType compressionCodecType) => CreateCodec(compressionCodecType, null);

    public ICompressionCodec CreateCodec(CompressionCodecType compressionCodecType, int? compressionLevel) => new Codec(compressionCodecType);

    private sealed class Codec(CompressionCodecType type) : ICompressionCodec
    {
        public int Decompress(ReadOnlyMemory<byte> source, Memory<byte> destination) => throw new NotSupportedException();

        public void Compress(ReadOnlyMemory<byte> source, Stream destination)
        {
            if (type == CompressionCodecType.Zstd)
            {
                using var compressor = new Compressor();
                destination.Write(compressor.Wrap(source.Span));
                return;
            }

            using var frame = LZ4Stream.Encode(destination, LZ4Level.L00_FAST, leaveOpen: true);
            frame.Write(source.Span);
        }

        public void Dispose()
        {
        }
    }
}
