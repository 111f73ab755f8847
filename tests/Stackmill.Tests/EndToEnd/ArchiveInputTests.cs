using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Stackmill.Datasets;
using Stackmill.Tests.Organize.Sources.Archives;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>Archives as inputs of the program.</summary>
public sealed class ArchiveInputTests(FolderRun run) : IClassFixture<FolderRun>
{
    private readonly TempFolder _folder = run.Folder;

    [Theory]
    [InlineData("tar", "-cf")]
    [InlineData("tar.gz", "-czf")]
    [InlineData("tgz", "-czf")]
    [InlineData("tar.bz2", "-cjf")]
    [InlineData("tar.xz", "-cJf")]
    [InlineData("tar.zst", "--zstd", "-cf")]
    public void A_folder_that_the_tar_program_packed_ends_with_the_same_contents(string ending, params string[] options)
    {
        Requires.Tool("tar");
        var archive = _folder[$"packed.{ending}"];
        Pack("tar", [.. options, archive, "-C", _folder.Path, "input"]);
        AssertSame(run.RunOn(archive, $"packed-{ending}"));
    }

    [Fact]
    public void A_folder_as_zip_and_as_a_package_ends_with_the_same_contents()
    {
        foreach (var (name, inner) in new[] { ("packed.zip", "input/"), ("packed.jar", ""), ("packed.nupkg", "") })
        {
            using (var zip = ZipFile.Open(_folder[name], ZipArchiveMode.Create))
            {
                foreach (var file in Directory.EnumerateFiles(_folder["input"], "*", SearchOption.AllDirectories))
                    zip.CreateEntryFromFile(file, inner + Path.GetRelativePath(_folder["input"], file).Replace('\\', '/'));
            }

            AssertSame(run.RunOn(_folder[name], "packed-" + name));
        }
    }

    [Fact]
    public void Hostile_archives_are_counted_entry_by_entry_and_write_nothing_outside_of_the_output()
    {
        var hostile = _folder["hostile"];
        var entries = Hostile(hostile);
        var before = TreeState.Exact(hostile);
        var around = Directory.EnumerateFileSystemEntries(_folder.Path).Append(_folder["hostile-out"]).ToHashSet();
        var hashes = new HashSet<string>();
        foreach (var workers in (string[])["1", "2", "4"])
        {
            if (Directory.Exists(_folder["hostile-out"]))
                Directory.Delete(_folder["hostile-out"], recursive: true);
            var told = StackmillProgram.Run("organize", "--input", hostile, "--output", _folder["hostile-out"], "--workers", workers, "--set", "input.archives.max_ratio=100").Expect(3);
            Assert.Contains("'" + Path.Combine(hostile, "cut.tar.gz") + "' is damaged", told.All.ReplaceLineEndings(" "), StringComparison.Ordinal);
            var dataset = Dataset.Open(_folder["hostile-out"]);
            var books = dataset.Manifest.Books;
            // Up to a MiB harms nobody, whatever the ratio: the second entry goes beyond it, and the one behind is not met.
            Assert.Equal(entries, books.In);
            Assert.Equal((1L, 1L), (books.Failed["archive_bomb"], books.Failed["damaged_archive"]));
            foreach (var reason in (string[])["unsafe_path", "symbolic_link", "hard_link", "nested_archive", "duplicate_path", "too_large"])
                Assert.True(books.Dropped[reason] > 0, reason);
            Assert.Equal(["bomb:bomb1.py", "bomb:ok.py", "many:ok.py", "nested:in.zip/ok.py", "nested:ok.py", "sizes:ok.py"], TestDatasets.ReadAll(dataset).Select(r => $"{r.RepoName}:{r.Path}").Order(StringComparer.Ordinal));
            hashes.Add(dataset.Manifest.RootHash);
        }

        Assert.Single(hashes);
        Assert.Equal(around.Order(StringComparer.Ordinal), Directory.EnumerateFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal));
        TreeState.AssertEqual(before, TreeState.Exact(hostile));
    }

    [Fact]
    public void Killed_and_started_again_a_run_over_archives_ends_as_if_undisturbed()
    {
        for (var i = 0; i < 12; i++)
            _folder.Write($"archives/owner/a{i:D2}.zip", ArchiveBuilder.Zip([.. Enumerable.Range(0, 40).Select(n => ($"p/m{n}.py", Source.Python((100 * i) + n)))]));
        string[] Args(string output) => ["organize", "--input", _folder["archives"], "--output", output, "--workers", "1"];
        var (undisturbed, killed) = (_folder["archives-undisturbed"], _folder["archives-killed"]);
        StackmillProgram.Run(Args(undisturbed)).Expect(0);
        using (var running = new StackmillProgram().Start(Args(killed)))
        {
            running.WaitUntil(() => Directory.Exists(killed) && Directory.EnumerateFiles(killed, "part-*.parquet", SearchOption.AllDirectories).Any(), "a done shard");
            Assert.True(running.Kill());
        }

        Assert.False(File.Exists(Path.Combine(killed, Manifest.FileName)), "the stage was over: nothing was tested");
        StackmillProgram.Run(Args(killed)).Expect(0);
        TreeState.AssertEqual(TreeState.OfOutput(undisturbed), TreeState.OfOutput(killed));
    }

    [Fact]
    public void Files_beside_archives_and_archives_beside_files_are_told()
    {
        _folder.Write("mixed/a.zip", ArchiveBuilder.Zip(("p/a.py", Source.Python(1))));
        _folder.Write("mixed/b.py", Source.Python(2));
        var asFolder = StackmillProgram.Run("organize", "--input", _folder["mixed"], "--output", _folder["mixed-1"]).Expect(0);
        Assert.Contains("--input-format archive", asFolder.All, StringComparison.Ordinal);
        var asArchives = StackmillProgram.Run("organize", "--input", _folder["mixed"], "--output", _folder["mixed-2"], "--input-format", "archive").Expect(0);
        Assert.Contains("1 other files, which are not read", asArchives.All, StringComparison.Ordinal);
        Assert.Equal(["a.py"], TestDatasets.ReadAll(Dataset.Open(_folder["mixed-2"])).Select(r => r.Path));
    }

    // Gives the number of entries, folders left out, that are met.
    private static int Hostile(string folder)
    {
        var ok = Source.Python(7);
        void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(folder).FullName, name), bytes);
        Write("many.tar", ArchiveBuilder.Tar(writer =>
        {
            foreach (var name in (string[])["ok.py", "ok.py", "../up.py", "/abs.py", "a/../../out.py", "C:\\drive.py"])
                ArchiveBuilder.File(writer, TarEntryFormat.Pax, name, ok);
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "s.py") { LinkName = "/etc/passwd" });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "d") { LinkName = "/tmp" });
            writer.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, "h.py") { LinkName = "ok.py" });
        }));
        Write("bomb.zip", ArchiveBuilder.Zip(("ok.py", ok), ("bomb1.py", new string('\n', 1_000_000)), ("bomb2.py", new string('\n', 1_000_000)), ("never.py", ok)));
        var deepest = ArchiveBuilder.Zip(("deep.py", ok));
        Write("nested.zip", ArchiveBuilder.ZipOf(("ok.py", Encoding.UTF8.GetBytes(ok)), ("in.zip", ArchiveBuilder.ZipOf(("ok.py", Encoding.UTF8.GetBytes(ok)), ("deeper.zip", deepest))), ("broken.tgz", [0x1F, 0x8B, 1, 2])));
        var whole = ArchiveBuilder.Gzip(ArchiveBuilder.Tar(TarEntryFormat.Gnu, ("p/ok.py", ok), ("p/b.py", ok + "2")));
        Write("cut.tar.gz", whole[..^60]);
        Write("sizes.zip", Sizes(ok));
        return 9 + 3 + 4 + 4;
    }

    // Two entries that say they are of 2^62 bytes each, which no sum of lengths may take for true, and one that is read.
    private static byte[] Sizes(string ok)
    {
        var zip = ArchiveBuilder.Zip(("ok.py", ok), ("1.py", ok), ("2.py", ok), ("3.py", ok));
        using var stream = new MemoryStream();
        var end = zip.AsSpan().LastIndexOf("PK\u0005\u0006"u8);
        var start = BitConverter.ToInt32(zip, end + 16);
        stream.Write(zip.AsSpan(0, start));
        var at = start;
        for (var entry = 0; at < end; entry++)
        {
            int name = BitConverter.ToUInt16(zip, at + 28), extra = BitConverter.ToUInt16(zip, at + 30), comment = BitConverter.ToUInt16(zip, at + 32);
            var header = zip.AsSpan(at, 46 + name).ToArray();
            byte[] wide = entry == 0 ? [] : [1, 0, 8, 0, .. BitConverter.GetBytes(1L << 62)];
            if (entry > 0)
                BitConverter.TryWriteBytes(header.AsSpan(24), uint.MaxValue);
            BitConverter.TryWriteBytes(header.AsSpan(30), (ushort)wide.Length);
            BitConverter.TryWriteBytes(header.AsSpan(32), (ushort)0);
            stream.Write(header);
            stream.Write(wide);
            at += 46 + name + extra + comment;
        }

        var tail = zip.AsSpan(end).ToArray();
        BitConverter.TryWriteBytes(tail.AsSpan(12), (int)stream.Length - start);
        stream.Write(tail);
        return stream.ToArray();
    }

    private void AssertSame(Dictionary<string, string> actual)
    {
        Assert.Equal(run.Contents.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(run.Contents, file => Assert.Equal(file.Value, actual[file.Key]));
    }

    private static void Pack(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }
}
