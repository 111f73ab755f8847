using System.Diagnostics;
using System.Formats.Tar;
using System.Text;
using CsCheck;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.Storage;
using Stackmill.Organize.Sources.Archives;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize.Sources.Archives;

public sealed class ArchiveWorkerTests
{
    private static readonly string Body = string.Join('\n', Enumerable.Range(0, 30).Select(i => $"x{i} = {i * 7919}")) + "\n";

    private static readonly (string, string)[] Project = [("p-1/a.py", Body), ("p-1/src/b.c", Body + "2"), ("p-1/image.xyz", "x"), ("p-1/.hidden.py", Body)];

    private static Dataset Run(TempFolder folder, string name, byte[] bytes, Action<Stackmill.Organize.OrganizeOptions>? change = null)
    {
        folder.Write(name, bytes);
        return SourceRuns.Archives(folder[name], folder["out-" + Path.GetFileName(name)], SourceRuns.Options(change));
    }

    private static byte[] Pack(string program, byte[] bytes)
    {
        using var folder = new TempFolder();
        var file = folder.Write("x", bytes);
        using var process = Process.Start(new ProcessStartInfo(program, ["-k", file]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return File.ReadAllBytes(Directory.EnumerateFiles(folder.Path).Single(f => f != file));
    }

    [Theory]
    [InlineData("p.tar")]
    [InlineData("p.tar.gz")]
    [InlineData("p.tgz")]
    [InlineData("p.crate")]
    [InlineData("p.tar.zst")]
    [InlineData("p.tar.xz")]
    [InlineData("p.tar.bz2")]
    [InlineData("p.zip")]
    public void Every_form_gives_the_same_records(string name)
    {
        using var folder = new TempFolder();
        var tar = ArchiveBuilder.Tar(TarEntryFormat.Pax, Project);
        byte[] bytes;
        switch (name.Split('.')[^1])
        {
            case "xz":
                Requires.Tool("xz");
                bytes = Pack("xz", tar);
                break;
            case "bz2":
                Requires.Tool("bzip2");
                bytes = Pack("bzip2", tar);
                break;
            case "zst":
                bytes = ArchiveBuilder.Zstd(tar);
                break;
            case "zip":
                bytes = ArchiveBuilder.Zip(Project);
                break;
            case "tar":
                bytes = tar;
                break;
            default:
                bytes = ArchiveBuilder.Gzip(tar);
                break;
        }

        var dataset = Run(folder, name, bytes);
        Assert.Equal([("p", "a.py", Body), ("p", "src/b.c", Body + "2")], TestDatasets.ReadAll(dataset).Select(r => (r.RepoName, r.Path, r.Text())).OrderBy(r => r.Path, StringComparer.Ordinal));
        Assert.Equal([".hidden.py: hidden", "image.xyz: unsupported_extension"], dataset.Fates());
        Assert.Equal(4, dataset.Manifest.Books.In);
        Assert.NotNull(ArchiveFormat.OfMagic(bytes));
        Assert.Equal(ArchiveFormat.OfName(name)! with { IsPackage = false }, ArchiveFormat.OfMagic(bytes));
    }

    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void Long_and_foreign_names_of_each_kind_of_tar(TarEntryFormat format)
    {
        using var folder = new TempFolder();
        var name = format switch
        {
            TarEntryFormat.V7 => "d/short.py",
            TarEntryFormat.Ustar => new string('d', 90) + "/" + new string('e', 60) + "/n.py",
            _ => string.Join('/', Enumerable.Repeat("ordner-é-目录", 30)) + "/n.py",
        };
        var dataset = Run(folder, "n.tar", ArchiveBuilder.Tar(format, ("x.py", Body), (name, Body + "2")));
        Assert.Equal(new[] { name, "x.py" }.Order(StringComparer.Ordinal), dataset.Paths());
    }

    [Fact]
    public void Packages_keep_their_folders_and_a_gems_data_is_read()
    {
        using var folder = new TempFolder();
        Assert.Equal(["com/A.java"], Run(folder, "a.jar", ArchiveBuilder.Zip(("com/A.java", Body))).Paths());
        var data = ArchiveBuilder.Gzip(ArchiveBuilder.Tar(TarEntryFormat.Ustar, ("lib/a.rb", Body)));
        var gem = ArchiveBuilder.Tar(writer =>
        {
            foreach (var (name, bytes) in new[] { ("metadata.gz", ArchiveBuilder.Gzip([1])), ("data.tar.gz", data) })
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
        });
        Assert.Equal(["lib/a.rb"], Run(folder, "g-1.0.gem", gem).Paths());
    }

    [Fact]
    public void What_leads_out_and_what_is_no_file_is_refused_and_counted()
    {
        using var folder = new TempFolder();
        var tar = ArchiveBuilder.Tar(writer =>
        {
            foreach (var name in new[] { "../up.py", "a/../../b.py", "/etc/abs.py", "C:\\win.py", "ok.py", "ok.py", ".git/config", "./dot//ok.py" })
                ArchiveBuilder.File(writer, TarEntryFormat.Pax, name, Body);
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "s.py") { LinkName = "/etc/passwd" });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, "h.py") { LinkName = "ok.py" });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Fifo, "f.py"));
            writer.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "folder.py/"));
        });
        var dataset = Run(folder, "bad.tar", tar);
        Assert.Equal(["dot/ok.py", "ok.py"], dataset.Paths());
        Assert.Equal(
            ["../up.py: unsafe_path", ".git/config: version_control", "/etc/abs.py: unsafe_path", "C:\\win.py: unsafe_path", "a/../../b.py: unsafe_path", "f.py: special_file", "h.py: hard_link", "ok.py: duplicate_path", "s.py: symbolic_link"],
            dataset.Fates());
        Assert.Equal(11, dataset.Manifest.Books.In);
    }

    [Fact]
    public void A_bomb_is_not_read_on()
    {
        using var folder = new TempFolder();
        var zeros = new string(' ', 8 << 20);
        foreach (var (name, bytes) in new[] { ("b.tar.gz", ArchiveBuilder.Gzip(ArchiveBuilder.Tar(TarEntryFormat.Pax, ("a.py", Body), ("b.py", zeros), ("c.py", Body)))), ("b.zip", ArchiveBuilder.Zip(("a.py", Body), ("b.py", zeros), ("c.py", Body))) })
        {
            var dataset = Run(folder, name, bytes, o => (o.Input.Archives.MaxRatio, o.Filters.FileSize.MaxBytes) = (50, 10 << 20));
            Assert.Equal(["a.py"], dataset.Paths());
            Assert.Equal(["b.py: archive_bomb"], dataset.Fates());
        }

        // The same archive by a ratio that it keeps to, and by a limit of bytes that it does not.
        var whole = Run(folder, "w.zip", ArchiveBuilder.Zip(("a.py", Body), ("b.py", zeros)), o => (o.Input.Archives.MaxRatio, o.Filters.FileSize.MaxBytes) = (100_000, 10 << 20));
        Assert.Equal(["a.py", "b.py"], whole.Paths());
        var cut = Run(folder, "l.zip", ArchiveBuilder.Zip(("a.py", Body), ("b.py", zeros)), o => (o.Input.Archives.MaxRatio, o.Input.Archives.MaxUnpacked, o.Filters.FileSize.MaxBytes) = (100_000, 1 << 20, 10 << 20));
        Assert.Contains("max_unpacked", cut.ReadLedger().Single().Detail);
    }

    [Fact]
    public void Archives_in_archives_are_read_one_level_deep()
    {
        using var folder = new TempFolder();
        var deepest = ArchiveBuilder.Zip(("z.py", Body));
        var zip = ArchiveBuilder.ZipOf(("in/x.py", Encoding.UTF8.GetBytes(Body)), ("deep.zip", deepest));
        var tgz = ArchiveBuilder.Gzip(ArchiveBuilder.Tar(TarEntryFormat.Gnu, ("y.py", Body)));
        var outer = ArchiveBuilder.ZipOf(("o/a.zip", zip), ("o/b.tgz", tgz), ("o/broken.zip", [1, 2, 3]), ("o/c.py", Encoding.UTF8.GetBytes(Body)));
        var dataset = Run(folder, "o.zip", outer);
        Assert.Equal(["a.zip/in/x.py", "b.tgz/y.py", "c.py"], dataset.Paths());
        Assert.Equal(["a.zip/deep.zip: nested_archive", "broken.zip: damaged_archive"], dataset.Fates());
        var flat = Run(folder, "flat.zip", outer, o => o.Input.Archives.Nested = false);
        Assert.Equal(["c.py"], flat.Paths());
        Assert.Equal(["a.zip: nested_archive", "b.tgz: nested_archive", "broken.zip: nested_archive"], flat.Fates());
        var bomb = ArchiveBuilder.ZipOf(("a.zip", ArchiveBuilder.Zip(("x.py", new string(' ', 4 << 20)))), ("b.py", Encoding.UTF8.GetBytes(Body)));
        Assert.Equal(["a.zip/x.py: archive_bomb"], Run(folder, "bomb.zip", bomb, o => (o.Input.Archives.MaxRatio, o.Filters.FileSize.MaxBytes) = (20, 10 << 20)).Fates());
    }

    [Fact]
    public void Several_archives_are_repositories_by_their_names_and_workers_never_show()
    {
        using var folder = new TempFolder();
        folder.Write("in/owner/one.zip", ArchiveBuilder.Zip(Project));
        folder.Write("in/two.zip", ArchiveBuilder.Zip(Project));
        folder.Write("in/two.tar", ArchiveBuilder.Tar(TarEntryFormat.Gnu, Project));
        var packed = ArchiveBuilder.Gzip(ArchiveBuilder.Tar(TarEntryFormat.Gnu, Project));
        folder.Write("in/cut.tar.gz", packed.AsSpan(0, packed.Length - 30));
        var one = SourceRuns.Archives(folder["in"], folder["1"], workers: 1);
        var four = SourceRuns.Archives(folder["in"], folder["4"], workers: 4);
        Assert.Equal(one.Manifest.RootHash, four.Manifest.RootHash);
        Assert.Equal(["owner/one", "two.tar", "two.zip"], TestDatasets.ReadAll(one).Select(r => r.RepoName).Distinct().Order(StringComparer.Ordinal));
        folder.Write("in/text.bin", "no archive");
        Assert.Contains("text.bin", Assert.Throws<UsageException>(() => ArchivePlan.Make([new LocalFile(folder["in", "text.bin"], "text.bin")])).Message);
    }

    [Fact]
    public void An_archive_that_is_damaged_anywhere_keeps_the_books_and_the_same_result() =>
        Gen.Select(Gen.OneOf("t.tar", "t.tar.gz", "t.tar.zst", "t.zip", "t.tar.bz2", "t.tar.xz"), Gen.Double[0, 1], Gen.Bool, Gen.Byte[1, 255]).Sample((name, at, isCut, mask) =>
        {
            using var folder = new TempFolder();
            var bytes = Samples.GetOrAdd(name, MakeSample).ToArray();
            var position = (int)(at * (bytes.Length - 1));
            if (isCut)
                bytes = bytes.AsSpan(0, position).ToArray();
            else
                bytes[position] ^= mask;
            folder.Write("1/" + name, bytes);
            var one = SourceRuns.Archives(folder["1", name], folder["out1"]);
            var two = SourceRuns.Archives(folder["1", name], folder["out2"]);
            Assert.Equal(one.Manifest.RootHash, two.Manifest.RootHash);
            Assert.Equal(one.Fates(), two.Fates());
            Assert.Equal(one.Manifest.Books.In, one.Paths().Count + one.Fates().Count);
            var isTold = one.Manifest.FailedShards.Count > 0 || one.Fates().Exists(f => f.EndsWith("damaged_archive", StringComparison.Ordinal));
            if (isCut && name is not "t.tar")
                Assert.True(isTold, $"{name} cut at {position}");
            // Every form but a plain tar has a checksum over its contents: what is taken is as it was packed.
            if (name is not "t.tar")
                Assert.All(TestDatasets.ReadAll(one), r => Assert.Contains(r.Text(), (string[])[Body, Body + "2", Body + "3"]));
        }, iter: 150);

    [Fact]
    public void An_archive_whose_bytes_are_wrong_fails_whole_and_one_inside_it_alone()
    {
        using var folder = new TempFolder();
        var packed = ArchiveBuilder.Gzip(ArchiveBuilder.Tar(TarEntryFormat.Pax, ("a.py", Body), ("b.py", Body + "2")));
        var wrong = packed.ToArray();
        // The last eight bytes are checksum and length.
        wrong[^6] ^= 1;
        folder.Write("in/cut.tar.gz", packed.AsSpan(0, packed.Length - 40));
        folder.Write("in/page.zip", "<html>not found</html>");
        folder.Write("in/whole.tar.gz", packed);
        folder.Write("in/wrong.tar.gz", wrong);
        var dataset = SourceRuns.Archives(folder["in"], folder["out"]);
        Assert.Equal(["a.py", "b.py"], dataset.Paths());
        Assert.Equal(["cut.tar.gz", "page.zip", "wrong.tar.gz"], dataset.Manifest.FailedShards.Select(f => Path.GetFileName(f.Error.Split('\'')[1])));
        var outer = ArchiveBuilder.ZipOf(("in/cut.tar.gz", packed.AsSpan(0, packed.Length - 40).ToArray()), ("in/wrong.tar.gz", wrong), ("in/c.py", Encoding.UTF8.GetBytes(Body)));
        var around = Run(folder, "around.zip", outer);
        Assert.Contains("c.py", around.Paths());
        Assert.Equal(2, around.Manifest.Books.Failed["damaged_archive"]);
        Assert.Empty(around.Manifest.FailedShards);
    }

    [Fact]
    public void An_xz_file_of_several_streams_is_read_to_its_end_alone_and_inside_of_others()
    {
        Requires.Tool("xz");
        using var folder = new TempFolder();
        var tar = ArchiveBuilder.Tar(TarEntryFormat.Pax, Project);
        byte[] several = [.. Pack("xz", tar[..1000]), 0, 0, 0, 0, .. Pack("xz", []), .. Pack("xz", tar[1000..]), .. new byte[8]];
        Assert.Equal(["a.py", "src/b.c"], Run(folder, "s.tar.xz", several).Paths());
        Assert.Equal(["p.tar.xz/a.py", "p.tar.xz/src/b.c"], Run(folder, "o.zip", ArchiveBuilder.ZipOf(("p.tar.xz", several))).Paths().Select(p => p.Replace("p-1/", "", StringComparison.Ordinal)));
        Assert.Contains("s2.tar.xz: damaged_archive", Run(folder, "s2.tar.xz", [.. several, 1]).Fates());
        using var process = Process.Start(new ProcessStartInfo("xz", ["-k", "--delta=dist=4", "--lzma2=preset=1", folder.Write("d.tar", tar)]))!;
        process.WaitForExit();
        Assert.Equal(["d.tar.xz: unsupported_compression"], SourceRuns.Archives(folder["d.tar.xz"], folder["out-d"], SourceRuns.Options()).Fates());
    }

    [Fact]
    public void Folders_of_incremental_tars_and_their_lists_of_names_are_passed_over()
    {
        Requires.Tool("tar");
        Requires.Unix();
        using var folder = new TempFolder();
        folder.Write("in/d/a.py", Body);
        folder.Write("in/b.py", Body + "2");
        using (var process = Process.Start(new ProcessStartInfo("tar", ["-C", folder["in"], "--listed-incremental=" + folder["state"], "-cf", folder["i.tar"], "."]))!)
            process.WaitForExit();
        var dataset = SourceRuns.Archives(folder["i.tar"], folder["out"], SourceRuns.Options());
        Assert.Equal(["b.py", "d/a.py"], dataset.Paths());
        Assert.Empty(dataset.Fates());
    }

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, byte[]> Samples = new();

    private static byte[] MakeSample(string name)
    {
        (string, string)[] files = [("p/a.py", Body), ("p/b.c", Body + "2"), ("p/" + new string('l', 120) + ".py", Body + "3"), ("p/image.xyz", "x")];
        var tar = ArchiveBuilder.Tar(TarEntryFormat.Pax, files);
        return Path.GetExtension(name) switch
        {
            ".gz" => ArchiveBuilder.Gzip(tar),
            ".zst" => ArchiveBuilder.Zstd(tar),
            ".bz2" => Pack("bzip2", tar),
            ".xz" => Pack("xz", tar),
            ".zip" => ArchiveBuilder.Zip(files),
            _ => tar,
        };
    }
}
