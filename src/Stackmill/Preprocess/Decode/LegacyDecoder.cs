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

    /// <summary>
    /// Of single-byte text, at most one sequence for eight bad ones is well-formed UTF-8 by chance; where there are
    /// more, some lines are UTF-8 and others are not, and any one encoding would mangle some.
    /// </summary>
    private const int BadPerChanceSequence = 8;

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
    internal Decoded Decode(ReadOnlySpan<byte> raw, string? declared, Utf8Sequences sequences, ArrayBufferWriter<byte> output)
    {
        var length = TakeSample(raw, sample, out var isCut);
        var bytes = sample.AsSpan(0, length);
        var named = LegacyEncoding.Find(declared);
        var floor = NoiseScore(bytes);
        var likeliest = LanguageModel.Impossible;
        candidates.Clear();
        var mayBeMixed = sequences.Good * BadPerChanceSequence > sequences.Bad;
        foreach (var encoding in LegacyEncoding.All)
        {
            if (mayBeMixed && encoding.IsUnlikeUtf8)
                continue;
            ReadOnlySpan<char> chars = reading.AsSpan(0, encoding.Encoding.GetChars(bytes, reading));
            if (isCut)
                chars = chars.TrimEnd('\uFFFD');
            var best = LanguageModel.Impossible;
            if (!chars.Contains('\uFFFD'))
                foreach (var model in LanguageModel.All)
                    if (model.IsIn(encoding.Groups))
                    {
                        best = Math.Max(best, model.Score(chars, Math.Max(floor - DeclaredBonus, likeliest - Hopeless)));
                        likeliest = Math.Max(likeliest, best);
                    }

            if (best > LanguageModel.Impossible)
                candidates.Add(new Candidate(
                    encoding,
                    best + encoding.Prior + (encoding == named ? DeclaredBonus : 0),
                    Fingerprint(chars)));
        }

        AskDetectorIfDoubtful(length);
        foreach (var candidate in candidates.OrderByDescending(c => c.Score))
        {
            if (candidate.Score < floor)
                break;
            if (TryTranscode(raw, candidate.Encoding, output))
                return Decoded.Transcoded(NameFor(raw, candidate.Encoding), false, Confidence(candidate));
        }

        return Decoded.Undecodable(0.9);
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
    private static int TakeSample(ReadOnlySpan<byte> raw, Span<byte> sample, out bool isCut)
    {
        isCut = false;
        var length = 0;
        for (var position = 0; position < raw.Length && length < sample.Length - 1;)
        {
            var skip = raw[position..].IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (skip < 0)
                break;
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

        return length;
    }

    /// <summary>
    /// The log-likelihood below which a reading explains nothing. A high byte counts as a typographic sign in a
    /// comment does (8.5); random bytes read in their best encoding have some 14 a high byte.
    /// </summary>
    private static double NoiseScore(ReadOnlySpan<byte> bytes)
    {
        var score = -2.0;
        var wasHigh = false;
        foreach (var b in bytes)
        {
            var isHigh = b >= 0x80;
            score += isHigh ? -8.5 : wasHigh ? -4.85 : -4.16;
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
            _ => encoding.Name,
        };
    }
}
