using System.IO.Compression;
using System.Text.Json.Nodes;
using Stackmill.Datasets;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>A run over a folder, whose records the tests give to the program again in other forms.</summary>
public sealed class FolderRun : IDisposable
{
    public FolderRun()
    {
        GeneratedCorpus.Write(Folder["input"], files: 60, seed: 3);
        Folder.Write("input/repo-00/naïve Größe/😀 smile.py", "# grüße 😀\n" + Source.Python(1_001));
        Contents = RunOn(Folder["input"], "input-project");
        Assert.True(Contents.Count > 30);
    }

    internal TempFolder Folder { get; } = new();

    /// <summary>Contents of the final corpus, by path.</summary>
    internal Dictionary<string, string> Contents { get; }

    /// <summary>Contents of the corpus that a run makes of any input.</summary>
    internal Dictionary<string, string> RunOn(string input, string project)
    {
        StackmillProgram.Run("run", "--input", input, "--output", Folder[project], "--quiet").Expect(0);
        return Read(Folder[project]);
    }

    /// <summary>Contents of a dataset, by path.</summary>
    internal Dictionary<string, string> Read(string dataset)
    {
        var lines = Folder[Path.GetFileName(dataset) + "-read"];
        StackmillProgram.Run("export", "--input", dataset, "--output", lines, "--format", "jsonl", "--set", "export.compression=none", "--quiet").Expect(0);
        return JsonLineFiles.Read(lines).ToDictionary(record => (string)record["path"]!, record => (string)record["content"]!, StringComparer.Ordinal);
    }

    public void Dispose() => Folder.Dispose();
}

/// <summary>The same records as a folder, as the three forms of export, and as compressed JSON lines.</summary>
public sealed class InputFormTests(FolderRun run) : IClassFixture<FolderRun>
{
    private const string MaxFolderPart = "abcdefghijklmnopqrstuvwxyz-0123456789";

    private readonly TempFolder _folder = run.Folder;
    private readonly Dictionary<string, string> _expected = run.Contents;

    [Theory]
    [InlineData("none", "")]
    [InlineData("gzip", ".gz")]
    [InlineData("zstd", ".zst")]
    public void Json_lines_of_our_export_end_with_the_same_contents(string compression, string ending)
    {
        var lines = _folder[$"lines-{compression}"];
        StackmillProgram.Run("export", "--input", Staged("input"), "--output", lines, "--format", "jsonl", "--set", $"export.compression={compression}", "--quiet").Expect(0);
        Assert.All(Directory.EnumerateFiles(lines, "part-*", SearchOption.AllDirectories), file => Assert.EndsWith(".jsonl" + ending, file, StringComparison.Ordinal));

        AssertSame(_expected, run.RunOn(lines, $"lines-{compression}-project"));
    }

    [Fact]
    public void Parquet_of_our_export_ends_with_the_same_contents()
    {
        StackmillProgram.Run("export", "--input", Staged("input"), "--output", _folder["staged-parquet"], "--format", "parquet", "--quiet").Expect(0);

        AssertSame(_expected, run.RunOn(_folder["staged-parquet"], "parquet-project"));
    }

    [Fact]
    public void Our_staged_dataset_itself_ends_with_the_same_contents() => AssertSame(_expected, run.RunOn(Staged("input"), "from-staged"));

    [Fact]
    public void Plain_files_of_our_export_end_with_the_same_contents()
    {
        StackmillProgram.Run("export", "--input", _folder["input-project"], "--output", _folder["taken"], "--format", "files", "--quiet").Expect(0);

        // The index holds what the names can't; the tree itself is what a person would take.
        Directory.Delete(_folder["taken", "_index"], recursive: true);
        File.Delete(_folder["taken", Manifest.FileName]);
        var again = run.RunOn(_folder["taken"], "taken-project");

        AssertSame(_expected, again.ToDictionary(file => file.Key[(file.Key.IndexOf('/') + 1)..], file => file.Value));
    }

    [Fact]
    public void Json_lines_of_others_are_read_by_their_own_keys_and_in_one_compressed_file()
    {
        var lines = string.Concat(_expected.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => new JsonObject { ["file_path"] = file.Key, ["code"] = file.Value }.ToJsonString() + "\r\n"));
        using (var stream = new GZipStream(File.Create(_folder["others.jsonl.gz"]), CompressionLevel.Fastest))
            stream.Write(System.Text.Encoding.UTF8.GetBytes(lines));

        AssertSame(_expected, run.RunOn(_folder["others.jsonl.gz"], "others"));
    }

    [Fact]
    public void Releases_are_the_same_records_in_every_form()
    {
        foreach (var format in (string[])["parquet", "files"])
            StackmillProgram.Run("export", "--input", _folder["input-project"], "--output", _folder[format], "--format", format, "--quiet").Expect(0);

        AssertSame(_expected, run.Read(_folder["parquet"]));
        var files = Directory.EnumerateFiles(_folder["files"], "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(_folder["files"], file).Replace('\\', '/'))
            .Where(file => !file.StartsWith('_') && !file.StartsWith('.'))
            .ToDictionary(file => file[(file.IndexOf('/') + 1)..], file => File.ReadAllText(Path.Combine(_folder["files"], file)));
        AssertSame(_expected, files);
    }

    [Fact]
    public void Another_export_into_the_same_folder_leaves_no_file_of_the_first()
    {
        var target = _folder["release"];
        StackmillProgram.Run("export", "--input", _folder["input-project"], "--output", target, "--format", "files", "--quiet").Expect(0);
        Assert.NotEmpty(Directory.EnumerateFiles(target, "*.py", SearchOption.AllDirectories));

        StackmillProgram.Run("export", "--input", _folder["input-project"], "--output", target, "--format", "jsonl", "--quiet").Expect(0);

        Assert.DoesNotContain(Directory.EnumerateFiles(target, "*.py", SearchOption.AllDirectories), _ => true);
        Assert.DoesNotContain(Directory.EnumerateDirectories(target, "*", SearchOption.AllDirectories), folder => !Directory.EnumerateFileSystemEntries(folder).Any());
    }

    [Fact]
    public void Names_that_some_system_cannot_hold_are_shortened_and_the_true_path_is_kept()
    {
        // From JSON lines, as such names can't be made here either.
        var deep = string.Concat(Enumerable.Repeat(MaxFolderPart + "/", 100));
        string[] paths =
        [
            "a/aux.py", "a/COM7.js", "a/what?.py", "a/star*|.py", "a/ends with dot./x.py", "a/Case.py", "a/case.py",
            $"a/{new string('n', 300)}.py", $"a/{new string('ö', 200)}.py", deep + "deep.py", "b/plain.py", "b/plain.py/inner.py",
        ];
        var lines = paths.Select((path, i) => new JsonObject { ["path"] = path, ["content"] = Source.Python(i) }.ToJsonString() + "\n");
        _folder.Write("odd.jsonl", string.Concat(lines));
        run.RunOn(_folder["odd.jsonl"], "odd");
        StackmillProgram.Run("export", "--input", _folder["odd"], "--output", _folder["tree"], "--format", "files", "--quiet").Expect(0);

        var files = Directory.EnumerateFiles(_folder["tree"], "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(_folder["tree"], file).Replace('\\', '/'))
            .Where(file => !file.StartsWith('_') && !file.StartsWith('.')).ToList();
        var ingest = JsonNode.Parse(File.ReadAllBytes(_folder["odd", "data", "staged", "ingest_manifest.json"]))!["moved"]!.AsArray();

        Assert.Equal(paths.Order(StringComparer.Ordinal), ingest.Select(file => (string)file!["src"]!).Order(StringComparer.Ordinal));
        Assert.Equal(ingest.Select(file => (string)file!["dst"]!).Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
        Assert.Equal(files.Count, files.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(files, file => Assert.All(file.Split('/'), part =>
        {
            Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(part), 1, 255);
            Assert.DoesNotMatch(@"[<>:""|?*\\\x00-\x1f]|[. ]$|^(?i:con|prn|aux|nul|com\d|lpt\d)(\.|$)", part);
        }));
        foreach (var file in ingest.Where(file => ((string)file!["dst"]!).Contains('~')))
            Assert.InRange(Path.GetFileName((string)file!["dst"]!).Length, 1, 180);
        var byContent = files.ToDictionary(file => File.ReadAllText(_folder["tree", file]), file => file);
        for (var i = 0; i < paths.Length; i++)
            Assert.Equal(byContent[Source.Python(i)], (string)ingest.Single(file => (string)file!["src"]! == paths[i])!["dst"]!);
    }

    private string Staged(string name) => ProjectLayout.Data(_folder[$"{name}-project"], "staged");

    private static void AssertSame(Dictionary<string, string> expected, Dictionary<string, string> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, file => Assert.Equal(file.Value, actual[file.Key]));
    }
}
