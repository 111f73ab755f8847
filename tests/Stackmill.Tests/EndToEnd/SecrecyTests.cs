using System.Text;
using Stackmill.Datasets;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>Planted personal data and secrets never come out anywhere.</summary>
public sealed class SecrecyTests : IDisposable
{
    private static readonly string[] Values =
    [
        "quillon.brandt@harbour-office.net", "AKIA5QZXW7PLM3NB2VCK", "ghp_k7Rw2mXq9LtVb4ZnC8sYd3HfJ6pGa1WeUo5T",
        "Xv9#kLm2$pQr7!wZ", "4539578763621486", "536-22-8146", "+49 30 901820123", "203.119.84.77",
    ];

    private static readonly ValueSearch Search = new(Values);

    private readonly TempFolder _folder = new();

    private string Project => _folder["project"];

    [Fact]
    public void Not_in_any_file_that_a_run_leaves_nor_in_what_it_says()
    {
        Plant();
        // What fails and what is dropped tells of itself too: bad lines, duplicates, files that are no text.
        var result = StackmillProgram.Run("run", "--input", _folder["input"], "--output", Project, "--log-level", "trace").Expect(0);
        var again = StackmillProgram.Run("run", "--input", _folder["input"], "--output", Project, "--log-level", "trace", "--force", "--json").Expect(0);
        foreach (var format in (string[])["jsonl", "files"])
            StackmillProgram.Run("export", "--input", Project, "--output", _folder["release", format], "--format", format, "--set", "export.compression=none").Expect(0);

        Search.AssertAbsent("what the program said", result.All + again.All);
        Search.AssertAbsentBelow(Project, except: Path.Combine(Project, "data", "staged"));
        Search.AssertAbsentBelow(_folder["release"]);
        // Parquet is compressed: the ledgers of every stage are read.
        var rows = (string[])["staged", "processed", "corpus"];
        Assert.NotEmpty(rows.SelectMany(name => Dataset.Open(ProjectLayout.Data(Project, name)).ReadLedger()).Select(row =>
        {
            Search.AssertAbsent("a ledger row", row.ToString());
            return row;
        }).ToList());
        foreach (var name in (string[])["processed", "corpus", "release"])
        {
            StackmillProgram.Run("export", "--input", ProjectLayout.Data(Project, name), "--output", _folder[$"{name}-lines"], "--format", "jsonl", "--set", "export.compression=none", "--quiet").Expect(0);
            Search.AssertAbsentBelow(_folder[$"{name}-lines"]);
        }
    }

    [Fact]
    public void Not_in_the_messages_about_lines_that_cannot_be_read()
    {
        var lines = string.Concat(Values.Select(value => $"{{\"path\": \"a.py\", \"content\": \"owner = {value}\n{value}\n{{\"path\": {value}}}\n{{\"path\": \"{value}.py\"}}\n"));
        _folder.Write("input/broken.jsonl", lines);

        var result = StackmillProgram.Run("run", "--input", _folder["input"], "--output", Project, "--log-level", "trace").Expect(0);

        Search.AssertAbsent("what the program said", result.All);
        Search.AssertAbsentBelow(Project);
        var rows = Dataset.Open(ProjectLayout.Data(Project, "staged")).ReadLedger().ToList();
        Assert.Equal(4 * Values.Length, rows.Count);
        Assert.All(rows, row => Search.AssertAbsent("a ledger row", row.ToString()));
    }

    [Fact]
    public void Not_in_the_list_of_a_failed_validation()
    {
        Plant();
        StackmillProgram.Run("run", "--input", _folder["input"], "--output", Project, "--set", "stages.pii_removal=false").Expect(0);

        var result = StackmillProgram.Run("validate", "--input", Project, "--log-level", "trace").Expect(4);

        Search.AssertAbsent("what the program said", result.All);
        Search.AssertAbsentBelow(Path.Combine(Project, "reports"));
        Search.AssertAbsentBelow(Path.Combine(Project, "logs"));
    }

    public void Dispose() => _folder.Dispose();

    private void Plant()
    {
        var text = $"""
            # Written by Quillon <{Values[0]}>, telephone {Values[6]}
            AWS_ACCESS_KEY_ID = "{Values[1]}"
            github_token = "{Values[2]}"
            password = "{Values[3]}"
            card = "{Values[4]}"
            ssn = "{Values[5]}"
            server = "{Values[7]}"

            """;
        _folder.Write("input/keys.py", text + Source.Python(1));
        _folder.Write("input/copy/keys.py", text + Source.Python(1));
        _folder.Write("input/near/keys.py", text + Source.Python(1) + "# again\n");
        _folder.Write("input/wide.py", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text + Source.Python(2))]);
        _folder.Write("input/noise.py", [.. Encoding.UTF8.GetBytes(text), .. Enumerable.Range(0, 2_000).Select(i => (byte)(i * 31))]);
        _folder.Write("input/small.py", Values[0]);
    }
}
