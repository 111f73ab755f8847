namespace Stackmill.Shared.Licenses;

/// <summary>
/// The Stack v2's three types of licence. Ids that mark no licence (exceptions, certificates of origin, contributor agreements,
/// disclaimers) are not looked at; the others must all be permissive.
/// </summary>
internal static class LicenseTypes
{
    /// <summary>All licences are permissive.</summary>
    public const string Permissive = "permissive";

    /// <summary>There is no licence.</summary>
    public const string None = "no_license";

    /// <summary>Some licence is not permissive.</summary>
    public const string NonPermissive = "non_permissive";

    // ScanCode's ids come with sources that were looked at by it.
    private static readonly string[] Markers =
        ["dco", "cla", "warranty", "disclaimer", "exception", "contributor-agreement", "license-file-reference", "see-license"];

    private static readonly HashSet<string> AlsoPermissive = new(StringComparer.OrdinalIgnoreCase)
    {
        LicenseRefs.PublicDomain, "LicenseRef-scancode-public-domain", "LicenseRef-scancode-public-domain-disclaimer", "LicenseRef-scancode-other-permissive",
    };

    /// <summary>The type of a file with these ids.</summary>
    public static string Of(IEnumerable<string> ids)
    {
        var any = false;
        foreach (var id in ids)
        {
            if (IsMarker(id))
                continue;
            any = true;
            if (!IsPermissive(id))
                return NonPermissive;
        }

        return any ? Permissive : None;
    }

    /// <summary>True for a licence that asks for no more than notices.</summary>
    public static bool IsPermissive(string id) =>
        LicenseList.KindOf(id) is { } kind ? kind == LicenseKind.Permissive && LicenseList.Find(id)!.All(i => LicenseList.KindOf(i) != LicenseKind.Other) : AlsoPermissive.Contains(id);

    private static bool IsMarker(string id)
    {
        if (LicenseList.KindOf(id) is { } kind)
            return kind == LicenseKind.Exception;
        if (AlsoPermissive.Contains(id) || !id.StartsWith("LicenseRef-scancode-", StringComparison.OrdinalIgnoreCase))
            return false;
        var parts = id["LicenseRef-scancode-".Length..];
        return Markers.Any(m => $"-{parts}-".Contains($"-{m}-", StringComparison.OrdinalIgnoreCase));
    }
}
