namespace Stackmill.Shared.Languages.Traits;

/// <summary>What else a path and a content tell of a file; each trait with what it was told by, <c>null</c> where it has none.</summary>
/// <param name="Vendored">Why it is a copy of somebody else's code.</param>
/// <param name="Generated">Why it was written by a tool.</param>
/// <param name="Test">Why it is a test.</param>
/// <param name="Documentation">Why it is documentation.</param>
internal readonly record struct FileTraits(string? Vendored, string? Generated, string? Test, string? Documentation)
{
    /// <summary>Why a file is a copy of somebody else's code, by its path; <c>null</c> when it is none.</summary>
    public static string? VendoredBy(string path) => PathTraits.Vendored.Match(path);

    /// <summary>Why a file was written by a tool: a pattern of its path, or a mark in its content; <c>null</c> when it was not.</summary>
    public static string? GeneratedBy(string path, ReadOnlySpan<byte> content) =>
        PathTraits.Generated.Match(path) ?? GeneratedMarks.Find(LanguageTable.Extension(path), content);

    /// <summary>All traits of a file.</summary>
    public static FileTraits Of(string path, ReadOnlySpan<byte> content) =>
        new(VendoredBy(path), GeneratedBy(path, content), PathTraits.Tests.Match(path), PathTraits.Documentation.Match(path));
}
