using System.Buffers;
using System.Text;
using CsCheck;
using Stackmill.Acquire.Contents;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Acquire.Contents;

public sealed class BlobCacheTests
{
    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 40];

    private static byte[]? Read(BlobCache cache, BlobId id)
    {
        if (!cache.TryRead(id, out var buffer, out var length))
            return null;
        var bytes = buffer.AsSpan(0, length).ToArray();
        ArrayPool<byte>.Shared.Return(buffer);
        return bytes;
    }

    [Fact]
    public void Ids_are_read_and_written_and_ordered_as_their_hex_digits_are() =>
        Gen.Select(Gen.Byte.Array[20], Gen.Byte.Array[20]).Sample((a, b) =>
        {
            var (first, second) = (BlobId.Read(a), BlobId.Read(b));
            Assert.Equal(Convert.ToHexStringLower(a), first.ToString());
            Assert.True(BlobId.TryParse(Convert.ToHexString(a), out var parsed) && parsed == first);
            Assert.Equal(Math.Sign(string.CompareOrdinal(Convert.ToHexStringLower(a), Convert.ToHexStringLower(b))), Math.Sign(first.CompareTo(second)));
        });

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("da39a3ee5e6b4b0d3255bfef95601890afd8070")]
    [InlineData("da39a3ee5e6b4b0d3255bfef95601890afd807090")]
    [InlineData("ga39a3ee5e6b4b0d3255bfef95601890afd80709")]
    public void What_is_no_sha1_is_no_id(string? text) => Assert.False(BlobId.TryParse(text, out _));

    [Fact]
    public void What_was_added_is_there_also_after_closing_whatever_the_length_of_segments() =>
        Gen.Select(Bytes.Array[1, 60], Gen.Int[1, 400]).Sample((contents, segmentBytes) =>
        {
            using var folder = new TempFolder();
            var half = contents.Length / 2;
            foreach (var part in new[] { contents[..half], contents[half..] })
            {
                using var cache = BlobCache.Open(folder.Path, segmentBytes);
                foreach (var content in part)
                    cache.Add(BlobId.Of(content), content);
                Assert.All(part, c => Assert.Equal(c, Read(cache, BlobId.Of(c))));
            }

            using var again = BlobCache.Open(folder.Path, segmentBytes);
            Assert.All(contents, c => Assert.True(again.Contains(BlobId.Of(c))));
            Assert.All(contents, c => Assert.Equal(c, Read(again, BlobId.Of(c))));
            Assert.Null(Read(again, BlobId.Of(Encoding.ASCII.GetBytes("was never added, and is longer than forty bytes"))));
        }, iter: 60);

    [Fact]
    public void A_segment_that_was_cut_anywhere_gives_its_whole_entries_and_never_others() =>
        Gen.Select(Bytes.Array[1, 20], Gen.Double[0, 1], Gen.Bool).Sample((contents, where, garbage) =>
        {
            using var folder = new TempFolder();
            using (var cache = BlobCache.Open(folder.Path))
            {
                foreach (var content in contents)
                    cache.Add(BlobId.Of(content), content);
            }

            // As kill -9 leaves it: no index, and an end somewhere, or bytes that never came to the disk.
            foreach (var index in Directory.GetFiles(folder.Path, "*.index", SearchOption.AllDirectories))
                File.Delete(index);
            foreach (var segment in Directory.GetFiles(folder.Path, "*.blobs", SearchOption.AllDirectories))
            {
                var bytes = File.ReadAllBytes(segment);
                var cut = (int)(bytes.Length * where);
                if (garbage)
                    bytes.AsSpan(cut).Clear();
                File.WriteAllBytes(segment, garbage ? bytes : bytes[..cut]);
            }

            using var again = BlobCache.Open(folder.Path);
            foreach (var content in contents)
            {
                if (Read(again, BlobId.Of(content)) is { } found)
                    Assert.Equal(content, found);
                again.Add(BlobId.Of(content), content);
                Assert.Equal(content, Read(again, BlobId.Of(content)));
            }
        }, iter: 60);

    [Fact]
    public void A_damaged_entry_is_not_given_and_can_be_added_anew()
    {
        using var folder = new TempFolder();
        var content = Encoding.ASCII.GetBytes(new string('x', 1000));
        using (var cache = BlobCache.Open(folder.Path))
            cache.Add(BlobId.Of(content), content);
        var segment = Directory.GetFiles(folder.Path, "*.blobs", SearchOption.AllDirectories).Single();
        var bytes = File.ReadAllBytes(segment);
        bytes[500] ^= 1;
        File.WriteAllBytes(segment, bytes);

        using (var cache = BlobCache.Open(folder.Path))
        {
            Assert.Null(Read(cache, BlobId.Of(content)));
            cache.Add(BlobId.Of(content), content);
            Assert.Equal(content, Read(cache, BlobId.Of(content)));
        }

        using var again = BlobCache.Open(folder.Path);
        Assert.Equal(content, Read(again, BlobId.Of(content)));
    }

    [Fact]
    public void Two_processes_share_a_folder_and_see_what_the_other_has_closed()
    {
        using var folder = new TempFolder();
        var (first, second) = (Encoding.ASCII.GetBytes("first"), Encoding.ASCII.GetBytes("second"));
        using (var one = BlobCache.Open(folder.Path))
        using (var two = BlobCache.Open(folder.Path))
        {
            one.Add(BlobId.Of(first), first);
            two.Add(BlobId.Of(second), second);
        }

        using var later = BlobCache.Open(folder.Path);
        Assert.Equal(first, Read(later, BlobId.Of(first)));
        Assert.Equal(second, Read(later, BlobId.Of(second)));
    }

    [Fact]
    public void A_place_that_a_killed_process_left_is_recovered_by_one_in_another_place()
    {
        using var folder = new TempFolder();
        var content = Encoding.ASCII.GetBytes("left behind");
        using (var one = BlobCache.Open(folder.Path))
        using (var two = BlobCache.Open(folder.Path))
            two.Add(BlobId.Of(content), content);
        File.Delete(Directory.GetFiles(folder.Path, "*.index", SearchOption.AllDirectories).Single());

        using var later = BlobCache.Open(folder.Path);
        Assert.Equal(content, Read(later, BlobId.Of(content)));
    }

    [Fact]
    public void Many_threads_add_and_read_at_once()
    {
        using var folder = new TempFolder();
        using var cache = BlobCache.Open(folder.Path, 10_000);
        Parallel.For(0, 4000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var content = Encoding.ASCII.GetBytes($"content {i % 1000}");
            cache.Add(BlobId.Of(content), content);
            Assert.Equal(content, Read(cache, BlobId.Of(content)));
        });
        Assert.Equal(1000, cache.Added);
    }
}
