using System.Diagnostics;
using System.Text.Json.Nodes;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

/// <summary>The manifests of a plan: what they say, and what comes of the pods that they ask for, each of which is a process here.</summary>
public sealed class KubernetesTests(PlannedProject shared) : IClassFixture<PlannedProject>
{
    [Fact]
    public void The_Jobs_of_a_plan_applied_in_order_make_what_a_run_makes()
    {
        shared.Plan("pods", "--slots", "2");
        var files = Manifests("pods").Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var jobs = Jobs(files);
        Assert.Equal(18, jobs.Count);
        foreach (var job in jobs)
        {
            var spec = job["spec"]!;
            var arguments = spec["template"]!["spec"]!["containers"]![0]!["args"]!.AsArray().Select(a => (string)a!).ToList();
            // Where the ConfigMap is mounted.
            var at = arguments.IndexOf("--config") + 1;
            Assert.Equal("/etc/stackmill/stackmill.yaml", arguments[at]);
            var configuration = (string)YamlText.Documents(File.ReadAllText(files[0]))[1]["data"]!["stackmill.yaml"]!;
            arguments[at] = Path.Combine(shared.Folder("pods"), "plan", "mounted.yaml");
            File.WriteAllText(arguments[at], configuration);
            for (var index = 0; index < (int)spec["completions"]!; index++)
                new StackmillProgram { Environment = new Dictionary<string, string> { ["JOB_COMPLETION_INDEX"] = $"{index}" } }.With([.. arguments]).Expect(0);
        }

        TreeState.AssertEqual(shared.Alone, shared.Tree("pods"));
        Assert.Equal("nothing to submit: every task is done\n", Manifests("pods").Expect(0).Output);
        Assert.Equal("nothing to submit: every task is done\n", Manifests("pods", "--helm").Expect(0).Output);
        Assert.True(File.Exists(files[^1]));
        Assert.False(File.Exists(Path.Combine(Path.GetDirectoryName(files[^1])!, "values.yaml")));
    }

    [Fact]
    public void Jobs_are_indexed_with_tries_by_index_and_pods_have_no_rights_limits_and_credentials_by_reference()
    {
        var groups = shared.Plan("rules", "--slots", "3", "--memory", "1000MB", "--workers", "2");
        var files = Manifests("rules", "--namespace", "data", "--secret", "lake", "--max-concurrent", "2", "--retries", "5").Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var common = YamlText.Documents(File.ReadAllText(files[0]));
        Assert.Equal(["ServiceAccount", "ConfigMap"], common.Select(d => (string)d["kind"]!));
        Assert.False((bool)common[0]["automountServiceAccountToken"]!);
        var jobs = Jobs(files);
        Assert.Equal(groups.Select(g => (string)g["group"]!), jobs.Select(j => (string)j["metadata"]!["labels"]!["stackmill/group"]!));
        foreach (var (job, group) in jobs.Zip(groups))
        {
            Assert.Equal(("batch/v1", "Job", "data"), ((string)job["apiVersion"]!, (string)job["kind"]!, (string)job["metadata"]!["namespace"]!));
            Assert.Matches("^[a-z0-9-]{1,52}$", (string)job["metadata"]!["name"]!);
            var spec = job["spec"]!;
            var count = (int)group["count"]!;
            Assert.Equal(("Indexed", count, Math.Min(count, 2), 5), ((string)spec["completionMode"]!, (int)spec["completions"]!, (int)spec["parallelism"]!, (int)spec["backoffLimitPerIndex"]!));
            var rules = spec["podFailurePolicy"]!["rules"]!;
            Assert.Equal(("Ignore", "DisruptionTarget", "True"), ((string)rules[0]!["action"]!, (string)rules[0]!["onPodConditions"]![0]!["type"]!, (string)rules[0]!["onPodConditions"]![0]!["status"]!));
            Assert.Equal([2, 4], rules[1]!["onExitCodes"]!["values"]!.AsArray().Select(c => (int)c!));
            var pod = spec["template"]!["spec"]!;
            var container = Assert.Single(pod["containers"]!.AsArray())!;
            Assert.Equal((string)container["name"]!, (string)rules[1]!["onExitCodes"]!["containerName"]!);
            // The only restart policy that a pod failure policy allows.
            Assert.Equal("Never", (string)pod["restartPolicy"]!);
            Assert.Equal((true, 1654), ((bool)pod["securityContext"]!["runAsNonRoot"]!, (int)pod["securityContext"]!["runAsUser"]!));
            Assert.Equal((false, true, "ALL"), ((bool)container["securityContext"]!["allowPrivilegeEscalation"]!, (bool)container["securityContext"]!["readOnlyRootFilesystem"]!, (string)container["securityContext"]!["capabilities"]!["drop"]![0]!));
            Assert.Equal(("lake", true), ((string)container["envFrom"]![0]!["secretRef"]!["name"]!, (bool)container["envFrom"]![0]!["secretRef"]!["optional"]!));
            Assert.Equal(("1050Mi", (string)group["kind"]! == "finish" ? "1" : "2"), ((string)container["resources"]!["limits"]!["memory"]!, (string)container["resources"]!["requests"]!["cpu"]!));
            Assert.Equal(pod["volumes"]!.AsArray().Select(v => (string)v!["name"]!), container["volumeMounts"]!.AsArray().Select(m => (string)m!["name"]!));
            Assert.Equal((false, true), ((bool)pod["volumes"]![0]!["persistentVolumeClaim"]!["readOnly"]!, (bool)pod["volumes"]![1]!["persistentVolumeClaim"]!["readOnly"]!));
        }
    }

    [Fact]
    public async Task The_script_begins_a_group_when_those_before_it_are_done_and_leaves_out_what_stands_behind_a_failure()
    {
        Requires.Tool("bash");
        shared.Plan("script", "--slots", "2");
        var script = Manifests("script").Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        // Answers as kubectl does: a Job is asked for twice until it has ended; that of the validation fails.
        var (code, output, error, calls) = await Run(script, """
            if [ ! -e "$bin/$3" ]; then touch "$bin/$3"; exit 1; fi
            case $3 in
              *-validate-finish) printf 'FailureTarget Failed' ;;
              *) printf 'SuccessCriteriaMet Complete' ;;
            esac
            """);

        Assert.True(code == 1, $"{code}\n{output}\n{error}");
        var done = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("organize: done", done[0]);
        Assert.Contains("statistics.finish: done", done);
        Assert.DoesNotContain(done, d => d.StartsWith("export", StringComparison.Ordinal) || d.StartsWith("validate.finish", StringComparison.Ordinal));
        Assert.Contains("export: not begun, for validate.finish has failed", error, StringComparison.Ordinal);
        Assert.Contains("export.finish: not begun, for export has failed", error, StringComparison.Ordinal);
        Assert.Equal("apply --filename 00-common.yaml", calls[0]);
        Assert.StartsWith("delete job stackmill-", calls[1], StringComparison.Ordinal);
        Assert.Equal("apply --filename 01-organize.yaml", calls[2]);
        Assert.DoesNotContain(calls, c => c.Contains("-export", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_Job_that_is_gone_and_a_cluster_that_never_answers_end_their_groups_as_failed()
    {
        Requires.Tool("bash");
        shared.Plan("gone", "--slots", "2");
        var script = Manifests("gone").Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        var (code, _, error, _) = await Run(script, """
            echo "Error from server (NotFound): jobs.batch \"$3\" not found" >&2; exit 1
            """);
        Assert.Equal(1, code);
        Assert.Contains("organize: its Job stackmill-", error, StringComparison.Ordinal);
        Assert.Contains("is gone", error, StringComparison.Ordinal);
        Assert.Contains("organize.finish: not begun, for organize has failed", error, StringComparison.Ordinal);

        // Fifty-nine times in a row is patience, sixty is not; an answer in between begins anew.
        string calls;
        (code, calls, error, _) = await Run(script, """
            echo x >> "$bin/asked"; n=$(wc -l < "$bin/asked")
            case $3 in
              *-organize) if [ $n -eq 60 ] || [ $n -eq 120 ]; then [ $n -eq 60 ] || printf Complete; exit 0; fi ;;
            esac
            echo 'Unable to connect to the server' >&2; exit 1
            """);
        Assert.Equal(1, code);
        Assert.Equal("organize: done", calls.Split('\n')[0]);
        Assert.Contains("organize.finish: the cluster did not say 60 times in a row how its Job stands; the last time: Unable to connect to the server", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_it_did_not_write_stay_and_those_in_its_way_are_named()
    {
        shared.Plan("files", "--slots", "2");
        var files = Manifests("files").Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var folder = Path.GetDirectoryName(files[0])!;
        var note = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "mine")).FullName, "note.txt");
        File.WriteAllText(note, "kept");
        File.WriteAllText(Path.Combine(folder, "patch.yaml"), "kept");
        var values = Assert.Single(Manifests("files", "--helm").Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.All(files, f => Assert.False(File.Exists(f)));
        Assert.True(File.Exists(values) && File.Exists(note) && File.Exists(Path.Combine(folder, "patch.yaml")));
        Manifests("files").Expect(0);
        Assert.False(File.Exists(values));

        File.AppendAllText(files[2], "# by hand\n");
        var before = File.ReadAllText(files[0]);
        Assert.Contains($"'{files[2]}' would be written over, but it was changed", Manifests("files", "--namespace", "data").Expect(2).Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(files[0]));
        File.Delete(files[2]);
        Manifests("files", "--namespace", "data").Expect(0);

        Directory.Delete(folder, recursive: true);
        File.WriteAllText(folder, "");
        Assert.Contains($"'{folder}' is a file", Manifests("files").Expect(2).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_pods_would_not_find_and_images_that_may_change_are_refused()
    {
        shared.Plan("refused");
        string[] start = ["submit", "kubernetes", "--output", shared.Folder("refused"), "--image"];
        Assert.Contains("the project folder", StackmillProgram.Run([.. start, "a:1", "--volume", "claim:/elsewhere"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("that pods may write to", StackmillProgram.Run([.. start, "a:1", "--volume", $"claim:{shared.Folder("refused")}:ro"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("the input", StackmillProgram.Run([.. start, "a:1", "--volume", $"claim:{shared.Folder("refused")}"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("expected CLAIM:PATH", StackmillProgram.Run([.. start, "a:1", "--volume", "claim:relative"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("is named twice", StackmillProgram.Run([.. start, "a:1", "--volume", "one:/data", "--volume", "two:/data/:ro"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("something of their own at '/etc/stackmill'", StackmillProgram.Run([.. start, "a:1", "--volume", "one:/etc/stackmill"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("Helm takes the namespace itself", StackmillProgram.Run([.. start, "a:1", "--volume", "one:/data", "--helm", "--namespace", "data"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("found 'Data_1'", StackmillProgram.Run([.. start, "a:1", "--volume", "one:/data", "--namespace", "Data_1"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("found 10001", StackmillProgram.Run([.. start, "a:1", "--volume", "one:/data", "--max-concurrent", "10001"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("there is no plan", StackmillProgram.Run("submit", "kubernetes", "--output", shared.Folder("unplanned"), "--image", "a:1", "--volume", "one:/data").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("found a name of 64 characters; expected lower case letters, digits and dashes between them, 63 characters at most", StackmillProgram.Run([.. start, "a:1", "--volume", "one:/data", "--namespace", new string('n', 64)]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("--retries: found 101; expected 0 to 100", StackmillProgram.Run([.. start, "a:1", "--volume", "one:/data", "--retries", "101"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", StackmillProgram.Run([.. start, "user:hunter2@registry.local/stackmill:1", "--volume", "claim:/elsewhere"]).Expect(2).All, StringComparison.Ordinal);
        foreach (var image in new[] { "", "stackmill", "stackmill:latest", "localhost:5000/stackmill", "stackmill:1 --privileged", "stackmill:1\n", "-v:1" })
            Assert.Contains("expected a name with a tag other than latest, or with a digest", StackmillProgram.Run([.. start, image, "--volume", "claim:/elsewhere"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(shared.Folder("refused"), "plan", "kubernetes")));
    }

    // Runs the script with a kubectl that answers 'get' by a piece of bash, in which $bin is a folder of its own; gives the calls too.
    private async Task<(int Code, string Output, string Error, string[] Calls)> Run(string script, string get)
    {
        var bin = Directory.CreateDirectory(shared.Folder($"bin-{Guid.NewGuid():N}")).FullName;
        var log = Path.Combine(bin, "log");
        File.WriteAllText(Path.Combine(bin, "kubectl"), $"#!/bin/bash\nbin='{bin}'\necho \"$*\" >> '{log}'\n[ \"$1\" = get ] || exit 0\n{get}\n");
        using var chmod = Process.Start("chmod", ["+x", Path.Combine(bin, "kubectl")]);
        await chmod.WaitForExitAsync();
        var start = new ProcessStartInfo("bash", [script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["PATH"], start.Environment["STACKMILL_POLL_SECONDS"]) = ($"{bin}:{Environment.GetEnvironmentVariable("PATH")}", "0");
        using var bash = Process.Start(start)!;
        var reading = bash.StandardError.ReadToEndAsync();
        var output = await bash.StandardOutput.ReadToEndAsync();
        var error = await reading;
        await bash.WaitForExitAsync();
        return (bash.ExitCode, output, error, File.ReadAllLines(log));
    }

    private ProgramResult Manifests(string project, params string[] more) => StackmillProgram.Run(
        ["submit", "kubernetes", "--output", shared.Folder(project), "--image", "registry.local/stackmill:0.1.0", "--volume", $"project:{Path.GetDirectoryName(shared.Folder(project))}", "--volume", $"code:{Samples.CorpusPath}:ro", .. more]);

    private static List<JsonNode> Jobs(string[] files) => [.. files[1..^1].Select(f => Assert.Single(YamlText.Documents(File.ReadAllText(f))))];
}
