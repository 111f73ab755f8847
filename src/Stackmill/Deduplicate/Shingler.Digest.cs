using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Stackmill.Deduplicate;

/// <summary>The tokens of texts that are too short for shingles.</summary>
internal sealed partial class Shingler
{
    private readonly BlankMasks? _blanks;

    /// <summary>
    /// The first 128 bits of the SHA-256 of the tokens, each followed by one space: equal exactly when two texts
    /// have the same tokens. A blanked identifier is nothing before its space, which no token is. For files too short for shingles.
    /// </summary>
    public UInt128 TokenDigest(ReadOnlySpan<byte> text, string language = "")
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var keywords = _blanks?.Load(text, language);
        for (int at = 0; NextToken(text, ref at) is { Length: > 0 } token;)
        {
            if (keywords is null || !_blanks!.IsCode(at - token.Length) || !keywords.IsIdentifier(token))
                hash.AppendData(token);
            hash.AppendData(" "u8);
        }
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    private static ReadOnlySpan<byte> NextToken(ReadOnlySpan<byte> text, ref int at)
    {
        while (at < text.Length && LexicalBytes.IsSpace(text[at]))
            at++;
        int start = at;
        while (at < text.Length && LexicalBytes.IsWord(text[at]))
            at++;
        if (at == start && at < text.Length)
            at++;
        return text[start..at];
    }
}
