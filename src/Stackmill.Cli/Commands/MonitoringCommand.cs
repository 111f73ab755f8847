using System.CommandLine;
using System.Text;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Monitoring.Stack;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill monitoring</c>: the configuration of Prometheus, Alertmanager, Pushgateway and Grafana.</summary>
internal static class MonitoringCommand
{
    public static Command Create() => new("monitoring",
        """
        Commands on what watches runs: Prometheus, Alertmanager, Pushgateway, Grafana.

        Example: stackmill monitoring --help
        """)
    {
        Render(),
    };

    private static Command Render()
    {
        var output = new Option<string>("--output", "-o") { Description = "Folder to write into.", Required = true, HelpName = "DIR" };
        var force = new Option<bool>("--force") { Description = "Replace files that exist and are not the same." };
        var command = new Command("render",
            """
            Writes the configuration of Prometheus, Alertmanager, Pushgateway, Grafana and node exporter, and what starts them, with the
            thresholds of monitoring.alerts and the ports of monitoring.stack.

            Example: stackmill monitoring render --output ./monitoring --set monitoring.alerts.cpu_percent=95
            """) { output, force };
        var common = new CommonOptions().AddTo(command, works: false);
        command.SetAction(parsed =>
        {
            var folder = StoragePaths.RequireLocal(parsed.GetValue(output)!);
            var monitoring = common.Configuration(parsed).Monitoring;
            var files = StackFiles.Write(monitoring.Alerts, monitoring.Stack).Select(f => (Path: Path.Combine(folder, f.Path), Bytes: Encoding.UTF8.GetBytes(f.Text))).ToList();
            if (!parsed.GetValue(force) && files.FirstOrDefault(f => File.Exists(f.Path) && !File.ReadAllBytes(f.Path).AsSpan().SequenceEqual(f.Bytes)).Path is { } other)
                throw new UsageException($"'{other}' exists and is not the same; nothing was written. Use --force to replace it, or another --output.");
            WritableFolder.Make(folder);
            foreach (var (path, bytes) in files)
            {
                AtomicFile.WriteAllBytes(path, bytes);
                if (path.EndsWith(".sh", StringComparison.Ordinal) && !OperatingSystem.IsWindows())
                    File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
                Console.Out.WriteLine(path);
            }

            return (int)ExitCode.Done;
        });
        return command;
    }
}
