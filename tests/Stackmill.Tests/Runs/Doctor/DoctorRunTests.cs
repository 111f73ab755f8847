using Stackmill.Runs.Doctor;
using Stackmill.Tests.Organize.Sources.Git;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;
using static Stackmill.Tests.Runs.Doctor.Subjects;

namespace Stackmill.Tests.Runs.Doctor;

/// <summary>Which checks a configuration needs, and how they go together.</summary>
public sealed class DoctorRunTests : IDisposable
{
    private static readonly string[] Always =
    [
        "input", "output", "hub-token", "hub-access", "storage-identity", "contents-terms", "contents-identity", "contents",
        "clock", "disk", "memory", "open-files", "git", "dvc", "airflow",
    ];

    private readonly TempFolder _folder = new();

    public DoctorRunTests() => _folder.Write("src/a.py", Source.Python(1));

    [Fact]
    public async Task Without_any_configuration_the_machine_is_looked_at()
    {
        var checks = await ExamineAsync(Of());

        Assert.Equal(Always, checks.Select(c => c.Id));
        Assert.True(DoctorReport.IsWell(checks));
        Expect(checks[0], CheckStatus.Skipped, "none is named", "stackmill doctor --input");
        Expect(checks[8], CheckStatus.Skipped, "no server is used");
    }

    [Fact]
    public async Task A_local_input_needs_neither_tokens_nor_servers()
    {
        var before = TreeState.Exact(_folder.Path);
        var checks = ById(await ExamineAsync(Of(input: _folder["src"], output: _folder["project"])));

        Expect(checks["input"], CheckStatus.Ok, $"reading '{_folder["src"]}' as a folder of source files");
        Expect(checks["output"], CheckStatus.Ok, $"{_folder["project"]} (will be made)");
        Assert.All(["hub-token", "hub-access", "storage-identity", "contents-terms", "contents-identity", "contents"], id => Expect(checks[id], CheckStatus.Skipped, "not needed"));
        Expect(checks["disk"], checks["disk"].Status, _folder.Path);
        TreeState.AssertEqual(before, TreeState.Exact(_folder.Path));
    }

    [Fact]
    public async Task Inputs_and_outputs_that_can_not_be_are_told()
    {
        var missing = ById(await ExamineAsync(Of(input: _folder["srcs"], output: _folder.Write("project", "a file"))));
        Expect(missing["input"], CheckStatus.Failed, "there is no input", "Check the path.");
        Expect(missing["output"], CheckStatus.Failed, "is a file", "expected a project folder");
        Expect(missing["contents"], CheckStatus.Skipped, "the input can't be read");

        var inside = ById(await ExamineAsync(Of(input: _folder["src"], output: _folder["src", "out"])));
        Expect(inside["output"], CheckStatus.Failed, "lies inside the input", "Choose an --output outside of it.");

        var wrong = ById(await ExamineAsync(Of(input: "hf://models/a/b", output: "gs://bucket/x")));
        Expect(wrong["input"], CheckStatus.Failed, "only datasets can be read");
        Expect(wrong["output"], CheckStatus.Failed, "addresses of the kind gs:// are not supported", "storage.endpoint");
    }

    [Fact]
    public async Task Rows_that_describe_files_need_contents()
    {
        await using var server = await BlobServer.Start();
        StackV2Files.Write(_folder["rows.parquet"], StackV2Files.Rows(20, 1, "Python"), new StackV2Form());
        string[] archive = ["contents.location=s3://softwareheritage/content/", $"contents.endpoint={server.Endpoint}"];

        var refused = ById(await ExamineAsync(Of(Options(archive), input: _folder["rows.parquet"], output: _folder["project"])));
        Expect(refused["contents-terms"], CheckStatus.Failed, "not accepted", "--accept-terms");
        Expect(refused["contents"], CheckStatus.Skipped, "see contents-terms");
        Expect(refused["clock"], CheckStatus.Skipped, "no server is used");
        Assert.Equal(0, server.Requests);

        var accepted = ById(await ExamineAsync(Of(Options([.. archive, "contents.accept_terms=true"]), input: _folder["rows.parquet"], output: _folder["project"])));
        Expect(accepted["contents"], CheckStatus.Ok, "answers in");
        Expect(accepted["clock"], CheckStatus.Ok, new Uri(server.Endpoint).Authority);
        Expect(accepted["contents-identity"], CheckStatus.Skipped, "requests are not signed");
        // What rows weigh tells nothing of what they describe.
        Assert.DoesNotContain("needed", accepted["disk"].Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dataset_of_the_Hub_is_found_by_the_configuration_alone()
    {
        await using var hub = await HubServer.StartAsync();
        hub.Add("some/code").File("data/a.jsonl", "{\"content\": \"x\"}\n"u8.ToArray());
        var checks = ById(await ExamineAsync(Of(Options($"hub.endpoint={hub.Endpoint}", "source=hf://some/code", $"output_paths.base_dir={_folder["project"]}"))));

        Expect(checks["input"], CheckStatus.Ok, "hf://datasets/some/code (source)");
        Expect(checks["hub-token"], CheckStatus.Skipped, "none needed: the dataset is open to all");
        Expect(checks["hub-access"], CheckStatus.Ok, "some/code@main is commit");
        Expect(checks["contents"], CheckStatus.Skipped, "the input holds its contents");
        Expect(checks["clock"], CheckStatus.Ok, new Uri(hub.Endpoint).Authority);
        Expect(checks["output"], CheckStatus.Ok, _folder["project"]);
    }

    [Fact]
    public async Task A_repository_is_asked_what_it_has_and_its_credentials_are_never_shown()
    {
        _folder.Repository("repository", ("a.py", Source.Python(1)));
        var found = ById(await ExamineAsync(Of(input: $"file://{_folder["repository"]}", output: _folder["project"])));
        Expect(found["input"], CheckStatus.Ok, "has 1 branches and tags");
        Assert.DoesNotContain("ssh", found.Keys);

        var dead = DeadAddress().Replace("http://", "http://somebody:hunter2@", StringComparison.Ordinal) + "/a/b.git";
        var checks = await ExamineAsync(Of(input: dead, output: _folder["project"]));
        Expect(ById(checks)["input"], CheckStatus.Failed, "does not tell what it has", "Check the address");
        Assert.All(checks, c => Assert.DoesNotContain("hunter2", $"{c}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_that_never_answers_ends_its_checks_only()
    {
        await using var silent = await BlobServer.Start();
        silent.Fault = (_, _) => BlobServerFault.Silence;
        var options = Options($"hub.endpoint={silent.Endpoint}", "hub.token=hf_x", "metadata.dataset=a/b", $"storage.endpoint={silent.Endpoint}", "storage.unsigned=true");

        var checks = ById(await ExamineAsync(Of(options, output: "s3://bucket/out", limitSeconds: 0.5)));

        foreach (var id in (string[])["output", "hub-token", "hub-access"])
            Expect(checks[id], CheckStatus.Failed, "no answer within 0.5 s", "HTTPS_PROXY");
        Expect(checks["input"], CheckStatus.Ok, "hf://datasets/a/b@main (metadata.dataset)");
        Expect(checks["memory"], checks["memory"].Status, "limit 4.0 GB");
    }

    [Fact]
    public async Task A_stopped_examination_ends_at_once()
    {
        await using var silent = await BlobServer.Start();
        silent.Fault = (_, _) => BlobServerFault.Silence;
        using var stop = new CancellationTokenSource();
        var running = ExamineAsync(Of(Options($"hub.endpoint={silent.Endpoint}", "metadata.dataset=a/b"), limitSeconds: 600), stop.Token);
        while (silent.Requests == 0)
            await Task.Yield();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, Check> ById(IEnumerable<Check> checks) => checks.ToDictionary(c => c.Id);
}
