using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Stackmill.Core.Model;
using Stackmill.Monitoring.Runs;
using Stackmill.Tests.Support;
using Stackmill.Web;

namespace Stackmill.Tests.Web;

/// <summary>The status page in a real browser.</summary>
public sealed class StatusPageBrowserTests
{
    [Fact]
    public async Task A_browser_shows_stages_runs_and_hostile_texts_as_text_and_has_nothing_to_complain_of()
    {
        Requires.Tool("chromium");
        using var folder = new TempFolder();
        var now = DateTimeOffset.UtcNow;
        var books = new Books { In = 12_345, Kept = 12_000 };
        books.Dropped["binary"] = 345;
        var stage = new StageFigures("preprocess", "", false, false, 4, 4, 0, 0, 0, 1, 0, now.ToUnixTimeSeconds(), books, 3.5, 12_345, 99_000_000, true);
        new RunRecord(Guid.CreateVersion7(now).ToString(), "run", "data_pipeline", "1.2.3", "<img src=x onerror=alert(1)>", 7, now.AddMinutes(-1), now, "failed", 15, [stage])
        {
            ExitCode = 1,
            Error = "<script>document.title='taken over'</script>",
        }.Write(folder["project", "logs", RunRecord.FolderName]);
        using var watch = new ProjectWatch(folder["project"], "data_pipeline", "1.2.3", NullLogger.Instance, TimeProvider.System);
        await using var server = await MonitorServer.StartAsync(IPAddress.Loopback, 0, null, watch.Source);

        var (dom, said) = await BrowseAsync(server.Address, folder["profile"]);
        Assert.Contains("12,345", dom, StringComparison.Ordinal);
        Assert.Contains("binary 345", dom, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", dom, StringComparison.Ordinal);
        Assert.Contains("<title>Stackmill: project</title>", dom, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", dom, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", dom, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("CONSOLE", said, StringComparison.Ordinal);
    }

    private static async Task<(string Dom, string Said)> BrowseAsync(Uri address, string profile)
    {
        string[] arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", $"--user-data-dir={profile}", "--enable-logging=stderr", "--dump-dom", address.AbsoluteUri];
        using var browser = Process.Start(new ProcessStartInfo("chromium", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (dom, said) = (browser.StandardOutput.ReadToEndAsync(), browser.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            await browser.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            browser.Kill(entireProcessTree: true);
            throw;
        }

        Assert.True(browser.ExitCode == 0, await said);
        return (await dom, await said);
    }
}
