using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Stackmill.Preprocess.Decode;

/// <summary>
/// How often letters follow one another in a language: the numbers of <c>letters.bin</c>, which
/// <c>bench/tools/make_letters.py</c> makes. Each is -8 times a natural logarithm.
/// </summary>
/// <param name="Code">The language.</param>
/// <param name="IsIdeographic">Whether it counts thousands of characters and pairs of them, or an alphabet in threes.</param>
/// <param name="Letters">Its own letters in lower case, most frequent first. No ASCII.</param>
/// <param name="Costs">Of an alphabet, <c>[before last, last, this]</c> in classes; of ideographs, of each.</param>
/// <param name="Pairs">Of ideographs: how much likelier the second is behind the first. Keys are two places in the letters.</param>
internal sealed record LetterStatistics(string Code, bool IsIdeographic, string Letters, byte[] Costs, Dictionary<uint, byte> Pairs)
{
    /// <summary>Class 0 is whatever is no letter, then come the ASCII letters without case, then the language's own.</summary>
    internal const int FirstOwn = 27;

    private const string Resource = "Stackmill.letters.bin";

    /// <summary>Statistics of all languages, by code.</summary>
    internal static Dictionary<string, LetterStatistics> Load()
    {
        using var packed = typeof(LetterStatistics).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"the program was built without {Resource}");
        using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
        using var copy = new MemoryStream();
        unpacked.CopyTo(copy);
        var rest = copy.GetBuffer().AsSpan(0, (int)copy.Length);
        var all = new Dictionary<string, LetterStatistics>(StringComparer.Ordinal);
        for (int left = Take(ref rest, 1)[0]; left > 0; left--)
        {
            var code = System.Text.Encoding.ASCII.GetString(Take(ref rest, Take(ref rest, 1)[0]));
            var ideographic = Take(ref rest, 1)[0] != 0;
            var count = BinaryPrimitives.ReadUInt16LittleEndian(Take(ref rest, 2));
            var letters = new string(MemoryMarshal.Cast<byte, char>(Take(ref rest, 2 * count)));
            all.Add(code, ideographic ? ReadIdeographs(code, letters, ref rest) : ReadAlphabet(code, letters, ref rest));
        }

        return all;
    }

    private static LetterStatistics ReadAlphabet(string code, string letters, ref Span<byte> rest)
    {
        var size = FirstOwn + letters.Length;
        var pairs = Take(ref rest, size * size);
        var falls = Take(ref rest, size * size);
        var costs = new byte[size * size * size];
        for (var context = 0; context < falls.Length; context++)
            for (var last = 0; last < size; last++)
                costs[(context * size) + last] = (byte)Math.Min(255, pairs[(context % size * size) + last] + falls[context]);
        var keys = new int[BinaryPrimitives.ReadInt32LittleEndian(Take(ref rest, 4))];
        for (int i = 0, key = 0; i < keys.Length; i++)
        {
            var shift = 0;
            for (byte part = 0x80; part >= 0x80; shift += 7)
            {
                part = Take(ref rest, 1)[0];
                key += (part & 0x7F) << shift;
            }

            keys[i] = key;
        }

        var values = Take(ref rest, keys.Length);
        for (var i = 0; i < keys.Length; i++)
            costs[keys[i]] = values[i];
        return new LetterStatistics(code, false, letters, costs, []);
    }

    private static LetterStatistics ReadIdeographs(string code, string letters, ref Span<byte> rest)
    {
        var costs = Take(ref rest, letters.Length).ToArray();
        var count = BinaryPrimitives.ReadInt32LittleEndian(Take(ref rest, 4));
        var keys = MemoryMarshal.Cast<byte, uint>(Take(ref rest, 4 * count));
        var gains = Take(ref rest, count);
        var pairs = new Dictionary<uint, byte>(count);
        for (var i = 0; i < count; i++)
            pairs.Add(keys[i], gains[i]);
        return new LetterStatistics(code, true, letters, costs, pairs);
    }

    private static Span<byte> Take(ref Span<byte> rest, int length)
    {
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
