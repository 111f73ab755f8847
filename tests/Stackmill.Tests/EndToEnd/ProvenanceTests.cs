using System.Text.Json.Nodes;
using Stackmill.Datasets;
using Stackmill.Runs.Provenance;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>A release is held against its statement: each file of it, in every form, and nothing beside them.</summary>
public sealed class ProvenanceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public ProvenanceTests()
    {
        for (var i = 0; i < 3; i++)
            _folder.Write($"input/lib/m{i}.py", Source.Python(i));
    }

    private string Statement => _folder["p", "reports", ReleaseProvenance.FileName];

    private string Release => _folder["p/data/release"];

    [Fact]
    public void Plain_files_are_checked_by_the_index()
    {
        Make("--set", "export.format=files");
        Assert.Matches("^[0-9]+ of ([0-9]+) files .* are as .* says\\.\n$", Check(0));
        var file = Directory.EnumerateFiles(Release, "*.py", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        var name = Path.GetRelativePath(Release, file).Replace('\\', '/');
        var text = File.ReadAllText(file);
        File.AppendAllText(file, "# changed\n");
        Assert.StartsWith($"{name}: its SHA-256 is ", Check(4), StringComparison.Ordinal);
        File.Delete(file);
        Assert.StartsWith($"{name}: missing\n", Check(4), StringComparison.Ordinal);
        File.WriteAllText(file, text);
        Check(0);
        File.Delete(Directory.EnumerateFiles(Path.Combine(Release, "_index")).First());
        Assert.StartsWith("_index/part-00000.parquet: missing\n", Check(4), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("parquet")]
    [InlineData("files")]
    public void What_was_added_is_told(string format)
    {
        Make("--set", $"export.format={format}");
        var part = Manifest.Read(Release)!.Shards[0].Path;
        var folder = format == "files" ? Path.GetRelativePath(Release, Directory.EnumerateFiles(Release, "*.py", SearchOption.AllDirectories).First()).Split('/')[0] : part.Split('/')[0];
        foreach (var added in (string[])["evil.txt", $"{folder}/part-00001.parquet", ".hidden"])
        {
            _folder.Write($"p/data/release/{added}", "x");
            var told = Check(4);
            Assert.StartsWith($"{added}: it is not in the statement\n", told, StringComparison.Ordinal);
            Assert.Contains("; 1 that lie there are not in it.", told, StringComparison.Ordinal);
            File.Delete(Path.Combine(Release, added));
        }

        _folder.Write("p/data/release/new/a", "x");
        _folder.Write("p/data/release/new/b", "x");
        Assert.StartsWith("new/: it is not in the statement\n", Check(4), StringComparison.Ordinal);
        Directory.Delete(Path.Combine(Release, "new"), recursive: true);
        for (var i = 0; i < 30; i++)
            _folder.Write($"p/data/release/x\n{i}", "x");
        var lines = Check(4).TrimEnd('\n').Split('\n');
        Assert.Equal(22, lines.Length);
        Assert.Equal("and 10 more", lines[^2]);
    }

    [Fact]
    public void A_statement_that_lacks_files_fails_and_hexadecimal_digits_have_no_case()
    {
        Make();
        var text = File.ReadAllText(Statement);
        var statement = JsonNode.Parse(text)!;
        foreach (var subject in statement["subject"]!.AsArray())
            subject!["digest"]!["sha256"] = ((string)subject["digest"]!["sha256"]!).ToUpperInvariant();
        File.WriteAllText(Statement, statement.ToJsonString());
        Check(0);

        foreach (var name in JsonNode.Parse(text)!["subject"]!.AsArray().Select(s => (string)s!["name"]!))
        {
            statement = JsonNode.Parse(text)!;
            statement["subject"] = new JsonArray([.. statement["subject"]!.AsArray().Where(s => (string)s!["name"]! != name).Select(s => s!.DeepClone())]);
            File.WriteAllText(Statement, statement.ToJsonString());
            var told = Check(4);
            Assert.StartsWith($"{name}: the statement does not name it", told, StringComparison.Ordinal);
            Assert.Contains("\n1 of 2 files of ", told, StringComparison.Ordinal);
        }

        statement["subject"] = new JsonArray();
        File.WriteAllText(Statement, statement.ToJsonString());
        Assert.StartsWith("_manifest.json: the statement does not name it", Check(4), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_a_statement_take_one_line_each_and_are_bounded_in_length_and_number()
    {
        Make();
        var statement = JsonNode.Parse(File.ReadAllText(Statement))!;
        for (var i = 0; i < 100; i++)
            statement["subject"]!.AsArray().Insert(0, new JsonObject { ["name"] = $"{i}\n\u2028\u001b[31m{new string('n', 5000)}", ["digest"] = new JsonObject { ["sha256"] = new string('\n', 5000) } });
        File.WriteAllText(Statement, statement.ToJsonString());
        var told = Check(4);
        Assert.Equal(22, told.TrimEnd('\n').Split('\n').Length);
        Assert.DoesNotContain('\u001b', told);
        Assert.All(told.Split('\n'), l => Assert.InRange(l.Length, 0, 700));
        Assert.Contains("and 80 more\n", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_statement_is_told_as_such()
    {
        Assert.Contains("is no in-toto statement", StackmillProgram.Run("provenance", _folder["input/lib/m0.py"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("is no in-toto statement", StackmillProgram.Run("provenance", _folder.Write("twice.json", "{\"_type\":1,\"_type\":2}")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("is no statement", StackmillProgram.Run("provenance", _folder.Write("empty.json", "{}")).Expect(2).Error, StringComparison.Ordinal);
        if (File.Exists("/dev/zero"))
            Assert.Contains("device", StackmillProgram.Run("provenance", "/dev/zero").Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_that_is_made_anew_without_a_statement_has_none_and_one_that_is_up_to_date_keeps_its_own()
    {
        Make();
        var before = File.ReadAllText(Statement);
        Run();
        Assert.Equal(before, File.ReadAllText(Statement));
        Check(0);
        _folder.Write("input/lib/more.py", Source.Python(9));
        Run();
        Assert.False(File.Exists(Statement));
        Make();
        Check(0);
        File.WriteAllText(Statement, "damaged");
        Run();
        Assert.False(File.Exists(Statement));
    }

    public void Dispose() => _folder.Dispose();

    private void Make(params string[] more) => Run(["--set", "lineage.provenance=true", .. more]);

    private void Run(params string[] more) => StackmillProgram.Run(["run", "--input", _folder["input"], "--output", _folder["p"], "--quiet", .. more]).Expect(0);

    private string Check(int code) => StackmillProgram.Run("provenance", _folder["p"]).Expect(code).Output;
}
