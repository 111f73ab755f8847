using System.Buffers;
using System.Text;
using CsCheck;
using Stackmill.Acquire.Contents;
using Stackmill.Core.Faults;
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

    [Fact]
    public void Damage_anywhere_in_segments_and_indexes_gives_no_other_bytes_and_is_mended() =>
        Gen.Select(Bytes.Array[1, 20], Gen.Int[0, int.MaxValue].Array[1, 8], Gen.Bool, Gen.Int[1, 600]).Sample((contents, places, cut, segmentBytes) =>
        {
            using var folder = new TempFolder();
            using (var cache = BlobCache.Open(folder.Path, segmentBytes))
            {
                foreach (var content in contents)
                    cache.Add(BlobId.Of(content), content);
            }

            foreach (var place in places)
            {
                var files = folder.Files().Where(f => f.EndsWith(".blobs", StringComparison.Ordinal) || f.EndsWith(".index", StringComparison.Ordinal)).ToList();
                var path = folder[files[place % files.Count]];
                var bytes = File.ReadAllBytes(path);
                if (bytes.Length == 0)
                    continue;
                if (cut)
                    bytes = bytes[..(place % bytes.Length)];
                else
                    bytes[place % bytes.Length] ^= (byte)(1 << (place % 8));
                File.WriteAllBytes(path, bytes);
            }

            using (var cache = BlobCache.Open(folder.Path, segmentBytes))
            {
                foreach (var content in contents)
                {
                    if (Read(cache, BlobId.Of(content)) is { } found)
                        Assert.Equal(content, found);
                    cache.Add(BlobId.Of(content), content);
                    Assert.Equal(content, Read(cache, BlobId.Of(content)));
                }
            }

            using var again = BlobCache.Open(folder.Path, segmentBytes);
            Assert.All(contents, c => Assert.Equal(c, Read(again, BlobId.Of(c))));
        }, iter: 150);

    [Fact]
    public void Many_short_runs_leave_few_files()
    {
        using var folder = new TempFolder();
        for (var run = 0; run < 30; run++)
        {
            using var cache = BlobCache.Open(folder.Path);
            for (var i = 0; i < 40; i++)
                cache.Add(BlobId.Of(Encoding.ASCII.GetBytes($"{run} {i}")), Encoding.ASCII.GetBytes($"{run} {i}"));
        }

        // A segment and its index in each of sixteen chains, and the lock.
        Assert.InRange(folder.Files().Count, 3, 33);
        using var again = BlobCache.Open(folder.Path);
        for (var i = 0; i < 1200; i++)
            Assert.Equal($"{i / 40} {i % 40}", Encoding.ASCII.GetString(Read(again, BlobId.Of(Encoding.ASCII.GetBytes($"{i / 40} {i % 40}")))!));
    }

    [Fact]
    public void Very_many_small_entries_are_all_found()
    {
        using var folder = new TempFolder();
        const int Count = 300_000;
        static byte[] Entry(int i) => BitConverter.GetBytes(i);
        using (var cache = BlobCache.Open(folder.Path))
        {
            for (var i = 0; i < Count; i++)
                cache.Add(BlobId.Of(Entry(i)), Entry(i));
            for (var i = 0; i < Count; i += 97)
                Assert.Equal(Entry(i), Read(cache, BlobId.Of(Entry(i))));
        }

        using var again = BlobCache.Open(folder.Path);
        for (var i = 0; i < Count; i++)
            Assert.True(again.Contains(BlobId.Of(Entry(i))));
    }

    [Fact]
    public void What_a_killed_process_appended_to_a_closed_segment_is_found_again()
    {
        using var folder = new TempFolder();
        using var copy = new TempFolder();
        var contents = Enumerable.Range(0, 300).Select(i => Encoding.ASCII.GetBytes($"content {i}")).ToList();
        using (var cache = BlobCache.Open(folder.Path))
            contents[..150].ForEach(c => cache.Add(BlobId.Of(c), c));
        using (var cache = BlobCache.Open(folder.Path))
        {
            contents[150..].ForEach(c => cache.Add(BlobId.Of(c), c));
            // What lies on the disk at the moment of a kill.
            foreach (var file in folder.Files().Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
                copy.Write(file, File.ReadAllBytes(folder[file]));
        }

        using var again = BlobCache.Open(copy.Path);
        Assert.All(contents, c => Assert.Equal(c, Read(again, BlobId.Of(c))));
    }

    [Fact]
    public void What_other_programs_and_versions_keep_in_the_folder_is_left_alone()
    {
        using var folder = new TempFolder();
        folder.Write("v2/writer-000/0-00000000.blobs", "another form");
        folder.Write("writer-000/0-00000000.blobs", "an older form");
        folder.Write("v1/writer-000/0-notes.blobs", "somebody's");
        folder.Write("readme.txt", "somebody's");
        var content = Encoding.ASCII.GetBytes("content");
        using (var cache = BlobCache.Open(folder.Path))
            cache.Add(BlobId.Of(content), content);
        using (var cache = BlobCache.Open(folder.Path))
            Assert.Equal(content, Read(cache, BlobId.Of(content)));
        Assert.Equal("another form", File.ReadAllText(folder["v2/writer-000/0-00000000.blobs"]));
        Assert.Equal("an older form", File.ReadAllText(folder["writer-000/0-00000000.blobs"]));
        Assert.Equal("somebody's", File.ReadAllText(folder["v1/writer-000/0-notes.blobs"]));
    }

    [Fact]
    public void A_folder_that_cannot_be_used_is_told_with_the_key()
    {
        using var folder = new TempFolder();
        var fault = Assert.Throws<UsageException>(() => BlobCache.Open(folder.Write("a-file", "x")));
        Assert.Contains(folder["a-file"], fault.Message, StringComparison.Ordinal);
        Assert.Contains("contents.cache", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_that_is_damaged_does_not_hide_a_whole_one_of_another_process()
    {
        using var folder = new TempFolder();
        var content = Encoding.ASCII.GetBytes(new string('y', 500));
        using (var one = BlobCache.Open(folder.Path))
        using (var two = BlobCache.Open(folder.Path))
        {
            one.Add(BlobId.Of(content), content);
            two.Add(BlobId.Of(content), content);
        }

        var segments = Directory.GetFiles(folder.Path, "*.blobs", SearchOption.AllDirectories);
        Assert.Equal(2, segments.Length);
        foreach (var damaged in segments)
        {
            var bytes = File.ReadAllBytes(damaged);
            bytes[200] ^= 1;
            File.WriteAllBytes(damaged, bytes);
            using (var cache = BlobCache.Open(folder.Path))
                Assert.Equal(content, Read(cache, BlobId.Of(content)));
            bytes[200] ^= 1;
            File.WriteAllBytes(damaged, bytes);
        }
    }
}
