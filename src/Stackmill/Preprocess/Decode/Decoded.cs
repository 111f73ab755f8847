namespace Stackmill.Preprocess.Decode;

/// <summary>What a file's bytes turned out to be.</summary>
internal enum DecodeKind
{
    /// <summary>Valid UTF-8 (or ASCII): the text is the input from <see cref="Decoded.Offset"/> on, nothing was copied.</summary>
    Utf8,

    /// <summary>Text in another encoding, written to the output as UTF-8.</summary>
    Transcoded,

    /// <summary>Not text.</summary>
    Binary,

    /// <summary>Text perhaps, but in no encoding that explains every byte; dropped rather than mangled.</summary>
    Undecodable,
}

/// <summary>The decoder's finding on one file.</summary>
/// <param name="Kind">What the bytes are.</param>
/// <param name="EncodingName">IANA name in lower case, such as <c>utf-8</c> or <c>windows-1252</c>; <c>binary</c>, <c>unknown</c>.</param>
/// <param name="HasBom">Whether the bytes began with a byte order mark; it is no part of the text.</param>
/// <param name="Offset">For <see cref="DecodeKind.Utf8"/>: where the text starts in the input. Otherwise 0.</param>
/// <param name="Confidence">
/// 0 to 1. For a legacy encoding the probability of the decoded text against the other candidates' texts;
/// 1 where the bytes prove it (UTF-8, byte order mark, magic number).
/// </param>
internal readonly record struct Decoded(DecodeKind Kind, string EncodingName, bool HasBom, int Offset, double Confidence)
{
    /// <summary>Whether encoding the text in the usual way gives the original bytes; false for redundant escape sequences only.</summary>
    internal bool IsExact { get; init; } = true;

    /// <summary>What UTF-8 was taken for and encoded again, if that was undone.</summary>
    internal string? RepairedFrom { get; init; }

    internal static Decoded Binary(double confidence) => new(DecodeKind.Binary, "binary", false, 0, confidence);

    internal static Decoded Undecodable(double confidence) => new(DecodeKind.Undecodable, "unknown", false, 0, confidence);

    internal static Decoded Utf8(bool hasBom) => new(DecodeKind.Utf8, "utf-8", hasBom, hasBom ? 3 : 0, 1);

    internal static Decoded Transcoded(string encoding, bool hasBom, double confidence) =>
        new(DecodeKind.Transcoded, encoding, hasBom, 0, confidence);
}
