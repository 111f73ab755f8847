using System.Text;
using System.Text.Json.Nodes;
using Stackmill.Datasets;
using Stackmill.Preprocess.Redact;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>
/// The values of every rule's samples, of every kind, as they are and in addresses and base64: nothing that any command writes or says holds one of them, whatever is logged.
/// </summary>
public sealed class RuleSecrecyTests : IDisposable
{
    private const string HashKey = "harbour-lamp-keeps-turning-91";

    // Shorter ones are words or numbers that stand elsewhere as well.
    private const int Shortest = 8;

    // What an address has to escape.
    private static readonly string[] Passwords = ["Zk3p9QmX/7+w", "tR8@vnKq2s", "w4Lh:eDz7x"];

    private static readonly string[] Everything =
    [
        "--set", "redaction.obfuscated_email=true", "--set", "redaction.name=true", "--set", "redaction.location=true", "--set", "filters.file_size.min_bytes=1", "--set", "redaction.record_hash=true",
        "--set", $"redaction.hash_key={HashKey}",
    ];

    private static readonly (string Rule, string Text, string Value)[] Samples = [.. RuleCatalog.Rules.SelectMany(r => r.Positives.Select(p => (r.Id, p.Replace("«", "").Replace("»", ""), p[(p.IndexOf('«') + 1)..p.IndexOf('»')])))];

    // A name that one sample has as its value and another has beside its own may be told.
    private static readonly string[] Sought =
    [
        .. Samples.Select(s => s.Value).Distinct().Where(v => v.Length >= Shortest && !Samples.Any(s => s.Text.Replace(s.Value, "\n", StringComparison.Ordinal).Contains(v, StringComparison.Ordinal))),
        .. Passwords, HashKey,
    ];

    private static readonly ValueSearch Values = new(Sought);

    private readonly TempFolder _folder = new();

    private string Project => _folder["project"];

    [Fact]
    public void Not_in_anything_that_a_run_writes_or_says_nor_in_what_is_said_about_it()
    {
        Plant();
        string[] run = ["run", "--input", _folder["input"], "--output", Project, "--log-level", "trace", .. Everything];
        Say("run", StackmillProgram.Run(run).Expect(0));
        Say("run again", StackmillProgram.Run([.. run, "--force", "--json"]).Expect(0));
        Say("validate", StackmillProgram.Run("validate", "--input", Project, "--log-level", "trace").Expect(0));
        Say("statistics", StackmillProgram.Run("statistics", "--input", Project, "--log-level", "trace", "--json").Expect(0));
        Say("doctor", StackmillProgram.Run(["doctor", "--input", _folder["input"], "--output", Project, .. Everything]));
        Say("bench", StackmillProgram.Run(["bench", "--input", _folder["input"], "--output", _folder["bench.json"], .. Everything]).Expect(0));

        Values.AssertAbsentBelow(Project, except: Path.Combine(Project, "data", "staged"));
        Values.AssertAbsent("the result of bench", File.ReadAllBytes(_folder["bench.json"]));
        // Parquet is compressed: rows and ledgers are read.
        foreach (var name in (string[])["staged", "processed", "corpus"])
        {
            var rows = Dataset.Open(ProjectLayout.Data(Project, name)).ReadLedger().Select(row => row.ToString()).ToList();
            Values.AssertAbsent($"the ledger of {name}", string.Join('\n', rows));
            Assert.True(name != "processed" || rows.Count > 0, "nothing is in the ledger of what was redacted");
            if (name == "staged")
                continue;
            Say("export", StackmillProgram.Run("export", "--input", ProjectLayout.Data(Project, name), "--output", _folder[name], "--format", "jsonl", "--set", "export.compression=none", "--log-level", "trace").Expect(0));
            Values.AssertAbsentBelow(_folder[name]);
        }

        var kept = Directory.EnumerateFiles(_folder["processed"], "*.jsonl", SearchOption.AllDirectories).Sum(f => File.ReadLines(f).Count(l => l.Contains("\"redactions\"", StringComparison.Ordinal)));
        Assert.True(kept > RuleCatalog.Rules.Count, $"only {kept} files came through");
    }

    [Fact]
    public void Not_in_what_a_scan_tells_in_any_format_nor_in_its_notes()
    {
        Plant();
        foreach (var format in (string[])["text", "json", "sarif"])
        {
            var result = StackmillProgram.Run(["scan", _folder["input"], "--format", format, "--show-context", .. Everything]).Expect(1);
            Assert.True(result.Output.Length > 10_000, result.Output);
            Say($"scan as {format}", result);
            var baseline = _folder.Write("baseline", result.Output);
            Say($"scan with a baseline of {format}", StackmillProgram.Run(["scan", _folder["input"], "--baseline", baseline, .. Everything]).Expect(format == "text" ? 2 : 0));
        }
    }

    [Fact]
    public void Not_in_what_inspect_answers_nor_in_its_faults()
    {
        Plant();
        var input = new StringBuilder();
        foreach (var (rule, text, value) in Samples)
        {
            input.AppendLine(new JsonObject { ["id"] = rule, ["path"] = "a.txt", ["text"] = text }.ToJsonString());
            input.AppendLine(new JsonObject { ["id"] = rule, ["path"] = "a.txt", ["base64"] = Convert.ToBase64String([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)]) }.ToJsonString());
            // Lines that cannot be read, with the value at the place of the fault.
            if (value.AsSpan().IndexOfAny('"', '\\', '\n') < 0)
                input.AppendLine($"{{\"path\": \"a.txt\", \"text\": {value}").AppendLine($"{{\"path\": [\"{value}\"], \"base64\": \"{value}!\"}}").AppendLine($"{{\"text\": \"{value}\", \"text\": \"{value}\"}}");
        }

        var answered = new StackmillProgram { Input = input.ToString() }.With(["inspect", "--stdin", .. Everything]).Expect(3);
        Assert.True(answered.Output.Split('\n').Length > 4 * Samples.Length, answered.Error);
        Say("inspect of lines", answered);
        Say("inspect of files", StackmillProgram.Run(["inspect", "--json", _folder["input", "all", "keys.py"], _folder["input", "all", "wide.txt"], _folder["input", "noise.py"], .. Everything]).Expect(0));
    }

    [Fact]
    public void Not_in_the_list_of_a_failed_validation()
    {
        Plant();
        StackmillProgram.Run(["run", "--input", _folder["input"], "--output", Project, "--set", "stages.pii_removal=false", .. Everything]).Expect(0);

        Say("validate", StackmillProgram.Run(["validate", "--input", Project, "--log-level", "trace", .. Everything]).Expect(4));

        Values.AssertAbsentBelow(Path.Combine(Project, "reports"));
        Values.AssertAbsentBelow(Path.Combine(Project, "logs"));
    }

    public void Dispose() => _folder.Dispose();

    private static void Say(string command, ProgramResult result) => Values.AssertAbsent($"what {command} said", result.All);

    // Each sample in a file of its own, for what stands around a value decides; and the values of addresses and headers in their encoded forms.
    private void Plant()
    {
        Assert.True(Samples.Length > 400 && Sought.Length > 400 && Values.Forms > 2000, $"only {Samples.Length} samples, {Sought.Length} values, {Values.Forms} forms");
        for (var i = 0; i < Samples.Length; i++)
            _folder.Write($"input/{i % 20}/{i:0000}.txt", $"{Samples[i].Text}\n");
        var encoded = string.Concat(Passwords.Select(p => $"""
            # https://app:{Uri.EscapeDataString(p)}@db.harbour-office.net/x
            # Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("app:" + p))}
            # mailto:ines.marsh%40harbour-office.net?subject=x

            """));
        var text = encoded + Source.Python(1);
        _folder.Write("input/all/keys.py", text);
        _folder.Write("input/all/copy.py", text);
        _folder.Write("input/all/near.py", text + "# again\n");
        _folder.Write("input/all/wide.txt", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(string.Concat(Samples.Select(s => s.Text + "\n\n\n")))]);
        _folder.Write("input/noise.py", [.. Encoding.UTF8.GetBytes(text), .. Enumerable.Range(0, 2_000).Select(i => (byte)(i * 31))]);
    }
}
