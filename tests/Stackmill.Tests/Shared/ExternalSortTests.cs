using CsCheck;
using Stackmill.Shared;

namespace Stackmill.Tests.Shared;

public sealed class ExternalSortTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("stackmill-sort-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Values_come_in_order_and_each_as_often_as_it_was_added_however_little_memory_there_is() =>
        Gen.Select(Gen.ULong[0, 1000].Array[0, 3000], Gen.Int[0, 30_000]).Sample(
            (values, memory) =>
            {
                using var sort = new ExternalSort<ulong>(Path.Combine(_folder, "s"), memory);
                foreach (var value in values)
                    sort.Add(value);
                Assert.Equal(values.Length, sort.Count);
                Assert.Equal(values.Order(), All(sort.Sort()));
            },
            iter: 100,
            threads: 1);

    [Fact]
    public void Runs_are_merged_when_there_are_very_many_and_leave_no_file()
    {
        var random = new Random(1);
        ulong[] values = [.. Enumerable.Range(0, 100_000).Select(_ => (ulong)random.NextInt64())];
        using (var sort = new ExternalSort<ulong>(Path.Combine(_folder, "s"), 1))
        {
            foreach (var value in values)
                sort.Add(value);
            Assert.InRange(Directory.GetFiles(_folder).Length, 2, 600);
            Assert.Equal(values.Order(), All(sort.Sort()));
        }

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void It_sorts_again_after_it_was_cleared_with_any_sort_and_however_little_memory_there_is() =>
        Gen.Select(Gen.OneOf(Gen.ULong, Gen.ULong[0, 1000]).Array[0, 2000], Gen.Int[0, 60_000]).Array[1, 4].Sample(
            rounds =>
            {
                var counters = new int[RadixPasses.Counters];
                using var sort = new ExternalSort<Key>(Path.Combine(_folder, "s"), rounds[0].Item2, (values, scratch) => RadixPasses.Sort(values, scratch, counters));
                foreach (var (values, _) in rounds)
                {
                    foreach (var value in values)
                        sort.Add(new Key(value));
                    Assert.Equal(values.Length, sort.Count);
                    var sorted = sort.Sort();
                    foreach (var value in values.Order())
                    {
                        Assert.True(sorted.Read(out var key));
                        Assert.Equal(value, key.Hash);
                    }

                    Assert.False(sorted.Read(out _));
                    sort.Clear();
                    Assert.Empty(Directory.GetFiles(_folder));
                }
            },
            iter: 100,
            threads: 1);

    [Theory]
    [InlineData(20)]
    [InlineData(1000)]
    [InlineData(200_000)]
    public void Hashes_chosen_to_have_equal_leading_bits_are_sorted_without_quadratic_time(int count)
    {
        Key[] keys = [.. Enumerable.Range(0, count).Select(i => new Key((ulong)(count - i)))];
        RadixPasses.Sort(keys, new Key[count], new int[RadixPasses.Counters]);
        Assert.Equal(Enumerable.Range(1, count).Select(static i => (ulong)i), keys.Select(static k => k.Hash));
    }

    [Fact]
    public void Memory_stays_within_what_is_given_and_a_fixed_rest()
    {
        const long memory = 4 << 20;
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var sort = new ExternalSort<ulong>(Path.Combine(_folder, "s"), memory);
        for (var i = 0; i < 2_000_000; i++)
            sort.Add((ulong)i * 0x9e3779b97f4a7c15);
        var count = 0;
        var sorted = sort.Sort();
        while (sorted.Read(out _))
            count++;
        Assert.Equal(2_000_000, count);
        // All arrays ever made: those that grow, and a buffer for writing and reading each run; values take 16 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3 * memory);
    }

    [Fact]
    public void Byte_strings_come_in_the_order_of_their_bytes_however_little_memory_there_is() =>
        Gen.Select(Gen.Byte[0, 3].Array[0, 20].Array[0, 400], Gen.Int[0, 20_000]).Sample(
            (values, memory) =>
            {
                using var sort = new ExternalByteSort(Path.Combine(_folder, "b"), memory);
                foreach (var value in values)
                    sort.Add(value);
                var expected = values.OrderBy(v => v, Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b))).ToList();
                var sorted = sort.Sort();
                foreach (var value in expected)
                {
                    Assert.True(sorted.Read(out var found));
                    Assert.Equal(value, found.ToArray());
                }

                Assert.False(sorted.Read(out _));
            },
            iter: 100,
            threads: 1);

    [Fact]
    public void A_byte_string_may_be_larger_than_the_memory()
    {
        using var sort = new ExternalByteSort(Path.Combine(_folder, "b"), 100);
        byte[][] values = [.. Enumerable.Range(0, 20).Select(static i => Enumerable.Repeat((byte)(20 - i), 10_000).ToArray())];
        foreach (var value in values)
            sort.Add(value);
        var sorted = sort.Sort();
        foreach (var value in values.Reverse())
        {
            Assert.True(sorted.Read(out var found));
            Assert.Equal(value, found.ToArray());
        }

        Assert.False(sorted.Read(out _));
    }

    [Fact]
    public void Rows_are_read_as_they_were_written_from_any_place()
    {
        var path = Path.Combine(_folder, "rows");
        using (var writer = new RowWriter<uint>(path, 64))
        {
            for (var i = 0u; i < 100; i++)
                writer.Add(i);
            writer.AddRange([.. Enumerable.Range(100, 50).Select(static i => (uint)i)]);
            writer.AddRange([150]);
            Assert.Equal(151, writer.Count);
            writer.Flush();
        }

        using var reader = new RowReader<uint>(path, 10 * sizeof(uint), 120, 64);
        Assert.Equal(120, reader.Left);
        Assert.True(reader.Read(out var first));
        Assert.Equal(10u, first);
        reader.Skip(3);
        Assert.True(reader.Read(out var second));
        Assert.Equal(14u, second);
        reader.Skip(100);
        Assert.Equal(15, reader.Left);
        Assert.Equal(Enumerable.Range(115, 15).Select(static i => (uint)i), Rest());
        reader.Skip(5);
        Assert.False(reader.Read(out _));

        IEnumerable<uint> Rest()
        {
            while (reader.Read(out var row))
                yield return row;
        }
    }

    [Fact]
    public void A_file_that_is_too_short_is_told_by_its_name()
    {
        var path = Path.Combine(_folder, "rows");
        File.WriteAllBytes(path, new byte[10]);
        using var reader = new RowReader<ulong>(path, 0, 2);
        var fault = Assert.Throws<Stackmill.Core.Faults.RunFaultException>(() => reader.Read(out _));
        Assert.Contains("'" + path + "' ends at byte 10, 6 bytes too early", fault.Message, StringComparison.Ordinal);
    }

    private static List<ulong> All(SortedValues<ulong> sorted)
    {
        var values = new List<ulong>();
        while (sorted.Read(out var value))
            values.Add(value);
        Assert.False(sorted.Read(out _));
        return values;
    }

    private readonly record struct Key(ulong Hash) : IHashOrdered, IComparable<Key>
    {
        public int CompareTo(Key other) => Hash.CompareTo(other.Hash);
    }
}
