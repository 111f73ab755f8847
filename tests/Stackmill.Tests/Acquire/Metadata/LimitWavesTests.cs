using CsCheck;
using Stackmill.Acquire.Metadata;
using Stackmill.Datasets.Storage;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Acquire.Metadata;

public sealed class LimitWavesTests
{
    private static readonly SourceFile Nowhere = new CountingFile("nowhere", "nowhere");

    private static List<MetadataPiece> Pieces(IEnumerable<string?> languages) =>
        [.. languages.Select((l, i) => new MetadataPiece(i, $"part-{i}", Nowhere, false, [new PlannedGroup(0, 10, 10, l, null)], null))];

    [Fact]
    public void Without_a_limit_all_is_one_wave()
    {
        var pieces = Pieces(["a", null, "b"]);
        Assert.Equal([pieces], new LimitWaves(0).Cut(pieces));
        Assert.All(new LimitWaves(0).Full(pieces), Assert.Empty);
    }

    [Fact]
    public void Waves_double_for_each_language_and_hold_every_piece_once_in_plan_order() =>
        Gen.OneOf<string?>("a", "b", null).Array[0, 300].Sample(languages =>
        {
            var pieces = Pieces(languages);
            var waves = new LimitWaves(5).Cut(pieces).ToList();
            Assert.Equal(pieces, waves.SelectMany(w => w).OrderBy(p => p.Index));
            foreach (var wave in waves)
                Assert.Equal(wave.OrderBy(p => p.Index), wave);
            for (var w = 0; w < waves.Count; w++)
                Assert.All(waves[w].GroupBy(p => p.Language), g => Assert.True(g.Count() <= Math.Min(64, 1 << w)));
        });

    [Fact]
    public void A_language_is_full_for_a_piece_when_those_before_it_have_enough()
    {
        var pieces = Pieces(["a", "a", null, "b", "a"]);
        var waves = new LimitWaves(10);
        waves.Done(pieces[3], new Dictionary<string, long> { ["b"] = 10 });
        waves.Done(pieces[0], new Dictionary<string, long> { ["a"] = 6 });
        waves.Done(pieces[1], new Dictionary<string, long> { ["a"] = 4 });
        Assert.Equal(["", "", "a", "a", "a,b"], waves.Full(pieces).Select(f => string.Join(',', f.Order(StringComparer.Ordinal))));
    }
}
