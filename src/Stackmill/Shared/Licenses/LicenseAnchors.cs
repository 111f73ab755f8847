namespace Stackmill.Shared.Licenses;

/// <summary>The words without one of which a text holds no licence that is recognised; vector searches, so that most files cost next to nothing.</summary>
internal static class LicenseAnchors
{
    private const int Count = 9;

    // Without first letters, which are large or small: licence, license; permission to use, permission is granted; redistribution.
    private static ReadOnlySpan<byte> Anchor(int number) => number switch
    {
        0 => "icense"u8,
        1 => "icence"u8,
        2 => "ICENSE"u8,
        3 => "ermission "u8,
        4 => "edistribut"u8,
        5 => "ublic domain"u8,
        6 => "ERMISSION "u8,
        7 => "EDISTRIBUT"u8,
        _ => "same terms as"u8,
    };

    /// <summary>First and last place of any of the words; false when there is none.</summary>
    public static bool Span(ReadOnlySpan<byte> text, out int first, out int last)
    {
        (first, last) = (text.Length, -1);
        for (var i = 0; i < Count; i++)
        {
            var anchor = Anchor(i);
            var at = text.IndexOf(anchor);
            if (at < 0)
                continue;
            first = Math.Min(first, at);
            last = Math.Max(last, text.LastIndexOf(anchor));
        }

        return last >= 0;
    }
}
