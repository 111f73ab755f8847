using Stackmill.Core.Engine;
using Stackmill.Shared;

namespace Stackmill.Deduplicate.Containment;

/// <summary>What the search for candidates left out or counted; nothing is left out silently.</summary>
internal sealed class CandidateCounts
{
    /// <summary>Files that were looked for.</summary>
    public long Documents { get; set; }

    /// <summary>Shingles in their samples.</summary>
    public long Sampled { get; set; }

    /// <summary>Shingles that were asked for.</summary>
    public long Asked { get; set; }

    /// <summary>Shingles that too many files hold.</summary>
    public long SkippedShingles { get; set; }

    /// <summary>How often files hold these.</summary>
    public long SkippedHolders { get; set; }

    /// <summary>Files that should have asked for such a shingle: for them a container may have been missed.</summary>
    public long DocumentsWithSkipped { get; set; }
}

/// <summary>
/// Finds the pairs of files that containment is worked out for, in bounded memory: all samples are sorted by shingle; each file asks for the rarest of
/// its own, one more than a file that holds it may lack, so that it meets every such file.
/// </summary>
/// <param name="options">What is looked for.</param>
/// <param name="scratch">Start of the names of files that are made on the way; its folder is there.</param>
/// <param name="memoryBytes">Most memory, apart from the sample of one file.</param>
/// <param name="counts">Gets the counts.</param>
internal sealed class CandidateSearch(ContainmentOptions options, string scratch, long memoryBytes, CandidateCounts counts)
{
    private readonly ShingleSample _sample = new(options);
    private readonly uint _limit = (uint)options.MaxFiles;
    private readonly long _part = memoryBytes / 3;

    /// <summary>Adds the candidates to a sort.</summary>
    /// <param name="samples">All samples, in any order.</param>
    /// <param name="countOf">How many shingles a document has.</param>
    /// <param name="candidates">Gets a pair once for each shingle that it was met by.</param>
    public void Find(IEnumerable<SampledShingle> samples, Func<uint, int> countOf, ExternalSort<ContainmentCandidate> candidates)
    {
        var path = AtomicFile.TemporaryName(scratch + "-holders");
        using var holders = new RowWriter<SampledShingle>(path, temporary: true);
        using var asked = new ExternalSort<SampledShingle>(scratch + "-asked", _part);
        using (var held = new ExternalSort<HeldShingle>(scratch + "-held", _part))
        {
            using (var sort = new ExternalSort<SampledShingle>(scratch + "-samples", _part))
            {
                foreach (var sample in samples)
                    sort.Add(sample);
                counts.Sampled = sort.Count;
                CountHolders(sort.Sort(), held, holders);
            }

            Ask(held.Sort(), asked);
        }

        holders.Flush();
        using var reader = new RowReader<SampledShingle>(holders.Handle, path, 0, holders.Count, 1 << 16);
        Meet(asked.Sort(), reader, countOf, candidates);
    }

    // Files that hold a shingle alone or among too many are told so; those of the others are kept for those that ask.
    private void CountHolders(SortedValues<SampledShingle> samples, ExternalSort<HeldShingle> held, RowWriter<SampledShingle> holders)
    {
        var group = new List<SampledShingle>();
        var isTooMany = false;
        void End()
        {
            foreach (var one in group)
            {
                held.Add(new HeldShingle(one.Document, (uint)group.Count, one.Hash));
                if (group.Count > 1)
                    holders.Add(one);
            }

            group.Clear();
        }

        var hash = 0UL;
        while (samples.Read(out var sample))
        {
            if (sample.Hash != hash)
            {
                End();
                (hash, isTooMany) = (sample.Hash, false);
            }

            if (!isTooMany && group.Count < _limit)
            {
                group.Add(sample);
                continue;
            }

            if (!isTooMany)
            {
                counts.SkippedShingles++;
                foreach (var one in group)
                    Skip(one);
                group.Clear();
            }

            isTooMany = true;
            Skip(sample);
        }

        End();
        void Skip(in SampledShingle one)
        {
            counts.SkippedHolders++;
            held.Add(new HeldShingle(one.Document, _limit + 1, one.Hash));
        }
    }

    private void Ask(SortedValues<HeldShingle> held, ExternalSort<SampledShingle> asked)
    {
        var own = new List<HeldShingle>();
        void End()
        {
            if (own.Count == 0)
                return;
            counts.Documents++;
            var isConcerned = false;
            foreach (var one in own.Take(_sample.Asked(own.Count)))
            {
                isConcerned |= one.Holders > _limit;
                if (one.Holders < 2 || one.Holders > _limit)
                    continue;
                counts.Asked++;
                asked.Add(new SampledShingle(one.Hash, one.Document));
            }

            counts.DocumentsWithSkipped += isConcerned ? 1 : 0;
            own.Clear();
        }

        while (held.Read(out var one))
        {
            if (own.Count > 0 && own[0].Document != one.Document)
                End();
            own.Add(one);
        }

        End();
    }

    private static void Meet(SortedValues<SampledShingle> asked, RowReader<SampledShingle> holders, Func<uint, int> countOf, ExternalSort<ContainmentCandidate> candidates)
    {
        var group = new List<(uint Document, int Count)>();
        var hasHolder = holders.Read(out var holder);
        var hash = 0UL;
        while (asked.Read(out var question))
        {
            if (group.Count == 0 || question.Hash != hash)
            {
                hash = question.Hash;
                group.Clear();
                while (hasHolder && holder.Hash < hash)
                    hasHolder = holders.Read(out holder);
                for (; hasHolder && holder.Hash == hash; hasHolder = holders.Read(out holder))
                    group.Add((holder.Document, countOf(holder.Document)));
            }

            var count = countOf(question.Document);
            foreach (var (document, size) in group)
            {
                // The order in which files are decided: the larger first, then the preferred.
                if (size > count || (size == count && document < question.Document))
                    candidates.Add(new ContainmentCandidate((uint)count, question.Document, document));
            }
        }
    }
}
