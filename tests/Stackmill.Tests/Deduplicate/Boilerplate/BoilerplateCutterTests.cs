using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Model;
using Stackmill.Deduplicate.Boilerplate;
using Stackmill.Preprocess;
using Stackmill.Preprocess.Tokenize;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Deduplicate.Boilerplate;

public sealed class BoilerplateCutterTests
{
    private static readonly string[] Languages = ["Python", "C", "Text"];

    private static readonly BoilerplateOptions Options = new() { Mode = BoilerplateOptions.Remove, MinFiles = 4, MinLines = 3, Cut = BoilerplateOptions.All };

    // Texts of lines from a small stock, so that many share runs of them.
    private static List<CodeRecord> Records(int seed, int count)
    {
        var random = new Random(seed);
        var blocks = Enumerable.Range(0, 12).Select(b => Enumerable.Range(0, random.Next(2, 9)).Select(i => Line(b, i)).ToList()).ToList();
        string Line(int block, int i) => random.Next(3) == 0 ? $"# comment número {i} of block {block}" : $"value_{block}_{i} = compute(\"é{i}\", {block})";
        return [.. Enumerable.Range(0, count).Select(file =>
        {
            var lines = Enumerable.Range(0, random.Next(1, 6)).SelectMany(_ => random.Next(3) == 0 ? [$"own_line_{file} = {random.Next(1000)}", ""] : blocks[random.Next(blocks.Count)]).ToList();
            return TestDatasets.Record($"{file:D4}.x", string.Join('\n', lines) + "\n", Languages[random.Next(Languages.Length)]);
        })];
    }

    private static CodeRecord Again(CodeRecord record) => TestDatasets.Record(record.Path, record.Text(), record.Language);

    [Fact]
    public void A_changed_record_is_whole_as_preprocessing_would_have_made_it()
    {
        using var folder = new TempFolder();
        var records = Records(1, 200);
        var before = records.ToDictionary(r => r.Path, r => r.Text());
        var run = BoilerplateRun.Of(folder.Path, records, Options);
        var changed = run.Ledger.Where(r => r.Action == LedgerAction.Changed).Select(r => r.Path).ToHashSet();
        var pipeline = new TextPipeline(new PreprocessOptions(), BpeVocabulary.Load("o200k_base"));

        Assert.True(changed.Count > 50, $"only {changed.Count} changed");
        foreach (var record in run.Kept)
        {
            Assert.Equal(changed.Contains(record.Path), record.Text() != before[record.Path]);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(record.Content.Span)), record.Sha256);
            if (!changed.Contains(record.Path))
                continue;
            pipeline.Facts.Reset();
            Assert.Equal(pipeline.Measure(record.Content, record.Language), record.Measures);
        }
    }

    [Fact]
    public void What_is_left_are_lines_of_the_file_in_their_order_and_what_goes_is_in_the_ledger()
    {
        using var folder = new TempFolder();
        var records = Records(2, 300);
        var before = records.ToDictionary(r => r.Path, r => r.Text());
        var run = BoilerplateRun.Of(folder.Path, records, Options);
        var rows = run.Ledger.ToDictionary(r => r.Path);

        foreach (var record in run.Kept.Where(r => rows.ContainsKey(r.Path)))
        {
            var old = before[record.Path].Split('\n').ToList();
            var cut = rows[record.Path].Detail!["lines ".Length..].Split(", ").Select(s => s.Split('-').Select(int.Parse).ToArray()).SelectMany(s => Enumerable.Range(s[0] - 1, s[1] - s[0] + 1)).ToHashSet();
            Assert.Equal(string.Join('\n', old.Where((_, i) => !cut.Contains(i))), record.Text());
            Assert.Equal(cut.Count, rows[record.Path].Value);
            Assert.Contains(record.Text(), char.IsLetter);
        }

        Assert.Equal(records.Count, run.Kept.Count + run.Ledger.Count(r => r.Action == LedgerAction.Dropped));
        Assert.All(run.Ledger.Where(r => r.Action == LedgerAction.Dropped), r => Assert.Equal("boilerplate_only", r.Reason));
        Assert.Equal(run.Ledger.Sum(r => (long)r.Value!.Value), run.Count("lines_cut"));
        Assert.Equal((run.Ledger.Count(r => r.Action == LedgerAction.Changed), run.Ledger.Count(r => r.Action == LedgerAction.Dropped)), ((int)run.Count("files_cut"), (int)run.Count("files_emptied")));
        // Of a dropped file what was not cut went as well.
        var dropped = run.Ledger.Where(r => r.Action == LedgerAction.Dropped).Sum(r => (long)Encoding.UTF8.GetByteCount(before[r.Path]));
        var gone = before.Values.Sum(Encoding.UTF8.GetByteCount) - run.Kept.Sum(r => (long)r.Content.Length);
        Assert.InRange(run.Count("bytes_cut"), gone - dropped + 1, gone);
    }

    [Fact]
    public void Finds_of_redaction_keep_their_place_in_the_text_or_go_with_it()
    {
        using var folder = new TempFolder();
        var records = Records(3, 200);
        var random = new Random(3);
        var values = new Dictionary<string, List<string>>();
        foreach (var record in records)
        {
            var runes = record.Text().EnumerateRunes().ToList();
            var finds = new List<Redaction>();
            for (var i = random.Next(4); i < runes.Count - 4; i += random.Next(4, 60))
            {
                if (!runes.GetRange(i, 3).Exists(r => r.Value == '\n'))
                    finds.Add(new Redaction("email", "email", i, 3));
            }

            record.Redactions = finds;
            values[record.Path] = [.. finds.Select(f => string.Concat(runes.GetRange(f.Start, f.Length)))];
        }

        var run = BoilerplateRun.Of(folder.Path, records, Options);
        var changed = run.Kept.Where(r => run.Ledger.Exists(l => l.Path == r.Path)).ToList();
        Assert.True(changed.Count > 50, $"only {changed.Count} changed");
        foreach (var record in run.Kept)
        {
            var runes = record.Text().EnumerateRunes().ToList();
            var left = record.Redactions!.Select(f => string.Concat(runes.GetRange(f.Start, f.Length))).ToList();
            var next = 0;
            Assert.All(left, value => next = values[record.Path].IndexOf(value, next) + 1);
            Assert.Equal(left.Count, left.Count(value => values[record.Path].Contains(value)));
        }

        Assert.Contains(changed, r => r.Redactions!.Count > 0);
        Assert.Contains(changed, r => r.Redactions!.Count < values[r.Path].Count);
    }

    [Fact]
    public void A_second_run_cuts_nothing_but_what_the_first_brought_together()
    {
        for (var seed = 10; seed < 14; seed++)
        {
            using var folder = new TempFolder();
            var records = Records(seed, 150);
            var frequentBefore = FrequentRuns(records);
            var first = BoilerplateRun.Of(folder["1"], records, Options, rowsPerShard: 60);
            Assert.True(first.Ledger.Count > 30, $"only {first.Ledger.Count} files were cut");
            var between = first.Kept.ConvertAll(Again);
            var frequentBetween = FrequentRuns(between);
            var second = BoilerplateRun.Of(folder["2"], between, Options, rowsPerShard: 60);
            foreach (var row in second.Ledger)
            {
                var lines = Compared(between.Single(r => r.Path == row.Path).Text());
                var runs = Enumerable.Range(0, Math.Max(0, lines.Count - 2)).Select(i => string.Join('\n', lines.Skip(i).Take(3))).ToList();
                Assert.Contains(runs, r => !frequentBefore.Contains(r) && frequentBetween.Contains(r));
            }
        }
    }

    [Fact]
    public void A_second_run_after_headers_went_changes_nothing()
    {
        using var folder = new TempFolder();
        var header = string.Concat(Enumerable.Range(0, 6).Select(i => $"# line {i} of a header that comes from somebody\n"));
        var options = new BoilerplateOptions { Mode = BoilerplateOptions.Remove, MinFiles = 5 };
        var first = BoilerplateRun.Of(folder["1"], Enumerable.Range(0, 9).Select(i => TestDatasets.Record($"{i}.py", $"{header}x{i} = {i}\n")), options);
        var second = BoilerplateRun.Of(folder["2"], first.Kept.ConvertAll(Again), options);

        Assert.Equal(9, first.Ledger.Count);
        Assert.Empty(second.Ledger);
        Assert.Equal(0, second.Count("files_with_blocks"));
    }

    private static List<string> Compared(string text) =>
        [.. text.Split('\n').Select(l => l.TrimStart('#', ' ').TrimEnd(')', ' ')).Where(l => l.Length > 0)];

    private static HashSet<string> FrequentRuns(List<CodeRecord> records) => records
        .SelectMany(r =>
        {
            var lines = Compared(r.Text());
            return Enumerable.Range(0, Math.Max(0, lines.Count - 2)).Select(i => string.Join('\n', lines.Skip(i).Take(3))).Distinct();
        })
        .GroupBy(w => w).Where(g => g.Count() >= Options.MinFiles).Select(g => g.Key).ToHashSet();

    [Fact]
    public void Shards_and_memory_do_not_show_in_what_is_found()
    {
        using var folder = new TempFolder();
        var runs = new[] { (1000, 1L << 24), (3, 1L << 20), (1, 7L) }.Select((r, i) => BoilerplateRun.Of(folder[$"{i}"], Records(4, 120), Options, r.Item1, r.Item2)).ToList();

        Assert.NotEmpty(runs[0].Ledger);
        Assert.All(runs, run => Assert.Equal(runs[0].Ledger, run.Ledger));
        Assert.All(runs, run => Assert.Equal(runs[0].Kept.Select(r => (r.Path, r.Sha256)), run.Kept.Select(r => (r.Path, r.Sha256))));
        Assert.All(runs, run => Assert.Equal(runs[0].ReportText, run.ReportText));
    }

    [Fact]
    public void Report_changes_nothing_and_tells_what_remove_would()
    {
        using var folder = new TempFolder();
        var removed = BoilerplateRun.Of(folder["remove"], Records(5, 120), Options);
        var reported = BoilerplateRun.Of(folder["report"], Records(5, 120), new BoilerplateOptions { Mode = BoilerplateOptions.ReportOnly, MinFiles = 4, MinLines = 3, Cut = BoilerplateOptions.All });

        Assert.Empty(reported.Ledger);
        Assert.Equal(Records(5, 120).Select(r => (r.Path, r.Sha256)).Order(), reported.Kept.Select(r => (r.Path, r.Sha256)).Order());
        Assert.Equal(removed.ReportText, reported.ReportText.Replace("\"report\"", "\"remove\"", StringComparison.Ordinal));
        Assert.True(removed.Count("bytes_cut") > 0);
    }

    [Fact]
    public void The_report_shows_the_largest_blocks_and_masks_what_redaction_left()
    {
        using var folder = new TempFolder();
        var header = string.Concat(Enumerable.Range(0, 6).Select(i => $"# line {i} of a header that comes from somebody\n"));
        var records = Enumerable.Range(0, 5).Select(i => TestDatasets.Record($"{i}.py", $"{header}x{i} = {i}\n")).ToList();
        records[0].Redactions = [new Redaction("name", "name", 2, 6) { IsReplaced = false }];
        var run = BoilerplateRun.Of(folder.Path, records, new BoilerplateOptions { Mode = BoilerplateOptions.Remove, MinFiles = 5, MinLines = 4 });

        var block = Assert.Single(run.Report["blocks"]!.AsArray())!;
        Assert.Equal((5, 6, 5 * header.Length, 5, 5 * header.Length), ((int)block["files"]!, (int)block["lines"]!, (int)block["bytes"]!, (int)block["files_cut"]!, (int)block["bytes_cut"]!));
        Assert.Equal(("0.py", "# ****** of" + header["# line 0 of".Length..]), ((string?)block["example"]!["file"], (string?)block["example"]!["text"]));
        var language = Assert.Single(run.Report["by_language"]!.AsArray())!;
        Assert.Equal(("Python", 5, 30), ((string?)language["language"], (int)language["files_cut"]!, (int)language["lines_cut"]!));
    }

    [Fact]
    public void A_file_of_which_nothing_would_be_left_is_dropped()
    {
        using var folder = new TempFolder();
        var header = string.Concat(Enumerable.Range(0, 6).Select(i => $"// line {i} of a header that comes from somebody\n"));
        var run = BoilerplateRun.Of(folder.Path, Enumerable.Range(0, 5).Select(i => TestDatasets.Record($"{i}.c", i == 0 ? $"{header}\n;\n" : $"{header}int x{i};\n", "C")), new BoilerplateOptions { Mode = BoilerplateOptions.Remove, MinFiles = 5 });

        Assert.Equal(["1.c", "2.c", "3.c", "4.c"], run.Kept.Select(r => r.Path));
        Assert.Equal((LedgerAction.Dropped, "boilerplate_only"), run.Ledger.Where(r => r.Path == "0.c").Select(r => (r.Action, r.Reason)).Single());
        Assert.Equal((4, 1), ((int)run.Count("files_cut"), (int)run.Count("files_emptied")));
    }

    [Fact]
    public void Empty_files_one_long_line_and_equal_files_are_taken_as_they_come()
    {
        using var folder = new TempFolder();
        var same = string.Concat(Enumerable.Range(0, 10).Select(i => $"// the same line {i} in all\n"));
        List<CodeRecord> records =
        [
            TestDatasets.Record("empty.c", "", "C"), TestDatasets.Record("long.c", new string('x', 10_000_000), "C"), TestDatasets.Record("blank.c", "\n\n \n", "C"),
            .. Enumerable.Range(0, 50).Select(i => TestDatasets.Record($"same{i:D2}.c", same, "C")),
        ];
        var run = BoilerplateRun.Of(folder.Path, records, new BoilerplateOptions { Mode = BoilerplateOptions.Remove, MinFiles = 50 }, memory: 7);

        Assert.Equal(["blank.c", "empty.c", "long.c"], run.Kept.Select(r => r.Path).Order(StringComparer.Ordinal));
        Assert.Equal(50, run.Count("files_emptied"));
    }
}
