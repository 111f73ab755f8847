using Stackmill.Core.Options;

namespace Stackmill.Shared.Filters;

/// <summary>Section <c>filters</c>: which files go on.</summary>
internal class FilterOptions
{
    [Section("stars", "Popularity of the repository, where the source tells it.")]
    public StarOptions Stars { get; set; } = new();

    [Section("file_size", "Size of single files, in bytes of the original.")]
    public FileSizeOptions FileSize { get; set; } = new();

    [Option("licenses", "SPDX ids; a file whose source names licences is kept if any of them is listed. Empty: all are kept.")]
    public IReadOnlyList<string> Licenses { get; set; } = [];

    [Option("license_types", "Kinds of licence to keep, where the source tells the kind. Empty: all are kept.", Values = ["permissive", "no_license", "non_permissive"])]
    public IReadOnlyList<string> LicenseTypes { get; set; } = [];

    [Option("vendored", "Keep vendored files: copies of somebody else's code, as their source or their path says.")]
    public bool Vendored { get; set; } = true;

    [Option("generated", "Keep generated files: written by a tool, as their source, path or content says.")]
    public bool Generated { get; set; } = true;

    [Option("allow_repositories", "File that lists the only repositories to keep, one a line: owner/name, or owner for all of an owner's. Empty: all are kept.")]
    public string AllowRepositories { get; set; } = "";

    [Option("deny_repositories", "File that lists repositories to leave out, in the same form.")]
    public string DenyRepositories { get; set; } = "";

    [Option("opt_outs", "Files that list what people have asked to be left out, one a line: owner, owner/name, or the 40 hex digits of a file's blob_id or content_id.")]
    public IReadOnlyList<string> OptOuts { get; set; } = [];
}

/// <summary>Section <c>filters.stars</c>.</summary>
internal sealed class StarOptions
{
    [Option("min", "Fewest stars; files whose source tells no stars are kept.", Min = 0)]
    public long Min { get; set; } = 10;
}

/// <summary>Section <c>filters.file_size</c>.</summary>
internal sealed class FileSizeOptions
{
    [Option("min_bytes", "Smallest file that is kept.", Min = 0, IsSize = true)]
    public long MinBytes { get; set; } = 100;

    [Option("max_bytes", "Largest file that is kept.", Min = 1, IsSize = true)]
    public long MaxBytes { get; set; } = 1 << 20;
}

/// <summary>What the filters of single files need to know; the options of every stage that filters have it.</summary>
internal interface IFileSelection
{
    /// <summary>Linguist's names of the languages to keep; empty for all that are known.</summary>
    IReadOnlyList<string> Languages { get; }

    /// <summary>Hard limit of a file's size, in MiB.</summary>
    int MaxFileSizeMb { get; }

    /// <summary>Section <c>filters</c>.</summary>
    FilterOptions Filters { get; }
}
