using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Stackmill.Core.Engine;

/// <summary>
/// A checksum of files that live as long as a run: 128 bits against damage and cut writes, not against an adversary, at a tenth of SHA-256's time. Four CRC-32C
/// (Castagnoli, RFC 3720 appendix B.4; one instruction for eight bytes on x64 and Arm), the k-th over the words k, k + 4, … of eight bytes, little-endian; the
/// last, incomplete word is filled with zeros, and the length is hashed after it.
/// A file's is computed from the file, or while it is written: one per file, not thread-safe.
/// </summary>
public sealed class ScratchChecksum
{
    private const string Prefix = "crc32c4:";
    private const int BufferBytes = 1 << 18;
    private const int BlockBytes = 4 * sizeof(ulong);

    private readonly byte[] _rest = new byte[BlockBytes];
    private uint _a = uint.MaxValue;
    private uint _b = uint.MaxValue;
    private uint _c = uint.MaxValue;
    private uint _d = uint.MaxValue;
    private int _filled;

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>Length and checksum of a file.</summary>
    public static (long Bytes, string Checksum) Of(string path)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            var sum = new ScratchChecksum();
            for (int read; (read = RandomAccess.Read(file, buffer.AsSpan(0, BufferBytes), sum.Length)) > 0;)
                sum.Add(buffer.AsSpan(0, read));
            return (sum.Length, sum.Finish());
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Adds the bytes that come next.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Length += bytes.Length;
        if (_filled > 0)
        {
            var taken = Math.Min(BlockBytes - _filled, bytes.Length);
            bytes[..taken].CopyTo(_rest.AsSpan(_filled));
            _filled += taken;
            bytes = bytes[taken..];
            if (_filled < BlockBytes)
                return;
            AddBlocks(_rest);
        }

        var whole = bytes.Length - (bytes.Length % BlockBytes);
        AddBlocks(bytes[..whole]);
        bytes[whole..].CopyTo(_rest);
        _filled = bytes.Length - whole;
    }

    /// <summary>The checksum of all that was added: <c>crc32c4:</c> and 32 lower-case hex digits. Nothing can be added after it.</summary>
    public string Finish()
    {
        _rest.AsSpan(_filled).Clear();
        AddBlocks(_rest.AsSpan(0, _filled > 0 ? BlockBytes : 0));
        _filled = 0;
        return string.Create(CultureInfo.InvariantCulture, $"{Prefix}{BitOperations.Crc32C(_a, (ulong)Length):x8}{_b:x8}{_c:x8}{_d:x8}");
    }

    private void AddBlocks(ReadOnlySpan<byte> blocks)
    {
        var (a, b, c, d) = (_a, _b, _c, _d);
        var words = MemoryMarshal.Cast<byte, ulong>(blocks);
        for (var i = 0; i + 4 <= words.Length; i += 4)
        {
            a = BitOperations.Crc32C(a, Little(words[i]));
            b = BitOperations.Crc32C(b, Little(words[i + 1]));
            c = BitOperations.Crc32C(c, Little(words[i + 2]));
            d = BitOperations.Crc32C(d, Little(words[i + 3]));
        }

        (_a, _b, _c, _d) = (a, b, c, d);
    }

    private static ulong Little(ulong word) => BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
}
