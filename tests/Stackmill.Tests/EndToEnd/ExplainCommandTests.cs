using System.Text.Json.Nodes;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary><c>stackmill explain</c>: the way of single files through a run.</summary>
public sealed class ExplainCommandTests : IDisposable
{
    private const string Email = "quillon.brandt@harbour-office.net";

    private readonly TempFolder _folder = new();

    public ExplainCommandTests()
    {
        var text = $"# <{Email}>\n" + Source.Python(3);
        _folder.Write("input/one/src/main.py", text);
        _folder.Write("input/two/src/main.py", text);
        _folder.Write("input/two/src/near.py", text + "# once more\nprint('again')\n");
        _folder.Write("input/two/empty.py", "");
        _folder.Write("input/two/image.py", [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0]);
        StackmillProgram.Run("run", "--input", _folder["input"], "--output", _folder["project"], "--quiet", "--set", "filters.file_size.min_bytes=0", "--set", "dedup.prefer=[path]").Expect(0);
    }

    [Fact]
    public void It_tells_what_each_stage_did_and_which_file_stays()
    {
        var near = Explain("two/src/near.py").Expect(0);
        Assert.Matches("(?m)^two/src/near.py$", near.Output);
        Assert.Matches("(?m)^  organize     kept$", near.Output);
        Assert.Matches(@"(?m)^  preprocess   changed: \w+", near.Output);
        Assert.Matches(@"(?m)^  deduplicate  dropped: duplicate_near, one/src/main.py stays, similarity 0\.\d+$", near.Output);
        Assert.DoesNotContain(Email, near.All, StringComparison.Ordinal);

        var keeper = Explain("one/src/main.py").Expect(0).Output;
        Assert.Matches("(?m)^  deduplicate  kept$", keeper);
        Assert.Matches(@"(?m)^  stays for    two/src/main.py \(duplicate_exact, similarity 1\)$", keeper);
        Assert.Matches(@"(?m)^  stays for    two/src/near.py \(duplicate_near, similarity 0\.\d+\)$", keeper);

        Assert.Matches("(?m)dropped: empty", Explain("empty.py").Expect(0).Output);
    }

    [Fact]
    public void The_end_of_a_path_and_the_begin_of_an_id_find_all_that_have_it()
    {
        var both = Files(Explain("src/main.py", "--json").Expect(0));
        Assert.Equal(["one/src/main.py", "two/src/main.py"], both.Select(f => (string)f!["path"]!));
        var id = (string)both[0]!["content_id"]!;
        Assert.Equal(both.ToJsonString(), Files(Explain(id[..9], "--json").Expect(0)).ToJsonString());
        Assert.Equal("duplicate_exact", (string)both[1]!["steps"]!.AsArray()[^1]!["ledger"]![0]!["reason"]!);

        Assert.Contains("no file of", Explain("ain.py").Expect(1).Error, StringComparison.Ordinal);
        Assert.Contains("no finished dataset", StackmillProgram.Run("explain", "a", "--input", _folder["input"]).Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_duplicate_is_shown_beside_the_file_that_stays_without_personal_data()
    {
        var diff = Explain("two/src/near.py", "--diff").Expect(0);

        Assert.Matches(@"(?m)^two/src/near.py +one/src/main.py$", diff.Output);
        Assert.Matches(@"(?m)^print\('again'\) +<$", diff.Output);
        Assert.Matches("(?m)^… \\d+ equal lines$", diff.Output);
        Assert.DoesNotContain(Email, diff.All, StringComparison.Ordinal);
        Assert.DoesNotContain("<EMAIL_2>", Explain("one/src/main.py", "--diff").Expect(0).Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private ProgramResult Explain(params string[] args) => StackmillProgram.Run(["explain", .. args, "--input", _folder["project"]]);

    private static JsonArray Files(ProgramResult result) => JsonNode.Parse(result.Output)!["files"]!.AsArray();
}
