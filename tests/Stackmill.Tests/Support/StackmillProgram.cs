using System.Diagnostics;
using System.Text;

namespace Stackmill.Tests.Support;

/// <summary>How a process ended, and what it said.</summary>
internal sealed record ProgramResult(string CommandLine, int ExitCode, string Output, string Error)
{
    /// <summary>Both streams, for messages and for searches.</summary>
    public string All => Output + Error;

    /// <summary>Fails, with all that was said, when the exit code is another.</summary>
    public ProgramResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, expected {exitCode}, of: {CommandLine}\n--- output\n{Output}\n--- error\n{Error}");
        return this;
    }
}

/// <summary>Runs the real program, which is built beside the tests, as a process of its own.</summary>
internal sealed class StackmillProgram
{
    /// <summary>Far above what any of these runs takes, also on a busy machine: only a hang meets it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Path of the program, in its own output folder: the one of the tests lacks libraries that the web framework of their servers brings.
    /// </summary>
    public static string Dll { get; } = Path.Combine(
        Path.GetDirectoryName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!,
        "Stackmill.Cli", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "Stackmill.Cli.dll");

    /// <summary>Text or bytes for the standard input; closed at once when null.</summary>
    public string? Input { get; init; }

    /// <summary>Variables that are set besides those of the tests.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The current folder; by default one that holds no configuration.</summary>
    public string WorkingFolder { get; init; } = AppContext.BaseDirectory;

    /// <summary>A command that starts the program, e.g. <c>setpriv …</c>.</summary>
    public IReadOnlyList<string> Through { get; init; } = [];

    /// <summary>Runs the program with these arguments and waits for its end.</summary>
    public static ProgramResult Run(params string[] args) => new StackmillProgram().With(args);

    /// <summary>Runs the program, set up as this is, and waits for its end.</summary>
    public ProgramResult With(params string[] args) => Start(args).Wait();

    /// <summary>Starts the program and returns at once.</summary>
    public Running Start(params string[] args)
    {
        string[] command = [.. Through, Host(), Dll, .. args];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
            StandardInputEncoding = new UTF8Encoding(false),
            WorkingDirectory = WorkingFolder,
        };
        // What the tests are run under must not change what the program says.
        foreach (var name in (string[])["LOG_LEVEL", "STACKMILL_TRACE", "STACKMILL_HOME", "PUSHGATEWAY_URL", "OTEL_EXPORTER_OTLP_ENDPOINT", "TRACEPARENT", "OPENLINEAGE_URL", "OPENLINEAGE_API_KEY", "OPENLINEAGE_NAMESPACE", "OPENLINEAGE_PARENT_ID", "OPENLINEAGE_ROOT_PARENT_ID", "OPENLINEAGE_DISABLED"])
            start.Environment.Remove(name);
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        // Its answers are read from now on: a program that waits for its reader would never take the rest of a long input.
        var running = new Running(process, string.Join(' ', args));
        if (Input is not null)
            process.StandardInput.Write(Input);
        process.StandardInput.Close();
        return running;
    }

    private static string Host() => System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    /// <summary>A program that may be running still.</summary>
    internal sealed class Running : IDisposable
    {
        private readonly Process _process;
        private readonly string _commandLine;
        private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Task<string> _output;
        private readonly Task<string> _error;

        public Running(Process process, string commandLine)
        {
            (_process, _commandLine) = (process, commandLine);
            (_output, _error) = (ReadAsync(process.StandardOutput), process.StandardError.ReadToEndAsync());
        }

        /// <summary>Its process id.</summary>
        public int Id => _process.Id;

        /// <summary>The first line of its output, as soon as it is there.</summary>
        public Task<string> FirstLineAsync() => _firstLine.Task.WaitAsync(Patience);

        /// <summary>True when it has ended.</summary>
        public bool HasEnded => _process.HasExited;

        /// <summary>Ends it as <c>kill -9</c> does; false when it had ended by itself.</summary>
        public bool Kill()
        {
            var ended = _process.HasExited;
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
            return !ended;
        }

        /// <summary>Sends it a signal by name, e.g. <c>INT</c>.</summary>
        public void Signal(string name)
        {
            using var kill = Process.Start("kill", [$"-{name}", Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
        }

        /// <summary>Waits until something is so; fails when the program ends before it.</summary>
        public void WaitUntil(Func<bool> isSo, string what)
        {
            var clock = Stopwatch.StartNew();
            while (!isSo())
            {
                if (_process.WaitForExit(5))
                    Assert.Fail($"the program ended before {what}: {Wait()}");
                Assert.True(clock.Elapsed < Patience, $"{what} did not come");
            }
        }

        /// <summary>Waits for its end; kills it and fails when that does not come.</summary>
        public ProgramResult Wait()
        {
            if (!_process.WaitForExit(Patience))
            {
                Kill();
                Assert.Fail($"still running after {Patience.TotalSeconds} s: {_commandLine}\n{_output.GetAwaiter().GetResult()}\n{_error.GetAwaiter().GetResult()}");
            }

            _process.WaitForExit();
            return new ProgramResult(_commandLine, _process.ExitCode, _output.GetAwaiter().GetResult(), _error.GetAwaiter().GetResult());
        }

        private async Task<string> ReadAsync(StreamReader output)
        {
            var all = new StringBuilder();
            var buffer = new char[4096];
            while (await output.ReadAsync(buffer) is > 0 and var length)
            {
                all.Append(buffer, 0, length);
                if (!_firstLine.Task.IsCompleted && all.ToString().IndexOf('\n') is >= 0 and var end)
                    _firstLine.TrySetResult(all.ToString(0, end));
            }

            _firstLine.TrySetResult(all.ToString());
            return all.ToString();
        }

        public void Dispose()
        {
            if (!_process.HasExited)
                Kill();
            _process.Dispose();
        }
    }
}
