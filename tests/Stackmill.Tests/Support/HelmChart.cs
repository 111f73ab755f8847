using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Stackmill.Tests.Support;

/// <summary>
/// The chart of <c>deploy/kubernetes/helm</c>, rendered by what Helm is made of: Go's templates and Sprig, from Debian's packages. Helm itself is in none.
/// Without them the test that asks is skipped (and fails where CI is "true").
/// </summary>
internal static class HelmChart
{
    private const string Libraries = "/usr/share/gocode";

    public const string Path = "deploy/kubernetes/helm/stackmill/";

    public static JsonNode Values => Document("values.yaml");

    public static JsonNode Document(string name) => Assert.Single(YamlText.Documents(new Conventions.RepositoryFile(Path + name).Text));

    /// <summary>Text of each template, by name.</summary>
    public static IReadOnlyDictionary<string, string> Render(string values, string space)
    {
        Requires.Tool("go");
        foreach (var library in (string[])["Masterminds/sprig", "ghodss/yaml"])
            Requires.That(Directory.Exists($"{Libraries}/src/github.com/{library}"), $"this test needs the Go package '{library}' of Debian");
        var start = new ProcessStartInfo("go", ["run", System.IO.Path.Combine("tests", "helm-stand-in", "render.go"), Path, values, space]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Samples.RepositoryRoot };
        (start.Environment["GO111MODULE"], start.Environment["GOPATH"], start.Environment["GOPROXY"], start.Environment["GOFLAGS"]) = ("off", Libraries, "off", "");
        // What was compiled is kept beside the program's own output: it takes longer than all else.
        start.Environment["GOCACHE"] = System.IO.Path.Combine(Samples.RepositoryRoot, "artifacts", "go");
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.GetAwaiter().GetResult());
        return JsonNode.Parse(output)!.AsObject().ToDictionary(f => f.Key, f => (string)f.Value!);
    }
}
