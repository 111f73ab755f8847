using Stackmill.Core.Options;
using Stackmill.Deduplicate.Boilerplate;
using Stackmill.Deduplicate.Containment;
using Stackmill.Deduplicate.Decontamination;

namespace Stackmill.Deduplicate;

/// <summary>What <c>deduplicate</c> needs to know; part of its dataset's key.</summary>
internal sealed class DeduplicateOptions
{
    [Option("deduplication", "Remove exact and near-duplicates; when off, all files go on.")]
    public bool Enabled { get; set; } = true;

    [Option("similarity_threshold", "Exact Jaccard similarity of the sets of shingles (dedup.shingle_tokens) from which a file is a near-duplicate.", Min = 0.5, Max = 1)]
    public double SimilarityThreshold { get; set; } = 0.85;

    [Section("dedup", "How duplicates are found, and which of them stay.")]
    public DedupOptions Dedup { get; set; } = new();

    [Section("decontamination", "Benchmarks whose problems no file of the corpus may hold.")]
    public DecontaminationOptions Decontamination { get; set; } = new();

    [Section("boilerplate", "Blocks of lines that many files share, such as licence headers.")]
    public BoilerplateOptions Boilerplate { get; set; } = new();

    [Section("containment", "Files whose text lies in a larger one.")]
    public ContainmentOptions Containment { get; set; } = new();
}
