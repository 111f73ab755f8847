using System.Text.RegularExpressions;
using Stackmill.Cli;
using Stackmill.Core.Model;
using Stackmill.Organize;

namespace Stackmill.Tests.Conventions;

/// <summary>What no source file may hold.</summary>
public sealed partial class SourceTests
{
    private const int MostLines = 500;
    private const int LookAgainLines = 300;

    // Files of the program above 300 lines, and why they are one concept in one file.
    private static readonly (string Path, string Reason)[] LongFiles =
    [
        ("src/Stackmill/Shared/Lexing/ContextScanner.cs", "one state machine over one stack; its literals are a file of their own already"),
    ];

    // Where every fault ends: the runner of tasks, and the program's own end.
    private static readonly string[] MayCatchAll = ["src/Stackmill.Core/Engine/", "src/Stackmill.Cli/Program.cs"];

    [Fact]
    public void Only_the_engine_and_the_program_catch_every_exception()
    {
        var (wrong, seen, allowed) = (new List<string>(), 0, 0);
        foreach (var file in Repository.Sources())
        {
            var code = file.Code;
            foreach (Match match in Catch().Matches(code))
            {
                seen++;
                // A filter that names types is a catch of those types.
                if (match.Groups["type"].Value is not ("" or "Exception" or "System.Exception") || TypeFilter().IsMatch(match.Groups["when"].Value))
                    continue;
                if (MayCatchAll.Any(p => file.Path.StartsWith(p, StringComparison.Ordinal)))
                    allowed++;
                else
                    wrong.Add($"{file.At(code, match.Index)}: {match.Value.Trim()}");
            }
        }

        Assert.True(seen > 20, $"only {seen} catches were seen");
        Assert.True(allowed >= 3, $"only {allowed} of the engine's catches were seen");
        Assert.True(wrong.Count == 0, $"name the types that can come, or let the engine catch:\n{string.Join('\n', wrong)}");
    }

    [Fact]
    public void There_are_no_regions_and_no_notes_to_oneself()
    {
        var wrong = new List<string>();
        var files = Repository.Sources().Concat(Repository.Files("tests/", ".cs")).Concat(Repository.Files("bench/", ".cs", ".sh")).Concat(Repository.Files("samples/tools/", ".py")).ToList();
        Assert.True(files.Count > 150, $"only {files.Count} files were seen");
        foreach (var file in files)
        {
            foreach (Match match in Notes().Matches(file.Text))
                wrong.Add($"{file.At(file.Text, match.Index)}: {match.Value}");
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Files_stay_short_or_say_why_not()
    {
        var files = Repository.Sources().Concat(Repository.Files("tests/", ".cs")).Concat(Repository.Files("bench/", ".cs", ".sh")).Concat(Repository.Files("samples/tools/", ".py")).ToList();
        Assert.True(files.Count > 150, $"only {files.Count} files were seen");
        var tooLong = files.Where(f => f.Lines > MostLines).Select(f => $"{f.Path}: {f.Lines} lines, at most {MostLines}").ToList();
        Assert.True(tooLong.Count == 0, string.Join('\n', tooLong));

        var above = files.Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal) && f.Lines > LookAgainLines).Select(f => f.Path).Order(StringComparer.Ordinal);
        Assert.Equal(LongFiles.Select(f => f.Path).Order(StringComparer.Ordinal), above);
        Assert.All(LongFiles, f => Assert.NotEmpty(f.Reason));
    }

    [Fact]
    public void Classes_are_sealed_unless_something_derives_from_them()
    {
        var types = new[] { typeof(CodeRecord), typeof(OrganizeStage), typeof(CommandLine) }
            .SelectMany(t => t.Assembly.GetTypes()).Where(t => t.IsClass && !t.Name.Contains('<') && t.Namespace?.StartsWith("Stackmill", StringComparison.Ordinal) == true).ToList();
        Assert.True(types.Count > 150, $"only {types.Count} classes were seen");
        var open = types.Where(t => !t.IsSealed && !t.IsAbstract && !types.Any(d => d.BaseType == t || (d.BaseType is { IsGenericType: true } b && b.GetGenericTypeDefinition() == t)));
        Assert.Equal([], open.Select(t => t.FullName));
    }

    [Fact]
    public void No_tracked_file_names_a_developers_machine_or_a_package_host()
    {
        // Put together here, so that this file does not name them itself.
        string[] forbidden = ["/wo" + "rk/", "/opt/nu" + "get", "/tm" + "p/h/", "/ro" + "ot/", "api.nu" + "get.org", "registry.np" + "mjs.org", "py" + "pi.org", "artifact" + "ory"];
        var home = new Regex("/(home|Users)" + @"/[a-z][\w-]*/");
        var wrong = new List<string>();
        var files = Repository.Paths.Where(p => !p.StartsWith("samples/corpus/", StringComparison.Ordinal) && !p.EndsWith("packages.lock.json", StringComparison.Ordinal)).ToList();
        Assert.True(files.Count > 200, $"only {files.Count} files were seen");
        foreach (var file in files.Select(p => new RepositoryFile(p)))
        {
            wrong.AddRange(forbidden.Where(f => file.Text.Contains(f, StringComparison.OrdinalIgnoreCase)).Select(f => $"{file.Path}: {f}"));
            if (!file.Path.StartsWith("samples/", StringComparison.Ordinal))
                wrong.AddRange(home.Matches(file.Text).Select(m => $"{file.At(file.Text, m.Index)}: {m.Value}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [GeneratedRegex(@"\bcatch\b(?!"")\s*(?:\(\s*(?<type>[\w.]+)[^)]*\))?(?<when>\s*when\s*\([^\n]*\))?")]
    private static partial Regex Catch();

    [GeneratedRegex(@"\bis\s+(?:not\s+)?[A-Z]\w*(?:Exception|Fault)\b|\bis\s+[A-Z][\w.]*Exception\b")]
    private static partial Regex TypeFilter();

    // In pieces, so that this file does not hold them itself.
    [GeneratedRegex(@"\b(?:TO" + @"DO|FIX" + @"ME|HA" + @"CK)\b|^\s*#(?:end)?reg" + "ion", RegexOptions.Multiline)]
    private static partial Regex Notes();
}
