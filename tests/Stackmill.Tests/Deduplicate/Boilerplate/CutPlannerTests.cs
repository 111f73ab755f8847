using System.Text;
using Stackmill.Core.Model;
using Stackmill.Deduplicate.Boilerplate;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Deduplicate.Boilerplate;

public sealed class CutPlannerTests
{
    private const int Files = 3;

    // Five lines that all files share; each file has other lines around them.
    private static readonly string[] Shared = ["Permission is granted to everybody", "to do with this file what they like", "as long as they keep this text here", "and never complain about its author", "who gives no warranty of any kind"];

    private static string Lines(string prefix = "", string suffix = "") => string.Concat(Shared.Select(l => $"{prefix}{l}{suffix}\n"));

    // What is left of the first of three files that share a block; {0} is what tells them apart.
    private static (string Text, BoilerplateRun Run) Cut(string language, string form, string cut = BoilerplateOptions.Comments, IReadOnlyList<Redaction>? redactions = null)
    {
        using var folder = new TempFolder();
        var records = Enumerable.Range(0, Files).Select(i => TestDatasets.Record($"{i}.x", form.Replace("{0}", $"own{i}", StringComparison.Ordinal), language)).ToList();
        records[0].Redactions = redactions ?? [];
        var run = BoilerplateRun.Of(folder.Path, records, new BoilerplateOptions { Mode = BoilerplateOptions.Remove, MinFiles = Files, MinLines = 5, Cut = cut });
        return (run.Kept.Count == 0 ? "" : run.Kept[0].Text(), run);
    }

    private static void Stays(string language, string form, KeptBecause reason, string cut = BoilerplateOptions.Comments)
    {
        var (text, run) = Cut(language, form, cut);
        Assert.Equal(form.Replace("{0}", "own0", StringComparison.Ordinal), text);
        Assert.Empty(run.Ledger);
        Assert.Equal(Files, run.Count("files_with_blocks"));
        Assert.True((long)run.Report["summary"]!["lines_kept"]![reason.ToString().ToLowerInvariant()]! > 0, run.ReportText);
    }

    [Fact]
    public void A_comment_of_its_own_goes_with_its_frame_and_the_blank_lines_behind_it()
    {
        var (text, run) = Cut("C", "/*\n *\n" + Lines(" * ") + " */\n\n\nint {0};\n");
        Assert.Equal("int own0;\n", text);
        Assert.Equal(["lines 1-10", "lines 1-10", "lines 1-10"], run.Ledger.Select(r => r.Detail));
        Assert.All(run.Ledger, r => Assert.Equal((LedgerAction.Changed, "boilerplate", 10.0, 3.0), (r.Action, r.Reason, r.Value, r.Threshold)));
        Assert.Equal("int own0;\n", Cut("C", "// ======\n" + Lines("// ") + "// ======\nint {0};\n").Text);
        Assert.Equal("x = 'own0'\n", Cut("Python", Lines("# ", " #") + "x = '{0}'\n").Text);
        Assert.Equal("<p>own0</p>\n", Cut("HTML", "<!--\n" + Lines() + "-->\n<p>{0}</p>\n").Text);
    }

    [Fact]
    public void Lines_within_a_comment_go_and_leave_its_ends()
    {
        Assert.Equal("/*\n * Copyright own0\n */\nint own0;\n", Cut("C", "/*\n * Copyright {0}\n *\n" + Lines(" * ") + " */\nint {0};\n").Text);
        Assert.Equal("/* own0 */\n/* more of own0\n */\nint i;\n", Cut("C", "/* {0} */\n/* more of {0}\n" + Lines() + " */\nint i;\n").Text);
        Assert.Equal("/* Written by own0 */\nint i;\n", Cut("C", Lines("// ") + "/* Written by {0} */\nint i;\n").Text);
    }

    [Fact]
    public void A_comment_is_never_left_without_its_end_or_its_beginning()
    {
        var (text, _) = Cut("C", "/* " + Lines() + "own {0} */\nint i;\n");
        Assert.Equal("/* " + Lines() + "own own0 */\nint i;\n", text);
        Assert.Equal("/* Permission is granted to everybody\nown0\n*/\n", Cut("C", "/* Permission is granted to everybody\n" + Lines() + "{0}\n*/\n").Text);
        // The opener's line stays, and with it the closer's.
        Assert.Equal("int own0; /* begin\n*/ int i;\n", Cut("C", "int {0}; /* begin\n" + Lines() + "*/ int i;\n").Text);
    }

    [Fact]
    public void Nothing_within_a_string_goes()
    {
        Stays("Python", "x = '''{0}\n" + Lines("# ") + "'''\n", KeptBecause.Code);
        Stays("Python", "x = '''{0}\n" + Lines("# ") + "'''\n", KeptBecause.Open, BoilerplateOptions.All);
        Stays("Shell", "cat > {0} <<EOF\n" + Lines("# ") + "EOF\n", KeptBecause.Open, BoilerplateOptions.All);
        Stays("JavaScript", "x = `{0} ${ f(\n" + Lines("// ") + ") }`;\n", KeptBecause.Open);
        Stays("YAML", "{0}: |\n" + Lines("  # ") + "x: 1\n", KeptBecause.Open, BoilerplateOptions.All);
    }

    [Fact]
    public void Code_goes_only_where_that_was_asked_for_and_its_brackets_are_balanced()
    {
        var calls = string.Concat(Shared.Select((_, i) => $"  register_handler_{i}(table[{i}]);\n"));
        var form = "int {0};\nvoid f(void)\n{\n" + calls + "}\n";
        Stays("C", form, KeptBecause.Code);
        Assert.Equal("void f(int own0)\n{\n}\n", Cut("C", "void f(int {0})\n{\n" + calls + "}\n", BoilerplateOptions.All).Text);
        Stays("C", "int {0};\nvoid f(void)\n{\n" + calls + "last_of_{0}();\n}\n", KeptBecause.Unbalanced, BoilerplateOptions.All);
        Assert.Equal("own0\n", Cut("Text", Lines() + "{0}\n", BoilerplateOptions.All).Text);
        Stays("Text", Lines() + "{0}\n", KeptBecause.Code);
    }

    [Fact]
    public void Comments_before_code_that_all_share_go_without_the_code()
    {
        Assert.Equal("import os\nimport sys\nown0()\n", Cut("Python", Lines("# ") + "\nimport os\nimport sys\n{0}()\n").Text);
        var four = string.Concat(Shared.Take(4).Select(l => $"# {l}\n"));
        Stays("Python", four + "import os\nimport operating_systems\n{0}()\n", KeptBecause.TooShort);
    }

    [Fact]
    public void The_lines_that_other_programs_read_stay()
    {
        Assert.Equal("#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nown0()\n", Cut("Python", "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n" + Lines("# ") + "{0}()\n").Text);
    }

    [Fact]
    public void A_file_with_an_open_comment_stays_as_it_is()
    {
        Stays("C", Lines("// ") + "int {0};\n/* never closed\n", KeptBecause.Degraded);
    }

    [Fact]
    public void A_cut_never_goes_through_a_find_of_redaction()
    {
        var form = "/* {0}\n" + Lines() + "*/\nint i;\n";
        var around = new Redaction("key", "r", 3, 10) { IsReplaced = false };
        var (text, run) = Cut("C", form, redactions: [around]);
        Assert.Equal(form.Replace("{0}", "own0", StringComparison.Ordinal), text);
        Assert.Equal(2, run.Count("files_cut"));
        Assert.Equal(5, (long)run.Report["summary"]!["lines_kept"]!["redaction"]!);
        Assert.Equal([around], run.Kept[0].Redactions);
    }

    [Fact]
    public void Lexing_and_planning_of_hostile_comments_are_linear()
    {
        // Each line ends one comment and begins the next: what is open differs at every line.
        var lines = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"*/ /* the text of comment {i % 7}\n"));
        var (text, run) = Cut("C", "/*\n" + lines + "*/ int {0};\n");
        Assert.Equal("/*\n" + lines + "*/ int own0;\n", text);
        Assert.Equal(Files, run.Count("files_with_blocks"));
    }
}
