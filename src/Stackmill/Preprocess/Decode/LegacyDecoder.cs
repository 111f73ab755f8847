using System.Buffers;
using UtfUnknown;

namespace Stackmill.Preprocess.Decode;

/// <summary>
/// Decodes bytes that are neither UTF-8 nor wide: reads the lines that hold non-ASCII bytes in every known encoding,
/// takes the reading that is likeliest as text of a language written in it, and proves it on the whole file. Holds
/// scratch space: one per worker.
/// </summary>
internal sealed class LegacyDecoder
{
    /// <summary>Bytes of non-ASCII lines that are scored; some ten words decide, so this is plenty.</summary>
    private const int SampleSize = 2048;

    /// <summary>ASCII kept on both sides of a stretch of non-ASCII bytes within a long line.</summary>
    private const int Margin = 32;

    /// <summary>What the source's own word weighs, in natural-log units: about one doubtful character.</summary>
    private const double DeclaredBonus = 4;

    /// <summary>What the file's own word weighs: its reader goes by it, so that two or three doubtful characters do not refute it.</summary>
    private const double InFileBonus = 10;

    /// <summary>
    /// What stands for a byte that is not well-formed UTF-8 when a reading with such bytes is scored: it belongs to no
    /// language, so that each costs as much as two strange letters.
    /// </summary>
    private const char BadByte = '\u2BFF';

    /// <summary>Above this average a character, UTF-16 without a mark is text: units at random cost 11 and more.</summary>
    private const double WideTextCost = 8;

    /// <summary>Below this confidence the general detector has a vote.</summary>
    private const double Doubt = 0.9;

    /// <summary>What its vote weighs, in natural-log units.</summary>
    private const double DetectorBonus = 2;

    /// <summary>A reading so much less likely than the best (e to the 40th) needs no exact figure.</summary>
    private const double Hopeless = 40;

    private readonly byte[] sample = new byte[SampleSize];
    private readonly char[] reading = new char[SampleSize];
    private readonly List<Candidate> candidates = [];

    private readonly record struct Candidate(LegacyEncoding Encoding, double Score, ulong Text);

    /// <summary>Decodes, or says <see cref="DecodeKind.Undecodable"/> if no encoding gives likely text and the same bytes back.</summary>
    internal Decoded Decode(ReadOnlySpan<byte> raw, string? declared, ArrayBufferWriter<byte> output)
    {
        var length = TakeSample(raw, sample, out var isCut, out var isWhole);
        var bytes = sample.AsSpan(0, length);
        var named = LegacyEncoding.Find(declared);
        var namedInFile = LegacyEncoding.Find(FileDeclaration.Find(raw));
        var floor = NoiseScore(bytes);
        var likeliest = LanguageModel.Impossible;
        candidates.Clear();
        var asUtf8 = Math.Max(ScoreAsUtf8(bytes, isCut), floor);
        foreach (var encoding in LegacyEncoding.All)
        {
            ReadOnlySpan<char> chars = reading.AsSpan(0, encoding.Encoding.GetChars(bytes, reading));
            if (isCut)
                chars = chars.TrimEnd('\uFFFD');
            var best = LanguageModel.Impossible;
            if (!chars.Contains('\uFFFD'))
                foreach (var model in LanguageModel.All)
                    if (model.IsIn(encoding.Groups))
                    {
                        best = Math.Max(best, model.Score(chars, Math.Max(asUtf8, likeliest - Hopeless) - InFileBonus - DeclaredBonus));
                        likeliest = Math.Max(likeliest, best);
                    }

            if (best > LanguageModel.Impossible)
                candidates.Add(new Candidate(
                    encoding,
                    best + encoding.Prior + (encoding == named ? DeclaredBonus : 0) + (encoding == namedInFile ? InFileBonus : 0),
                    Fingerprint(chars)));
        }

        AskDetectorIfDoubtful(length);
        foreach (var candidate in candidates.OrderByDescending(c => c.Score))
        {
            if (candidate.Score < asUtf8)
                break;
            var encoding = isWhole && candidate.Encoding != named && candidate.Encoding != namedInFile ? Usual(candidate) : candidate.Encoding;
            if (TryTranscode(raw, encoding, output))
                return Decoded.Transcoded(NameFor(raw, encoding), false, Confidence(candidate));
        }

        return Decoded.Undecodable(0.9);
    }

    /// <summary>
    /// UTF-16 without a mark that has too little ASCII to be known by its NULs, as a line of Chinese; null if it is not.
    /// </summary>
    internal Decoded? TryDecodeWide(ReadOnlySpan<byte> raw, ArrayBufferWriter<byte> output)
    {
        if (raw.Length < 4 || raw.Length % 2 != 0)
            return null;
        foreach (var bigEndian in (ReadOnlySpan<bool>)[false, true])
        {
            var chars = reading.AsSpan(0, Math.Min(raw.Length, SampleSize) / 2);
            var swap = bigEndian == BitConverter.IsLittleEndian;
            for (var i = 0; i < chars.Length; i++)
                chars[i] = (char)(swap ? (raw[2 * i] << 8) | raw[(2 * i) + 1] : raw[2 * i] | (raw[(2 * i) + 1] << 8));
            if (!WideText.ArePlausible(chars))
                continue;
            foreach (var model in LanguageModel.All)
                if (model.Score(chars, -WideTextCost * chars.Length) > LanguageModel.Impossible && WideText.TryTranscodeUtf16(raw, bigEndian, output))
                    return Decoded.Transcoded(bigEndian ? "utf-16be" : "utf-16le", false, 0.9);
        }

        return null;
    }

    /// <summary>The score of the sample as UTF-8 with errors; of damaged UTF-8 and of files in two encodings it is the best.</summary>
    private double ScoreAsUtf8(ReadOnlySpan<byte> bytes, bool isCut)
    {
        if (!DamagedUtf8.HasSequence(bytes))
            return LanguageModel.Impossible;
        var chars = reading.AsSpan(0, System.Text.Encoding.UTF8.GetChars(bytes, reading));
        if (isCut)
            chars = chars.TrimEnd('\uFFFD');
        chars.Replace('\uFFFD', BadByte);
        var best = LanguageModel.Impossible;
        foreach (var model in LanguageModel.All)
            best = Math.Max(best, model.Score(chars, best));
        return best;
    }

    /// <summary>
    /// Where two readings are nearly as likely, a general detector has a vote; mostly one accented letter of a Central
    /// European language. It is asked for that only: by itself it is right less often, and takes ten times as long.
    /// </summary>
    private void AskDetectorIfDoubtful(int length)
    {
        if (candidates.Count == 0 || Confidence(candidates.MaxBy(c => c.Score)) > Doubt)
            return;
        var voted = LegacyEncoding.Find(CharsetDetector.DetectFromBytes(sample, 0, length).Detected?.EncodingName);
        var index = candidates.FindIndex(c => c.Encoding == voted);
        if (index >= 0)
            candidates[index] = candidates[index] with { Score = candidates[index].Score + DetectorBonus };
    }

    /// <summary>
    /// Collects the stretches around non-ASCII bytes. Stretches are cut at bytes below 0x30 only, which no encoding
    /// here uses inside a character, unless the sample is full before there is one.
    /// </summary>
    private static int TakeSample(ReadOnlySpan<byte> raw, Span<byte> sample, out bool isCut, out bool isWhole)
    {
        isCut = false;
        isWhole = false;
        var length = 0;
        for (var position = 0; position < raw.Length && length < sample.Length - 1;)
        {
            var skip = raw[position..].IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (skip < 0)
            {
                isWhole = true;
                return length;
            }

            var high = position + skip;
            var from = Math.Max(position, high - Margin);
            from += raw[from..high].LastIndexOf((byte)'\n') + 1;
            var to = high + 1;
            for (var ascii = 0; to < raw.Length && raw[to] != '\n' && !(ascii >= Margin && raw[to] < 0x30); to++)
                ascii = raw[to] < 0x80 ? ascii + 1 : 0;
            var room = sample.Length - length - 1;
            var take = raw[from..to];
            if (take.Length > room)
            {
                var cut = take[..room].LastIndexOfAnyInRange((byte)0, (byte)0x2F);
                isCut = cut <= 0;
                take[..(isCut ? room : cut)].CopyTo(sample[length..]);
                return length + (isCut ? room : cut);
            }

            take.CopyTo(sample[length..]);
            length += take.Length;
            sample[length++] = (byte)'\n';
            position = to;
        }

        isWhole = length < sample.Length - 1;
        return length;
    }

    /// <summary>
    /// The log-likelihood below which a reading explains nothing. A high byte counts as a typographic sign in a
    /// comment does, or a letter in a strange word (9.5); random bytes read in their best encoding have some 14 a high byte.
    /// </summary>
    private static double NoiseScore(ReadOnlySpan<byte> bytes)
    {
        var score = -2.0;
        var wasHigh = false;
        foreach (var b in bytes)
        {
            var isHigh = b >= 0x80;
            score += isHigh ? -9.5 : wasHigh ? -4.85 : -4.16;
            wasHigh = isHigh;
        }

        return score;
    }

    /// <summary>FNV-1a, 64 bits: enough to tell equal readings from different ones.</summary>
    private static ulong Fingerprint(ReadOnlySpan<char> chars)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var c in chars)
            hash = (hash ^ c) * 0x100000001B3;
        return hash;
    }

    /// <summary>Of the encodings that give the same text the most usual one, which comes first.</summary>
    private LegacyEncoding Usual(Candidate chosen) => candidates.Find(c => c.Text == chosen.Text).Encoding;

    private double Confidence(Candidate chosen)
    {
        var others = 0.0;
        foreach (var rival in candidates)
            if (rival.Text != chosen.Text)
                others += Math.Exp(Math.Min(0, rival.Score - chosen.Score));
        return 1 / (1 + others);
    }

    /// <summary>The whole file, strictly: every byte has a meaning, and encoding the text gives the same bytes.</summary>
    private static bool TryTranscode(ReadOnlySpan<byte> raw, LegacyEncoding encoding, ArrayBufferWriter<byte> output)
    {
        var chars = ArrayPool<char>.Shared.Rent(encoding.Encoding.GetMaxCharCount(raw.Length));
        var back = ArrayPool<byte>.Shared.Rent(encoding.Encoding.GetMaxByteCount(raw.Length));
        var text = chars.AsSpan(0, encoding.Encoding.GetChars(raw, chars));
        var done = !text.ContainsAnyInRange('\u0080', '\u009F')
            && !text.Contains('\uFFFD')
            && encoding.Encoding.GetByteCount(text) == raw.Length
            && encoding.Encoding.GetBytes(text, back) == raw.Length
            && raw.SequenceEqual(back.AsSpan(0, raw.Length))
            && WideText.TryAppend(text, output);
        ArrayPool<char>.Shared.Return(chars);
        ArrayPool<byte>.Shared.Return(back);
        return done;
    }

    /// <summary>Where no byte tells the Windows superset from the ISO standard, the standard is named.</summary>
    private static string NameFor(ReadOnlySpan<byte> raw, LegacyEncoding encoding)
    {
        if (raw.ContainsAnyInRange((byte)0x80, (byte)0x9F))
            return encoding.Name;
        return encoding.CodePage switch
        {
            1252 => "iso-8859-1",
            1254 => "iso-8859-9",
            874 => "tis-620",
            _ => encoding.Name,
        };
    }
}
