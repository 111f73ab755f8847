using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Conventions;

/// <summary>What is handed out for other systems: pinned, without root, watched, and without a secret in it.</summary>
public sealed partial class DeploymentTests
{
    private static readonly string[] Steps = ["init"];

    [Fact]
    public void Every_YAML_file_for_deployments_is_read_by_a_parser()
    {
        // Templates of a chart become YAML when they are rendered: HelmChartTests.
        var files = Repository.Files("deploy/", ".yml", ".yaml").Where(f => !f.Path.Contains("/templates/", StringComparison.Ordinal)).ToList();
        Assert.True(files.Count >= 2, $"only {files.Count} files were seen");
        Assert.All(files, f => Assert.NotEmpty(YamlText.Documents(f.Text)));
    }

    [Fact]
    public void Services_are_pinned_run_without_root_have_health_checks_and_take_secrets_from_outside()
    {
        var compose = Compose();
        var services = compose["services"]!.AsObject();
        Assert.Equal(["api-server", "dag-processor", "init", "postgres", "pushgateway", "scheduler", "triggerer"], services.Select(s => s.Key).Order(StringComparer.Ordinal));
        foreach (var (name, service) in services)
        {
            Assert.Matches(Pinned(), (string)service!["image"]!);
            Assert.Matches(NotRoot(), (string)service["user"]!);
            Assert.Equal("ALL", (string)Assert.Single(service["cap_drop"]!.AsArray())!);
            Assert.Equal("no-new-privileges:true", (string)Assert.Single(service["security_opt"]!.AsArray())!);
            if (!Steps.Contains(name))
                Assert.NotNull(service["healthcheck"]!["test"]);
            foreach (var port in service["ports"]?.AsArray() ?? [])
                Assert.StartsWith("127.0.0.1:", (string)port!, StringComparison.Ordinal);
            foreach (var (key, value) in service["environment"]?.AsObject() ?? [])
            {
                // A secret that is missing ends the start, and no value of it is written here.
                if (Secret().IsMatch(key))
                    Assert.Matches(Required(), (string)value!);
            }
        }

        var seen = services.SelectMany(s => s.Value!["environment"]?.AsObject() ?? []).Select(v => v.Key).Where(k => Secret().IsMatch(k)).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(
            ["AIRFLOW_ADMIN_PASSWORD", "AIRFLOW__API_AUTH__JWT_SECRET", "AIRFLOW__API__SECRET_KEY", "AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "POSTGRES_PASSWORD"],
            seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_variable_that_services_want_is_in_the_example_and_every_secret_in_it_is_empty()
    {
        var example = Repository.Files("deploy/airflow/", ".example").Single().Text.Split('\n').Where(l => l.Contains('=') && !l.StartsWith('#')).Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l[1]);
        var wanted = Variable().Matches(Repository.Files("deploy/airflow/", ".yml").Single().Text).Select(m => m.Groups["name"].Value).Distinct().Where(n => n != "AIRFLOW_PORT").Order(StringComparer.Ordinal);
        Assert.Equal(wanted, example.Keys.Order(StringComparer.Ordinal));
        Assert.All(example.Where(e => Secret().IsMatch(e.Key)), e => Assert.Empty(e.Value));
        Assert.True(example.Count(e => Secret().IsMatch(e.Key)) >= 5);
    }

    [Fact]
    public void A_password_that_is_short_or_the_name_of_the_account_is_refused_before_anything_starts()
    {
        Requires.Tool("bash");
        var script = (string)Compose()["services"]!["init"]!["command"]![0]!;
        foreach (var (password, refused) in new[] { ("airflow", true), ("administrator", true), ("", true), ("a long enough one", false) })
        {
            // 'airflow' is a function here: how far the script comes is what is asked.
            var start = new System.Diagnostics.ProcessStartInfo("bash", ["-euc", "airflow() { echo \"called $1\"; }\n" + script.Replace("$$", "$", StringComparison.Ordinal)]) { RedirectStandardOutput = true, RedirectStandardError = true };
            (start.Environment["AIRFLOW_ADMIN_USER"], start.Environment["AIRFLOW_ADMIN_PASSWORD"], start.Environment["STACKMILL_POOL_SLOTS"]) = ("administrator", password, "4");
            using var bash = System.Diagnostics.Process.Start(start)!;
            var output = bash.StandardOutput.ReadToEnd();
            bash.WaitForExit();
            Assert.Equal((refused ? 1 : 0, refused ? "" : "called db\ncalled pools\ncalled users\n"), (bash.ExitCode, output));
        }
    }

    [Fact]
    public void Images_are_built_on_pinned_ones_and_end_with_an_account_that_is_not_root()
    {
        var files = Repository.Paths.Where(p => p.StartsWith("deploy/", StringComparison.Ordinal) && Path.GetFileName(p).StartsWith("Dockerfile", StringComparison.Ordinal)).Select(p => new RepositoryFile(p)).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var from = From().Matches(file.Text).Select(m => m.Groups["image"].Value).ToList();
            Assert.True(from.Count >= 2, file.Path);
            Assert.All(from, image => Assert.Matches(Pinned(), image));
            Assert.Matches(NotRoot(), User().Matches(file.Text).Last().Groups["user"].Value);
            Assert.DoesNotMatch(Secret(), string.Join('\n', file.Text.Split('\n').Where(l => l.StartsWith("ENV ", StringComparison.Ordinal) || l.StartsWith("ARG ", StringComparison.Ordinal))));
        }
    }

    [Fact]
    public void The_image_has_the_frameworks_that_the_program_asks_for()
    {
        var configuration = JsonNode.Parse(File.ReadAllBytes(Path.ChangeExtension(StackmillProgram.Dll, ".runtimeconfig.json")))!;
        var frameworks = configuration["runtimeOptions"]!["frameworks"]!.AsArray().Select(f => (string)f!["name"]!).ToList();
        var needed = frameworks.Contains("Microsoft.AspNetCore.App") ? "aspnet" : "runtime";
        Assert.Equal($"${{DOTNET_IMAGES}}/{needed}", From().Matches(new RepositoryFile("deploy/Dockerfile").Text).Last().Groups["image"].Value.Split(':')[0]);
        // Its images have no data of cultures: the program must not ask for any.
        Assert.True((bool)configuration["runtimeOptions"]!["configProperties"]!["System.Globalization.Invariant"]!);
    }

    private static JsonNode Compose() => Assert.Single(YamlText.Documents(Repository.Files("deploy/airflow/", ".yml").Single().Text));

    [GeneratedRegex(@"^(\$\{DOTNET_IMAGES\}/)?[a-z0-9./-]+:v?\d+(\.\d+)+[\w.-]*$")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"^[1-9]\d*(:\d+)?$")]
    private static partial Regex NotRoot();

    [GeneratedRegex("PASSWORD|SECRET|FERNET|SQL_ALCHEMY_CONN|TOKEN")]
    private static partial Regex Secret();

    [GeneratedRegex(@"\$\{\w+:\?[^}]+\}")]
    private static partial Regex Required();

    [GeneratedRegex(@"(?<!\$)\$\{(?<name>\w+)[:}]")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^FROM (?:--platform=\S+ )?(?<image>\S+)", RegexOptions.Multiline)]
    private static partial Regex From();

    [GeneratedRegex(@"^USER (?<user>\S+)$", RegexOptions.Multiline)]
    private static partial Regex User();
}
