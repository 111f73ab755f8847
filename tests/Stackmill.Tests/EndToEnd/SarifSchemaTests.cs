using System.Text.Json.Nodes;
using NJsonSchema;
using Stackmill.Preprocess.Redact;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>What <c>stackmill scan --format sarif</c> writes is valid by the schema of SARIF 2.1.0 (Schemas/ORIGIN.md).</summary>
public sealed class SarifSchemaTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_log_with_finds_of_every_kind_is_valid_and_so_is_one_without()
    {
        var schema = await Schema();
        foreach (var (index, rule) in RuleCatalog.Rules.Index())
            _folder.Write($"repo/a b/ü%{index:000}#.txt", $"# é🎉\n{string.Join("\n\n\n", rule.Positives).Replace("«", "").Replace("»", "")}\n");
        string[] everything = ["--set", "redaction.obfuscated_email=true", "--set", "redaction.name=true", "--set", "redaction.location=true"];
        foreach (var context in (string[][])[[], ["--show-context"]])
        {
            var log = StackmillProgram.Run(["scan", _folder["repo"], "--format", "sarif", .. everything, .. context]).Expect(1).Output;
            Assert.Empty(Faults(schema, log));
            var results = JsonNode.Parse(log)!["runs"]![0]!["results"]!.AsArray();
            Assert.True(results.Count >= RuleCatalog.Rules.Count, $"only {results.Count} finds");
            Assert.All(results, r => Assert.True(Uri.TryCreate((string)r!["locations"]![0]!["physicalLocation"]!["artifactLocation"]!["uri"]!, UriKind.Relative, out _)));
        }

        _folder.Write("clean/a.txt", "nothing\n");
        Assert.Empty(Faults(schema, StackmillProgram.Run("scan", _folder["clean"], "--format", "sarif").Expect(0).Output));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_log_that_tells_of_files_that_could_not_be_read_is_valid_and_so_are_rules_of_users()
    {
        Requires.Unix();
        Requires.Tool("setpriv");
        Requires.Root();
        var schema = await Schema();
        File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
        var rules = _folder.Write("rules.toml", "[[rules]]\nid = 'own rule'\ndescription = 'a \"name\"'\nregex = '''name-[0-9]+'''\n");
        File.SetUnixFileMode(_folder.Write("repo/closed.txt", "jane@harbour.net\n"), UnixFileMode.None);
        _folder.Write("repo/open.txt", "name-1 jane@harbour.net\n");

        var nobody = new StackmillProgram { Through = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"], Environment = new Dictionary<string, string> { ["HOME"] = "/nonexistent" } };
        var log = nobody.With("scan", _folder["repo"], "--format", "sarif", "--rules", rules).Expect(1).Output;

        Assert.Empty(Faults(schema, log));
        var run = JsonNode.Parse(log)!["runs"]![0]!;
        Assert.Equal(2, run["results"]!.AsArray().Count);
        Assert.Single(run["invocations"]![0]!["toolExecutionNotifications"]!.AsArray());
    }

    [Fact]
    public async Task The_schema_refuses_logs_that_are_not_of_its_form()
    {
        var schema = await Schema();
        _folder.Write("repo/a.txt", "jane@harbour.net\n");
        var log = StackmillProgram.Run("scan", _folder["repo"], "--format", "sarif").Expect(1).Output;
        foreach (var damage in (Action<JsonNode>[])
        [
            log => log.AsObject().Remove("version"),
            log => log["runs"]![0]!["results"]![0]!["level"] = "fatal",
            log => log["runs"]![0]!["results"]![0]!.AsObject().Remove("message"),
            log => log["runs"]![0]!["results"]![0]!["locations"]![0]!["physicalLocation"]!["region"]!["startLine"] = 0,
            log => log["runs"]![0]!["results"]![0]!["rank"] = 101,
            log => log["runs"]![0]!["invocations"]![0]!.AsObject().Remove("executionSuccessful"),
            log => log["runs"]![0]!["tool"]!["driver"]!["rules"]![0]!["severity"] = "high",
        ])
        {
            var damaged = JsonNode.Parse(log)!;
            damage(damaged);
            Assert.NotEmpty(Faults(schema, damaged.ToJsonString()));
        }
    }

    public void Dispose() => _folder.Dispose();

    private static Task<JsonSchema> Schema() =>
        JsonSchema.FromFileAsync(Path.Combine(Samples.RepositoryRoot, "tests/Stackmill.Tests/EndToEnd/Schemas/sarif-2.1.0-rtm.5.json"));

    private static IEnumerable<string> Faults(JsonSchema schema, string log) => schema.Validate(log).Select(f => f.ToString());
}
