using System.Text;
using System.Text.Json.Nodes;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Organize.Sources;
using Stackmill.Preprocess;
using Stackmill.Preprocess.Decode;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Preprocess;

public sealed class PreprocessStageTests
{
    private const string Dirty = "x = 'jane.doe@example.com'  \r\ny\u0001 = 1\r\n\n\n\n\n\nz = 2\n";

    private static CodeRecord Raw(string path, byte[] content)
    {
        var record = new CodeRecord { Path = path, Language = "Python", Content = content };
        RecordIdentity.Complete(record);
        return record;
    }

    private static PreprocessOptions Options(Action<StageSwitches>? change = null)
    {
        var options = new PreprocessOptions();
        options.Stages.Tokenization = false;
        change?.Invoke(options.Stages);
        return options;
    }

    private static ProcessedText Process(byte[] raw, Action<StageSwitches>? change = null) => new TextPipeline(Options(change), null).Process(raw, null, "Python");

    private static string Text(in ProcessedText text) => Encoding.UTF8.GetString(text.Content.Span);

    [Fact]
    public void All_steps_together()
    {
        var text = Process(Encoding.UTF8.GetBytes(Dirty));
        Assert.DoesNotContain("jane", Text(text));
        Assert.DoesNotContain('\r', Text(text));
        Assert.DoesNotContain('\u0001', Text(text));
        Assert.EndsWith("\n\n\nz = 2\n", Text(text));
        Assert.Equal("control_characters,line_ends,trailing_whitespace,blank_lines,redacted", TextPipeline.DescribeChanges(text));
    }

    [Fact]
    public void Each_switch_turns_off_its_own_step_only()
    {
        var raw = Encoding.UTF8.GetBytes(Dirty);
        Assert.Contains("jane.doe@example.com", Text(Process(raw, s => s.PiiRemoval = false)));
        Assert.Contains('\u0001', Text(Process(raw, s => s.MalformedCleaning = false)));
        Assert.Contains("'  \n", Text(Process(raw, s => s.WhitespaceCleanup = false)));
        Assert.Equal(Dirty, Text(Process(raw, s => (s.PiiRemoval, s.MalformedCleaning, s.WhitespaceCleanup) = (false, false, false))));
    }

    [Fact]
    public void Other_encodings_are_decoded_or_dropped_as_the_switch_says()
    {
        var utf16 = Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("naïve = 'é'\n")).ToArray();
        var text = Process(utf16);
        Assert.Equal((DecodeKind.Transcoded, "naïve = 'é'\n"), (text.Encoding.Kind, Text(text)));
        Assert.Equal("undecodable", Process(utf16, s => s.EncodingFix = false).Verdict.Reason);
        Assert.True(Process([0xEF, 0xBB, 0xBF, (byte)'x'], s => s.EncodingFix = false).Verdict.IsKept);
    }

    [Theory]
    [InlineData(" \n\t\r\n\f\v")]
    [InlineData("\0\0")]
    [InlineData("\uFEFF\n")]
    public void What_has_nothing_left_is_dropped_as_empty_or_binary(string text) =>
        Assert.Contains(Process(Encoding.UTF8.GetBytes(text)).Verdict.Reason, new[] { "empty", "binary" });

    [Fact]
    public void A_pipeline_keeps_nothing_from_the_file_before()
    {
        var pipeline = new TextPipeline(Options(), null);
        byte[][] files = [Encoding.UTF8.GetBytes(Dirty), "a = 1\n"u8.ToArray(), Encoding.Unicode.GetBytes("\uFEFFé = 1\n"), [0, 1, 2, 0xFF, 0, 0], "b = 2\n"u8.ToArray()];
        foreach (var file in files.Concat(files.Reverse()))
        {
            var (used, fresh) = (pipeline.Process(file, null, "Python"), Process(file));
            Assert.Equal((fresh.Verdict, Text(fresh), fresh.Matches.Count, fresh.Changes), (used.Verdict, Text(used), used.Matches.Count, used.Changes));
        }
    }

    [Fact]
    public void The_stage_keeps_drops_and_changes_with_balanced_books_and_true_reports()
    {
        using var folder = new TempFolder();
        CodeRecord[] records =
        [
            Raw("1clean.py", "x = 1\n"u8.ToArray()), Raw("2dirty.py", Encoding.UTF8.GetBytes(Dirty)), Raw("3utf16.py", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("é = 1\n")]),
            Raw("4binary.py", [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, .. new byte[64]]), Raw("5blank.py", " \n \n"u8.ToArray()), Raw("6none.py", []),
        ];
        var input = TestDatasets.Make(folder["data", "staged"], records, text: false);
        Dataset Run(string name, int workers) => Dataset.Of(folder["data", name], PreprocessStage.Run(input, folder["data", name], Options(s => s.Tokenization = true), TestRun.Context(workers)));
        var one = Run("1", 1);
        Assert.Equal(one.Manifest.RootHash, Run("4", 4).Manifest.RootHash);
        Assert.Equal(["1clean.py", "2dirty.py", "3utf16.py"], TestDatasets.ReadAll(one).Select(r => r.Path));
        Assert.Equal([("2dirty.py", LedgerAction.Changed), ("3utf16.py", LedgerAction.Changed), ("4binary.py", LedgerAction.Dropped), ("5blank.py", LedgerAction.Dropped), ("6none.py", LedgerAction.Dropped)], one.ReadLedger().Select(r => (r.Path, r.Action)));
        Assert.Equal((6, 3, 3, 0), (one.Manifest.Books.In, one.Manifest.Books.Kept, one.Manifest.Books.DroppedTotal, one.Manifest.Books.FailedTotal));
        Assert.All(TestDatasets.ReadAll(one), r => Assert.True(r.Measures!.Tokens > 0 && r.Measures.Bytes == r.Content.Length));
        Assert.Equal(records[1].ContentId, TestDatasets.ReadAll(one)[1].ContentId);
        var report = JsonNode.Parse(File.ReadAllText(folder["reports", PreprocessReport.FileName]))!["global_statistics"]!;
        Assert.Equal((6, 3, 1, 1), ((int)report["total_files_processed"]!, (int)report["total_files_output"]!, (int)report["pii_items_by_kind"]!["email"]!, (int)report["encoding_issues_fixed"]!));
    }

    [Fact]
    public void A_damaged_shard_fails_alone()
    {
        using var folder = new TempFolder();
        var input = TestDatasets.Make(folder["in"], Enumerable.Range(0, 6).Select(i => Raw($"{i}.py", Encoding.UTF8.GetBytes($"x = {i}\n"))), text: false);
        File.AppendAllText(folder["in", input.Manifest.Shards[0].Path], "x");
        var manifest = PreprocessStage.Run(input, folder["out"], Options(), TestRun.Context());
        Assert.Equal("part-00000", Assert.Single(manifest.FailedShards).Task);
        Assert.Equal(3, manifest.Books.Kept);
    }
}
