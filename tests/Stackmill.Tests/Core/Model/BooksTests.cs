using System.Text.Json;
using CsCheck;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;

namespace Stackmill.Tests.Core.Model;

public sealed class BooksTests
{
    private static readonly Gen<Books> AnyBooks = Gen.Select(Gen.Int[0, 20], Gen.String[Gen.Char['a', 'd'], 1, 2].Array[0, 10], Gen.String[Gen.Char['a', 'd'], 1, 2].Array[0, 10]).Select((kept, drops, fails) =>
    {
        var books = new Books { In = kept + drops.Length + fails.Length, Kept = kept, BytesIn = kept * 10, BytesKept = kept };
        foreach (var reason in drops)
            books.Drop(reason);
        foreach (var reason in fails)
            books.Fail(reason);
        books.Count("counter", kept);
        return books;
    });

    [Fact]
    public void Balanced_books_stay_balanced_when_merged_in_any_order() =>
        AnyBooks.Array[0, 6].Sample(parts =>
        {
            var (forward, backward) = (new Books(), new Books());
            foreach (var part in parts)
                forward.Merge(part);
            foreach (var part in parts.Reverse())
                backward.Merge(part);
            forward.Check("here");
            Assert.Equal(JsonSerializer.Serialize(forward), JsonSerializer.Serialize(backward));
            Assert.Equal(parts.Sum(p => p.DroppedTotal), forward.DroppedTotal);
            Assert.Equal(parts.Sum(p => p.FailedTotal), forward.FailedTotal);
        });

    [Fact]
    public void One_record_too_many_or_too_few_is_a_fault_that_names_the_place_and_the_figures() =>
        AnyBooks.Sample(books =>
        {
            books.In++;
            var fault = Assert.Throws<RunFaultException>(() => books.Check("shard 'x'"));
            Assert.Contains("shard 'x'", fault.Message);
            Assert.Contains($"{books.In} in", fault.Message);
            books.In -= 2;
            Assert.Throws<RunFaultException>(() => books.Check("shard 'x'"));
        });

    [Fact]
    public void Merging_leaves_the_other_books_alone()
    {
        var (first, second) = (new Books(), new Books());
        second.Drop("a");
        first.Merge(second);
        first.Drop("a");
        Assert.Equal(2, first.DroppedTotal);
        Assert.Equal(1, second.DroppedTotal);
    }

    [Fact]
    public void A_count_of_nothing_leaves_no_counter()
    {
        var books = new Books();
        books.Count("x", 0);
        Assert.Empty(books.Counters);
        books.Count("x", -3);
        Assert.Equal(-3, books.Counters["x"]);
    }

    [Fact]
    public void Books_survive_the_marker_file() =>
        AnyBooks.Sample(books =>
        {
            var marker = new ShardMarker("k", "t", books, []);
            var read = JsonSerializer.Deserialize<ShardMarker>(JsonSerializer.SerializeToUtf8Bytes(marker, ShardRunner.Json), ShardRunner.Json)!;
            Assert.Equal(JsonSerializer.Serialize(books), JsonSerializer.Serialize(read.Books));
        });
}
