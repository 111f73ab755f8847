using System.Diagnostics;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>Inputs that are empty, missing, unreadable, damaged or not what they seem.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Input => _folder["input"];

    private string Project => _folder["project"];

    [Fact]
    public void An_empty_folder_gives_an_empty_corpus_that_is_valid()
    {
        Directory.CreateDirectory(Input);

        var result = Run().Expect(0);

        Assert.Contains("organize", result.Output, StringComparison.Ordinal);
        Assert.Contains("validation: passed", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, Manifest.Read(ProjectLayout.Data(Project, "corpus"))!.Books.In);
        Assert.True(File.Exists(Path.Combine(Project, "reports", "data_statistics.json")));
        StackmillProgram.Run("validate", "--input", Project, "--quiet").Expect(0);
    }

    [Fact]
    public void A_missing_folder_is_named_and_nothing_is_written()
    {
        var result = Run().Expect(2);

        Assert.Contains(Input, result.Error, StringComparison.Ordinal);
        AssertIsOneMessage(result);
        Assert.False(Directory.Exists(Project));
    }

    [Fact]
    public void A_single_file_of_no_known_form_is_refused()
    {
        var file = _folder.Write("code.py", "print(1)\n");

        var result = StackmillProgram.Run("run", "--input", file, "--output", Project).Expect(2);

        Assert.Contains("single file", result.Error, StringComparison.Ordinal);
        AssertIsOneMessage(result);
    }

    [Fact]
    public void Files_and_folders_that_cannot_be_read_are_counted_and_the_others_go_on()
    {
        Requires.Root();
        Requires.Tool("setpriv");
        _folder.Write("input/open.py", Source.Python(1));
        var closed = _folder.Write("input/closed.py", Source.Python(2));
        _folder.Write("input/cellar/below.py", Source.Python(3));
        var anyone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
#pragma warning disable CA1416 // Requires.Root: this is Linux.
        File.SetUnixFileMode(_folder.Path, anyone);
        File.SetUnixFileMode(closed, UnixFileMode.UserRead);
        File.SetUnixFileMode(Path.Combine(Input, "cellar"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
#pragma warning restore CA1416
        var nobody = AsNobody();

        nobody.With("run", "--input", Input, "--output", Project, "--quiet").Expect(0);

        var rows = Dataset.Open(ProjectLayout.Data(Project, "staged")).ReadLedger().ToList();
        Assert.Equal([("cellar/", "unreadable"), ("closed.py", "unreadable")], rows.Where(row => row.Action == LedgerAction.Failed).Select(row => (row.Path, row.Reason)).Order());
        Assert.All(rows, row => Assert.NotEmpty(row.Detail!));
        Assert.Equal(1, Manifest.Read(ProjectLayout.Data(Project, "corpus"))!.Books.Kept);

        var whole = nobody.With("run", "--input", Path.Combine(Input, "cellar"), "--output", _folder["other"]).Expect(2);
        Assert.Contains("can't be read", whole.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Pipes_and_sockets_are_passed_over_without_waiting_for_them()
    {
        Requires.Unix();
        Requires.Tool("mkfifo");
        _folder.Write("input/good.py", Source.Python(1));
        using (var make = Process.Start("mkfifo", [Path.Combine(Input, "pipe.py")]))
            make.WaitForExit();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(Input, "socket.py")));

        Run("--quiet").Expect(0);

        var rows = Dataset.Open(ProjectLayout.Data(Project, "staged")).ReadLedger();
        Assert.Equal([("pipe.py", "special_file"), ("socket.py", "special_file")], rows.Select(row => (row.Path, row.Reason)).Order());
        var inspected = StackmillProgram.Run("inspect", Path.Combine(Input, "pipe.py")).Expect(3);
        Assert.Contains("FIFO", inspected.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_parquet_file_fails_alone_and_the_exit_code_says_so()
    {
        var good = GoodParquet("a-good.parquet", 1);
        GoodParquet("c-good.parquet", 2);
        var broken = _folder.Write("input/b-broken.parquet", File.ReadAllBytes(good).AsSpan()[..^200]);

        var result = Run().Expect(3);

        Assert.Contains(broken, result.Error, StringComparison.Ordinal);
        AssertHasNoTrace(result);
        var manifest = Manifest.Read(ProjectLayout.Data(Project, "staged"))!;
        Assert.Contains(broken, Assert.Single(manifest.FailedShards).Error, StringComparison.Ordinal);
        Assert.Equal(2, manifest.Books.Kept);

        File.Delete(broken);
        Run().Expect(0);
    }

    [Theory]
    [InlineData("gz")]
    [InlineData("zst")]
    public void A_truncated_compressed_file_fails_alone(string form)
    {
        _folder.Write("input/a.jsonl", Line("a.py", Source.Python(1)));
        // The text is hard to compress, so that half of the data holds some of the lines.
        var lines = string.Concat(Enumerable.Range(2, 400).Select(i => Line($"{i}.py", Source.Python(i))));
        using var packed = new MemoryStream();
        using (Stream stream = form == "gz" ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true) : new ZstdSharp.CompressionStream(packed, 3, leaveOpen: true))
            stream.Write(System.Text.Encoding.UTF8.GetBytes(lines));
        var damaged = _folder.Write($"input/b.jsonl.{form}", packed.ToArray().AsSpan(0, (int)(packed.Length / 2)));

        var result = Run().Expect(3);

        Assert.Contains(damaged, result.Error, StringComparison.Ordinal);
        Assert.Contains("damaged", result.Error, StringComparison.Ordinal);
        AssertHasNoTrace(result);
        var staged = Manifest.Read(ProjectLayout.Data(Project, "staged"))!;
        Assert.Equal((1, 1), (staged.Books.Kept, staged.FailedShards.Count));
    }

    [Fact]
    public void Bad_lines_are_counted_with_their_numbers_and_the_others_go_on()
    {
        _folder.Write("input/code.jsonl", string.Concat(
            Line("one.py", Source.Python(1)),
            "{\"path\": \"cut.py\", \"content\": \"x = 1\n",
            "[1, 2, 3]\n",
            "\n",
            "{\"path\": \"empty.py\"}\n",
            "not json at all\n",
            Line("seven.py", Source.Python(7))));

        Run("--quiet").Expect(0);

        var failed = Dataset.Open(ProjectLayout.Data(Project, "staged")).ReadLedger().Where(row => row.Action == LedgerAction.Failed).ToList();
        Assert.Equal([2, 3, 5, 6], failed.Select(row => int.Parse(row.Detail!.Split(':')[0]["line ".Length..])));
        Assert.All(failed, row => Assert.Equal("code.jsonl", row.Path));
        Assert.Equal(2, Manifest.Read(ProjectLayout.Data(Project, "staged"))!.Books.Kept);
        var ingest = JsonNode.Parse(File.ReadAllBytes(Path.Combine(ProjectLayout.Data(Project, "staged"), "ingest_manifest.json")))!;
        Assert.Equal((2, 4), ((int)ingest["total_moved"]!, (int)ingest["total_skipped"]!));
    }

    [Fact]
    public void Jsonl_without_any_good_line_ends_with_an_empty_corpus_and_the_counts()
    {
        _folder.Write("input/code.jsonl", "nothing\nof this\nis JSON\n");

        var result = Run().Expect(0);

        Assert.Contains("invalid_json 3", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parquet_file_without_a_content_column_names_the_columns_it_has()
    {
        var good = GoodParquet("a.parquet", 1);

        var result = StackmillProgram.Run("organize", "--input", good, "--output", _folder["staged"], "--content-column", "codes").Expect(3);

        Assert.Contains("'codes'", result.Error, StringComparison.Ordinal);
        Assert.Contains("content", result.Error, StringComparison.Ordinal);
        Assert.Contains("--content-column", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    internal static StackmillProgram AsNobody() => new()
    {
        Through = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
        WorkingFolder = "/",
        Environment = new Dictionary<string, string> { ["HOME"] = "/tmp", ["DOTNET_CLI_HOME"] = "/tmp" },
    };

    private static void AssertIsOneMessage(ProgramResult result)
    {
        AssertHasNoTrace(result);
        Assert.StartsWith("error: ", result.Error, StringComparison.Ordinal);
    }

    private static void AssertHasNoTrace(ProgramResult result)
    {
        Assert.DoesNotContain("   at ", result.All, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", result.All, StringComparison.Ordinal);
    }

    private static string Line(string path, string content) => new JsonObject { ["path"] = path, ["content"] = content }.ToJsonString() + "\n";

    private ProgramResult Run(params string[] more) => StackmillProgram.Run(["run", "--input", Input, "--output", Project, .. more]);

    private string GoodParquet(string name, int seed)
    {
        _folder.Write($"{name}-source/code.py", Source.Python(seed));
        StackmillProgram.Run("organize", "--input", _folder[$"{name}-source"], "--output", _folder[$"{name}-staged"], "--quiet").Expect(0);
        return _folder.Write($"input/{name}", File.ReadAllBytes(Path.Combine(_folder[$"{name}-staged"], "python", "part-00000.parquet")));
    }
}
