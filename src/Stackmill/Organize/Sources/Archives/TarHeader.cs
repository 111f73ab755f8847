using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Stackmill.Organize.Sources.Archives;

/// <summary>The fields of a tar header block: POSIX.1-1988 (ustar), and GNU's numbers in base 256.</summary>
internal static class TarHeader
{
    /// <summary>Bytes of a block.</summary>
    public const int BlockBytes = 512;

    private const int NameBytes = 100;
    private const int SizeAt = 124;
    private const int SumAt = 148;
    private const int SumBytes = 8;
    private const int TypeAt = 156;
    private const int MagicAt = 257;
    private const int PrefixAt = 345;
    private const int PrefixBytes = 155;

    /// <summary>The kind of entry, as the header has it.</summary>
    public static byte Type(ReadOnlySpan<byte> block) => block[TypeAt];

    /// <summary>Bytes of data behind the header, or -1 when the field is no number.</summary>
    public static long Size(ReadOnlySpan<byte> block) => Number(block.Slice(SizeAt, 12));

    /// <summary>The name, with the prefix that POSIX headers (not GNU's) can have.</summary>
    public static byte[] Name(ReadOnlySpan<byte> block)
    {
        var name = Text(block[..NameBytes]);
        if (!block.Slice(MagicAt, 6).SequenceEqual("ustar\0"u8) || block[PrefixAt] == 0)
            return name.ToArray();
        return [.. Text(block.Slice(PrefixAt, PrefixBytes)), (byte)'/', .. name];
    }

    /// <summary>True when the sum of the block's bytes is the one it states; old writers summed signed bytes.</summary>
    public static bool HasRightSum(ReadOnlySpan<byte> block)
    {
        var stated = Number(block.Slice(SumAt, SumBytes));
        var (unsigned, signed) = (0L, 0L);
        for (var i = 0; i < BlockBytes; i++)
        {
            var value = i is >= SumAt and < SumAt + SumBytes ? (byte)' ' : block[i];
            unsigned += value;
            signed += (sbyte)value;
        }

        return stated == unsigned || stated == signed;
    }

    /// <summary>The bytes up to the first NUL.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    /// <summary>The records of a pax header, <c>LENGTH KEY=VALUE\n</c> each; <c>null</c> when they are malformed.</summary>
    public static List<(string Key, byte[] Value)>? Pax(ReadOnlySpan<byte> data)
    {
        var records = new List<(string, byte[])>();
        while (data.Length > 0 && data[0] != 0)
        {
            var space = data.IndexOf((byte)' ');
            if (space <= 0 || !int.TryParse(data[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length <= space + 1 || length > data.Length || data[length - 1] != '\n')
                return null;
            var record = data[(space + 1)..(length - 1)];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0)
                return null;
            records.Add((Encoding.UTF8.GetString(record[..equals]), record[(equals + 1)..].ToArray()));
            data = data[length..];
        }

        return records;
    }

    private static long Number(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            // Base 256: sizes that fit no long are refused with those that are negative.
            return field[0] == 0x80 && field[1..^8].IndexOfAnyExcept((byte)0) < 0 ? Math.Max(-1, BinaryPrimitives.ReadInt64BigEndian(field[^8..])) : -1;
        }

        var value = 0L;
        foreach (var digit in Text(field).Trim((byte)' '))
        {
            if (digit is < (byte)'0' or > (byte)'7')
                return -1;
            value = (value << 3) | (uint)(digit - '0');
        }

        return value;
    }
}
