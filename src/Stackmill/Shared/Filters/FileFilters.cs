using Stackmill.Core.Model;
using Stackmill.Core.Stages;
using Stackmill.Shared.Languages;

namespace Stackmill.Shared.Filters;

/// <summary>Drops files whose language neither name nor content tells.</summary>
internal sealed class SupportedLanguageFilter : IFileFilter
{
    public string Id => "supported-language";

    public int Version => 2;

    public string Summary => "Drops files whose name and extension belong to no known language, and whose content names none.";

    public IReadOnlyList<string> Reasons => ["unsupported_extension"];

    public IReadOnlyList<FilterSample> Samples =>
    [
        new(new("src/main.py", "Python", 2000), null),
        new(new("bin/run", null, 2000, PossibleLanguages: []), null),
        new(new("image.xyz", null, 2000), "unsupported_extension"),
    ];

    public Verdict Check(in FileFacts file) => file.Language is null && file.PossibleLanguages is null ? Verdict.Drop("unsupported_extension") : Verdict.Keep;
}

/// <summary>Drops files of languages that were not asked for.</summary>
/// <param name="languages">Linguist's names; empty for all.</param>
internal sealed class LanguageSelectionFilter(IReadOnlyList<string> languages) : IFileFilter
{
    private readonly HashSet<string> _allowed = [.. languages.Select(l => LanguageTable.Find(l)?.Name ?? l)];

    public string Id => "language-selection";

    public int Version => 2;

    public string Summary => "Drops files of languages that the configuration does not list; where only the content can tell, it is read first.";

    public IReadOnlyList<string> Reasons => ["language_not_allowed"];

    public IReadOnlyList<FilterSample> Samples =>
    [
        new(new("src/main.py", "Python", 2000), null),
        new(new("bin/run", null, 2000, PossibleLanguages: []), null),
        new(new("a.spec", "RPM Spec", 2000, PossibleLanguages: ["RPM Spec", "Python"]), null),
        new(new("main.f90", "Fortran", 2000), "language_not_allowed"),
        new(new("a.h", "C", 2000, PossibleLanguages: ["C", "C++"]), "language_not_allowed"),
    ];

    public Verdict Check(in FileFacts file)
    {
        if (_allowed.Count == 0 || (file.Language is not null && _allowed.Contains(file.Language)))
            return Verdict.Keep;
        return file.PossibleLanguages is { } possible && (possible.Count == 0 || possible.Any(_allowed.Contains)) ? Verdict.Keep : Verdict.Drop("language_not_allowed");
    }
}

/// <summary>Drops files that are empty, too small or too large.</summary>
internal sealed class FileSizeFilter(FileSizeOptions options, int maxFileSizeMb) : IFileFilter
{
    public string Id => "file-size";

    public int Version => 1;

    public string Summary => "Drops files that are empty, smaller than filters.file_size.min_bytes, or larger than filters.file_size.max_bytes or max_file_size_mb.";

    public IReadOnlyList<string> Reasons => ["empty", "too_small", "too_large"];

    public IReadOnlyList<FilterSample> Samples =>
    [
        new(new("a.py", "Python", 100), null),
        new(new("a.py", "Python", 1 << 20), null),
        new(new("a.py", "Python", 0), "empty"),
        new(new("a.py", "Python", 99), "too_small"),
        new(new("a.py", "Python", (1 << 20) + 1), "too_large"),
    ];

    public Verdict Check(in FileFacts file)
    {
        var max = Math.Min(options.MaxBytes, (long)maxFileSizeMb << 20);
        if (file.LengthBytes == 0)
            return Verdict.Drop("empty", 0, options.MinBytes);
        if (file.LengthBytes < options.MinBytes)
            return Verdict.Drop("too_small", file.LengthBytes, options.MinBytes);
        return file.LengthBytes > max ? Verdict.Drop("too_large", file.LengthBytes, max) : Verdict.Keep;
    }
}

/// <summary>Drops files of repositories with few stars, where the source tells the stars.</summary>
internal sealed class StarsFilter(StarOptions options) : IFileFilter
{
    public string Id => "repository-stars";

    public int Version => 1;

    public string Summary => "Drops files of repositories with fewer stars than filters.stars.min; unknown stars are kept.";

    public IReadOnlyList<string> Reasons => ["too_few_stars"];

    public IReadOnlyList<FilterSample> Samples =>
    [
        new(new("a.py", "Python", 500, Stars: 10), null),
        new(new("a.py", "Python", 500), null),
        new(new("a.py", "Python", 500, Stars: 9), "too_few_stars"),
    ];

    public Verdict Check(in FileFacts file) =>
        file.Stars is { } stars && stars < options.Min ? Verdict.Drop("too_few_stars", stars, options.Min) : Verdict.Keep;
}

/// <summary>Drops files whose source names licences, none of which is allowed.</summary>
internal sealed class LicenseFilter(IReadOnlyList<string> allowed) : IFileFilter
{
    private readonly HashSet<string> _allowed = new(allowed, StringComparer.OrdinalIgnoreCase);

    public string Id => "license";

    public int Version => 1;

    public string Summary => "Drops files whose source names licences, none of which is in filters.licenses; files without such information are kept.";

    public IReadOnlyList<string> Reasons => ["license_not_allowed"];

    public IReadOnlyList<FilterSample> Samples =>
    [
        new(new("a.py", "Python", 500, Licenses: ["MIT", "GPL-3.0"]), null),
        new(new("a.py", "Python", 500), null),
        new(new("a.py", "Python", 500, Licenses: ["GPL-3.0"]), "license_not_allowed"),
    ];

    public Verdict Check(in FileFacts file) =>
        _allowed.Count == 0 || file.Licenses is null || file.Licenses.Any(_allowed.Contains) ? Verdict.Keep : Verdict.Drop("license_not_allowed");
}
