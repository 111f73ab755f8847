using Stackmill.Runs.Doctor;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;
using static Stackmill.Tests.Runs.Doctor.Subjects;

namespace Stackmill.Tests.Runs.Doctor;

/// <summary>The token, and access to the configured dataset.</summary>
public sealed class HubCheckTests : IDisposable
{
    private const string Dataset = "bigcode/the-stack-v2-dedup";
    private const string File = "data/Python/train-00000.parquet";

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_token_is_told_with_its_account_and_where_it_comes_from()
    {
        await using var server = await ServerAsync();

        Expect(Token(server, ("HF_TOKEN", HubServer.Token)), CheckStatus.Ok, "stackmill-tester (read), from the environment variable HF_TOKEN");
        Expect(Token(server, ("HUGGINGFACE_TOKEN", HubServer.Token)), CheckStatus.Ok, "from the environment variable HUGGINGFACE_TOKEN");
        Expect(Token(server, ("HF_TOKEN_PATH", _folder.Write("token", HubServer.Token + "\n"))), CheckStatus.Ok, $"from the file '{_folder["token"]}'");
        Expect(HubTokenCheck.Run(Of(Options(server, "hub.token=" + HubServer.Token)), default)!, CheckStatus.Ok, "from the option hub.token (--token)");
    }

    [Fact]
    public async Task A_refused_or_unusable_token_is_told_and_never_shown()
    {
        await using var server = await ServerAsync();

        var refused = Token(server, ("HF_TOKEN", "hf_revokedLongAgo"));
        Expect(refused, CheckStatus.Failed, "refuses the token from the environment variable HF_TOKEN", $"{server.Endpoint}/settings/tokens");
        var broken = Token(server, ("HF_TOKEN", "hf_revoked LongAgo"));
        Expect(broken, CheckStatus.Failed, "holds white space at its character 11 of 18");
        Assert.All([refused, broken], c => Assert.DoesNotContain("LongAgo", $"{c}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_token_fails_only_where_the_dataset_asks_for_one()
    {
        await using var server = await ServerAsync();
        var subject = Of(Options(server));
        Assert.Null(HubTokenCheck.Run(subject, default));

        Expect(HubTokenCheck.Missing(subject, true), CheckStatus.Failed, "none found, and the dataset asks for one", "export HF_TOKEN=");
        Expect(HubTokenCheck.Missing(subject, false), CheckStatus.Skipped, "none needed");
        Expect(HubTokenCheck.Missing(subject, null), CheckStatus.Warning, "none found", "export HF_TOKEN=");
        Expect(HubTokenCheck.Missing(Of(), false), CheckStatus.Skipped, "gated datasets such as The Stack v2 need one", "https://huggingface.co/settings/tokens");
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Without_an_input_on_the_Hub_nothing_is_asked_of_it()
    {
        await using var server = await ServerAsync();
        var subject = Of(Subjects.Options($"hub.endpoint={server.Endpoint}", "hub.token=" + HubServer.Token), input: _folder.Path);

        Expect(HubTokenCheck.Run(subject, default)!, CheckStatus.Skipped, "not needed");
        Expect(HubAccessCheck.Run(subject, default).Check, CheckStatus.Skipped, "not needed");
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_server_that_knows_no_accounts_is_no_failure()
    {
        await using var server = await ServerAsync();
        server.Faults.Next((_, path) => path == "/api/whoami-v2", 1, 404);

        Expect(Token(server, ("HF_TOKEN", HubServer.Token)), CheckStatus.Warning, "there is one, from the environment variable HF_TOKEN");
    }

    [Fact]
    public async Task Access_means_that_bytes_of_a_file_were_read()
    {
        await using var server = await ServerAsync(gated: true);

        var look = HubAccessCheck.Run(Of(Options(server, "hub.token=" + HubServer.Token)), default);

        Expect(look.Check, CheckStatus.Ok, $"{Dataset}@main is commit {server.Datasets[Dataset].Commit[..12]}, gated: read");
        Assert.Contains(File, look.Check.Found, StringComparison.Ordinal);
        Assert.Equal((true, true), (look.NeedsToken, look.DescribesFiles));
        Assert.Contains(server.Requests, r => r is { Host: "cdn", BytesSent: > 0 });
    }

    [Fact]
    public async Task Of_a_long_list_only_the_first_page_is_asked_for()
    {
        await using var server = await ServerAsync();
        server.PageSize = 5;
        for (var i = 0; i < 50; i++)
            server.Datasets[Dataset].File($"data/Python/train-{i + 1:D5}.parquet", new byte[100]);

        Expect(HubAccessCheck.Run(Of(Options(server)), default).Check, CheckStatus.Ok, "train-00000.parquet");

        Assert.Single(server.Requests, r => r.Path.Contains("/tree/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_account_without_access_is_sent_to_the_dataset_s_page()
    {
        await using var server = await ServerAsync(gated: true);
        server.Accounts["hf_another"] = "somebody";

        var refused = HubAccessCheck.Run(Of(Options(server, "hub.token=hf_another")), default);
        Expect(refused.Check, CheckStatus.Failed, $"{Dataset} is gated, and the account of the token from the option hub.token (--token) has no access", $"accept its terms with the account of your token: {server.Endpoint}/datasets/{Dataset}");
        var without = HubAccessCheck.Run(Of(Options(server)), default);
        Expect(without.Check, CheckStatus.Failed, "no access token was found", $"{server.Endpoint}/datasets/{Dataset}");
        Assert.True(without.NeedsToken);
    }

    [Fact]
    public async Task Files_that_are_refused_though_they_are_listed_are_a_failure()
    {
        await using var server = await ServerAsync(gated: true);
        // A token that may see the dataset, but not read it.
        server.Faults.Next((_, path) => path.Contains("/resolve/", StringComparison.Ordinal), 1, 403, ("X-Error-Message", "Please enable access to public gated repositories in your fine-grained token settings."));

        var look = HubAccessCheck.Run(Of(Options(server, "hub.token=" + HubServer.Token)), default);

        Assert.Contains(server.Requests, r => r.Path.Contains("/tree/", StringComparison.Ordinal) && r.Status == 200);
        Expect(look.Check, CheckStatus.Failed, File, "give it that right at");
        Assert.True(look.NeedsToken);
    }

    [Fact]
    public async Task Names_that_lead_nowhere_are_told()
    {
        await using var server = await ServerAsync();
        server.Add("old/name", renamedTo: Dataset);
        server.Add("empty/set");
        server.Add("broken/set").File("data/a.parquet", new byte[1000]);

        Expect(Access(server, "bigcode/the-stack-v2-dedpu"), CheckStatus.Failed, "was not found", "Did you mean 'bigcode/the-stack-v2-dedup'?");
        Expect(Access(server, Dataset, "metadata.revision=v9"), CheckStatus.Failed, "has no revision 'v9'", "commits/main");
        Expect(Access(server, "old/name"), CheckStatus.Warning, $"old/name is called {Dataset} now", $"--dataset {Dataset}");
        Expect(Access(server, "empty/set"), CheckStatus.Failed, "there is no file", $"{server.Endpoint}/datasets/empty/set/tree/");
        Expect(Access(server, "broken/set"), CheckStatus.Failed, "data/a.parquet does not end as Parquet does", "--revision");
        Expect(HubAccessCheck.Run(Of(Options(server), input: $"hf://datasets/{Dataset}/data/Cobol"), default).Check, CheckStatus.Failed, "has no 'data/Cobol'");
    }

    [Fact]
    public async Task A_limit_of_requests_is_told_with_how_long_to_wait()
    {
        await using var server = await ServerAsync();
        server.Faults.RateLimit(10, 120);

        Expect(Access(server, Dataset), CheckStatus.Failed, "limits the number of requests", "Wait 120 s");
    }

    [Fact]
    public void A_dead_server_is_told_by_the_dataset_s_check()
    {
        var address = DeadAddress();
        var subject = Of(Subjects.Options($"hub.endpoint={address}", "metadata.dataset=" + Dataset, "hub.token=" + HubServer.Token));

        var look = HubAccessCheck.Run(subject, default);
        Expect(look.Check, CheckStatus.Failed, $"The Hub at {address} could not be reached", "HTTPS_PROXY");
        Assert.Null(look.NeedsToken);
        Expect(HubTokenCheck.Run(subject, default)!, CheckStatus.Warning, "there is one, from the option hub.token (--token)");
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<HubServer> ServerAsync(bool gated = false)
    {
        var server = await HubServer.StartAsync();
        using var folder = new TempFolder();
        StackV2Files.Write(folder["rows.parquet"], StackV2Files.Rows(20, 1, "Python"), new StackV2Form());
        server.Add(Dataset, gated).File("README.md", "# Rows"u8.ToArray()).File(File, System.IO.File.ReadAllBytes(folder["rows.parquet"]));
        return server;
    }

    private static Stackmill.Catalog.StackmillOptions Options(HubServer server, params string[] more) =>
        Subjects.Options([$"hub.endpoint={server.Endpoint}", "metadata.dataset=" + Dataset, .. more]);

    private static Check Token(HubServer server, params (string Name, string Value)[] environment) =>
        HubTokenCheck.Run(Of(Options(server), environment: environment.ToDictionary(e => e.Name, e => e.Value)), default)!;

    private static Check Access(HubServer server, string dataset, params string[] more) =>
        HubAccessCheck.Run(Of(Options(server, ["metadata.dataset=" + dataset, .. more])), default).Check;
}
