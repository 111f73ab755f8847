namespace Stackmill.Shared.Languages;

/// <summary>One language of the table.</summary>
/// <param name="Name">Linguist's name.</param>
/// <param name="ShortName">Name of its folder, accepted in the configuration.</param>
/// <param name="Type"><c>programming</c>, <c>markup</c>, <c>data</c> or <c>prose</c>.</param>
/// <param name="Extensions">Extensions without the first dot, lower case, separated by spaces; the first is the usual one.</param>
/// <param name="FileNames">Whole file names, separated by spaces.</param>
/// <param name="Interpreters">Programs that shebang lines name, separated by spaces.</param>
/// <param name="Aliases">Other names, lower case, separated by <c>|</c>.</param>
/// <param name="Group">The language whose variant it is; empty when it is none.</param>
internal sealed record LanguageEntry(
    string Name, string ShortName, string Type, string Extensions, string FileNames, string Interpreters, string Aliases, string Group)
{
    /// <summary>Reads a line of <c>languages.tsv</c>, whose last columns are left out when they are empty.</summary>
    public static LanguageEntry Parse(string line)
    {
        var columns = line.Split('\t');
        Array.Resize(ref columns, 8);
        return new LanguageEntry(
            columns[0], columns[1], columns[2], columns[3] ?? "", columns[4] ?? "", columns[5] ?? "", columns[6] ?? "", columns[7] ?? "");
    }
}
