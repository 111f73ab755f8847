using System.Buffers;
using System.Text.Unicode;

namespace Stackmill.Preprocess.Decode;

/// <summary>
/// Finds the encoding of a file and gives its text as UTF-8. What proves most is asked first: byte order mark, magic
/// number, valid UTF-8, UTF-16/32 by their NULs, binary by its control characters; then the legacy encodings, the
/// declared one favoured. Bytes that no encoding explains are left alone: a file is never decoded with replacement
/// characters, and re-encoding a decoded text gives the original bytes. One per worker: it holds scratch space.
/// </summary>
/// <remarks>
/// UTF-8 that is truncated or holds a few bad bytes, and a file of which some lines are UTF-8, is
/// <see cref="DecodeKind.Undecodable"/>: as UTF-8 with errors it is likelier than in any legacy encoding.
/// </remarks>
internal sealed class TextDecoder
{
    private readonly LegacyDecoder legacy = new();

    /// <summary>Decodes <paramref name="raw"/>.</summary>
    /// <param name="raw">The whole file.</param>
    /// <param name="declaredEncoding">The encoding that the source names, if any. It may be wrong or unknown.</param>
    /// <param name="output">Receives the text if, and only if, the result is <see cref="DecodeKind.Transcoded"/>.</param>
    internal Decoded Decode(ReadOnlySpan<byte> raw, string? declaredEncoding, ArrayBufferWriter<byte> output)
    {
        if (raw.IsEmpty)
            return Decoded.Utf8(hasBom: false);
        if (ByteOrderMark.TryDecode(raw, output) is { } marked)
            return marked;
        if (MagicNumbers.IsBinary(raw))
            return Decoded.Binary(1);

        var isUtf8 = Utf8.IsValid(raw);
        if (isUtf8 && !raw.ContainsAny(ControlCharacters.SuspiciousOrEscape))
            return Decoded.Utf8(hasBom: false);
        if (isUtf8 && Iso2022.TryDecode(raw, output) is { } switching)
            return switching;
        if (WideText.TryDecode(raw, output) is { } wide)
            return wide;
        if (ControlCharacters.AreTooMany(raw))
            return legacy.TryDecodeWide(raw, output) ?? Decoded.Binary(0.9);
        if (!isUtf8 && DamagedUtf8.IsModified(raw))
            return Decoded.Undecodable(0.9);
        return isUtf8 ? Decoded.Utf8(hasBom: false) : legacy.Decode(raw, declaredEncoding, output);
    }
}
