using System.Text.Json.Nodes;
using Stackmill.Datasets;

namespace Stackmill.Deduplicate.Containment;

/// <summary>The report: what was looked for, what was counted and left out, and the largest files that lie in others. Equal inputs give equal bytes.</summary>
internal static class ContainmentReport
{
    /// <summary>Name of the report.</summary>
    public const string FileName = "containment_report.json";

    /// <summary>Writes the report.</summary>
    /// <param name="path">Where.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="result">What was found.</param>
    /// <param name="pathOf">Repository and path of a document; asked for those of <see cref="ContainmentResult.Largest"/> only.</param>
    public static void Write(string path, ContainmentOptions options, ContainmentResult result, Func<uint, string> pathOf) => Report.Write(path, new JsonObject
    {
        ["summary"] = new JsonObject
        {
            ["mode"] = options.Mode,
            ["threshold"] = options.Threshold,
            ["min_shingles"] = options.MinShingles,
            ["max_files"] = options.MaxFiles,
            ["one_shingle_in"] = result.Scale,
            ["files_looked_for"] = result.Counts.Documents,
            ["shingles_sampled"] = result.Counts.Sampled,
            ["shingles_asked_for"] = result.Counts.Asked,
            ["shingles_skipped"] = result.Counts.SkippedShingles,
            ["holders_skipped"] = result.Counts.SkippedHolders,
            ["files_with_skipped_shingles"] = result.Counts.DocumentsWithSkipped,
            ["candidate_pairs"] = result.Candidates,
            ["verified_pairs"] = result.Verified,
            ["files_contained"] = result.Contained,
            ["files_kept_for_duplicates"] = result.Kept,
            ["files_dropped"] = options.Drops ? result.Contained : 0,
        },
        ["largest"] = new JsonArray([.. result.Largest.Select(one => new JsonObject
        {
            ["file"] = pathOf(one.Document),
            ["shingles"] = one.Count,
            ["container"] = pathOf(one.Container),
            ["container_shingles"] = one.ContainerCount,
            ["shared"] = one.Shared,
            ["containment"] = one.Containment,
        })]),
    });
}
