using System.IO.Enumeration;

namespace Stackmill.Versioning.Objects;

/// <summary>
/// The names in a folder, those of folders with a <c>/</c> at their end. What a folder tells of its entries says which are folders: to ask for more would
/// take a look at each. Names are plain strings, because for them the framework has its code compiled ahead, and a command that finds nothing to do is short.
/// </summary>
internal static class FolderEntries
{
    /// <summary>What ends the name of a folder.</summary>
    public const char FolderMark = '/';

    private static readonly EnumerationOptions All = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Lists a folder, in no order; links to folders are left out, and files that <paramref name="wants"/> does not want.</summary>
    public static IEnumerable<string> Of(string folder, FileSystemEnumerable<string>.FindPredicate? wants = null) =>
        new FileSystemEnumerable<string>(folder, static (ref FileSystemEntry entry) => entry.IsDirectory ? string.Concat(entry.FileName, [FolderMark]) : entry.FileName.ToString(), All)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => entry.IsDirectory ? (entry.Attributes & FileAttributes.ReparsePoint) == 0 : wants is null || wants(ref entry),
        };

    /// <summary>True for the name of a folder, which is then given without its mark.</summary>
    public static bool IsFolder(ref string name)
    {
        if (name[^1] != FolderMark)
            return false;
        name = name[..^1];
        return true;
    }
}
