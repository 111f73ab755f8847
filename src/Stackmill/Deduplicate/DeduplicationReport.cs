using System.Text.Json;

namespace Stackmill.Deduplicate;

/// <summary>A document that goes, as the report shows it.</summary>
/// <param name="Document">Its index.</param>
/// <param name="Decision">Its fate.</param>
internal readonly record struct RemovedDocument(int Document, Decision Decision);

/// <summary>Documents of which one stays.</summary>
/// <param name="Kept">Index of the one that stays.</param>
/// <param name="Removed">Those that go for it, in order of preference.</param>
internal sealed record DuplicateGroup(int Kept, IReadOnlyList<RemovedDocument> Removed);

/// <summary>
/// What deduplication did: totals, and groups in order of preference of the documents that stay.
/// </summary>
/// <param name="parameters">How candidates were found.</param>
/// <param name="decisions">The fate of each document.</param>
/// <param name="path">A document's path, asked for only when it is in a group.</param>
/// <param name="bytes">A document's length in bytes, asked for only when it goes.</param>
internal sealed class DeduplicationReport(LshParameters parameters, IReadOnlyList<Decision> decisions, Func<int, string> path, Func<int, long> bytes)
{
    // Enough to write seldom, little enough not to matter.
    private const int FlushBytes = 1 << 16;

    /// <summary>Documents that go.</summary>
    public int RemovedFiles { get; } = decisions.Count(static decision => decision.Kind != DuplicateKind.None);

    /// <summary>Groups, made one at a time.</summary>
    public IEnumerable<DuplicateGroup> Groups()
    {
        foreach (RemovedDocument[] removed in RemovedBy(static decision => decision.Kind != DuplicateKind.None, static decision => decision.Keeper))
            yield return new(removed[0].Decision.Keeper, removed);
    }

    /// <summary>
    /// Writes <c>{"summary": {…}, "duplicate_groups": {"exact": [[path, …], …], "normalized": [[path, …], …],
    /// "near": [{"file1", "file2", "similarity"}, …]}, "groups": [{"kept", "bytes_saved", "removed": [{"file", "kind",
    /// "similarity", "bytes"}, …]}, …]}</c>. In lists of paths the first is the most preferred; file1 stays and file2
    /// goes. An entry of <c>removed</c> has <c>match</c> when it is a copy of a file that goes itself. Equal
    /// decisions give equal bytes. The writer is flushed every 64 KiB, so memory doesn't grow with the report
    /// beyond the removed documents' indices.
    /// </summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        WriteSummary(writer);
        writer.WriteStartObject("duplicate_groups");
        WritePathLists(writer, "exact", DuplicateKind.Exact);
        WritePathLists(writer, "normalized", DuplicateKind.Normalized);
        WriteNearPairs(writer);
        writer.WriteEndObject();
        writer.WriteStartArray("groups");
        foreach (DuplicateGroup group in Groups())
            WriteGroup(writer, group);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
    }

    private void WriteSummary(Utf8JsonWriter writer)
    {
        var files = new int[4];
        var saved = new long[4];
        for (int i = 0; i < decisions.Count; i++)
        {
            files[(int)decisions[i].Kind]++;
            if (decisions[i].Kind != DuplicateKind.None)
                saved[(int)decisions[i].Kind] += bytes(i);
        }
        writer.WriteStartObject("summary");
        writer.WriteNumber("input_files", decisions.Count);
        writer.WriteNumber("output_files", decisions.Count - RemovedFiles);
        writer.WriteNumber("removed_files", RemovedFiles);
        writer.WriteNumber("bytes_saved", saved.Sum());
        writer.WriteStartObject("removed_by_kind");
        foreach (DuplicateKind kind in new[] { DuplicateKind.Exact, DuplicateKind.Normalized, DuplicateKind.Near })
        {
            writer.WriteStartObject(Name(kind));
            writer.WriteNumber("files", files[(int)kind]);
            writer.WriteNumber("bytes", saved[(int)kind]);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
        writer.WriteNumber("similarity_threshold", parameters.Threshold);
        writer.WriteNumber("tokens_per_shingle", Shingler.TokensPerShingle);
        writer.WriteNumber("bands", parameters.Bands);
        writer.WriteNumber("rows", parameters.Rows);
        writer.WriteNumber("miss_probability_at_threshold", parameters.MissProbability);
        writer.WriteEndObject();
    }

    private void WritePathLists(Utf8JsonWriter writer, string name, DuplicateKind kind)
    {
        writer.WriteStartArray(name);
        foreach (RemovedDocument[] removed in RemovedBy(decision => decision.Kind == kind, static decision => decision.Match))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(path(removed[0].Decision.Match));
            foreach (RemovedDocument document in removed)
                writer.WriteStringValue(path(document.Document));
            writer.WriteEndArray();
            FlushWhenFull(writer);
        }
        writer.WriteEndArray();
    }

    private void WriteNearPairs(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("near");
        for (int i = 0; i < decisions.Count; i++)
        {
            if (decisions[i].Kind != DuplicateKind.Near)
                continue;
            writer.WriteStartObject();
            writer.WriteString("file1", path(decisions[i].Keeper));
            writer.WriteString("file2", path(i));
            writer.WriteNumber("similarity", decisions[i].Similarity);
            writer.WriteEndObject();
            FlushWhenFull(writer);
        }
        writer.WriteEndArray();
    }

    private void WriteGroup(Utf8JsonWriter writer, DuplicateGroup group)
    {
        writer.WriteStartObject();
        writer.WriteString("kept", path(group.Kept));
        writer.WriteNumber("bytes_saved", group.Removed.Sum(document => bytes(document.Document)));
        writer.WriteStartArray("removed");
        foreach ((int document, Decision decision) in group.Removed)
        {
            writer.WriteStartObject();
            writer.WriteString("file", path(document));
            writer.WriteString("kind", Name(decision.Kind));
            writer.WriteNumber("similarity", decision.Similarity);
            writer.WriteNumber("bytes", bytes(document));
            if (decision.Match != decision.Keeper)
                writer.WriteString("match", path(decision.Match));
            writer.WriteEndObject();
            FlushWhenFull(writer);
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>The removed documents that satisfy a condition, those with the same target together, by target and index.</summary>
    private IEnumerable<RemovedDocument[]> RemovedBy(Func<Decision, bool> condition, Func<Decision, int> target)
    {
        var chosen = new List<(int Target, int Document)>();
        for (int i = 0; i < decisions.Count; i++)
        {
            if (condition(decisions[i]))
                chosen.Add((target(decisions[i]), i));
        }
        chosen.Sort();
        for (int start = 0, end; start < chosen.Count; start = end)
        {
            for (end = start + 1; end < chosen.Count && chosen[end].Target == chosen[start].Target;)
                end++;
            var group = new RemovedDocument[end - start];
            for (int i = start; i < end; i++)
                group[i - start] = new(chosen[i].Document, decisions[chosen[i].Document]);
            yield return group;
        }
    }

    private static void FlushWhenFull(Utf8JsonWriter writer)
    {
        if (writer.BytesPending >= FlushBytes)
            writer.Flush();
    }

    private static string Name(DuplicateKind kind) => kind switch
    {
        DuplicateKind.Exact => "exact",
        DuplicateKind.Normalized => "normalized",
        _ => "near",
    };
}
