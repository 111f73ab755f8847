using System.Text.RegularExpressions;
using System.Xml.Linq;
using Stackmill.Core.Model;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Conventions;

/// <summary>References point inward: Cli → Web → Stackmill → Core → base class library; stages do not know one another.</summary>
public sealed partial class ReferenceTests
{
    private static readonly string[] Stages = ["Acquire", "Organize", "Preprocess", "Deduplicate", "Validate", "Statistics", "Export"];

    private static readonly string[] Shared = ["Shared", "Datasets"];

    // What one folder of src/Stackmill may use of another beside Shared and Datasets, and why.
    private static readonly (string From, string To, string Reason)[] Exceptions =
    [
        ("Deduplicate", "Preprocess.Measure", "a text that boilerplate was cut out of is measured as the one before was"),
        ("Deduplicate", "Preprocess.Tokenize", "and its tokens are counted by the same vocabulary"),
        ("Validate", "Preprocess.Redact", "residual personal data is what the redactor itself would still replace; a second detector would disagree with it"),
        ("Validate", "Preprocess.Measure", "stored measures are checked against the ones that the same code measures"),
    ];

    [Fact]
    public void Projects_reference_only_what_lies_further_in()
    {
        var references = Projects().ToDictionary(p => p.Name, p => p.References);

        Assert.Equal(6, references.Count);
        Assert.Empty(references["Stackmill.Core"]);
        Assert.Equal(["Stackmill.Core"], references["Stackmill"]);
        Assert.Equal(["Stackmill"], references["Stackmill.Web"]);
        Assert.Equal(["Stackmill.Web"], references["Stackmill.Cli"]);
        Assert.Equal(["Stackmill"], references["Stackmill.Bench"]);
        Assert.Equal(["Stackmill.Cli"], references["Stackmill.Tests"]);
    }

    [Fact]
    public void Core_uses_the_base_class_library_only()
    {
        var core = XDocument.Load(Path.Combine(Samples.RepositoryRoot, "src/Stackmill.Core/Stackmill.Core.csproj"));
        Assert.Empty(core.Descendants("PackageReference"));

        var assemblies = typeof(CodeRecord).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ToList();
        Assert.NotEmpty(assemblies);
        Assert.All(assemblies, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
    }

    [Fact]
    public void Folders_reference_only_what_lies_further_in()
    {
        var wrong = new List<string>();
        var used = new HashSet<(string, string)>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var file in Repository.Sources().Where(f => f.Path.StartsWith("src/Stackmill/", StringComparison.Ordinal)))
        {
            var folder = file.Path.Split('/')[2];
            var code = file.Code;
            foreach (Match match in Reference().Matches(code))
            {
                var target = match.Groups["name"].Value;
                var top = target.Split('.')[0];
                seen[folder] = seen.GetValueOrDefault(folder) + 1;
                if (MayUse(folder, top))
                    continue;
                var exception = Exceptions.FirstOrDefault(e => e.From == folder && (target == e.To || target.StartsWith(e.To + ".", StringComparison.Ordinal)));
                if (exception.From is null)
                    wrong.Add($"{file.At(code, match.Index)}: {folder} uses {target}");
                else
                    used.Add((exception.From, exception.To));
            }
        }

        Assert.True(seen.Values.Sum() > 150, $"only {seen.Values.Sum()} references were seen");
        Assert.True(Stages.All(s => seen.GetValueOrDefault(s) > 0), $"references were seen in {string.Join(", ", seen.Keys)} only");
        Assert.True(wrong.Count == 0, $"stages share through Core, Datasets and Shared:\n{string.Join('\n', wrong)}");
        Assert.Equal(Exceptions.Select(e => (e.From, e.To)).ToHashSet(), used);
    }

    [Fact]
    public void Namespaces_are_those_of_the_folders()
    {
        var wrong = new List<string>();
        var seen = 0;
        foreach (var file in Repository.Sources().Concat(Repository.Files("tests/", ".cs")))
        {
            if (Namespace().Match(file.Text) is not { Success: true } match)
                continue;
            seen++;
            var expected = Path.GetDirectoryName(file.Path)!.Replace('\\', '/').Split('/', 2)[1].Replace('/', '.');
            if (match.Groups[1].Value != expected)
                wrong.Add($"{file.Path}: {match.Groups[1].Value}, expected {expected}");
        }

        Assert.True(seen > 150, $"only {seen} namespaces were seen");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static bool MayUse(string folder, string target) => folder switch
    {
        "Runs" => true,
        "Catalog" => target != "Runs",
        "Datasets" or "Shared" => Shared.Contains(target) || target == folder,
        _ => target == folder || Shared.Contains(target),
    } && (folder != "Shared" || target == "Shared");

    internal static IEnumerable<(string Name, XDocument Document, string[] References)> Projects() =>
        Repository.Paths.Where(p => p.EndsWith(".csproj", StringComparison.Ordinal)).Select(path =>
        {
            var document = XDocument.Load(Path.Combine(Samples.RepositoryRoot, path));
            var references = document.Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!));
            return (Path.GetFileNameWithoutExtension(path), document, references.ToArray());
        });

    // Whole names after 'Stackmill.' (using lines and qualified names), and names that begin at a folder of the same project.
    [GeneratedRegex(@"(?<![\w.])(?:using\s+(?:static\s+|\w+\s*=\s*)?)?Stackmill\.(?<name>(?!Core\b|Tests\b|Cli\b)[A-Z]\w*(?:\.[A-Z]\w*)*)(?=\s*[;.(<\s])|(?<![\w.\u0022])(?<name>(?:Acquire|Organize|Preprocess|Deduplicate|Validate|Statistics|Export|Catalog|Runs|Datasets)\.[A-Z]\w*(?:\.[A-Z]\w*)*)")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
