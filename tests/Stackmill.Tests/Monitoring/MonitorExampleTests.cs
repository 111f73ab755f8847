using Stackmill.Monitoring;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;

namespace Stackmill.Tests.Monitoring;

/// <summary>The example of docs/monitoring.md, compiled and run.</summary>
public sealed class MonitorExampleTests
{
    [Fact]
    public async Task The_example_of_the_document_does_what_it_says()
    {
        await using var server = await RecordingServer.StartAsync();
        using var folder = new TempFolder();
        await Example(["a\n", "bc"], folder["my.prom"], new Uri(server.Address));

        Assert.Equal(File.ReadAllText(folder["my.prom"]), Assert.Single(server.Requests).Text);
        Assert.All(
            ["pipeline_status{pipeline_name=\"my-pipeline\"} 0", "data_volume_bytes_total{stage=\"parse\"} 4", "pipeline_errors_total{stage=\"parse\",error_type=\"no_final_newline\"} 1", "pipeline_processing_seconds_count{stage=\"parse\"} 1", "batch_records_processed{stage=\"parse\"} 2"],
            line => Assert.Contains($"\n{line}\n", server.Requests.Single().Text, StringComparison.Ordinal));

        var shown = File.ReadAllText(Path.Combine(Samples.RepositoryRoot, "docs/monitoring.md")).ReplaceLineEndings("\n").Split("```csharp\n")[1].Split("```")[0];
        var compiled = File.ReadAllText(Path.Combine(Samples.RepositoryRoot, "tests/Stackmill.Tests/Monitoring/MonitorExampleTests.cs")).ReplaceLineEndings("\n");
        Assert.Contains(string.Concat(shown.Split('\n').Select(l => (l.Length == 0 ? "" : "        " + l) + "\n")).TrimEnd('\n'), compiled, StringComparison.Ordinal);
    }

    private static async Task Example(IReadOnlyList<string> files, string path, Uri gateway)
    {
        using var monitor = new PipelineMonitor("my-pipeline");
        monitor.SetStatus(PipelineStatus.Running);
        using (monitor.Track("parse"))
        {
            foreach (var file in files)
            {
                monitor.RecordVolume("parse", file.Length);
                if (!file.EndsWith('\n'))
                    monitor.RecordError("parse", "no_final_newline");
            }
        }

        monitor.RecordBatch("parse", files.Count, TimeSpan.FromSeconds(1));
        monitor.SetStatus(PipelineStatus.Stopped);
        monitor.WriteFile(path);
        await monitor.PushAsync(gateway, "my-job");
    }
}
