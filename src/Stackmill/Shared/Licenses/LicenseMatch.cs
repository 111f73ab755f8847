namespace Stackmill.Shared.Licenses;

/// <summary>A licence that was recognised in a text.</summary>
/// <param name="Id">SPDX id of a licence or exception, or a <c>LicenseRef-</c> id of <see cref="LicenseRefs"/>.</param>
/// <param name="Score">1 for a tag or a statement that names the licence, else the share of words that agree with its text.</param>
/// <param name="Start">First byte.</param>
/// <param name="Length">Length in bytes.</param>
internal readonly record struct LicenseMatch(string Id, double Score, int Start, int Length)
{
    /// <summary>First byte after it.</summary>
    public int End => Start + Length;
}

/// <summary>Ids for what SPDX has none for; the form is SPDX's own for such.</summary>
internal static class LicenseRefs
{
    /// <summary>Terms that were not recognised, in a file that by its name holds a licence or in a tag.</summary>
    public const string Unknown = "LicenseRef-unknown";

    /// <summary>Given to the public domain without a known text.</summary>
    public const string PublicDomain = "LicenseRef-public-domain";

    /// <summary>The Commons Clause, which takes the right to sell from the licence that it stands with.</summary>
    public const string CommonsClause = "LicenseRef-Commons-Clause";

    /// <summary>npm's word for code that nobody else may use.</summary>
    public const string Unlicensed = "LicenseRef-unlicensed";

    /// <summary>A licence whose text was changed so that it allows less.</summary>
    public static string Modified(string id) => "LicenseRef-modified-" + id;
}
