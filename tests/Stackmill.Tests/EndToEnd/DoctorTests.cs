using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Stackmill.Tests.Conventions;
using Stackmill.Tests.Runs.Doctor;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd;

/// <summary><c>stackmill doctor</c>, as people and machines meet it.</summary>
public sealed partial class DoctorTests : IDisposable
{
    private const string Dataset = "bigcode/the-stack-v2-dedup";
    private const string Secret = "aSecretKeyThatMustNeverBeShown0123456789";

    private readonly TempFolder _folder = new();

    public DoctorTests()
    {
        StackV2Files.Write(_folder["rows.parquet"], StackV2Files.Rows(20, 1, "Python"), new StackV2Form());
        _folder.Write("src/a.py", Source.Python(1));
        // Tools of its own, whatever this machine has.
        foreach (var (name, says) in ((string, string)[])[("git", "git version 2.39.5"), ("dvc", "3.55.2")])
        {
            _folder.Write($"bin/{name}", $"#!/bin/sh\necho {says}\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(_folder["bin", name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    [Fact]
    public async Task A_machine_that_is_ready_is_told_line_by_line()
    {
        Requires.Unix();
        await using var hub = await HubAsync();
        await using var bucket = await BlobServer.Start();
        bucket.Add([]);

        var result = Program(("HF_TOKEN", HubServer.Token)).With([.. Args(hub, bucket.Endpoint), "--accept-terms"]).Expect(0);

        Assert.Empty(result.Error);
        GoldenFile.Matches("doctor-ready.txt", Masked(result.Output));
        Assert.DoesNotContain("hf_", result.All, StringComparison.Ordinal);
        Assert.Equal(["bin", "rows.parquet", "src"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_machine_that_is_not_ready_is_told_what_to_do()
    {
        Requires.Unix();
        await using var hub = await HubAsync();
        hub.Datasets[Dataset].Accepted.Clear();
        File.Delete(_folder["bin", "git"]);

        var result = Program(("HF_TOKEN", HubServer.Token), ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")).With([.. Args(hub, Subjects.DeadAddress(), "405MB"), "--set", "contents.location=s3://mirror/content/", "--signed", "--set", "filters.file_size.max_bytes=10MB"]).Expect(1);

        GoldenFile.Matches("doctor-unready.txt", Masked(result.Output));
        Assert.DoesNotContain(HubServer.Token, result.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Machines_get_the_same_as_JSON_with_the_same_exit_code()
    {
        await using var hub = await HubAsync();
        await using var bucket = await BlobServer.Start();
        foreach (var (more, code) in (ReadOnlySpan<(string[], int)>)[(["--accept-terms"], 0), ([], 1)])
        {
            var result = Program(("HF_TOKEN", HubServer.Token)).With([.. Args(hub, bucket.Endpoint), .. more, "--json"]).Expect(code);
            var report = JsonNode.Parse(result.Output)!;

            Assert.Equal(code == 0, (bool)report["ok"]!);
            var checks = report["checks"]!.AsArray().ToDictionary(c => (string)c!["id"]!, c => c!);
            Assert.Equal("ok", (string?)checks["hub-access"]["status"]);
            Assert.Equal(code == 0 ? "ok" : "failed", (string?)checks["contents-terms"]["status"]);
            Assert.True((double)checks["disk"]["figures"]!["free_bytes"]! > 0);
            Assert.Equal(code == 0, checks["contents"]["figures"]!.AsObject().ContainsKey("latency_ms"));
            Assert.All(checks.Values.Where(c => (string?)c["status"] == "failed"), c => Assert.NotNull(c["remedy"]));
            Assert.DoesNotContain(HubServer.Token, result.All, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task No_secret_is_shown_wherever_it_comes_from()
    {
        await using var bucket = await BlobServer.Start();
        bucket.Fault = (_, _) => BlobServerFault.Denied;
        _folder.Write("stackmill.yaml", $"hub:\n  token: {Secret}\n  endpoint: {bucket.Endpoint}\nstorage:\n  endpoint: {bucket.Endpoint}\n");
        var program = new StackmillProgram { WorkingFolder = _folder.Path, Environment = Environment(("AWS_ACCESS_KEY_ID", "AKID" + Secret), ("AWS_SECRET_ACCESS_KEY", Secret), ("HF_TOKEN", Secret)) };
        foreach (var args in (string[][])
        [
            ["--dataset", Dataset, "--output", "s3://bucket/out"],
            ["--input", $"http://somebody:{Secret}@{new Uri(bucket.Endpoint).Authority}/a/b.git"],
            ["--input", $"s3://key:{Secret}@bucket/in"],
            ["--input", "s3://bucket/in", "--output", "project", "--token", $"{Secret} and more"],
            ["--dataset", Dataset, "--set", "contents.location=s3://mirror/x/", "--set", $"contents.endpoint=http://somebody:{Secret}@{new Uri(bucket.Endpoint).Authority}", "--signed"],
            ["--input", "rows.parquet", "--set", $"contents.location=http://somebody:{Secret}@{new Uri(bucket.Endpoint).Authority}/x/"],
        ])
        {
            foreach (var form in (string[][])[[], ["--json"]])
            {
                var result = program.With(["doctor", .. args, .. form]).Expect(1);
                Assert.DoesNotContain(Secret, result.All, StringComparison.Ordinal);
                Assert.DoesNotContain("Exception", result.All, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_plain_doctor_looks_at_the_machine_and_wrong_usage_gives_2()
    {
        Program().With("doctor").Expect(0);
        Program().With("doctor", "--input", _folder["src"], "--output", _folder["project"]).Expect(0);
        Assert.False(Directory.Exists(_folder["project"]));
        Program().With("doctor", "--input", _folder["none"]).Expect(1);
        Program().With("doctor", "--set", "similarity_treshold=1").Expect(2);
        Program().With("doctor", "--frobnicate").Expect(2);
    }

    [Fact]
    public void It_takes_every_option_of_run()
    {
        var run = CommandTree.OptionsOf(CommandTree.Find("run")!).Select(o => o.Name).ToList();
        Assert.True(run.Count > 15);
        Assert.Equal([], run.Except(CommandTree.OptionsOf(CommandTree.Find("doctor")!).Select(o => o.Name)));
    }

    [Fact]
    public async Task An_interrupt_ends_it_though_a_server_is_silent()
    {
        Requires.Unix();
        await using var silent = await BlobServer.Start();
        silent.Fault = (_, _) => BlobServerFault.Silence;
        using var running = Program().Start("doctor", "--dataset", Dataset, "--set", $"hub.endpoint={silent.Endpoint}");
        running.WaitUntil(() => silent.Requests > 0, "a request");

        running.Signal("INT");

        running.Wait().Expect(130);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<HubServer> StartHubAsync(string rows)
    {
        var hub = await HubServer.StartAsync();
        hub.Add(Dataset, gated: true).File("data/Python/train-00000.parquet", rows);
        return hub;
    }

    private Task<HubServer> HubAsync() => StartHubAsync(_folder["rows.parquet"]);

    private string[] Args(HubServer hub, string contents, string memory = "1GB") =>
        ["doctor", "--dataset", Dataset, "--output", _folder["project"], "--workers", "1", "--memory", memory, "--set", $"hub.endpoint={hub.Endpoint}", "--set", $"contents.endpoint={contents}"];

    // Nothing that this machine's user has set.
    private Dictionary<string, string> Environment(params (string Name, string Value)[] more)
    {
        var variables = new Dictionary<string, string>
        {
            ["PATH"] = _folder["bin"],
            ["HF_TOKEN"] = "",
            ["HUGGING_FACE_HUB_TOKEN"] = "",
            ["HUGGINGFACE_TOKEN"] = "",
            ["HF_TOKEN_PATH"] = _folder["no-token"],
            ["AWS_ACCESS_KEY_ID"] = "",
            ["AWS_SECRET_ACCESS_KEY"] = "",
            ["AWS_PROFILE"] = "",
            ["AWS_SHARED_CREDENTIALS_FILE"] = _folder["no-credentials"],
            ["AWS_CONFIG_FILE"] = _folder["no-config"],
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["XDG_CACHE_HOME"] = _folder["cache"],
        };
        foreach (var (name, value) in more)
            variables[name] = value;
        return variables;
    }

    private StackmillProgram Program(params (string Name, string Value)[] environment) => new() { Environment = Environment(environment) };

    // What differs from machine to machine; a slow disk of one is no fault of the program.
    private string Masked(string output)
    {
        var text = output.Replace(_folder.Path, "DIR", StringComparison.Ordinal);
        text = FirstLine().Replace(text, "stackmill VERSION, MACHINE");
        text = Figures().Replace(text, match => match.Groups["unit"].Value.Length > 0 ? "SIZE" : match.Groups["ms"].Value.Length > 0 ? "N ms" : match.Groups["port"].Value.Length > 0 ? "HOST:PORT" : "COMMIT");
        text = Files().Replace(text, "limit N (hard N)");
        text = Whose().Replace(text, "MACHINE has");
        text = SlowDisk().Replace(text, "ok       disk ${line}\n");
        return Warnings().Replace(text, "");
    }

    [GeneratedRegex(@"\Astackmill [^\n]*")]
    private static partial Regex FirstLine();

    [GeneratedRegex(@"[0-9.]+ (?<unit>[kMGTPE]?B)\b|\b[0-9]+ (?<ms>ms)|127\.0\.0\.1:(?<port>[0-9]+)|\b[0-9a-f]{12}\b")]
    private static partial Regex Figures();

    [GeneratedRegex(@"limit \w+ \(hard \w+\)")]
    private static partial Regex Files();

    [GeneratedRegex(@"this (?:machine|control group \(container or job\)) has")]
    private static partial Regex Whose();

    [GeneratedRegex(@"^warning  disk (?<line>[^\n]*): slow\n[^\n]*→[^\n]*\n", RegexOptions.Multiline)]
    private static partial Regex SlowDisk();

    [GeneratedRegex(@"(?<=^all that is required is there|\)), [0-9]+ warnings?$", RegexOptions.Multiline)]
    private static partial Regex Warnings();
}
