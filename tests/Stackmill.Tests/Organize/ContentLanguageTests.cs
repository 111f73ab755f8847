using System.Formats.Tar;
using System.Text;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Organize;
using Stackmill.Tests.Organize.Sources;
using Stackmill.Tests.Organize.Sources.Archives;
using Stackmill.Tests.Organize.Sources.Git;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize;

/// <summary>Language and flags are told by path and content, from every form of input.</summary>
public sealed class ContentLanguageTests
{
    private static readonly string Rest = "\n" + new string('x', 150) + "\n";

    // Path, first line, and what becomes of it: a language, or why it goes.
    private static readonly (string Path, string Text, string Fate)[] Files =
    [
        ("a/plain.h", "int a;", "C"),
        ("a/class.h", "namespace a {", "C++"),
        ("a/app.h", "@interface A : B", "Objective-C"),
        ("bin/run", "#!/usr/bin/env python3", "Python"),
        ("bin/notes", "just words", "unsupported_extension"),
        ("bin/pic.png", "just words", "unsupported_extension"),
        ("doc/ls.1", ".TH LS 1\n.SH NAME", "Roff Manpage"),
        ("lib/a.so.1", "just words", "unsupported_extension"),
        ("web/vendor/a.js", "let a = 1;", "JavaScript"),
        ("web/a_pb2.py", "a = 1", "Python"),
        ("z.m", "% a function", "MATLAB"),
    ];

    private static OrganizeOptions Options(Action<OrganizeOptions>? change = null)
    {
        var options = new OrganizeOptions { ShardSize = 600 };
        change?.Invoke(options);
        return options;
    }

    private static Dataset Run(TempFolder folder, string input, string output, OrganizeOptions options, int workers = 2) =>
        Dataset.Of(folder[output], OrganizeStage.Run(folder[input], folder[output], options, TestRun.Context(workers)));

    private static string[] Fates(Dataset dataset) =>
        [.. TestDatasets.ReadAll(dataset).Select(r => $"{r.Path}: {r.Language}").Concat(dataset.ReadLedger().Select(l => $"{l.Path}: {l.Reason}")).Order(StringComparer.Ordinal)];

    private static string[] Expected => [.. Files.Select(f => $"{f.Path}: {f.Fate}").Order(StringComparer.Ordinal)];

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text + Rest);

    private static void WriteAll(TempFolder folder)
    {
        foreach (var (path, text, _) in Files)
            folder.Write("in/" + path, Bytes(text));
    }

    [Fact]
    public void Records_without_a_path_have_the_language_that_the_options_name_unless_they_tell_another()
    {
        using var folder = new TempFolder();
        string Line(string path, string language, string text) => $$"""{"path":"{{path}}","language":"{{language}}","content":"{{text}}{{new string('x', 150)}}"}""" + "\n";
        folder.Write("in.jsonl", Encoding.UTF8.GetBytes(
            Line("", "", "x = 1 ") + Line("", "Java", "int x; ") + Line("", "", "#!/bin/bash\\necho 1 ") + Line("notes.xyz", "", "words ") + Line("a.c", "", "int y; ")));

        // A record without a path is named by its id.
        string[] Found(string output, Action<OrganizeOptions>? change) =>
            [.. Fates(Run(folder, "in.jsonl", output, Options(change))).Select(f => f[f.IndexOf(": ", StringComparison.Ordinal)..]).Order(StringComparer.Ordinal)];
        Assert.Equal([": C", ": Java", ": Python", ": Shell", ": unsupported_extension"], Found("told", o => o.Input.Language = "python"));
        Assert.Equal([": C", ": Java", ": Shell", ": unsupported_extension", ": unsupported_extension"], Found("untold", null));
    }

    [Fact]
    public void Files_of_a_folder_have_the_language_of_their_content_for_any_number_of_workers()
    {
        using var folder = new TempFolder();
        WriteAll(folder);
        var one = Run(folder, "in", "one", Options(), workers: 1);
        Assert.Equal(Expected, Fates(one));
        Assert.Equal(one.Manifest.RootHash, Run(folder, "in", "four", Options(), workers: 4).Manifest.RootHash);
        Assert.All(one.Manifest.Shards, s => Assert.StartsWith(LanguageFolder.Of(s.Language) + "/", s.Path));
    }

    [Fact]
    public void Files_of_repositories_archives_and_records_without_a_language_have_it_too()
    {
        using var folder = new TempFolder();
        folder.Repository("own", [.. Files.Select(f => (f.Path, f.Text + Rest))]);
        Assert.Equal(Expected, Fates(SourceRuns.Git(folder["own"], folder["git"])));
        folder.Write("p.tar", ArchiveBuilder.Tar(TarEntryFormat.Pax, [.. Files.Select(f => ("p/" + f.Path, f.Text + Rest))]));
        Assert.Equal(Expected, Fates(SourceRuns.Archives(folder["p.tar"], folder["archive"], SourceRuns.Options())));
        folder.Write("r.jsonl", string.Concat(Files.Select(f => System.Text.Json.JsonSerializer.Serialize(new { path = f.Path, content = f.Text + Rest }) + "\n")));
        Assert.Equal(Expected, Fates(Run(folder, "r.jsonl", "records", Options())));
    }

    [Fact]
    public void Only_files_that_may_be_of_the_languages_asked_for_are_read()
    {
        using var folder = new TempFolder();
        WriteAll(folder);
        var dataset = Run(folder, "in", "out", Options(o => o.Languages = ["C++", "Python"]));
        Assert.Equal(["a/class.h", "bin/run", "web/a_pb2.py"], TestDatasets.ReadAll(dataset).Select(r => r.Path).Order(StringComparer.Ordinal));
        var reasons = dataset.ReadLedger().ToDictionary(l => l.Path, l => (l.Reason, l.Language, WasRead: l.ContentId.Length > 0));
        Assert.Equal(("language_not_allowed", "C", true), reasons["a/plain.h"]);
        Assert.Equal(("language_not_allowed", "Objective-C", true), reasons["a/app.h"]);
        Assert.Equal(("unsupported_extension", "", true), reasons["bin/notes"]);
        Assert.Equal(("unsupported_extension", "", false), reasons["bin/pic.png"]);
        Assert.Equal(("language_not_allowed", "JavaScript", false), reasons["web/vendor/a.js"]);
    }

    [Fact]
    public void Flags_are_filled_in_and_decide_in_folders_too()
    {
        using var folder = new TempFolder();
        WriteAll(folder);
        var flags = TestDatasets.ReadAll(Run(folder, "in", "out", Options())).ToDictionary(r => r.Path, r => (r.IsVendor, r.IsGenerated));
        Assert.Equal((true, false), flags["web/vendor/a.js"]);
        Assert.Equal((false, true), flags["web/a_pb2.py"]);
        Assert.Equal((false, false), flags["bin/run"]);
        var strict = Run(folder, "in", "strict", Options(o => (o.Filters.Vendored, o.Filters.Generated) = (false, false)));
        Assert.Equal(["web/a_pb2.py: generated", "web/vendor/a.js: vendored"], strict.Fates().Where(f => f.StartsWith("web/", StringComparison.Ordinal)));
        Assert.Equal(flags.Count - 2, TestDatasets.ReadAll(strict).Count);
    }

    [Fact]
    public void What_a_source_says_of_its_records_stays_unless_it_is_told_not_to()
    {
        using var folder = new TempFolder();
        folder.Write("r.jsonl", System.Text.Json.JsonSerializer.Serialize(new { path = "vendor/a.h", content = "namespace a {" + Rest, language = "C", is_vendor = false, is_generated = true }) + "\n"
            + System.Text.Json.JsonSerializer.Serialize(new { path = "b.h", content = "namespace a {" + Rest, language = "Klingon" }) + "\n");
        static string Described(CodeRecord r) => $"{r.Path} {r.Language} {r.IsVendor} {r.IsGenerated}";
        Assert.Equal(["b.h C++ False False", "vendor/a.h C False True"], TestDatasets.ReadAll(Run(folder, "r.jsonl", "missing", Options())).Select(Described).Order(StringComparer.Ordinal));
        Assert.Equal(["b.h C++ False False", "vendor/a.h C++ True False"], TestDatasets.ReadAll(Run(folder, "r.jsonl", "always", Options(o => o.Input.Detect = "always"))).Select(Described).Order(StringComparer.Ordinal));
    }
}
