using System.Buffers;
using System.Globalization;

namespace Stackmill.Acquire.Metadata;

/// <summary>Keys of contents as rows have them: SHA-1 as 40 lower-case hexadecimal digits.</summary>
internal static class BlobKey
{
    private const int Digits = 40;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    /// <summary>True for 40 lower-case hexadecimal digits.</summary>
    public static bool IsValid(string id) => id.Length == Digits && !id.AsSpan().ContainsAnyExcept(Hex);

    /// <summary>
    /// True for the share of all ids whose first 8 digits, as a fraction of 2^32, lie below <paramref name="share"/>: the id
    /// is a hash already, so that the choice is even, the same on every machine, and a smaller share is part of a larger one.
    /// </summary>
    /// <param name="id">A valid id.</param>
    /// <param name="share">0 for none, 1 for all.</param>
    public static bool IsSampled(string id, double share) =>
        uint.Parse(id.AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) < share * 4_294_967_296.0;
}
