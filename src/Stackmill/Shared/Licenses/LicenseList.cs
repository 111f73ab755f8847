using System.Collections.Frozen;
using System.Reflection;
using Stackmill.Core.Faults;

namespace Stackmill.Shared.Licenses;

/// <summary>What an id stands for.</summary>
internal enum LicenseKind
{
    /// <summary>Asks for no more than notices.</summary>
    Permissive,

    /// <summary>Any other licence.</summary>
    Other,

    /// <summary>Permits more than the licence that it stands with; says nothing alone.</summary>
    Exception,
}

/// <summary>
/// The SPDX list: ids, what stands in the place of deprecated ones, and kinds. <c>Data/licenses.tsv</c> is made by
/// <c>bench/licenses/make_license_data.py</c> from packages that it names in its first line; permissive are those that the Blue Oak
/// Council rates, and those in ScanCode's categories Permissive and Public Domain, as in The Stack v2.
/// </summary>
internal static class LicenseList
{
    /// <summary>Name of the resource with the list.</summary>
    public const string Resource = "Stackmill.Shared.Licenses.Data.licenses.tsv";

    private static readonly Lazy<FrozenDictionary<string, Entry>> Entries = new(Load);

    /// <summary>All entries that are not deprecated, and deprecated ones, with their names.</summary>
    public static IEnumerable<(string Id, string Name)> All => Entries.Value.Values.Select(e => (e.Id, e.Name)).OrderBy(e => e.Id, StringComparer.Ordinal);

    /// <summary>The ids that an id stands for, in SPDX's case; <c>null</c> when the list has no such id. Case does not matter.</summary>
    public static IReadOnlyList<string>? Find(ReadOnlySpan<char> id) =>
        Entries.Value.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(id, out var entry) ? entry.StandsFor : null;

    /// <summary>Kind of an id; <c>null</c> when the list has no such id.</summary>
    public static LicenseKind? KindOf(string id) => Entries.Value.TryGetValue(id, out var entry) ? entry.Kind : null;

    private static FrozenDictionary<string, Entry> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new RunFaultException($"The list of licences {Resource} is missing. Reinstall Stackmill; its package brings it along.");
        using var reader = new StreamReader(stream);
        var entries = new Dictionary<string, Entry>(StringComparer.OrdinalIgnoreCase);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var parts = line.Split('\t');
            var kind = parts[2] switch { "permissive" => LicenseKind.Permissive, "exception" => LicenseKind.Exception, _ => LicenseKind.Other };
            entries.Add(parts[0], new Entry(parts[0], parts[1].Length == 0 ? [parts[0]] : parts[1].Split(' '), kind, parts[4]));
        }

        return entries.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private sealed record Entry(string Id, IReadOnlyList<string> StandsFor, LicenseKind Kind, string Name);
}
