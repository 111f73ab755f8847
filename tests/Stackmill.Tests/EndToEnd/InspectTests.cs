using System.Text;
using System.Text.Json.Nodes;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>What <c>stackmill inspect</c> tells of single files.</summary>
public sealed class InspectTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public void Places_are_given_in_code_points_of_the_decoded_text_whatever_comes_before_them()
    {
        const string Address = "ines.marsh@harbour-office.net";
        var text = $"# 😀👍 first  \r\n\r\n\r\n\r\n\r\n# naïve \u0001 \r\nowner = \"{Address}\"   \r\n# again 😀 {Address}\r\n" + string.Concat(Enumerable.Repeat("x = 1\r\n", 10));

        var answer = Assert.Single(Inspect(new JsonObject { ["id"] = 7, ["path"] = "a/owner.py", ["text"] = text }));

        Assert.Equal(7, (int)answer["id"]!);
        Assert.Equal(("keep", "Python", "utf-8"), ((string)answer["verdict"]!, (string)answer["language"]!, (string)answer["encoding"]!["name"]!));
        var runes = text.EnumerateRunes().ToList();
        var places = answer["redactions"]!.AsArray();
        Assert.Equal(2, places.Count);
        foreach (var place in places)
        {
            Assert.Equal("email", (string)place!["kind"]!);
            Assert.Equal(Address, string.Concat(runes.Skip((int)place["start"]!).Take((int)place["length"]!)));
        }

        var content = (string)answer["content"]!;
        Assert.DoesNotContain(Address, content, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', content);
        Assert.StartsWith("# 😀👍 first\n\n\n# naïve", content, StringComparison.Ordinal);
    }

    [Fact]
    public void Places_in_other_encodings_count_the_code_points_of_their_text()
    {
        const string Address = "ines.marsh@harbour-office.net";
        var text = $"# Größe 😀\r\nowner = \"{Address}\"\r\n" + string.Concat(Enumerable.Repeat("x = 1\r\n", 12));
        byte[] bytes = [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(text)];

        var answer = Assert.Single(Inspect(new JsonObject { ["id"] = "wide", ["path"] = "owner.py", ["base64"] = Convert.ToBase64String(bytes) }));

        Assert.Equal(("utf-16be", true), ((string)answer["encoding"]!["name"]!, (bool)answer["encoding"]!["bom"]!));
        var place = Assert.Single(answer["redactions"]!.AsArray())!;
        Assert.Equal(Address, string.Concat(text.EnumerateRunes().Skip((int)place["start"]!).Take((int)place["length"]!)));
    }

    [Fact]
    public void The_encoding_is_told_with_its_confidence_and_what_the_file_declares()
    {
        var bytes = Encoding.Latin1.GetBytes("# -*- coding: latin-1 -*-\n# Größe für alle Schlüssel\n" + string.Concat(Enumerable.Repeat("x = 1\n", 12)));

        var encoding = Assert.Single(Inspect(new JsonObject { ["id"] = 1, ["path"] = "a.py", ["base64"] = Convert.ToBase64String(bytes) }))["encoding"]!;

        Assert.Equal(("iso-8859-1", "latin-1", false), ((string)encoding["name"]!, (string)encoding["declared"]!, (bool)encoding["bom"]!));
        Assert.InRange((double)encoding["confidence"]!, 0.9, 1);
    }

    [Fact]
    public void Binary_data_has_a_verdict_and_no_content()
    {
        var bytes = Enumerable.Range(0, 400).Select(i => (byte)(i * 37)).ToArray();

        var answer = Assert.Single(Inspect(new JsonObject { ["id"] = 1, ["path"] = "a.py", ["base64"] = Convert.ToBase64String(bytes) }));

        Assert.Equal((true, "drop", "binary"), ((bool)answer["is_binary"]!, (string)answer["verdict"]!, (string)answer["reason"]!));
        Assert.Null(answer["content"]);
        Assert.Null(answer["measures"]);
    }

    [Fact]
    public void The_language_comes_with_its_reason_and_the_flags_with_theirs()
    {
        var answers = Inspect(
            new JsonObject { ["path"] = "include/a.h", ["text"] = "#include <vector>\n" },
            new JsonObject { ["path"] = "vendor/tests/a_pb2.py", ["text"] = "x = 1\n" },
            new JsonObject { ["path"] = "docs/notes", ["text"] = "words\n" });

        Assert.Equal([("C++", "heuristic:h-cpp"), ("Python", "extension"), (null, "none")], answers.Select(a => ((string?)a["language"], (string?)a["language_reason"])));
        string[] flags = ["is_vendor", "is_generated", "is_test", "is_documentation"];
        Assert.Equal(["False False False False", "True True True False", "False False False True"], answers.Select(a => string.Join(' ', flags.Select(f => (bool)a[f]!))));
        Assert.Equal(["vendor/", "*_pb2.py", "tests/", null], flags.Select(f => (string?)answers[1][f + "_reason"]));
        Assert.Equal("/docs/", (string?)answers[2]["is_documentation_reason"]);
    }

    [Fact]
    public void A_dropped_text_is_shown_all_the_same()
    {
        var answer = Assert.Single(Inspect(new JsonObject { ["id"] = 1, ["path"] = "small.py", ["text"] = "x = 1  \r\n" }));

        Assert.Equal(("drop", "too_small"), ((string)answer["verdict"]!, (string)answer["reason"]!));
        Assert.Equal("x = 1\n", (string)answer["content"]!);
        Assert.Equal(1, (int)answer["measures"]!["num_lines"]!);
    }

    [Fact]
    public void Bad_lines_are_answered_in_their_place_and_make_the_exit_code()
    {
        var result = new StackmillProgram
        {
            Input = "{\"id\": 1, \"path\": \"a.py\", \"text\": \"x = 1\\n\"}\nnot JSON\n[]\n\n{\"id\": 4, \"path\": \"a.py\"}\n{\"id\": 5, \"base64\": \"%%%\"}\n{\"id\": 6, \"text\": 12}\n{\"id\": 7, \"path\": \"b.py\", \"text\": \"\"}\n",
        }.With("inspect", "--stdin").Expect(3);

        var answers = JsonLineFiles.Parse(result.Output);
        Assert.Equal(["1", null, null, "4", "5", "6", "7"], answers.Select(answer => answer["id"]?.ToJsonString()));
        Assert.Equal([false, true, true, true, true, true, false], answers.Select(answer => answer.ContainsKey("error")));
        Assert.Contains("line 2", (string)answers[1]["error"]!, StringComparison.Ordinal);
        Assert.Contains("line 5", (string)answers[3]["error"]!, StringComparison.Ordinal);
        Assert.Equal("empty", (string)answers[6]["reason"]!);
    }

    [Fact]
    public void Files_give_one_object_each_and_nothing_is_written()
    {
        _folder.Write("here/good.py", Source.Python(1));
        _folder.Write("here/ünï.js", "let a = '1';\n");
        var before = TreeState.Exact(_folder.Path);

        var result = new StackmillProgram { WorkingFolder = _folder["here"] }.With("inspect", "good.py", "ünï.js", "absent.py", "--json").Expect(3);

        var answers = JsonLineFiles.Parse(result.Output);
        Assert.Equal(["good.py", "ünï.js", "absent.py"], answers.Select(answer => (string)answer["path"]!));
        Assert.Equal((string)answers[0]["content"]!, Source.Python(1));
        Assert.Contains("error", answers[2]);
        TreeState.AssertEqual(before, TreeState.Exact(_folder.Path));
    }

    [Fact]
    public void It_decides_as_the_pipeline_does()
    {
        var kept = Samples.Expected.Where(file => file.Encoding is not null).ToList();
        Assert.True(kept.Count > 150);
        var answers = Inspect([.. kept.Select(file => new JsonObject { ["path"] = file.Path, ["base64"] = Convert.ToBase64String(File.ReadAllBytes(file.FullPath)) })]);

        foreach (var (file, answer) in kept.Zip(answers))
        {
            Assert.Equal((file.Path, "keep"), (file.Path, (string)answer["verdict"]!));
            Assert.Equal(file.Language, (string?)answer["language"]);
            Assert.Contains((string)answer["encoding"]!["name"]!, file.EncodingAlso.Append(file.Encoding));
            Assert.Equal(file.Redactions.Values.Sum(), answer["redactions"]!.AsArray().Count);
        }
    }

    [Fact]
    public void Nothing_to_inspect_is_wrong_usage() => StackmillProgram.Run("inspect").Expect(2);

    public void Dispose() => _folder.Dispose();

    private static List<JsonObject> Inspect(params JsonObject[] requests) =>
        JsonLineFiles.Parse(new StackmillProgram { Input = string.Concat(requests.Select(request => request.ToJsonString() + "\n")) }.With("inspect", "--stdin").Expect(0).Output);
}
