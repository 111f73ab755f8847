using Stackmill.Core.Faults;
using Stackmill.Datasets.Hub;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;
using static Stackmill.Tests.Datasets.Hub.HubTests;

namespace Stackmill.Tests.Datasets.Hub;

public sealed class HubClientTests
{
    [Fact]
    public async Task Answers_without_an_end_do_not_fill_memory()
    {
        await using var server = await HubServer.StartAsync();
        using var client = Client(server);
        server.Add("owner/name").File("a.parquet", new byte[10]);
        server.Faults.Endless = true;
        Assert.Contains("has more than 64 MiB. Expected the Hub's API", Assert.ThrowsAny<StackmillException>(() => client.Pin("owner/name")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_are_counted_by_the_kind_of_host_and_how_they_went()
    {
        await using var server = await HubServer.StartAsync();
        server.Add("owner/name").File("a.parquet", Bytes(10));
        using var client = Client(server);
        client.List(client.Pin("owner/name"));
        Assert.ThrowsAny<StackmillException>(() => client.Pin("owner/missing"));

        var counts = client.Counts.ToDictionary();
        Assert.Equal(client.Requests, counts.Where(c => c.Key.StartsWith("requests.", StringComparison.Ordinal)).Sum(c => c.Value));
        Assert.True(counts["requests.hub.answered"] >= 2);
        Assert.True(counts["requests.hub.refused"] >= 1);
        Assert.All(counts.Keys, k => Assert.Matches("^(requests\\.(hub|storage)\\.(answered|redirected|throttled|refused|failed)|retries|bytes)$", k));
    }

    [Theory]
    [InlineData(null, "failed")]
    [InlineData(206, "answered")]
    [InlineData(302, "redirected")]
    [InlineData(404, "refused")]
    [InlineData(429, "throttled")]
    [InlineData(503, "throttled")]
    [InlineData(500, "refused")]
    public void Every_answer_has_an_outcome(int? status, string outcome)
    {
        var counts = new HubCounts();
        counts.Asked(isHub: false, (System.Net.HttpStatusCode?)status);
        counts.AskedAgain();
        Assert.Equal([new($"requests.storage.{outcome}", 1), new("retries", 1), new("bytes", 5)], counts.With(5));
    }

    [Fact]
    public async Task Lists_come_whole_over_many_pages_with_names_that_need_encoding()
    {
        await using var server = await HubServer.StartAsync();
        server.PageSize = 3;
        var paths = Enumerable.Range(0, 20).Select(i => $"data/C#/part {i:00}+é%41.parquet").Append("data/C++/x.parquet").Append("README.md").ToList();
        var dataset = server.Add("owner/name");
        foreach (var path in paths)
            dataset.File(path, Bytes(10));
        using var client = Client(server);
        var pinned = client.Pin("owner/name", "v1.0");
        Assert.Equal((dataset.Commit, "v1.0", false, false), (pinned.Commit, pinned.Revision, pinned.IsGated, pinned.IsRenamed));
        Assert.Equal(paths.Order(StringComparer.Ordinal), client.List(pinned).Select(f => f.RelativePath));
        Assert.Equal(paths.Take(20), client.List(pinned, "data/C#/").Select(f => f.RelativePath));
        Assert.Equal("data/C++/x.parquet", Assert.Single(client.List(pinned, "data/C++/x.parquet")).RelativePath);
        Assert.Contains(server.Requests, r => r.Path.EndsWith($"/tree/{dataset.Commit}/data/C%23", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Next_page_on_another_host_is_refused()
    {
        await using var server = await HubServer.StartAsync();
        server.Add("owner/name").File("a", Bytes(1)).File("b", Bytes(1));
        (server.PageSize, server.Faults.Link) = (1, $"<{server.CdnEndpoint}/next>; rel=\"next\"");
        using var client = Client(server);
        var fault = Assert.Throws<UsageException>(() => client.List(client.Pin("owner/name")));
        Assert.Equal($"{server.Endpoint} names a next page of its list of files on another host. Expected one on the same host; check hub.endpoint (hub.endpoint).", fault.Message);
        Assert.DoesNotContain(server.Requests, r => r.Host == "cdn");
    }

    [Fact]
    public async Task Gated_dataset_tells_what_to_accept_and_where()
    {
        await using var server = await HubServer.StartAsync();
        server.Add("owner/name", gated: true).Accepted.Clear();
        var page = $"{server.Endpoint}/datasets/owner/name";
        using var without = Client(server, token: null);
        Assert.Equal(
            $"Dataset 'owner/name' is gated, and no access token was found. Open {page} and accept the terms. Make a token with the right to read at {server.Endpoint}/settings/tokens, and give it by --token, HF_TOKEN or the Hub client's token file.",
            Usage(() => without.Pin("owner/name")));
        using var with = Client(server);
        var message = Usage(() => with.Pin("owner/name"));
        Assert.StartsWith("Dataset 'owner/name' is gated, and the account of the token from the option hub.token (--token) has no access (403: Access to dataset owner/name is restricted", message, StringComparison.Ordinal);
        Assert.EndsWith($"Open {page}, accept the terms with the account of this token, wait for approval where the page asks for it, and run again.", message, StringComparison.Ordinal);

        server.Datasets["owner/name"].Accepted.Add(HubServer.AccountName);
        Assert.True(with.Pin("owner/name").IsGated);
    }

    [Fact]
    public async Task Missing_and_private_datasets_give_the_nearest_name()
    {
        await using var server = await HubServer.StartAsync();
        server.Add("owner/hidden", isPrivate: true).Accepted.Clear();
        using var without = Client(server, token: null);
        using var with = Client(server);
        Assert.StartsWith($"Dataset 'bigcode/the-stack-v2-dedupe' was not found at {server.Endpoint}, or it is private and no access token was found (401: Invalid username or password). Did you mean 'bigcode/the-stack-v2-dedup'? Check owner and name (capitals count). If it is private: Make a token", Usage(() => without.Pin("bigcode/the-stack-v2-dedupe")), StringComparison.Ordinal);
        Assert.Equal($"Dataset 'owner/hidden' was not found at {server.Endpoint}, or the account of the token from the option hub.token (--token) may not see it (404: Repository not found). Check owner and name (capitals count).", Usage(() => with.Pin("owner/hidden")));
        Assert.Equal("'name' is no name of a dataset on the Hub. Expected OWNER/NAME, for example bigcode/the-stack-v2.", Usage(() => with.Pin("name")));
    }

    [Fact]
    public async Task Wrong_token_is_told_by_its_place()
    {
        await using var server = await HubServer.StartAsync();
        server.Add("owner/name");
        server.Accounts.Clear();
        using var client = Client(server);
        var expected = $"The Hub at {server.Endpoint} refused the access token from the option hub.token (--token) (401: Invalid credentials in Authorization header). It is wrong, expired or revoked: put a new one there, made at {server.Endpoint}/settings/tokens.";
        Assert.Equal(expected, Usage(() => client.Pin("owner/name")));
        Assert.Equal(expected, Usage(() => client.WhoAmI()));
    }

    [Fact]
    public async Task Account_of_the_token_is_told()
    {
        await using var server = await HubServer.StartAsync();
        using var client = Client(server);
        Assert.Equal(new HubAccount(HubServer.AccountName, "user", "read"), client.WhoAmI());
        using var without = Client(server, token: null);
        Assert.StartsWith("No access token for the Hub was found. Make a token", Usage(() => without.WhoAmI()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Renamed_dataset_is_followed_and_told()
    {
        await using var server = await HubServer.StartAsync();
        server.Add("owner/old", renamedTo: "owner/new");
        server.Add("owner/new").File("a.parquet", Bytes(10));
        using var client = Client(server);
        var pinned = client.Pin("owner/old");
        Assert.Equal(("owner/new", "owner/old", true), (pinned.Id, pinned.RequestedId, pinned.IsRenamed));
        Assert.StartsWith("hf://datasets/owner/new@", Assert.Single(client.List(pinned)).Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disabled_dataset_and_missing_revision_and_folder_are_told()
    {
        await using var server = await HubServer.StartAsync();
        server.Add("owner/closed", disabled: true);
        var dataset = server.Add("owner/name").File("data/Python/a.parquet", Bytes(1));
        using var client = Client(server);
        Assert.Equal($"Dataset 'owner/closed' is disabled at {server.Endpoint}. Its owner or the Hub has closed it: {server.Endpoint}/datasets/owner/closed may say why; choose another dataset.", Usage(() => client.Pin("owner/closed")));
        Assert.Equal($"Dataset 'owner/name' at {server.Endpoint} has no revision 'v9/x'. Expected a branch, tag or commit; {server.Endpoint}/datasets/owner/name/commits/main shows the commits.", Usage(() => client.Pin("owner/name", "v9/x")));
        Assert.Equal(
            $"Dataset 'owner/name' has no 'data/python' at revision {dataset.Commit[..12]}. Did you mean 'data/Python'? Capitals count; {server.Endpoint}/datasets/owner/name/tree/{dataset.Commit} shows what is there.",
            Usage(() => client.List(client.Pin("owner/name"), "data/python")));
    }

    [Fact]
    public async Task Rate_limit_is_waited_for_and_told_when_it_lasts()
    {
        await using var server = await HubServer.StartAsync();
        server.Add("owner/name");
        var clock = new InstantClock();
        using var client = Client(server, clock: clock, retries: 2);
        server.Faults.RateLimit(2, seconds: 55);
        client.Pin("owner/name");
        Assert.Equal(2, clock.Waits.Count);
        Assert.All(clock.Waits, w => Assert.InRange(w.TotalSeconds, 55, 61));

        server.Faults.RateLimit(3, seconds: 120);
        var fault = Assert.Throws<RunFaultException>(() => client.Pin("owner/name"));
        Assert.Equal($"{server.Endpoint}/api/datasets/owner/name/revision/main limits the number of requests (429 in 3 attempts). Wait 120 s and run again: finished work is kept. A lower hub.concurrency asks less often.", fault.Message);
        AssertNothingSecret(fault);
        using var without = Client(server, token: null, retries: 0);
        server.Faults.RateLimit(1, seconds: 7);
        Assert.Contains("(429 in 1 attempt). Wait 7 s and run again: finished work is kept. The limits are higher with a token. Make a token", Assert.Throws<RunFaultException>(() => without.Pin("owner/name")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_that_is_no_hubs_and_no_answer_are_told()
    {
        await using var server = await HubServer.StartAsync();
        using var client = Client(server);
        server.Faults.Next("hub", 1, 200);
        Assert.Equal($"{server.Endpoint} answered in another form than the Hub: no JSON for dataset 'owner/name'. Expected the Hub's API; check hub.endpoint (hub.endpoint) and the proxy.", Usage(() => client.Pin("owner/name")));
        using var nowhere = Client(server, retries: 1, endpoint: "http://127.0.0.1:1");
        var fault = Assert.Throws<RunFaultException>(() => nowhere.Pin("owner/name"));
        Assert.StartsWith("The Hub at http://127.0.0.1:1 could not be reached in 2 attempts for dataset 'owner/name': ", fault.Message, StringComparison.Ordinal);
        AssertNothingSecret(fault);
    }

    [Fact]
    public async Task Token_that_the_server_echoes_is_not_shown()
    {
        await using var server = await HubServer.StartAsync();
        server.Faults.Next("hub", 1, 401, ("X-Error-Message", $"Bad token {HubServer.Token}"));
        using var client = Client(server);
        Assert.Contains("(401: Bad token (token))", Usage(() => client.Pin("owner/name")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("huggingface.co")]
    [InlineData("https://user:hf_secret@host")]
    [InlineData("https://host?token=hf_secret")]
    public void Endpoint_that_can_not_be_one_is_refused_without_showing_it(string endpoint)
    {
        var fault = Assert.Throws<UsageException>(() => new HubClient(new HubOptions(), name => name == "HF_ENDPOINT" ? endpoint : null));
        Assert.Equal("The Hub's address from HF_ENDPOINT can't be used. Expected http:// or https:// with a host, without user, query and fragment, such as https://huggingface.co.", fault.Message);
    }

    private static string Usage(Action action)
    {
        var fault = Assert.Throws<UsageException>(action);
        AssertNothingSecret(fault);
        return fault.Message;
    }
}
