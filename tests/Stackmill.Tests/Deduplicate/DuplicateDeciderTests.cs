using System.Text;
using CsCheck;
using Stackmill.Deduplicate;
using Stackmill.Tests.Deduplicate.Search;

namespace Stackmill.Tests.Deduplicate;

public sealed class DuplicateDeciderTests
{
    [Theory]
    [InlineData(0.85)]
    [InlineData(0.7)]
    [InlineData(0.5)]
    public void Against_brute_force_nearly_all_duplicates_go_and_none_below_the_threshold(double threshold)
    {
        byte[][] documents = MutatedDocuments.Make(seed: 11, originals: 500, copies: 3);
        Assert.Equal(2000, documents.Length);
        Decision[] decisions = Decide(documents, threshold);
        ulong[][] sets = [.. documents.Select(NaiveShingles.Of)];
        AssertSound(documents, sets, decisions, threshold);

        // Ground truth: documents that reach the threshold with one that stays before them, all pairs counted
        // through lists of the keepers that hold each shingle.
        var holders = new Dictionary<ulong, List<int>>();
        int similar = 0, removed = 0;
        for (int i = 0; i < documents.Length; i++)
        {
            var common = new int[i];
            foreach (int j in sets[i].SelectMany(shingle => holders.GetValueOrDefault(shingle, [])))
                common[j]++;
            bool reaches = Enumerable.Range(0, i).Any(j => common[j] > 0
                && (double)common[j] / (sets[i].Length + sets[j].Length - common[j]) >= threshold);
            similar += reaches ? 1 : 0;
            removed += reaches && decisions[i].Kind != DuplicateKind.None ? 1 : 0;
            if (decisions[i].Kind != DuplicateKind.None)
                continue;
            foreach (ulong shingle in sets[i])
            {
                if (!holders.TryAdd(shingle, [i]))
                    holders[shingle].Add(i);
            }
        }
        Assert.InRange(similar, 400, 1500);
        Assert.True(removed >= 0.98 * similar, $"{removed} of {similar} went.");
        Assert.Equal(removed, decisions.Count(static decision => decision.Kind != DuplicateKind.None));
    }

    [Fact]
    public void Whatever_the_documents_no_one_goes_without_one_that_stays()
    {
        // Few words give every degree of similarity, empty documents, short ones and copies.
        Gen<byte[]> document = Gen.Int[0, 3].Array[0, 25].Select(static words => Encoding.ASCII.GetBytes(string.Join(' ', words.Select(static word => "w" + word))));
        Gen.Select(document.Array[1, 30], Gen.Int[10, 20]).Sample((documents, twentieths) =>
        {
            double threshold = twentieths / 20.0;
            Decision[] decisions = Decide(documents, threshold);
            AssertSound(documents, [.. documents.Select(NaiveShingles.Of)], decisions, threshold);
        }, iter: 100, threads: 1);
    }

    [Fact]
    public void Workers_shards_and_memory_do_not_change_the_result()
    {
        byte[][] documents = MutatedDocuments.Make(seed: 5, originals: 2000, copies: 4);
        Decision[] expected = Decide(documents, 0.7);
        Assert.InRange(expected.Count(static decision => decision.Kind == DuplicateKind.Near), 1000, 8000);
        foreach (var (workers, shards, memory) in new (int, int, long?)[] { (1, 7, null), (2, 3, 1 << 20), (4, 1, 1 << 14), (1, 40, 1 << 16) })
            Assert.Equal(expected, Decide(documents, 0.7, workers, shards, memory));
    }

    [Fact]
    public void The_first_in_order_of_preference_stays()
    {
        byte[][] documents = MutatedDocuments.Make(seed: 6, originals: 1, copies: 0);
        byte[] original = documents[0];
        byte[] copy = [.. original, .. "\nlast_line = 1\n"u8];
        Assert.Equal([0, 0], Decide([original, copy], 0.85).Select(static decision => decision.Keeper));
        Assert.Equal([0, 0], Decide([copy, original], 0.85).Select(static decision => decision.Keeper));
    }

    [Fact]
    public void The_most_similar_keeper_is_named_and_the_earliest_of_equals()
    {
        // Windows of 100 of a row of sets: document i and j share 100 − |i − j| of 100.
        DocumentSets sets = new([0, 30, 14, 15, 16], static (start, k) => (ulong)(start + k), 100);
        Decision[] decisions = sets.Decide(0.7);
        Assert.Equal([0, 1, 0, 0, 1], decisions.Select(static decision => decision.Keeper));
        Assert.Equal(86 / 114.0, decisions[2].Similarity);
        Assert.Equal(85 / 115.0, decisions[3].Similarity);
        Assert.Equal(86 / 114.0, decisions[4].Similarity);
    }

    [Fact]
    public void Of_equally_similar_keepers_the_earliest_is_named_however_many_bands_each_shares()
    {
        // Fifty times two keepers at similarity 70/130 and a document half-way between them; in about half of
        // the cases the second keeper shares more bands, and so is looked at first.
        int[] starts = [.. Enumerable.Range(0, 50).SelectMany(static i => new[] { 1000 * i, (1000 * i) + 30, (1000 * i) + 15 })];
        Decision[] decisions = new DocumentSets(starts, static (start, k) => (ulong)(start + k), 100).Decide(0.7);
        for (int i = 0; i < decisions.Length; i += 3)
        {
            Assert.Equal(DuplicateKind.None, decisions[i + 1].Kind);
            Assert.Equal(new Decision(DuplicateKind.Near, i, i, 85 / 115.0), decisions[i + 2]);
        }
    }

    [Fact]
    public void A_chain_where_each_differs_a_little_is_cut_where_the_threshold_ends_and_costs_linear_comparisons()
    {
        long previous = 0;
        foreach (int length in new[] { 2_000, 4_000, 8_000 })
        {
            DocumentSets chain = new([.. Enumerable.Range(0, length)], static (start, k) => (ulong)(start + k), 100);
            Decision[] decisions = chain.Decide(0.85);

            // 100 − d of 100 + d are common at distance d: the last d with similarity 0.85 is 8.
            for (int i = 0; i < length; i++)
                Assert.Equal(i / 9 * 9, decisions[i].Keeper);
            Assert.True(previous == 0 || chain.ComparedPairs < 2.5 * previous, $"{chain.ComparedPairs} after {previous}.");
            previous = chain.ComparedPairs;
        }
    }

    [Fact]
    public void Thirty_thousand_nearly_identical_documents_are_compared_once_each()
    {
        DocumentSets sets = new([.. Enumerable.Range(0, 30_000)], static (document, k) => k < 39 ? (ulong)k : ((ulong)document << 8) + 100, 40);
        Decision[] decisions = sets.Decide(0.85);
        Assert.Equal(29_999, decisions.Count(static decision => decision.Kind == DuplicateKind.Near && decision.Keeper == 0));
        Assert.Equal(29_999, sets.ComparedPairs);
    }

    [Fact]
    public void A_bucket_that_all_documents_share_drops_none_of_them()
    {
        // One band of one row: every document with the common least hash is in the same bucket.
        DocumentSets sets = new([.. Enumerable.Range(0, 600)], static (document, k) => k < 30 ? (ulong)k : (((ulong)document / 2) << 8) + (ulong)k, 50);
        Decision[] decisions = sets.Decide(new LshParameters(0.9, 1, 1));
        for (int i = 0; i < decisions.Length; i += 2)
        {
            Assert.Equal(DuplicateKind.None, decisions[i].Kind);
            Assert.Equal((DuplicateKind.Near, i), (decisions[i + 1].Kind, decisions[i + 1].Keeper));
        }
    }

    [Fact]
    public void Threshold_one_removes_equal_sets_only()
    {
        byte[][] documents = ["a = b + c ;"u8.ToArray(), "a=b+c;"u8.ToArray(), "a = b + c ; d"u8.ToArray()];
        Decision[] decisions = Decide(documents, 1.0);
        Assert.Equal([DuplicateKind.None, DuplicateKind.Near, DuplicateKind.None], decisions.Select(static decision => decision.Kind));
        Assert.Equal(1.0, decisions[1].Similarity);
    }

    [Fact]
    public void Short_files_go_only_for_the_same_tokens_and_files_without_tokens_stay()
    {
        byte[][] documents = ["x = 1"u8.ToArray(), "x  =  1\n"u8.ToArray(), "x = 2"u8.ToArray(), " "u8.ToArray(), "\n"u8.ToArray(), ""u8.ToArray(), "x=1"u8.ToArray()];
        Decision[] decisions = Decide(documents, 0.5);
        Assert.Equal([0, 0, 2, 3, 4, 5, 0], decisions.Select(static decision => decision.Keeper));
        Assert.Equal(
            [DuplicateKind.None, DuplicateKind.Normalized, DuplicateKind.None, DuplicateKind.None, DuplicateKind.None, DuplicateKind.None, DuplicateKind.Normalized],
            decisions.Select(static decision => decision.Kind));
    }

    [Fact]
    public void A_copy_of_a_document_that_goes_is_kept_for_by_the_one_that_stays()
    {
        byte[] original = MutatedDocuments.Make(seed: 8, originals: 1, copies: 0)[0];
        byte[] edited = [.. original, .. "\nmore = 2\n"u8];
        Decision[] decisions = Decide([original, edited, edited], 0.85);
        Assert.Equal(DuplicateKind.Near, decisions[1].Kind);
        Assert.Equal(new Decision(DuplicateKind.Exact, 0, 1, decisions[1].Similarity), decisions[2]);
        Assert.InRange(decisions[2].Similarity, 0.85, 0.9999);
    }

    [Fact]
    public void No_documents_no_decisions() => Assert.Empty(Decide([], 0.85));

    private static void AssertSound(byte[][] documents, ulong[][] sets, Decision[] decisions, double threshold)
    {
        Assert.Equal(documents.Length, decisions.Length);
        var seen = new HashSet<string>();
        for (int i = 0; i < decisions.Length; i++)
        {
            bool isNew = seen.Add(Encoding.Latin1.GetString(documents[i]));
            (DuplicateKind kind, int keeper, int match, double similarity) = decisions[i];
            Assert.Equal(DuplicateKind.None, decisions[keeper].Kind);
            Assert.Equal(kind == DuplicateKind.None, keeper == i);
            Assert.True(keeper <= i && match <= i && similarity >= threshold);
            if (kind == DuplicateKind.Exact)
                Assert.Equal(documents[match], documents[i]);
            else
                Assert.Equal(keeper, match);
            if (kind == DuplicateKind.Normalized)
                Assert.Equal(NaiveShingles.Tokens(documents[keeper]), NaiveShingles.Tokens(documents[i]));
            if (kind != DuplicateKind.None && sets[i].Length > 0)
                Assert.Equal(NaiveShingles.Similarity(sets[keeper], sets[i]), similarity);
            Assert.Equal(kind == DuplicateKind.Exact, !isNew);
        }
    }

    private static Decision[] Decide(byte[][] documents, double threshold, int workers = 1, int shards = 1, long? workerMemory = null)
    {
        using var harness = new SearchHarness(LshParameters.For(threshold)) { Workers = workers, Shards = shards, WorkerMemory = workerMemory };
        return harness.Decide(documents);
    }
}
