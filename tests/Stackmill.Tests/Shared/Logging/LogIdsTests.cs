using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Serilog.Events;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Runs;
using Stackmill.Shared.Logging;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Shared.Logging;

/// <summary>Every line says which run and which task it is of.</summary>
public sealed class LogIdsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_of_any_thread_have_the_run_and_those_within_a_task_its_id()
    {
        var ids = new LogIds();
        var further = new List<LogEvent>();
        using (var loggers = LogSetup.Create(new LoggingOptions { Level = "debug" }, null, null, _folder["logs"], ids: ids))
        {
            var log = loggers.CreateLogger("x");
            log.LogInformation("before");
            var forwarding = ids.Begin("run-1", line =>
            {
                lock (further)
                    further.Add(line);
            });
            var observer = new LogObserver(loggers);
            var threads = Enumerable.Range(0, 2).Select(i => new Thread(() =>
            {
                var task = new ShardTask(i, $"part-{i}", 1);
                observer.TaskStarted("organize", task);
                log.LogWarning("within {Thread}", i);
                if (i == 0)
                    observer.ShardDone("organize", task, new ShardMarker("k", task.Name, new Books(), []), reused: false);
                else
                    observer.ShardFailed("organize", task, "broken");
                log.LogWarning("after {Thread}", i);
            })).ToList();
            threads.ForEach(t => t.Start());
            threads.ForEach(t => t.Join());
            log.LogInformation("main");
            forwarding.Dispose();
            log.LogInformation("late");
        }

        var lines = File.ReadLines(_folder["logs", LogSetup.JsonFile]).Select(l => JsonNode.Parse(l)!).ToDictionary(l => $"{(string)l["@mt"]!} {l["Thread"]}{l["Shard"]}");
        Assert.Equal(11, lines.Count);
        Assert.All(lines.Where(l => l.Key != "before "), l => Assert.Equal("run-1", (string?)l.Value["RunId"]));
        foreach (var i in (int[])[0, 1])
        {
            Assert.Equal($"organize/part-{i}", (string?)lines[$"within {{Thread}} {i}"]["TaskId"]);
            Assert.Null(lines[$"after {{Thread}} {i}"]["TaskId"]);
        }

        Assert.Equal("organize/part-1", (string?)lines["{Stage}: shard {Shard} failed: {Error} part-1"]["TaskId"]);
        // A collector hears of what was before it was there, and of nothing after the end.
        Assert.Equal(10, further.Count);
        Assert.Equal("before", further[0].RenderMessage(null));
        Assert.Contains(File.ReadLines(_folder["logs", LogSetup.TextFile]), l => l.EndsWith("WRN x: within 0 run=run-1 task=organize/part-0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("text", " INF x: said\n")]
    [InlineData("json", "\"@mt\":\"said\"")]
    public void The_console_has_the_log_where_that_is_asked_for(string format, string expected)
    {
        using var console = new StringWriter();
        using (var loggers = LogSetup.Create(new LoggingOptions { File = "false", Console = format }, null, null, null, failures: console))
            loggers.CreateLogger("x").LogInformation("said");
        Assert.Contains(expected, console.ToString(), StringComparison.Ordinal);
    }
}
