using System.Text;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>Styles, actions, keys and users' rules of redaction in whole runs of the program.</summary>
public sealed class RedactionRunTests : IDisposable
{
    private const string Email = "quillon.brandt@harbour-office.net";
    private const string Password = "Xv9#kLm2$pQr7!wZ";
    private const string Phone = "+49 30 901820123";
    private const string HashKey = "a-key-of-this-test-0123456789";

    private const string Rules = """
        [[rules]]
        id = "harbour-ticket"
        regex = '''HBR-[0-9]{6}'''
        keywords = ["hbr-"]
        """;

    private readonly TempFolder _folder = new();

    public RedactionRunTests()
    {
        GeneratedCorpus.Write(_folder["input"], files: 12, seed: 9);
        _folder.Write("input/own/mail.py", $"# Written by <{Email}>\n" + Source.Python(1));
        _folder.Write("input/own/again.py", Source.Python(2) + $"owner = \"{Email}\"\n");
        _folder.Write("input/own/login.py", $"password = \"{Password}\"\nadmin = \"{Email}\"\n" + Source.Python(3));
        _folder.Write("input/own/call.py", $"# Call {Phone}\n" + Source.Python(4));
        _folder.Write("input/own/ticket.py", "# See HBR-204518 for the reason\n" + Source.Python(5));
    }

    [Theory]
    [InlineData("numbered", "<EMAIL_1>")]
    [InlineData("bigcode", "<EMAIL>")]
    [InlineData("fake", "@example.")]
    [InlineData("hash", "<EMAIL_")]
    public void Each_style_gives_the_same_bytes_for_any_number_of_workers_and_passes_validation(string style, string expected)
    {
        string[] options = ["--set", $"redaction.style={style}", "--set", $"redaction.hash_key={HashKey}", "--set", "shard_size=64KiB"];
        var processed = Run("1", [.. options, "--workers", "1"]);
        Run("4", [.. options, "--workers", "4"]);

        TreeState.AssertEqual(TreeState.OfOutput(_folder["1"]), TreeState.OfOutput(_folder["4"]));
        var contents = TestDatasets.ReadAll(processed).ToDictionary(r => r.Path, Text);
        foreach (var name in (string[])["own/mail.py", "own/again.py", "own/login.py"])
            Assert.Contains(expected, contents[name], StringComparison.Ordinal);
        Assert.All(contents.Values, text => Assert.All((string[])[Email, Password, Phone], value => Assert.DoesNotContain(value, text, StringComparison.Ordinal)));
        StackmillProgram.Run("validate", "--input", _folder["1"], "--quiet").Expect(0);
    }

    [Fact]
    public void Fake_values_are_decided_by_the_seed()
    {
        string Content(string project, string seed) =>
            Text(TestDatasets.ReadAll(Run(project, "--set", "redaction.style=fake", "--set", $"redaction.seed={seed}")).Single(r => r.Path == "own/mail.py"));

        var (first, second) = (Content("first", "1"), Content("second", "2"));

        Assert.NotEqual(first, second);
        Assert.Equal(first, Content("third", "1"));
    }

    [Fact]
    public void Files_of_a_kind_can_go_and_finds_of_another_can_stay_up_to_the_release()
    {
        var processed = Run("project", "--set", "redaction.actions={key: drop_file, phone: drop_file, email: annotate}");

        var dropped = processed.ReadLedger().Where(r => r.Action == LedgerAction.Dropped && r.Reason.StartsWith("has_", StringComparison.Ordinal)).ToDictionary(r => r.Path);
        Assert.Equal(("has_secrets", 1.0), (dropped["own/login.py"].Reason, dropped["own/login.py"].Value!.Value));
        Assert.Equal(("has_personal_data", 1.0), (dropped["own/call.py"].Reason, dropped["own/call.py"].Value!.Value));
        Assert.Equal(2, dropped.Count);
        var books = processed.Manifest.Books;
        Assert.Equal(books.In, books.Kept + books.DroppedTotal + books.FailedTotal);

        StackmillProgram.Run("validate", "--input", _folder["project"], "--quiet").Expect(0);
        var release = TestDatasets.ReadAll(Dataset.Open(_folder["project"], "release")).ToDictionary(r => r.Path);
        Assert.DoesNotContain("own/login.py", release.Keys);
        foreach (var name in (string[])["own/mail.py", "own/again.py"])
        {
            var (text, redaction) = (Text(release[name]), Assert.Single(release[name].Redactions!));
            Assert.Equal(("email", "email-address", false), (redaction.Kind, redaction.Rule, redaction.IsReplaced));
            Assert.Equal(Email, text.Substring(redaction.Start, redaction.Length));
        }

        StackmillProgram.Run("export", "--input", _folder["project"], "--output", _folder["lines"], "--format", "jsonl", "--set", "export.compression=none", "--quiet").Expect(0);
        var line = JsonLineFiles.Read(_folder["lines"]).Single(r => (string)r["path"]! == "own/mail.py");
        Assert.False((bool)line["redactions"]![0]!["replaced"]!);
    }

    [Fact]
    public void A_changed_file_of_rules_makes_its_stage_run_again()
    {
        var file = _folder.Write("rules.toml", "title = \"ours\"\n");
        string[] options = ["--set", $"redaction.rule_files=[{file}]"];
        Assert.Contains("HBR-204518", Text(Ticket(Run("project", options))), StringComparison.Ordinal);
        Assert.Contains("preprocess", UpToDate(options));

        File.WriteAllText(file, Rules);

        Assert.DoesNotContain("preprocess", UpToDate(options));
        var ticket = Ticket(Dataset.Open(_folder["project"], "processed"));
        Assert.Equal(("key", "harbour-ticket"), (ticket.Redactions![0].Kind, ticket.Redactions[0].Rule));
        Assert.StartsWith("# See <KEY_1> for the reason\n", Text(ticket), StringComparison.Ordinal);
        Assert.Contains("preprocess", UpToDate(options));
    }

    [Fact]
    public void A_hash_tells_equal_values_apart_by_key_and_the_key_is_nowhere()
    {
        string[] options = ["--set", "redaction.record_hash=true", "--set", "redaction.hash_key=env:HASH_KEY", "--log-level", "trace"];
        ProgramResult Start(string key) => new StackmillProgram { Environment = new Dictionary<string, string> { ["HASH_KEY"] = key } }
            .With(["run", "--input", _folder["input"], "--output", _folder["project"], .. options]).Expect(0);
        string[] Hashes() => [.. TestDatasets.ReadAll(Dataset.Open(_folder["project"], "processed")).Where(r => r.Path.StartsWith("own/", StringComparison.Ordinal)).SelectMany(r => r.Redactions!).Where(r => r.Kind == "email").Select(r => r.Hash!).Distinct()];

        var said = Start(HashKey).All;
        var first = Hashes();
        Assert.Matches("^[0-9a-f]{16}$", Assert.Single(first));
        Assert.Contains("preprocess: up to date", Start(HashKey).All, StringComparison.Ordinal);
        said += Start("another-key-9876543210").All;

        Assert.NotEqual(first, Hashes());
        Assert.DoesNotContain(HashKey, said, StringComparison.Ordinal);
        Assert.All(Directory.EnumerateFiles(_folder["project"], "*", SearchOption.AllDirectories), path => Assert.True(File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(HashKey)) < 0, path));
    }

    public void Dispose() => _folder.Dispose();

    private Dataset Run(string project, params string[] more)
    {
        StackmillProgram.Run(["run", "--input", _folder["input"], "--output", _folder[project], "--quiet", .. more]).Expect(0);
        return Dataset.Open(_folder[project], "processed");
    }

    private string[] UpToDate(string[] options) =>
        [.. StackmillProgram.Run(["run", "--input", _folder["input"], "--output", _folder["project"], .. options]).Expect(0).All.Split('\n').Where(l => l.Contains("up to date", StringComparison.Ordinal)).Select(l => l.Split(':')[0].Trim())];

    private static CodeRecord Ticket(Dataset processed) => TestDatasets.ReadAll(processed).Single(r => r.Path == "own/ticket.py");

    private static string Text(CodeRecord record) => Encoding.UTF8.GetString(record.Content.Span);
}
