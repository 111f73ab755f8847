namespace Stackmill.Shared.Licenses;

/// <summary>What licence files say of the files of a folder. The nearest licence file up the path decides; manifests that lie deeper than it add to it.</summary>
/// <param name="OfFiles">Ids of the nearest licence file that names any; <c>null</c> for none.</param>
/// <param name="OfManifests">Ids of the nearest manifest, where it lies deeper than the licence file.</param>
internal sealed record LicenseScope(IReadOnlyList<string>? OfFiles, IReadOnlyList<string>? OfManifests)
{
    /// <summary>Nothing is said.</summary>
    public static LicenseScope None { get; } = new(null, null);

    /// <summary>All ids, each once, in ordinal order.</summary>
    public IReadOnlyList<string> Ids { get; } = [.. (OfFiles ?? []).Concat(OfManifests ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The ids with those of a file's own header, each once, in ordinal order.</summary>
    public IReadOnlyList<string> With(IReadOnlyList<LicenseMatch> header)
    {
        foreach (var match in header)
        {
            if (!Ids.Contains(match.Id))
                return [.. Ids.Concat(header.Select(h => h.Id)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }

        return Ids;
    }

    /// <summary>What holds below this folder, in one with these licence files.</summary>
    /// <param name="own">What the files of the folder say.</param>
    public LicenseScope Below(LicenseEvidence? own) => own is null || own.IsEmpty ? this
        : own.OfFiles is { } files ? new LicenseScope(files, null)
        : new LicenseScope(OfFiles, own.OfManifests);
}

/// <summary>Gathers what the licence files and manifests of one folder say.</summary>
internal sealed class LicenseEvidence
{
    private readonly Dictionary<LicenseFileKind, SortedSet<string>> _ids = [];

    /// <summary>True when nothing was said.</summary>
    public bool IsEmpty => _ids.Count == 0;

    /// <summary>Ids of licence files, else of notices; <c>null</c> for none.</summary>
    public IReadOnlyList<string>? OfFiles => Ids(LicenseFileKind.License) ?? Ids(LicenseFileKind.Notice);

    /// <summary>Ids of manifests; <c>null</c> for none.</summary>
    public IReadOnlyList<string>? OfManifests => Ids(LicenseFileKind.Manifest);

    /// <summary>Adds what one file says.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="ids">The ids that it names; none say nothing, and what lies above holds.</param>
    public void Add(LicenseFileKind kind, IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            if (!_ids.TryGetValue(kind, out var set))
                _ids.Add(kind, set = new SortedSet<string>(StringComparer.Ordinal));
            set.Add(id);
        }
    }

    private IReadOnlyList<string>? Ids(LicenseFileKind kind) => _ids.TryGetValue(kind, out var set) ? [.. set] : null;
}
