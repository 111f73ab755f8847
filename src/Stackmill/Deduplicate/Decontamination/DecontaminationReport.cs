using System.Text.Json;
using Stackmill.Core.Engine;
using Stackmill.Datasets;

namespace Stackmill.Deduplicate.Decontamination;

/// <summary>
/// What decontamination found: totals, and for each benchmark the problems that files hold, and the parts that could not be
/// looked for. Equal inputs give equal bytes.
/// </summary>
/// <param name="decontaminator">What was looked for.</param>
/// <param name="scanned">Files that were looked at.</param>
/// <param name="found">Those that hold problems, in the order of the dataset.</param>
internal sealed class DecontaminationReport(Decontaminator decontaminator, long scanned, IReadOnlyList<ContaminatedFile> found)
{
    /// <summary>Name of the report.</summary>
    public const string FileName = "decontamination_report.json";

    /// <summary>Most files that are listed of one problem; all are counted.</summary>
    public const int MaxFilesListed = 1000;

    // Enough to write seldom, little enough not to matter.
    private const int FlushBytes = 1 << 16;

    private readonly ContaminationIndex _index = decontaminator.Index;

    /// <summary>Writes the report.</summary>
    public void Write(string path) => AtomicFile.Write(path, stream =>
    {
        using (var writer = new Utf8JsonWriter(stream, Report.Options))
            Write(writer);
        stream.WriteByte((byte)'\n');
    });

    private void Write(Utf8JsonWriter writer)
    {
        var hits = found.SelectMany((file, number) => file.Hits.Select(hit => (_index.Parts[hit.Part].Problem, File: number, Hit: hit)))
            .OrderBy(h => h.Problem).ThenByDescending(h => h.Hit.Score).ThenBy(h => h.File).ThenBy(h => h.Hit.Part).ToList();
        writer.WriteStartObject();
        WriteSummary(writer, hits.Select(h => h.Problem).Distinct().Count());
        writer.WriteStartArray("benchmarks");
        for (var benchmark = 0; benchmark < _index.Benchmarks.Count; benchmark++)
            WriteBenchmark(writer, benchmark, hits.FindAll(h => _index.Problems[h.Problem].Benchmark == benchmark));
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
    }

    private void WriteSummary(Utf8JsonWriter writer, int problems)
    {
        var options = decontaminator.Options;
        writer.WriteStartObject("summary");
        writer.WriteString("action", options.Action);
        writer.WriteNumber("ngram", options.Ngram);
        writer.WriteNumber("threshold", options.Threshold);
        writer.WriteNumber("min_hits", options.MinHits);
        writer.WriteNumber("min_distinct_words", options.MinDistinctWords);
        writer.WriteNumber("min_distinct_words_whole", options.MinDistinctWordsWhole);
        writer.WriteNumber("files_scanned", scanned);
        writer.WriteNumber("files_contaminated", found.Count);
        writer.WriteNumber("files_dropped", decontaminator.Drops ? found.Count : 0);
        writer.WriteNumber("bytes_contaminated", found.Sum(f => (long)f.Bytes));
        writer.WriteNumber("problems", _index.Problems.Count);
        writer.WriteNumber("problems_found", problems);
        writer.WriteEndObject();
    }

    private void WriteBenchmark(Utf8JsonWriter writer, int benchmark, List<(int Problem, int File, PartHit Hit)> hits)
    {
        var parts = _index.Parts.Where(p => p.Benchmark == benchmark).ToList();
        writer.WriteStartObject();
        writer.WriteString("benchmark", _index.Benchmarks[benchmark].Name);
        writer.WriteString("form", _index.Benchmarks[benchmark].Form);
        writer.WriteString("sha256", _index.Benchmarks[benchmark].Sha256);
        writer.WriteNumber("problems", _index.Problems.Count(p => p.Benchmark == benchmark));
        writer.WriteStartObject("parts");
        foreach (var search in Enum.GetValues<PartSearch>())
            writer.WriteNumber(Name(search), parts.Count(p => p.Search == search));
        writer.WriteEndObject();
        writer.WriteNumber("problems_found", hits.Select(h => h.Problem).Distinct().Count());
        writer.WriteNumber("files_contaminated", hits.Select(h => h.File).Distinct().Count());
        writer.WriteStartArray("found");
        foreach (var problem in hits.GroupBy(h => h.Problem))
            WriteProblem(writer, problem.Key, [.. problem.Select(h => (h.File, h.Hit))]);
        writer.WriteEndArray();
        WriteLeftOut(writer, parts);
        writer.WriteEndObject();
    }

    private void WriteProblem(Utf8JsonWriter writer, int problem, List<(int File, PartHit Hit)> hits)
    {
        var files = hits.GroupBy(h => h.File).ToList();
        writer.WriteStartObject();
        writer.WriteString("problem", _index.Problems[problem].Id);
        writer.WriteNumber("files_contaminated", files.Count);
        writer.WriteStartArray("files");
        foreach (var file in files.Take(MaxFilesListed))
        {
            writer.WriteStartObject();
            writer.WriteString("file", found[file.Key].Path);
            writer.WriteString("content_id", found[file.Key].ContentId);
            writer.WriteStartArray("parts");
            foreach (var (_, hit) in file)
            {
                writer.WriteStartObject();
                writer.WriteString("part", _index.Parts[hit.Part].Kind);
                writer.WriteNumber("score", hit.Score);
                writer.WriteNumber("hits", hit.Hits);
                writer.WriteNumber("ngrams", _index.Parts[hit.Part].Ngrams);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            if (writer.BytesPending > FlushBytes)
                writer.Flush();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteLeftOut(Utf8JsonWriter writer, List<ProblemPart> parts)
    {
        writer.WriteStartArray("not_looked_for");
        foreach (var part in parts.Where(p => !p.IsLookedFor))
        {
            writer.WriteStartObject();
            writer.WriteString("problem", _index.Problems[part.Problem].Id);
            writer.WriteString("part", part.Kind);
            writer.WriteString("why", Name(part.Search));
            writer.WriteNumber("words", part.Words);
            writer.WriteNumber("distinct_words", part.DistinctWords);
            writer.WriteEndObject();
            if (writer.BytesPending > FlushBytes)
                writer.Flush();
        }

        writer.WriteEndArray();
    }

    private static string Name(PartSearch search) => search switch
    {
        PartSearch.Ngrams => "by_ngrams",
        PartSearch.Whole => "as_a_whole",
        PartSearch.TooShort => "too_short",
        _ => "too_common",
    };
}
