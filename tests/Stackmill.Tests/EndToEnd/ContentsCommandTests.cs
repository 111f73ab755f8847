using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stackmill.Acquire.Contents;
using Stackmill.Datasets;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.EndToEnd;

/// <summary>What <c>stackmill contents</c> says and how it ends.</summary>
public sealed class ContentsCommandTests : IAsyncLifetime
{
    private const string Secret = "secret-that-nobody-may-see-5f1c";

    private readonly TempFolder _folder = new();
    private BlobServer _server = null!;

    private string Output => _folder["project/data/contents"];

    public async ValueTask InitializeAsync()
    {
        _server = await BlobServer.Start();
        ContentsCorpus.Write(_folder["rows.parquet"], _server, ContentsCorpus.Texts(80));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private string[] Args(params string[] more) => [.. ContentsCorpus.Args(_folder["rows.parquet"], Output, _server, 8).Where(a => a is not ("--accept-terms" or "--quiet")), .. more];

    [Fact]
    public void The_terms_are_shown_and_nothing_is_fetched_until_they_are_accepted()
    {
        var refused = StackmillProgram.Run(Args()).Expect(2);
        Assert.Contains("agreement with Software Heritage and Inria", refused.Error, StringComparison.Ordinal);
        Assert.Contains("Move to the newest version of the dataset", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--accept-terms", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, _server.Requests);
        Assert.False(Directory.Exists(_folder["project"]));

        // Who accepts them without having seen them sees them once.
        var accepted = StackmillProgram.Run(Args("--accept-terms")).Expect(0);
        Assert.Contains("agreement with Software Heritage and Inria", accepted.Error, StringComparison.Ordinal);
        Assert.True((bool)JsonNode.Parse(File.ReadAllText(Path.Combine(Output, Manifest.FileName)))!["configuration"]!["contents"]!["accept_terms"]!);
        var again = StackmillProgram.Run(Args("--accept-terms")).Expect(0);
        Assert.DoesNotContain("Inria", again.Error, StringComparison.Ordinal);
        Assert.Equal(80, _server.Requests);
    }

    [Fact]
    public void What_could_not_be_had_gives_3_until_it_is_had()
    {
        var missing = _server.Contents.Keys.First();
        _server.Fault = (id, _) => id == missing ? BlobServerFault.Missing : BlobServerFault.None;

        var failed = StackmillProgram.Run(Args("--accept-terms")).Expect(3);

        Assert.Contains(ContentStage.DeadLetterName, failed.Error, StringComparison.Ordinal);
        Assert.Contains("--retry-failed", failed.Error, StringComparison.Ordinal);
        Assert.Contains(missing, File.ReadAllText(Path.Combine(Output, ContentStage.DeadLetterName)), StringComparison.Ordinal);
        var report = JsonNode.Parse(File.ReadAllText(_folder["project/reports/" + ContentStage.ReportName]))!;
        Assert.Equal((80, 79, 1), ((int)report["total"]!, (int)report["downloaded"]!, (int)report["errors"]!));
        StackmillProgram.Run(Args("--accept-terms")).Expect(3);
        Assert.Equal(80, _server.Requests);

        _server.Fault = (_, _) => BlobServerFault.None;
        StackmillProgram.Run(Args("--accept-terms", "--retry-failed")).Expect(0);
        Assert.Equal(81, _server.Requests);
        Assert.False(File.Exists(Path.Combine(Output, ContentStage.DeadLetterName)));
    }

    [Fact]
    public void Signed_requests_take_credentials_from_the_environment_and_never_show_them()
    {
        (_server.RequiresSignature, _server.RequesterPays) = (true, true);
        var environment = new Dictionary<string, string> { ["AWS_ACCESS_KEY_ID"] = "AKIDNOBODYMAYSEE", ["AWS_SECRET_ACCESS_KEY"] = Secret, ["AWS_PROFILE"] = "" };
        var program = new StackmillProgram { Environment = environment };

        var refused = program.With(Args("--accept-terms", "--signed", "--log-level", "trace")).Expect(1);
        Assert.Contains("environment (AWS_ACCESS_KEY_ID)", refused.Error, StringComparison.Ordinal);
        Assert.Contains("contents.request_payer: true", refused.Error, StringComparison.Ordinal);
        var done = program.With(Args("--accept-terms", "--signed", "--set", "contents.request_payer=true", "--log-level", "trace")).Expect(0);

        Assert.Equal(80, Manifest.Read(Output)!.Books.Kept);
        foreach (var text in _folder.Files().Where(f => f.EndsWith(".json", StringComparison.Ordinal) || f.Contains("/logs/", StringComparison.Ordinal)).Select(f => File.ReadAllText(_folder[f])).Append(refused.All).Append(done.All))
        {
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain("AKIDNOBODYMAYSEE", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Signed_requests_take_credentials_from_the_shared_files_of_the_user()
    {
        _server.RequiresSignature = true;
        var home = _folder.Write("home/.aws/credentials", $"[default]\naws_access_key_id = AKIDNOBODYMAYSEE\naws_secret_access_key = {Secret}\n");
        var environment = new Dictionary<string, string> { ["AWS_SHARED_CREDENTIALS_FILE"] = home, ["AWS_CONFIG_FILE"] = _folder["none"] };
        var done = new StackmillProgram { Environment = environment }.With(Args("--accept-terms", "--signed")).Expect(0);
        Assert.Contains("credentials: default profile or instance role", done.Error, StringComparison.Ordinal);
        Assert.Equal(80, Manifest.Read(Output)!.Books.Kept);
    }

    [Fact]
    public async Task Signed_requests_take_credentials_of_a_containers_role()
    {
        _server.RequiresSignature = true;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0));
        await using var role = builder.Build();
        role.Run(context => context.Response.WriteAsJsonAsync(new Dictionary<string, string>
        {
            ["AccessKeyId"] = "AKIDNOBODYMAYSEE",
            ["SecretAccessKey"] = Secret,
            ["Token"] = "token-that-nobody-may-see",
            ["Expiration"] = "2099-01-01T00:00:00Z",
        }));
        await role.StartAsync();
        var environment = new Dictionary<string, string>
        {
            ["AWS_SHARED_CREDENTIALS_FILE"] = _folder["none"],
            ["AWS_CONFIG_FILE"] = _folder["none"],
            ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = role.Urls.First() + "/role",
        };
        var done = new StackmillProgram { Environment = environment }.With(Args("--accept-terms", "--signed")).Expect(0);
        Assert.Contains("credentials: container role", done.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("token-that-nobody-may-see", done.All, StringComparison.Ordinal);
        Assert.Equal(80, Manifest.Read(Output)!.Books.Kept);
    }

    [Fact]
    public void Contents_of_many_megabytes_stay_within_the_memory()
    {
        // Bytes that don't pack: a content takes its size twice, packed and unpacked, and all of them together twice the memory.
        var random = new Random(4);
        var contents = Enumerable.Range(0, 24).Select(_ => new byte[9_300_000]).ToList();
        contents.ForEach(random.NextBytes);
        ContentsCorpus.Write(_folder["large.parquet"], _server, contents);

        var args = ContentsCorpus.Args(_folder["large.parquet"], Output, _server, 64, "--memory", "512MiB", "--set", "filters.file_size.max_bytes=20MiB", "--set", "shard_size=512MiB");
        StackmillProgram.Run(args).Expect(0);

        Assert.Equal(24, Manifest.Read(Output)!.Books.Kept);
    }

    [Fact]
    public void Signed_requests_without_credentials_end_with_2_and_say_what_was_looked_at()
    {
        // No key, no profile, and no metadata service (the tests switch it off).
        var environment = new Dictionary<string, string> { ["AWS_SHARED_CREDENTIALS_FILE"] = _folder["none"], ["AWS_CONFIG_FILE"] = _folder["none"], ["HOME"] = _folder["home"] };
        var none = new StackmillProgram { Environment = environment }.With(Args("--accept-terms", "--signed")).Expect(2);
        Assert.Contains("AWS_ACCESS_KEY_ID", none.Error, StringComparison.Ordinal);
        Assert.Contains("contents.profile", none.Error, StringComparison.Ordinal);
        Assert.Contains("leave contents.signed out", none.Error, StringComparison.Ordinal);
        Assert.Equal(0, _server.Requests);
    }

    [Fact]
    public void Options_that_do_not_go_together_end_with_2_and_their_place()
    {
        var file = _folder.Write("stackmill.yaml", "contents:\n  request_payer: true\n");
        var wrong = StackmillProgram.Run(Args("--accept-terms", "--config", file)).Expect(2);
        Assert.Contains("stackmill.yaml:2", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("contents.request_payer", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("signed: true", wrong.Error, StringComparison.Ordinal);
    }
}
