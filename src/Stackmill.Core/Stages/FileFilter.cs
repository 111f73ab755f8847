using Stackmill.Core.Model;

namespace Stackmill.Core.Stages;

/// <summary>What is known of a file when it is decided on: from its listing before its content is read, and again with what that tells.</summary>
/// <param name="Path">POSIX path in its source.</param>
/// <param name="Language">Language by linguist's name, or <c>null</c> when the table has none.</param>
/// <param name="LengthBytes">Length of the original bytes.</param>
/// <param name="Stars">Stars of the repository; <c>null</c> when unknown.</param>
/// <param name="Licenses">SPDX ids; <c>null</c> when the source says nothing.</param>
/// <param name="LicenseType"><c>permissive</c>, <c>no_license</c> or <c>non_permissive</c>; <c>null</c> when unknown.</param>
/// <param name="IsVendor">True for a copy of somebody else's code; <c>null</c> when it is not known.</param>
/// <param name="IsGenerated">True for a file that a tool has written; <c>null</c> when it is not known.</param>
/// <param name="RepoName">Repository; empty when unknown.</param>
/// <param name="BlobId">SHA-1 of the bytes, where the source tells it.</param>
/// <param name="ContentId">Git blob id, where the source tells it.</param>
/// <param name="PossibleLanguages">Languages that the content may still turn out to be, none for any at all; <c>null</c> when the language is decided.</param>
public readonly record struct FileFacts(
    string Path,
    string? Language,
    long LengthBytes,
    long? Stars = null,
    IReadOnlyList<string>? Licenses = null,
    string? LicenseType = null,
    bool? IsVendor = null,
    bool? IsGenerated = null,
    string RepoName = "",
    string? BlobId = null,
    string? ContentId = null,
    IReadOnlyList<string>? PossibleLanguages = null)
{
    /// <summary>What a record says of itself.</summary>
    /// <param name="record">The record.</param>
    /// <param name="language">Its language, or <c>null</c> when the table has none.</param>
    /// <param name="lengthBytes">Length of its bytes.</param>
    public static FileFacts Of(Model.CodeRecord record, string? language, long lengthBytes)
    {
        ArgumentNullException.ThrowIfNull(record);
        return new FileFacts(
            record.Path, language, lengthBytes, record.StarEventsCount, record.DetectedLicenses, record.LicenseType, record.IsVendor, record.IsGenerated,
            record.RepoName, record.BlobId, record.ContentId);
    }
}

/// <summary>An example of a filter's verdict, used as its test and in its documentation.</summary>
/// <param name="Facts">The file.</param>
/// <param name="Reason">The reason it is dropped for, with default options; <c>null</c> when it is kept.</param>
public sealed record FilterSample(FileFacts Facts, string? Reason);

/// <summary>A rule on single files. Everything about it is declared here, once.</summary>
public interface IFileFilter
{
    /// <summary>Name of the filter: kebab-case, never reused for another rule.</summary>
    string Id { get; }

    /// <summary>Raised when the rule decides differently.</summary>
    int Version { get; }

    /// <summary>One sentence for people.</summary>
    string Summary { get; }

    /// <summary>The reasons (snake_case) that it can give.</summary>
    IReadOnlyList<string> Reasons { get; }

    /// <summary>Files that it keeps and files that it drops: at least one for each reason.</summary>
    IReadOnlyList<FilterSample> Samples { get; }

    /// <summary>Decides on one file.</summary>
    Verdict Check(in FileFacts file);
}
