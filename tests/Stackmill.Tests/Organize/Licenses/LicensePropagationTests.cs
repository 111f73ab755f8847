using System.Text.Json;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Organize;
using Stackmill.Organize.Licenses;
using Stackmill.Shared.Licenses;
using Stackmill.Tests.Organize.Sources;
using Stackmill.Tests.Organize.Sources.Archives;
using Stackmill.Tests.Organize.Sources.Git;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize.Licenses;

/// <summary>From licence files to every file below them, whatever the input's form.</summary>
public sealed class LicensePropagationTests
{
    private static readonly string Mit = LicenseText.Load().First(t => t.Ids[0] == "MIT").Text;
    private static readonly string Gpl = LicenseText.Load().First(t => t.Ids[0] == "GPL-3.0-only").Text;

    private static string Body(int n, string header = "") => header + string.Join('\n', Enumerable.Range(0, 20).Select(i => $"x{i} = {i * n}")) + "\n";

    // A tree with all that decides, and what each file must get.
    private static readonly (string Path, string Text)[] Tree =
    [
        ("LICENSE", Mit),
        ("a.py", Body(1)),
        ("gpl.py", Body(2, "# SPDX-License-Identifier: GPL-2.0-or-later\n")),
        ("app/b.py", Body(3)),
        ("app/NOTICE", "This program is made available under the Eclipse Public License v2.0."),
        ("zlib/COPYING", Gpl),
        ("zlib/deep/er/c.py", Body(4)),
        ("pkg/package.json", "{\"license\": \"Apache-2.0\", \"name\": \"p\", \"description\": \"" + new string('x', 100) + "\"}"),
        ("pkg/d.py", Body(5)),
        ("pkg/sub/LICENSE.md", Gpl),
        ("pkg/sub/e.py", Body(6)),
        ("pkg-b/f.py", Body(7)),
        ("reuse/LICENSES/ISC.txt", LicenseText.Load().First(t => t.Ids[0] == "ISC").Text),
        ("reuse/g.py", Body(8)),
    ];

    private static readonly Dictionary<string, string> Expected = new()
    {
        ["a.py"] = "MIT: permissive",
        ["gpl.py"] = "GPL-2.0-or-later MIT: non_permissive",
        // Its notice is heard for lack of a licence file beside it.
        ["app/b.py"] = "EPL-2.0: non_permissive",
        ["zlib/deep/er/c.py"] = "GPL-3.0-only: non_permissive",
        ["pkg/d.py"] = "Apache-2.0 MIT: permissive",
        ["pkg/sub/e.py"] = "GPL-3.0-only: non_permissive",
        ["pkg-b/f.py"] = "MIT: permissive",
        ["reuse/g.py"] = "ISC: permissive",
    };

    private static Dictionary<string, string> Licences(Dataset dataset) => TestDatasets.ReadAll(dataset).Where(r => r.Language == "Python").ToDictionary(r => r.Path, Said);

    private static List<string> Lines(Dictionary<string, string> licences) => [.. licences.Select(l => $"{l.Key} = {l.Value}").Order(StringComparer.Ordinal)];

    private static string Said(CodeRecord record) => record.DetectedLicenses is null ? "nothing" : $"{string.Join(' ', record.DetectedLicenses)}: {record.LicenseType}";

    private static OrganizeOptions Options(Action<OrganizeOptions>? change = null) => SourceRuns.Options(change);

    private static Dataset Run(string input, string output, OrganizeOptions? options = null, int workers = 2) =>
        Dataset.Of(output, OrganizeStage.Run(input, output, options ?? Options(), TestRun.Context(workers)));

    private static TempFolder Folder()
    {
        var folder = new TempFolder();
        foreach (var (path, text) in Tree)
            folder.Write("in/" + path, text);
        return folder;
    }

    [Fact]
    public void In_a_folder_the_nearest_licence_file_up_the_path_decides_and_workers_never_show()
    {
        using var folder = Folder();
        var one = Run(folder["in"], folder["out1"], workers: 1);
        Assert.Equal(Lines(Expected), Lines(Licences(one)));
        Assert.Equal(one.Manifest.RootHash, Run(folder["in"], folder["out4"], workers: 4).Manifest.RootHash);
    }

    [Fact]
    public void In_repositories_archives_and_records_it_is_the_same()
    {
        using var folder = Folder();
        var expected = Lines(Expected);
        folder.Repository("own", Tree);
        Assert.Equal(expected, Lines(Licences(SourceRuns.Git(folder["own"], folder["git"]))));
        // The licence comes last, and must be known first.
        folder.Write("own.zip", ArchiveBuilder.Zip([.. Tree.Reverse()]));
        folder.Write("own.tar", ArchiveBuilder.Tar(System.Formats.Tar.TarEntryFormat.Pax, [.. Tree.Reverse()]));
        Assert.Equal(expected, Lines(Licences(SourceRuns.Archives(folder["own.zip"], folder["zip"]))));
        Assert.Equal(expected, Lines(Licences(SourceRuns.Archives(folder["own.tar"], folder["tar"]))));
        var lines = Tree.Reverse().Select(f => JsonSerializer.Serialize(new { repo_name = "o/own", path = f.Path, content = f.Text }));
        folder.Write("rows.jsonl", string.Join('\n', lines) + "\n");
        var options = Options(o => o.ShardSize = 500);
        var rows = Run(folder["rows.jsonl"], folder["rows"], options, workers: 1);
        Assert.Equal(expected, Lines(Licences(rows)));
        Assert.True(rows.Manifest.Shards.Count > 3, $"only {rows.Manifest.Shards.Count} shards");
        Assert.Equal(rows.Manifest.RootHash, Run(folder["rows.jsonl"], folder["rows4"], options, workers: 4).Manifest.RootHash);
    }

    [Fact]
    public void Licences_stay_inside_their_repository()
    {
        using var folder = new TempFolder();
        folder.Write("in/LICENSE", Mit);
        folder.Write("in/o/one/LICENSE", Gpl);
        folder.Write("in/o/one/a.py", Body(1));
        folder.Write("in/o/two/b.py", Body(2));
        var split = Run(folder["in"], folder["split"], Options(o => o.Input.RepoDepth = 2));
        Assert.Equal(["a.py=GPL-3.0-only: non_permissive", "b.py=: no_license"], Licences(split).Select(p => $"{p.Key}={p.Value}").Order(StringComparer.Ordinal));
        var rows = new[] { ("r/a", "LICENSE", Mit), ("r/a", "x.py", Body(3)), ("r/b", "y.py", Body(4)), ("", "z.py", Body(5)), ("", "LICENSE", Mit) };
        folder.Write("rows.jsonl", string.Join('\n', rows.Select(r => JsonSerializer.Serialize(new { repo_name = r.Item1, path = r.Item2, content = r.Item3 }))) + "\n");
        Assert.Equal(["x.py=MIT: permissive", "y.py=: no_license", "z.py=nothing"], Licences(Run(folder["rows.jsonl"], folder["rows"])).Select(p => $"{p.Key}={p.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_a_source_tells_stays_unless_all_are_asked_for()
    {
        using var folder = new TempFolder();
        object[] rows =
        [
            new { repo_name = "r", path = "LICENSE", content = Mit },
            new { repo_name = "r", path = "told.py", content = Body(1), detected_licenses = new[] { "GPL-3.0" } },
            new { repo_name = "r", path = "type.py", content = Body(2), license_type = "no_license" },
            new { repo_name = "r", path = "open.py", content = Body(3) },
        ];
        folder.Write("rows.jsonl", string.Join('\n', rows.Select(r => JsonSerializer.Serialize(r))) + "\n");
        List<string> Said(string detect) => [.. Licences(Run(folder["rows.jsonl"], folder[detect], Options(o => o.Licenses.Detect = detect))).Select(p => $"{p.Key}={p.Value}").Order(StringComparer.Ordinal)];
        Assert.Equal(["open.py=MIT: permissive", "told.py=GPL-3.0: non_permissive", "type.py=nothing"], Said(LicenseOptions.Missing));
        Assert.Equal(["open.py=MIT: permissive", "told.py=MIT: permissive", "type.py=MIT: permissive"], Said(LicenseOptions.Always));
        Assert.Equal(["open.py=nothing", "told.py=GPL-3.0: ", "type.py=nothing"], Said(LicenseOptions.Never));
    }

    [Fact]
    public void Filters_of_licences_work_on_what_was_recognised_and_the_books_tell_of_it()
    {
        using var folder = Folder();
        var types = Run(folder["in"], folder["types"], Options(o => o.Filters.LicenseTypes = ["permissive"]));
        Assert.Equal(["a.py", "pkg-b/f.py", "pkg/d.py", "reuse/g.py"], Licences(types).Keys.Order(StringComparer.Ordinal));
        var others = TestDatasets.ReadAll(Run(folder["in"], folder["all"])).Count(r => r.LicenseType != LicenseTypes.Permissive);
        Assert.InRange(others, 5, 9);
        Assert.Equal(others, types.Manifest.Books.Dropped["license_type_not_allowed"]);
        Assert.Equal(types.Manifest.Books.In, TestDatasets.ReadAll(types).Count + types.ReadLedger().Count());
        var ids = Run(folder["in"], folder["ids"], Options(o => o.Filters.Licenses = ["GPL-2.0-or-later"]));
        Assert.Equal(["gpl.py"], Licences(ids).Keys);
        var without = Run(folder["in"], folder["without"], Options(o => o.Licenses.Headers = false));
        Assert.Equal("MIT: permissive", Licences(without)["gpl.py"]);
    }

    [Fact]
    public void A_nested_archive_has_its_own_licence()
    {
        using var folder = new TempFolder();
        var inner = ArchiveBuilder.Zip(("n/n.py", Body(2)), ("LICENSE", Gpl));
        folder.Write("own.zip", ArchiveBuilder.ZipOf(("a.py", System.Text.Encoding.UTF8.GetBytes(Body(1))), ("inner.zip", inner), ("LICENSE", System.Text.Encoding.UTF8.GetBytes(Mit))));
        var found = Licences(SourceRuns.Archives(folder["own.zip"], folder["out"]));
        Assert.Equal("MIT: permissive", found["a.py"]);
        Assert.Equal("GPL-3.0-only: non_permissive", found.Single(f => f.Key.EndsWith("n.py", StringComparison.Ordinal)).Value);
    }
}
