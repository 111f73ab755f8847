using Stackmill.Tests.Support;
using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Pipelines;
using Stackmill.Versioning.Projects;
using Stackmill.Versioning.Text;

namespace Stackmill.Tests.Versioning;

/// <summary>A project that DVC made is read as DVC reads it, and what is written equals what DVC wrote.</summary>
public sealed class GoldenProjectTests
{
    [Fact]
    public void Every_folder_object_of_the_cache_is_written_again_byte_for_byte()
    {
        using var project = new GoldenProject();
        var seen = 0;
        foreach (var file in Directory.EnumerateFiles(project[".dvc/cache/files/md5"], "*.dir", SearchOption.AllDirectories))
        {
            seen++;
            var bytes = File.ReadAllBytes(file);
            var again = FolderObject.Of(FolderObject.Read(bytes, file).Entries);

            Assert.Equal(bytes, again.Bytes);
            Assert.Equal(Path.GetFileName(Path.GetDirectoryName(file)) + Path.GetFileName(file), again.Hash);
        }

        Assert.Equal(4, seen);
    }

    [Theory]
    [InlineData("raw", "3c8ca86319bcfe16df5977e438c8dc05.dir", 38, 9)]
    [InlineData("data/pre", "bac2f341dbb33dac062cd71061d30877.dir", 37, 9)]
    [InlineData("data/val", "904693458986684cf08704d5a6ca2d38.dir", 11, 1)]
    [InlineData("metrics.json", "524fe2b93bb23ac06f84b1b2d72921c2", 65, null)]
    public void Files_and_folders_have_the_hashes_that_DVC_gave_them(string path, string md5, long size, int? files)
    {
        using var project = new GoldenProject();
        var hasher = new ContentHasher(new HashMemory(project[".dvc/tmp/own"], TimeProvider.System), new IgnoreRules(project.Root), 2, CancellationToken.None);

        Assert.Equal(new Hashed(md5, size, files, false), hasher.Hash(project[path]));
    }

    [Fact]
    public void Every_earlier_run_has_the_names_that_DVC_gave_it_and_is_written_again_byte_for_byte()
    {
        using var project = new GoldenProject();
        var seen = 0;
        foreach (var file in Directory.EnumerateFiles(project[".dvc/cache/runs"], "*", SearchOption.AllDirectories))
        {
            seen++;
            var text = File.ReadAllText(file);
            var entry = YamlReader.ReadMap(text, file);

            Assert.Equal((Path.GetFileName(Path.GetDirectoryName(file))!, Path.GetFileName(file)), RunCache.NamesOf(entry));
            Assert.Equal(text, YamlWriter.Write(entry));
        }

        Assert.Equal(14, seen);
    }

    [Fact]
    public void Status_checkout_and_reproduction_change_nothing_that_DVC_left_in_order()
    {
        Requires.Unix();
        Requires.Tool("python3");
        using var project = new GoldenProject();
        var before = File.ReadAllBytes(project["dvc.lock"]);
        var written = File.GetLastWriteTimeUtc(project["dvc.lock"]);

        var status = project.Data("status", "--json").Expect(0);
        Assert.Equal("""{"big.dvc":[{"changed outs":{"big":"deleted"}}],"run.sh.dvc":[{"changed outs":{"run.sh":"deleted"}}],"single.csv.dvc":[{"changed outs":{"single.csv":"deleted"}}]}""", status.Output.Trim());
        project.Data("checkout").Expect(0);
        Assert.Equal("Data and pipelines are up to date.", project.Data("status").Expect(0).Output.Trim());
        Assert.True((FileModes.Of(project["run.sh"]) & UnixFileMode.UserExecute) != 0);
        Assert.Equal("hello\n", File.ReadAllText(project["big/one.bin"]));

        Assert.DoesNotContain("running", project.Data("repro").Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(project["dvc.lock"]));
        Assert.Contains("running stage 'statistics'", project.Data("repro", "--force").Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(project["dvc.lock"]));
        Assert.Equal(14, Directory.EnumerateFiles(project[".dvc/cache/runs"], "*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public void A_lock_that_is_made_anew_and_files_that_are_added_equal_those_of_DVC()
    {
        Requires.Unix();
        Requires.Tool("python3");
        using var project = new GoldenProject();
        project.Data("checkout").Expect(0);
        var expected = new[] { "dvc.lock", "big.dvc", "run.sh.dvc", "single.csv.dvc" }.ToDictionary(n => n, n => File.ReadAllBytes(project[n]));
        foreach (var name in expected.Keys)
            File.Delete(project[name]);
        Directory.Delete(project[".dvc/cache"], recursive: true);

        project.Data("add", "big", "run.sh", "single.csv").Expect(0);
        project.Data("repro").Expect(0);

        foreach (var (name, bytes) in expected)
            Assert.Equal(bytes, File.ReadAllBytes(project[name]));
    }

    [Fact]
    public void Scalars_and_commands_of_every_kind_go_into_the_lock_as_DVC_puts_them()
    {
        Requires.Unix();
        using var project = new GoldenProject("yaml-torture");
        var expected = File.ReadAllText(project["dvc.lock"]);
        File.Delete(project["dvc.lock"]);

        project.Data("repro").Expect(0);

        Assert.Equal(expected, File.ReadAllText(project["dvc.lock"]));
    }

    [Fact]
    public void A_run_that_was_made_before_is_taken_from_the_cache_of_DVC()
    {
        Requires.Unix();
        using var project = new GoldenProject();
        File.Delete(project["dvc.lock"]);
        var result = project.Data("repro").Expect(0);

        Assert.DoesNotContain("running", result.Output, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(Path.Combine(GoldenFile.Folder, "dvc/pipeline/dvc.lock")), File.ReadAllText(project["dvc.lock"]));
    }
}
