using System.IO.Hashing;
using Stackmill.Shared.Licenses;

namespace Stackmill.Organize.Licenses;

/// <summary>Reads licence files and manifests. Copies of one text are many (MIT in each package): what was recognised is kept by hash, up to a limit.</summary>
internal sealed class LicenseReader
{
    private const int MostKept = 20_000;

    private readonly LicenseDetector _detector = new();
    private readonly Dictionary<(UInt128 Hash, LicenseFileKind Kind), IReadOnlyList<string>> _known = [];

    /// <summary>The ids that a file names.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Its file name.</param>
    /// <param name="content">Its bytes, at most the first <see cref="LicenseFiles.MostBytes"/>.</param>
    public IReadOnlyList<string> Ids(LicenseFileKind kind, string name, ReadOnlySpan<byte> content)
    {
        if (kind == LicenseFileKind.Manifest)
            return LicenseManifests.Ids(name, content);
        var key = (XxHash128.HashToUInt128(content), kind);
        if (_known.TryGetValue(key, out var known))
            return known;
        if (_known.Count >= MostKept)
            _known.Clear();
        IReadOnlyList<string> ids = [.. _detector.OfLicenseFile(content).Select(m => m.Id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        // A notice tells of others' work in its own words.
        if (kind == LicenseFileKind.Notice)
            ids = [.. ids.Where(i => i != LicenseRefs.Unknown)];
        _known.Add(key, ids);
        return ids;
    }
}
