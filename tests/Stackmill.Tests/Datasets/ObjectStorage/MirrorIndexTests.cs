using Stackmill.Datasets.ObjectStorage;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Datasets.ObjectStorage;

public sealed class MirrorIndexTests
{
    [Fact]
    public void What_was_written_is_there_after_a_kill_that_cut_the_last_line()
    {
        using var folder = new TempFolder();
        using (var index = MirrorIndex.Open(folder["index"]))
        {
            index.Set(new MirrorEntry("a", "t1", 1, 11, "h1"));
            index.Set(new MirrorEntry("b", "t2", 2, 22, "h2"));
            index.Set(new MirrorEntry("a", "t3", 3, 33, "h3"));
            index.Remove("b");
            index.SetWork(true);
        }

        File.AppendAllText(folder["index"], "{\"Path\":\"c\",\"ETa");
        for (var time = 0; time < 2; time++)
        {
            using var again = MirrorIndex.Open(folder["index"]);
            Assert.Equal([new MirrorEntry("a", "t3", 3, 33, "h3")], again.All());
            Assert.True(again.HasWork);
            Assert.Null(again.Find("c"));
        }

        using (var index = MirrorIndex.Open(folder["index"]))
            index.Set(new MirrorEntry("d", "t4", 4, 44, "h4"));
        using var last = MirrorIndex.Open(folder["index"]);
        Assert.Equal("t4", last.Find("d")!.ETag);
    }

    [Fact]
    public void The_journal_does_not_grow_for_ever()
    {
        using var folder = new TempFolder();
        for (var run = 0; run < 20; run++)
        {
            using var index = MirrorIndex.Open(folder["index"]);
            for (var i = 0; i < 50; i++)
                index.Set(new MirrorEntry("a", $"t{i}", i, i, "h"));
        }

        Assert.InRange(File.ReadLines(folder["index"]).Count(), 1, 200);
    }
}
