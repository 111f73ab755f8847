using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Shared;

namespace Stackmill.Organize.Sources.Records;

/// <summary>A field, and the names under which the source may have it.</summary>
/// <param name="Field">The field; <c>null</c> for the content, which no field is made of.</param>
/// <param name="Names">Names in order of preference. A dotted one reaches into a struct.</param>
/// <param name="Option">The option that named it; <c>null</c> for the names of published datasets.</param>
internal sealed record FieldNames(RecordField? Field, IReadOnlyList<string> Names, string? Option = null);

/// <summary>Which columns or keys of a source hold what: those that the options name, else those of published datasets.</summary>
internal sealed class RecordNames
{
    private const string Mapping = "input.columns";

    // The content and the path, whose known names RecordColumns has; then each field with its other names in published datasets.
    // The Stack v3 has its repositories' figures in a struct.
    private static readonly (RecordField Field, string[] Names)[] Fields =
    [
        (new TextField("path", (r, v) => r.Path = v), RecordColumns.PathAliases),
        (new TextField("repo_name", (r, v) => r.RepoName = v), RecordColumns.RepoAliases),
        (new TextField("language", (r, v) => r.Language = v), ["lang", "programming_language"]),
        (new TextListField("detected_licenses", (r, v) => r.DetectedLicenses = v), ["licenses", "max_stars_repo_licenses", "license"]),
        (new TextField("license_type", (r, v) => r.LicenseType = v), []),
        (new NumberField("star_events_count", (r, v) => r.StarEventsCount = v), ["stars", "stargazers_count", "max_stars_count", "github_metadata.stars"]),
        (new NumberField("fork_events_count", (r, v) => r.ForkEventsCount = v), ["forks", "forks_count", "max_forks_count", "github_metadata.forks"]),
        (new TextField("revision_id", (r, v) => r.RevisionId = v), ["commit_id", "commit", "max_stars_repo_head_hexsha"]),
        (new TextField("branch_name", (r, v) => r.BranchName = v), ["ref", "github_metadata.branch"]),
        (new TextField("directory_id", (r, v) => r.DirectoryId = v), []),
        (new TextField("snapshot_id", (r, v) => r.SnapshotId = v), []),
        (new NumberField("github_id", (r, v) => r.GithubId = v), ["repo_id"]),
        (new TruthField("is_vendor", (r, v) => r.IsVendor = v), []),
        (new TruthField("is_generated", (r, v) => r.IsGenerated = v), []),
        (new TextField("src_encoding", (r, v) => r.SrcEncoding = v), []),
        (new TimeField("committer_date", guess: false), []),
    ];

    // Ours is in microseconds; the units of others are told by their size.
    private static readonly RecordField ForeignTime = new TimeField("committer_date", guess: true);

    // A list of opt-outs may hold the ids that the source has, which describe the text before it was redacted or decoded.
    private static readonly (RecordField Field, string[] Names)[] DeclaredIds =
    [
        (new TextField("blob_id", (r, v) => r.BlobId = v), []),
        (new TextField("content_id", (r, v) => r.ContentId = v), ["hexsha"]),
    ];

    private RecordNames(FieldNames content, IReadOnlyList<FieldNames> others, string filesColumn) =>
        (Content, Others, FilesColumn) = (content, others, filesColumn);

    /// <summary>The content.</summary>
    public FieldNames Content { get; }

    /// <summary>Everything else.</summary>
    public IReadOnlyList<FieldNames> Others { get; }

    /// <summary>Name of the list of files that the options name; empty when they name none.</summary>
    public string FilesColumn { get; }

    /// <summary>Name under which a list of files is looked for.</summary>
    public string FilesName => FilesColumn.Length > 0 ? FilesColumn : "files";

    /// <summary>The names with a run's options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="declaredIds">Whether the ids that the source gives are of use.</param>
    /// <exception cref="UsageException">The options name something that there is not, or one thing twice.</exception>
    public static RecordNames Of(InputOptions options, bool declaredIds)
    {
        var targets = Fields.Select(f => f.Field.Name).Prepend(RecordColumns.Content).ToList();
        foreach (var (target, column) in options.Columns)
        {
            if (!targets.Contains(target))
            {
                var near = NearestName.Find(target, targets);
                throw new UsageException(
                    $"{Mapping} has '{target}', which no record holds. {(near is null ? $"Expected one of {string.Join(", ", targets)}." : $"Did you mean '{near}'?")} The source's own name stands behind it: {{repo_name: repository}}.");
            }

            if (column.Length == 0)
                throw new UsageException($"{Mapping} gives no column for '{target}'. Write the source's own name behind it, or leave it out.");
        }

        var content = new FieldNames(null, [RecordColumns.Content, .. RecordColumns.ContentAliases]);
        if (Configured(options, RecordColumns.Content, options.ContentColumn, "input.content_column") is (var own, var ownOption))
            content = new FieldNames(null, [own], ownOption);
        var others = new List<FieldNames>();
        foreach (var (field, aliases) in Fields)
        {
            if (Configured(options, field.Name, field.Name == "path" ? options.PathColumn : "", "input.path_column") is (var column, var option))
            {
                others.Add(new FieldNames(field is TimeField ? ForeignTime : field, [column], option));
                continue;
            }

            others.Add(new FieldNames(field, [field.Name, .. aliases]));
            if (field is TimeField)
                others.Add(new FieldNames(ForeignTime, ["file_timestamp"]));
        }

        if (declaredIds)
            others.AddRange(DeclaredIds.Select(f => new FieldNames(f.Field, [f.Field.Name, .. f.Names])));
        return new RecordNames(content, others, options.FilesColumn);
    }

    /// <summary>The name without the list's own before it: <c>files.path</c> and <c>path</c> are the same key of a file.</summary>
    public string InFile(string name) =>
        name.StartsWith(FilesName, StringComparison.Ordinal) && name.Length > FilesName.Length + 1 && name[FilesName.Length] == '.' ? name[(FilesName.Length + 1)..] : name;

    /// <summary>A record of a file, with what was told of its repository.</summary>
    public static CodeRecord FileOf(CodeRecord repository) => new()
    {
        RepoName = repository.RepoName,
        Language = repository.Language,
        DetectedLicenses = repository.DetectedLicenses,
        LicenseType = repository.LicenseType,
        StarEventsCount = repository.StarEventsCount,
        ForkEventsCount = repository.ForkEventsCount,
        RevisionId = repository.RevisionId,
        BranchName = repository.BranchName,
        DirectoryId = repository.DirectoryId,
        SnapshotId = repository.SnapshotId,
        CommitterDateMicros = repository.CommitterDateMicros,
        GithubId = repository.GithubId,
        IsVendor = repository.IsVendor,
        IsGenerated = repository.IsGenerated,
        SrcEncoding = repository.SrcEncoding,
    };

    private static (string Column, string Option)? Configured(InputOptions options, string target, string own, string ownOption)
    {
        var mapped = options.Columns.GetValueOrDefault(target);
        if (mapped is not null && own.Length > 0 && mapped != own)
            throw new UsageException($"{ownOption} says '{own}', and {Mapping} says '{mapped}' for '{target}'. Leave one of them out.");
        if (own.Length > 0)
            return (own, ownOption);
        return mapped is null ? null : (mapped, $"{Mapping}.{target}");
    }
}
