using System.Text.RegularExpressions;
using System.Xml.Linq;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Conventions;

/// <summary>Packages are declared once, with an exact version and a reason, and are used.</summary>
public sealed partial class PackageTests
{
    // One reason may stand for packages of one family, not for a list.
    private const int MostPackagesOfOneReason = 6;

    [Fact]
    public void Every_package_has_an_exact_version_a_reason_and_a_user()
    {
        var central = XDocument.Load(Path.Combine(Samples.RepositoryRoot, "Directory.Packages.props"));
        var used = ReferenceTests.Projects().Select(p => p.Document)
            .Append(XDocument.Load(Path.Combine(Samples.RepositoryRoot, "Directory.Build.props")))
            .SelectMany(d => d.Descendants("PackageReference")).ToList();
        Assert.All(used, reference => Assert.Null(reference.Attribute("Version")));
        var users = used.Select(r => (string)r.Attribute("Include")!).ToHashSet(StringComparer.Ordinal);

        var (wrong, seen, since, reason) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal), 0, "");
        foreach (var node in central.Descendants("ItemGroup").Nodes())
        {
            if (node is XComment comment)
            {
                (reason, since) = (comment.Value.Trim(), 0);
                continue;
            }

            if (node is not XElement { Name.LocalName: "PackageVersion" } package)
                continue;
            var (id, version) = ((string)package.Attribute("Include")!, (string)package.Attribute("Version")!);
            if (!seen.Add(id))
                wrong.Add($"{id} is declared twice");
            if (!Exact().IsMatch(version))
                wrong.Add($"{id}: '{version}' is no exact version");
            if (reason.Length < 15 || ++since > MostPackagesOfOneReason)
                wrong.Add($"{id}: no reason stands above it");
            if (!users.Contains(id))
                wrong.Add($"{id}: no project uses it");
        }

        Assert.True(seen.Count > 15, $"only {seen.Count} packages were seen");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Subset(seen, users);
    }

    [GeneratedRegex(@"^\d+(\.\d+){1,3}(-[\w.]+)?$")]
    private static partial Regex Exact();
}
