using CsCheck;
using Stackmill.Core.Faults;
using Stackmill.Deduplicate;

namespace Stackmill.Tests.Deduplicate;

public sealed class ShingleStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stackmill-store-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(4_000)]
    [InlineData(1 << 26)]
    public void Sets_come_back_as_they_were_whatever_the_cache_holds(long cacheBytes)
    {
        using var store = new ShingleStore(_folder, cacheBytes);
        var sets = new List<(ShingleReference Reference, ulong[] Values)>();
        ShingleWriter[] writers = [store.OpenWriter(), store.OpenWriter(), store.OpenWriter()];
        var random = new Random(3);
        for (int i = 0; i < 300; i++)
        {
            ulong[] values = MinHasherTests.Set(i, i % 50 == 0 ? 70_000 : random.Next(0, 60));
            sets.Add((writers[i % 3].Append(values), values));
        }
        foreach (ShingleWriter writer in writers)
            writer.Dispose();
        Assert.Equal(sets.Sum(static set => set.Values.Length * 8L), store.BytesOnDisk);
        ulong[] buffer = [];
        for (int i = 0; i < 2000; i++)
        {
            (ShingleReference reference, ulong[] values) = sets[random.Next(sets.Count)];
            store.Read(reference, ref buffer);
            Assert.Equal(values, buffer[..reference.Count]);
        }
    }

    [Fact]
    public void Several_threads_read_the_same_sets()
    {
        using var store = new ShingleStore(_folder, 10_000);
        ShingleReference[] sets;
        using (ShingleWriter writer = store.OpenWriter())
            sets = [.. Enumerable.Range(0, 100).Select(i => writer.Append(MinHasherTests.Set(i, 10 + i)))];
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, thread =>
        {
            ulong[] buffer = [];
            var random = new Random(thread);
            for (int i = 0; i < 500; i++)
            {
                int set = random.Next(sets.Length);
                store.Read(sets[set], ref buffer);
                Assert.Equal(MinHasherTests.Set(set, 10 + set), buffer[..sets[set].Count]);
            }
        });
    }

    [Fact]
    public void Completing_lets_sets_be_read_while_writing_goes_on()
    {
        using var store = new ShingleStore(_folder, 0);
        using ShingleWriter writer = store.OpenWriter();
        ulong[] buffer = [];
        ShingleReference early = writer.Append([1, 2, 3]);
        Assert.Throws<InvalidOperationException>(() => store.Read(early, ref buffer));
        writer.Complete();
        ShingleReference late = writer.Append([4, 5]);
        store.Read(early, ref buffer);
        Assert.Equal([1, 2, 3], buffer[..3]);
        writer.Complete();
        store.Read(late, ref buffer);
        Assert.Equal([4, 5], buffer[..2]);
    }

    [Fact]
    public void Scratch_files_vanish_with_the_store()
    {
        using (var store = new ShingleStore(_folder, 0))
        {
            using ShingleWriter writer = store.OpenWriter();
            writer.Append([1]);
            Assert.Single(Directory.GetFiles(_folder));
        }
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_a_fault_of_the_run_that_says_what_to_do()
    {
        using var store = new ShingleStore(Path.Combine(_folder, "missing"), 0);
        Assert.Contains("choose another folder", Assert.Throws<RunFaultException>(store.OpenWriter).Message);
    }

    [Fact]
    public void A_scratch_file_cut_short_is_a_fault_of_the_run()
    {
        using var store = new ShingleStore(_folder, 0);
        ShingleReference set;
        using (ShingleWriter writer = store.OpenWriter())
            set = writer.Append([1, 2, 3, 4]);

        // The store's handle forbids sharing, which Linux only advises between .NET handles: cut it from outside.
        using var truncate = System.Diagnostics.Process.Start("truncate", ["-s", "8", Directory.GetFiles(_folder).Single()]);
        truncate.WaitForExit();
        ulong[] buffer = [];
        Assert.Contains("ends before byte 8", Assert.Throws<RunFaultException>(() => store.Read(set, ref buffer)).Message);
    }

    [Fact]
    public void The_cache_stays_within_its_bytes_and_drops_the_least_recently_used() =>
        Gen.Int[1, 40].List[1, 200].Sample(sizes =>
        {
            const long limit = 6_000;
            var cache = new ShingleCache(limit);
            var buffer = new ulong[64];
            for (int i = 0; i < sizes.Count; i++)
            {
                var reference = new ShingleReference(0, sizes[i], i);
                cache.Add(reference, MinHasherTests.Set(i, sizes[i]));
                Assert.InRange(cache.Bytes, 1, limit);
                Assert.True(cache.TryRead(reference, buffer));
                Assert.Equal(MinHasherTests.Set(i, sizes[i]), buffer[..sizes[i]]);
                Assert.True(i == 0 || cache.TryRead(new(0, sizes[0], 0), buffer), "What is used all the time stays.");
            }
            cache.Clear();
            Assert.Equal(0, cache.Bytes);
        });
}
