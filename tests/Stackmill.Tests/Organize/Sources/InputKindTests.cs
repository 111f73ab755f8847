using Stackmill.Core.Faults;
using Stackmill.Organize.Sources;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize.Sources;

public sealed class InputKindTests
{
    private static IEnumerable<string> Paths(InputKind kind) => kind.Files.Select(f => f.Name);

    [Theory]
    [InlineData("a.parquet", "Parquet")]
    [InlineData("a.parquet README.md data/b.PARQUET .hidden/x.py _ledger/x.parquet", "Parquet")]
    [InlineData("a.jsonl b.jsonl.gz dataset_infos.json", "JsonLines")]
    [InlineData("a.csv b.tsv.gz README.md", "Csv")]
    [InlineData("data-00000-of-00001.arrow dataset_info.json", "Arrow")]
    [InlineData("a.csv main.py", "Folder")]
    [InlineData("a.jsonl main.py", "Folder")]
    [InlineData("main.py", "Folder")]
    [InlineData("README.md", "Folder")]
    [InlineData("", "Folder")]
    public void A_folder_is_what_its_files_are(string files, string form)
    {
        using var folder = new TempFolder();
        foreach (var file in files.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            folder.Write(file, "x");
        Assert.Equal(form, InputKind.Find(folder.Path, "auto").Form.ToString());
    }

    [Fact]
    public void Two_forms_of_records_in_one_folder_are_refused_and_records_beside_sources_are_told()
    {
        using var folder = new TempFolder();
        folder.Write("a.jsonl", "x");
        folder.Write("b.parquet", "x");
        Assert.Contains("--input-format", Assert.Throws<Stackmill.Core.Faults.UsageException>(() => InputKind.Find(folder.Path, "auto")).Message);
        Assert.Equal(InputForm.JsonLines, InputKind.Find(folder.Path, "jsonl").Form);
        folder.Write("main.py", "x");
        Assert.Equal((InputForm.Folder, 2), (InputKind.Find(folder.Path, "auto").Form, InputKind.Find(folder.Path, "auto").RecordFilesBeside));
    }

    [Fact]
    public void Files_come_in_ordinal_order_and_without_the_ledgers()
    {
        using var folder = new TempFolder();
        foreach (var file in new[] { "b.parquet", "a/x.parquet", "B.parquet", "_ledger/part-00000.parquet", "_work/x.parquet" })
            folder.Write(file, "x");
        Assert.Equal([folder["B.parquet"], folder["a", "x.parquet"], folder["b.parquet"]], Paths(InputKind.Find(folder.Path, "auto")));
    }

    [Fact]
    public void A_named_form_wins_over_the_look()
    {
        using var folder = new TempFolder();
        var file = folder.Write("data.txt", "x");
        folder.Write("b.jsonl", "x");
        Assert.Equal(InputForm.JsonLines, InputKind.Find(file, "jsonl").Form);
        Assert.Equal([folder["b.jsonl"]], Paths(InputKind.Find(folder.Path, "jsonl")));
        Assert.Equal(InputForm.Folder, InputKind.Find(folder.Path, "folder").Form);
    }

    [Fact]
    public void What_can_not_be_read_is_a_usage_error_that_names_it()
    {
        using var folder = new TempFolder();
        folder.Write("main.py", "x");
        Assert.Contains(folder["missing"], Assert.Throws<UsageException>(() => InputKind.Find(folder["missing"], "auto")).Message);
        Assert.Contains("--input-format", Assert.Throws<UsageException>(() => InputKind.Find(folder["main.py"], "auto")).Message);
        Assert.Contains(".parquet", Assert.Throws<UsageException>(() => InputKind.Find(folder.Path, "parquet")).Message);
    }

    [Fact]
    public void Files_from_elsewhere_are_of_the_form_that_their_names_tell()
    {
        static InputKind Of(string format, params string[] names) => InputKind.Of("hf://some/data", [.. names.Select(n => new MemoryFile(n, []))], format);
        Assert.Equal((InputForm.Parquet, 1), (Of("auto", "b.parquet", "a.parquet", "x.png").Form, Of("auto", "b.parquet", "README.md", "x.png").OthersBeside));
        Assert.Equal(["elsewhere://a.csv", "elsewhere://b/c.tsv.zst"], Paths(Of("csv", "b/c.tsv.zst", "a.csv", "d.parquet", ".hidden/e.csv")));
        Assert.Equal(InputForm.JsonLines, Of("jsonl", "data.txt").Form);
        Assert.Contains("--input-format csv or arrow", Assert.Throws<UsageException>(() => Of("auto", "a.arrow", "b.csv")).Message.Replace("arrow or csv", "csv or arrow", StringComparison.Ordinal));
        Assert.Contains("hf://some/data", Assert.Throws<UsageException>(() => Of("auto", "main.py")).Message);
        Assert.Contains("folder", Assert.Throws<UsageException>(() => Of("folder", "main.py")).Message);
    }

    [Theory]
    [InlineData("\uFEFF [\n {\"content\": \"x\"}]", "array")]
    [InlineData("{\r\n  \"content\": 1\n}", "several lines")]
    public void One_json_document_is_not_taken_for_lines(string text, string told)
    {
        using var folder = new TempFolder();
        var message = Assert.Throws<UsageException>(() => InputKind.Find(folder.Write("x.json", text), "jsonl")).Message;
        Assert.Contains(told, message);
        Assert.Contains("jq -c", message);
        Assert.Equal(InputForm.JsonLines, InputKind.Find(folder.Write("y.json", "{\"content\": 1}\n"), "jsonl").Form);
    }
}
