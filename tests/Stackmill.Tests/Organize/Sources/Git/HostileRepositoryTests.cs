using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Faults;
using Stackmill.Organize;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize.Sources.Git;

/// <summary>Repositories that Git itself would not make, and places where a run must not write.</summary>
public sealed class HostileRepositoryTests
{
    private static string Body(int n) => string.Join('\n', Enumerable.Range(0, 40).Select(i => $"x{i} = {i * n}")) + "\n";

    private static OrganizeOptions History(bool on) => SourceRuns.Options(o => (o.Input.Git.History, o.Filters.Vendored) = (on, false));

    [Fact]
    public void A_few_folders_that_stand_for_billions_of_files_are_not_read_to_the_end()
    {
        using var folder = new TempFolder();
        folder.Git("own", "init", "-q");
        var blob = Put(folder, "blob", Encoding.UTF8.GetBytes(Body(1)));
        var tree = Put(folder, "tree", Entries(10, "100644", "f", ".py", blob));
        for (var level = 0; level < 9; level++)
            tree = Put(folder, "tree", Entries(10, "40000", "d", "", tree));
        folder.Git("own", "update-ref", "refs/heads/main", folder.Git("own", "commit-tree", "-m", "c", tree));
        foreach (var history in (bool[])[false, true])
        {
            var dataset = SourceRuns.Git(folder["own"], folder[$"out-{history}"], SourceRuns.Options(o => (o.Input.Git.History, o.ShardSize) = (history, 1 << 20)));
            Assert.Equal(1, dataset.Manifest.Books.Failed["repeated_folders"]);
            Assert.InRange(dataset.Manifest.Books.In, 2, 100_000);
            if (history)
                Assert.Equal(1, dataset.Manifest.Books.Kept);
        }
    }

    [Fact]
    public void Folders_in_folders_without_end_are_left_where_no_system_could_hold_them()
    {
        using var folder = new TempFolder();
        folder.Git("own", "init", "-q");
        var blob = Put(folder, "blob", Encoding.UTF8.GetBytes(Body(1)));
        var tree = Put(folder, "tree", Entries(1, "100644", "f", ".py", blob));
        for (var level = 0; level < 50; level++)
            tree = Put(folder, "tree", [.. Entries(1, "100644", "f", ".py", blob), .. Entries(1, "40000", new string('n', 120), "", tree)]);
        folder.Git("own", "update-ref", "refs/heads/main", folder.Git("own", "commit-tree", "-m", "c", tree));
        var dataset = SourceRuns.Git(folder["own"], folder["out"]);
        Assert.Equal(34, dataset.Manifest.Books.Kept);
        Assert.Equal(1, dataset.Manifest.Books.Failed["unreadable"]);
        Assert.Equal(35, dataset.Manifest.Books.In);
    }

    [Fact]
    public void A_repository_whose_first_folder_is_missing_is_a_failed_shard()
    {
        using var folder = new TempFolder();
        folder.Repository("own", ("a.py", Body(1)));
        var tree = folder.Git("own", "rev-parse", "HEAD^{tree}");
        File.Delete(folder[$"own/.git/objects/{tree[..2]}/{tree[2..]}"]);
        var dataset = SourceRuns.Git(folder["own"], folder["out"]);
        Assert.Contains($"the tree {tree} is missing", Assert.Single(dataset.Manifest.FailedShards).Error, StringComparison.Ordinal);
        Assert.Equal(0, dataset.Manifest.Books.In);
    }

    [Fact]
    public void Names_that_lead_out_and_objects_that_are_missing_are_counted()
    {
        using var folder = new TempFolder();
        folder.Git("own", "init", "-q");
        var blob = Put(folder, "blob", Encoding.UTF8.GetBytes(Body(1)));
        byte[] missing = [.. Enumerable.Repeat((byte)1, 20)];
        byte[] tree = [.. Entry("100644", "..", blob), .. Entry("40000", ".git", blob), .. Entry("100644", "a/b.py", blob), .. Entry("100644", "ok.py", blob), .. Entry("100644", "x.py", missing), .. Entry("40000", "zz", missing)];
        folder.Git("own", "update-ref", "refs/heads/main", folder.Git("own", "commit-tree", "-m", "c", Put(folder, "tree", tree)));
        var dataset = SourceRuns.Git(folder["own"], folder["out"]);
        Assert.Equal(["ok.py"], dataset.Paths());
        Assert.Equal(["..: unsafe_path", ".git/: version_control", "a/b.py: unsafe_path", "x.py: unreadable", "zz/: unreadable"], dataset.Fates());
    }

    [Fact]
    public void A_folder_that_was_left_out_at_its_newest_place_is_taken_from_an_older_one()
    {
        using var folder = new TempFolder();
        folder.Repository("own", ("src/a.py", Body(1)), ("src/b.py", Body(2)));
        folder.Git("own", "mv", "src", "vendor");
        folder.Commit("own", (".gitattributes", "vendor/** linguist-vendored\n"));
        var dataset = SourceRuns.Git(folder["own"], folder["out"], History(on: true));
        Assert.Equal(["src/a.py", "src/b.py"], dataset.Paths());
        Assert.Equal([".gitattributes: hidden", "vendor/a.py: vendored", "vendor/b.py: vendored"], dataset.Fates());
    }

    [Fact]
    public void Nothing_is_written_into_a_repository_that_a_list_names()
    {
        using var folder = new TempFolder();
        folder.Repository("in/own", ("a.py", Body(1)));
        var before = TreeState.Exact(folder["in"]);
        foreach (var place in (string[])["in/own", "file://" + folder["in", "own"]])
        {
            var list = folder.Write("list.txt", place + "\n");
            Assert.Contains("inside the input", Assert.Throws<UsageException>(() => OrganizeStage.Require(list, folder["in", "own", "project"], SourceRuns.Options())).Message);
        }

        TreeState.AssertEqual(before, TreeState.Exact(folder["in"]));
    }

    private static byte[] Entries(int count, string mode, string name, string ending, string id) =>
        [.. Enumerable.Range(0, count).SelectMany(i => Entry(mode, count == 1 ? name + ending : $"{name}{i}{ending}", id))];

    private static byte[] Entry(string mode, string name, string id) => Entry(mode, name, Convert.FromHexString(id));

    private static byte[] Entry(string mode, string name, byte[] id) => [.. Encoding.UTF8.GetBytes($"{mode} {name}\0"), .. id];

    // Git's own commands refuse such trees: an object is zlib over its kind, its length and its bytes.
    private static string Put(TempFolder folder, string kind, byte[] data)
    {
        byte[] whole = [.. Encoding.ASCII.GetBytes($"{kind} {data.Length}\0"), .. data];
        var id = Convert.ToHexStringLower(SHA1.HashData(whole));
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(whole);
        folder.Write($"own/.git/objects/{id[..2]}/{id[2..]}", packed.ToArray());
        return id;
    }
}
