using Stackmill.Tests.Support;
using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Projects;

namespace Stackmill.Tests.Versioning.Objects;

/// <summary>Hashes are remembered as long as the file is the same, and never longer.</summary>
public sealed class HashMemoryTests
{
    private static readonly DateTime Long = new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void A_file_is_known_again_by_another_process_until_it_changes()
    {
        using var folder = new TempFolder();
        var path = Old(folder, "a.txt", "one");
        var state = FileState.Of(path);
        var memory = new HashMemory(folder["memory"], TimeProvider.System);
        memory.Remember(path, state, "f97c5d29941bfb1b2fdab0874906ab82", memory.Now);
        memory.Save();

        var other = new HashMemory(folder["memory"], TimeProvider.System);
        Assert.Equal("f97c5d29941bfb1b2fdab0874906ab82", other.Find(path, state));
        Assert.Null(other.Find(path, state with { Size = 4 }));
        Assert.Null(other.Find(path, state with { Modified = state.Modified + 1 }));
        Assert.Null(other.Find(path, state with { Inode = state.Inode + 1 }));
        Assert.Null(other.Find(path + "x", state));
    }

    [Fact]
    public void A_file_that_could_change_again_without_another_time_is_not_remembered()
    {
        using var folder = new TempFolder();
        var path = folder.Write("a.txt", "one");
        var memory = new HashMemory(folder["memory"], TimeProvider.System);
        var now = memory.Now;
        File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(5));

        memory.Remember(path, FileState.Of(path), "f97c5d29941bfb1b2fdab0874906ab82", now);

        Assert.Null(memory.Find(path, FileState.Of(path)));
    }

    [Fact]
    public void A_memory_that_is_cut_off_or_foreign_costs_time_only()
    {
        using var folder = new TempFolder();
        var path = Old(folder, "tree/a.txt", "one");
        Assert.NotNull(Hasher(folder).Hash(folder["tree"]));
        var expected = Hasher(folder, save: true).Hash(folder["tree"]);
        foreach (var file in new DirectoryInfo(folder["memory"]).GetFiles())
        {
            var bytes = File.ReadAllBytes(file.FullName);
            for (var length = 0; length < bytes.Length; length += 3)
            {
                File.WriteAllBytes(file.FullName, bytes[..length]);
                Assert.Equal(expected, Hasher(folder).Hash(folder["tree"]));
            }

            File.WriteAllText(file.FullName, "something else entirely");
            Assert.Equal(expected, Hasher(folder).Hash(folder["tree"]));
        }

        File.WriteAllText(path, "two");
        Assert.NotEqual(expected, Hasher(folder).Hash(folder["tree"]));
    }

    [Fact]
    public void A_folder_has_the_same_hash_for_any_number_of_threads_and_any_order_of_writing()
    {
        using var folder = new TempFolder();
        for (var i = 0; i < 300; i++)
            _ = Old(folder, $"one/{i % 7}/f{i * 37 % 300}", $"text {i * 37 % 300}");
        for (var i = 299; i >= 0; i--)
            _ = Old(folder, $"two/{Place(i)}/f{i}", $"text {i}");

        var hashes = new[] { 1, 2, 8 }.Select(w => new ContentHasher(new HashMemory(folder[$"memory-{w}"], TimeProvider.System), new IgnoreRules(folder.Path), w, CancellationToken.None))
            .SelectMany(h => new[] { h.Hash(folder["one"]), h.Hash(folder["two"]) }).Distinct();

        Assert.Single(hashes);

        // The folder in which the first loop put the file of that number.
        static int Place(int number)
        {
            for (var i = 0; i < 300; i++)
            {
                if (i * 37 % 300 == number)
                    return i % 7;
            }

            return 0;
        }
    }

    private static ContentHasher Hasher(TempFolder folder, bool save = false)
    {
        var memory = new HashMemory(folder["memory"], TimeProvider.System);
        var hasher = new ContentHasher(memory, new IgnoreRules(folder.Path), 2, CancellationToken.None);
        if (save)
        {
            _ = hasher.Hash(folder["tree"]);
            memory.Save();
        }

        return hasher;
    }

    private static string Old(TempFolder folder, string path, string text)
    {
        var full = folder.Write(path, text);
        File.SetLastWriteTimeUtc(full, Long);
        return full;
    }
}
