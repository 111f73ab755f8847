using Stackmill.Datasets.Storage;

namespace Stackmill.Tests.Support;

/// <summary>A file that lies nowhere on this machine: its bytes come a few at a time, and what was opened is counted.</summary>
internal sealed class MemoryFile(string relativePath, byte[] bytes, int bytesAtOnce = int.MaxValue) : SourceFile
{
    private int _opened;

    /// <summary>How often it was opened.</summary>
    public int Opened => _opened;

    public override string Name => "elsewhere://" + relativePath;

    public override string RelativePath => relativePath;

    public override long Length => bytes.Length;

    public override string Tag => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

    public override Stream OpenSeekable() => Open(0);

    public override Stream OpenSequential(long start = 0) => Open(start);

    private SlowStream Open(long start)
    {
        Interlocked.Increment(ref _opened);
        return new SlowStream(bytes, bytesAtOnce) { Position = start };
    }

    private sealed class SlowStream(byte[] bytes, int most) : MemoryStream(bytes, writable: false)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most)]);
    }
}
