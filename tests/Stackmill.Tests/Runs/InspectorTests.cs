using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Stackmill.Catalog;
using Stackmill.Runs;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Runs;

public sealed class InspectorTests
{
    private static (List<JsonNode> Answers, int Failures) Lines(string input, Action<StackmillOptions>? change = null)
    {
        var options = new StackmillOptions();
        options.Stages.Tokenization = false;
        change?.Invoke(options);
        using var output = new MemoryStream();
        var inspector = new Inspector(options, output, indented: false);
        inspector.Lines(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(input)));
        return ([.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)], inspector.Failures);
    }

    private static JsonNode One(string input, Action<StackmillOptions>? change = null) => Assert.Single(Lines(input, change).Answers);

    private static string Request(string path, string text) => new JsonObject { ["id"] = 7, ["path"] = path, ["text"] = text }.ToJsonString();

    [Fact]
    public void Bytes_that_are_not_utf8_are_told_and_not_replaced()
    {
        using var output = new MemoryStream();
        var inspector = new Inspector(new StackmillOptions(), output, indented: false);
        inspector.Lines(new MemoryStream([.. "{\"path\":\"a.py\",\"text\":\""u8, 0xFF, 0xFE, .. "\"}\n"u8]));
        Assert.Equal(1, inspector.Failures);
        Assert.Contains("not UTF-8", System.Text.Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_clean_file_is_kept_as_it_is()
    {
        var text = string.Concat(Enumerable.Range(0, 20).Select(i => $"value_{i} = {i}\n"));
        var answer = One(Request("src/a.py", text));
        Assert.Equal((7, "src/a.py", "Python", "keep"), ((int)answer["id"]!, (string)answer["path"]!, (string)answer["language"]!, (string)answer["verdict"]!));
        Assert.Equal(text, (string)answer["content"]!);
        Assert.Equal("", (string)answer["changes"]!);
        Assert.Empty(answer["redactions"]!.AsArray());
        Assert.Equal(20, (int)answer["measures"]!["num_lines"]!);
        Assert.Null(answer["reason"]);
    }

    [Theory]
    [InlineData("a.py")]
    [InlineData("a.txt")]
    [InlineData("a.java")]
    public void Places_count_code_points_of_the_given_text_among_surrogate_pairs_combining_characters_and_what_is_cleaned_away(string path)
    {
        string[] values = ["ines.marsh@harbour-office.net", "renée@harbour-office.net", "DE89370400440532013000"];
        string[] others = ["😀", "👩‍👩‍👧", "e\u0301", "é", "漢字", "\r\n", "  \r\n\r\n\r\n\r\n", "\u0001", "\t \n", "\u200B", "𝒳", "# ", "// ", "x = 1\n", "\uFEFF", "\u2028"];
        var part = Gen.Int[0, values.Length + others.Length - 1].Select(i => i < values.Length ? $" {values[i]} " : others[i - values.Length]);
        // In comments of both languages, so that none of it is code.
        part.Array[1, 40].Array[60].Sample(texts =>
        {
            var inputs = texts.Select(parts => "# // " + string.Concat(parts).Replace("\n", "\n# // ", StringComparison.Ordinal)).ToList();
            var answers = Lines(string.Join('\n', inputs.Select(text => Request(path, text)))).Answers;
            for (var i = 0; i < inputs.Count; i++)
            {
                var runes = inputs[i].EnumerateRunes().ToArray();
                var found = answers[i]["redactions"]!.AsArray().Select(r => string.Concat(runes.AsSpan((int)r!["start"]!, (int)r["length"]!).ToArray()));
                Assert.Equal(texts[i].Where(p => values.Contains(p.Trim(' '))).Select(p => p.Trim(' ')), found);
            }

            return true;
        }, iter: 20, threads: 1);
    }

    [Fact]
    public void All_quality_rules_of_the_preset_are_shown_and_the_first_that_rejects_decides()
    {
        var text = "# automatically generated\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"value_{i} = {i}\n")) + "x = '" + new string('y', 1200) + "'\n";
        var answer = One(Request("src/a.py", text), o => o.Filters.Quality.Preset = "starcoder2");
        Assert.Equal(("drop", "long_line", 1206.0, 1000.0), ((string)answer["verdict"]!, (string)answer["reason"]!, (double)answer["value"]!, (double)answer["threshold"]!));
        var filters = answer["filters"]!.AsArray().ToDictionary(f => (string)f!["id"]!, f => ((string)f!["verdict"]!, (double)f["value"]!, (double)f["threshold"]!));
        Assert.Equal(("drop", 1206.0, 1000.0), filters["long_line"]);
        Assert.Equal(("drop", 1.0, 0.0), filters["generated_notice"]);
        Assert.Equal(("keep", 22.0, 100_000.0), filters["many_lines"]);
        Assert.Equal("keep", (string)One(Request("src/a.py", text), o => (o.Filters.Quality.Preset, o.Filters.Quality.Mode) = ("starcoder2", "annotate"))["verdict"]!);
        Assert.Empty(One(Request("src/a.py", text))["filters"]!.AsArray());
    }

    [Fact]
    public void Redactions_are_told_in_code_points_of_the_decoded_text_before_cleaning()
    {
        var before = "# 😀é \r\n\r\n\r\n\r\n\r\n# ";
        var answer = One(Request("a.py", before + "jane.doe@example.com" + new string(' ', 90) + "\r\n"));
        var redaction = Assert.Single(answer["redactions"]!.AsArray())!;
        Assert.Equal(("email", before.EnumerateRunes().Count(), "jane.doe@example.com".Length), ((string)redaction["kind"]!, (int)redaction["start"]!, (int)redaction["length"]!));
        Assert.DoesNotContain("jane", (string)answer["content"]!);
        Assert.DoesNotContain("\r", (string)answer["content"]!);
    }

    [Fact]
    public void The_content_is_given_whatever_the_verdict_unless_the_file_is_binary()
    {
        var small = One(Request("a.py", "x\n"));
        Assert.Equal(("drop", "too_small", "x\n"), ((string)small["verdict"]!, (string)small["reason"]!, (string)small["content"]!));
        var binary = One(new JsonObject { ["path"] = "a.py", ["base64"] = Convert.ToBase64String([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0xFF, 0xFE, .. new byte[200]]) }.ToJsonString());
        Assert.Equal((true, "drop", "binary"), ((bool)binary["is_binary"]!, (string)binary["verdict"]!, (string)binary["reason"]!));
        Assert.Null(binary["content"]);
        Assert.Null(binary["measures"]);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"path": 5, "text": "x"}""")]
    [InlineData("""{"path": "a.py", "text": ["x"]}""")]
    [InlineData("""{"path": "a.py", "text": null}""")]
    [InlineData("""{"path": "a.py", "base64": "***"}""")]
    [InlineData("""{"path": "a.py", "text": "\ud800"}""")]
    [InlineData("""{"path": "a.py", "path": "b.py", "text": "x"}""")]
    [InlineData("""{"id": 1, "id": 2, "path": "b.py", "text": "x"}""")]
    [InlineData("""{"id": "\ud800", "path": "b.py", "text": 5}""")]
    [InlineData("""{"id": {"a": 1, "a": 2}, "path": "b.py", "text": 5}""")]
    public void A_broken_request_gets_an_error_and_the_next_its_answer(string line)
    {
        var (answers, failures) = Lines(line + "\n\n" + Request("a.py", "x"));
        Assert.Equal((2, 1), (answers.Count, failures));
        Assert.Contains("1", (string)answers[0]["error"]!);
        Assert.Equal("a.py", (string)answers[1]["path"]!);
    }

    [Fact]
    public void Files_that_can_not_be_read_are_errors_and_nothing_is_written()
    {
        using var folder = new TempFolder();
        folder.Write("a.py", new string('x', 200));
        using var output = new MemoryStream();
        var inspector = new Inspector(new StackmillOptions(), output, indented: true);
        foreach (var path in new[] { folder["a.py"], folder["missing"], folder.Path, "", "a\0b" })
            inspector.File(path, path);
        Assert.Equal(4, inspector.Failures);
        Assert.Equal(["a.py"], folder.Files());
    }

    [Fact]
    public void Steps_that_are_off_are_not_done()
    {
        var answer = One(Request("a.py", "x = 'jane.doe@example.com'  \r\n"), o => (o.Stages.PiiRemoval, o.Stages.MalformedCleaning, o.Stages.WhitespaceCleanup) = (false, false, false));
        Assert.Equal("x = 'jane.doe@example.com'  \r\n", (string)answer["content"]!);
    }
}
