using System.Text;
using System.Text.Json.Nodes;
using Stackmill.Tests.Support;
using Values = Stackmill.Preprocess.Redact.Rules.Samples;

namespace Stackmill.Tests.EndToEnd;

/// <summary><c>stackmill scan</c>: what it tells, how it ends, and that it never tells a value.</summary>
public sealed class ScanCommandTests : IDisposable
{
    private static readonly string Token = "ghp_" + Values.Of(36);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Repository()
    {
        _folder.Write("repo/src/b.py", $"# é🎉\nname = 'x'\ntoken = \"{Token}\"  # by jane@corp.example.org\n");
        _folder.Write("repo/a b.txt", "clean\n");
        _folder.Write("repo/.git/config", $"token = {Token}\n");
        _folder.Write("repo/image.bin", [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0]);
        return _folder["repo"];
    }

    [Fact]
    public void Finds_are_told_with_their_places_and_give_1_and_nothing_found_gives_0()
    {
        var repository = Repository();
        var found = StackmillProgram.Run("scan", repository, "--show-context").Expect(1);
        Assert.Equal(
            "src/b.py:3:10: key, github-token (0.8)\n    token = \"******\"  # by ******\nsrc/b.py:3:58: email, email-address (0.85)\n    token = \"******\"  # by ******\n",
            found.Output.ReplaceLineEndings("\n"));
        Assert.Contains("2 finds in 1 of 2 files, 1 files are no text", found.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, found.All, StringComparison.Ordinal);
        Assert.DoesNotContain("jane", found.All, StringComparison.Ordinal);

        StackmillProgram.Run("scan", Path.Combine(repository, "a b.txt")).Expect(0);
        StackmillProgram.Run("scan", Path.Combine(repository, "src/b.py"), "--set", "redaction.key=false", "--set", "redaction.email=false").Expect(0);
    }

    [Fact]
    public void A_baseline_of_either_form_makes_its_finds_known_also_when_lines_move()
    {
        var repository = Repository();
        foreach (var format in (string[])["json", "sarif"])
        {
            var report = StackmillProgram.Run("scan", repository, "--format", format).Expect(1).Output;
            Assert.DoesNotContain(Token, report, StringComparison.Ordinal);
            var baseline = _folder.Write("report." + format, report);
            _folder.Write("repo/src/b.py", $"# é🎉\n\n\nname = 'x'\ntoken = \"{Token}\"  # by jane@corp.example.org\n");
            Assert.Contains("2 known by the baseline", StackmillProgram.Run("scan", repository, "--baseline", baseline).Expect(0).Error, StringComparison.Ordinal);
            _folder.Write("repo/src/c.py", "# joe@corp.example.org\n");
            Assert.Single(StackmillProgram.Run("scan", repository, "--baseline", baseline).Expect(1).Output.Trim().Split('\n'));
            File.Delete(_folder["repo/src/c.py"]);
        }
    }

    [Fact]
    public void Sarif_has_what_its_readers_need()
    {
        var repository = Repository();
        _folder.Write("repo/a b.txt", "joe@corp.example.org\n");
        var log = JsonNode.Parse(StackmillProgram.Run("scan", repository, "--format", "sarif").Expect(1).Output)!;
        Assert.Equal("2.1.0", (string)log["version"]!);
        var run = log["runs"]![0]!;
        Assert.Equal("unicodeCodePoints", (string)run["columnKind"]!);
        var rules = run["tool"]!["driver"]!["rules"]!.AsArray();
        Assert.Equal(rules.Count, rules.Select(r => (string)r!["id"]!).Distinct().Count());
        var results = run["results"]!.AsArray();
        Assert.Equal(["a%20b.txt", "src/b.py", "src/b.py"], results.Select(r => (string)r!["locations"]![0]!["physicalLocation"]!["artifactLocation"]!["uri"]!));
        Assert.All(results, r => Assert.Equal((string)r!["ruleId"]!, (string)rules[(int)r["ruleIndex"]!]!["id"]!));
        Assert.Equal((3, 10, 3, 50), Region(results[1]!));

        static (int, int, int, int) Region(JsonNode result) => result["locations"]![0]!["physicalLocation"]!["region"]! is var r
            ? ((int)r["startLine"]!, (int)r["startColumn"]!, (int)r["endLine"]!, (int)r["endColumn"]!) : default;
    }

    [Fact]
    public void Rules_of_a_file_are_used_and_wrong_ones_are_told()
    {
        var repository = Repository();
        var rules = _folder.Write("rules.toml", "[extend]\ndisabledRules = ['email-address', 'github-token', 'assigned-secret']\n[[rules]]\nid = 'name'\nregex = '''name = '(x)'''\n");
        Assert.Equal("src/b.py:2:9: key, name (0.9)\n", StackmillProgram.Run("scan", repository, "--rules", rules).Expect(1).Output.ReplaceLineEndings("\n"));
        File.WriteAllText(rules, "[[rules]]\nid = 'x'\nregex = '''('''\n");
        Assert.Contains($"{rules}:3: rule 'x': the regex is wrong", StackmillProgram.Run("scan", repository, "--rules", rules).Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_usage_is_told()
    {
        Assert.Contains("there is no file or folder", StackmillProgram.Run("scan", _folder["none"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("is no report of a scan", StackmillProgram.Run("scan", Repository(), "--baseline", _folder.Write("x.json", "{}")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("sarif", StackmillProgram.Run("scan", Repository(), "--format", "xml").Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_is_told_with_any_number_of_threads()
    {
        for (var i = 0; i < 600; i++)
            _folder.Write($"many/{i % 7}/f{i}.py", Encoding.UTF8.GetBytes(i % 3 == 0 ? $"# u{i}@corp.example.org\n" : "x = 1\n"));
        Assert.Equal(StackmillProgram.Run("scan", _folder["many"], "-w", "1", "-f", "json").Expect(1).Output, StackmillProgram.Run("scan", _folder["many"], "-w", "4", "-f", "json").Expect(1).Output);
    }

    [Fact]
    public void A_fifo_is_refused_and_in_a_folder_not_opened()
    {
        var repository = Repository();
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no FIFOs in its file system");
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(repository, "pipe")]))
            mkfifo.WaitForExit();

        Assert.Contains("is a FIFO, socket or device", StackmillProgram.Run("scan", Path.Combine(repository, "pipe")).Expect(2).Error, StringComparison.Ordinal);
        StackmillProgram.Run("scan", repository).Expect(1);
    }
}
