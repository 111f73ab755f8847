using System.Runtime.InteropServices;
using Stackmill.Cli;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Monitoring.Runs;
using Stackmill.Shared;

// Ctrl-C and SIGTERM ask the run to end after the records in work; what was finished is kept. A second one ends at once, but for
// the last state, which has a moment to go out; a third does not wait for that either.
using var stop = new CancellationTokenSource();
var signals = 0;
void OnSignal(PosixSignalContext signal)
{
    var count = Interlocked.Increment(ref signals);
    signal.Cancel = count < 3;
    if (count == 1)
        stop.Cancel();
    if (count != 2)
        return;
    RunMonitor.TellNow(TimeSpan.FromSeconds(1.5));
    Environment.Exit((int)ExitCode.Interrupted);
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
try
{
    return CommandLine.Invoke(args, stop.Token);
}
catch (UsageException fault)
{
    Console.Error.WriteLine(Printable.Of($"error: {fault.Message}"));
    return (int)ExitCode.Usage;
}
catch (StackmillException fault)
{
    Console.Error.WriteLine(Printable.Of($"error: {fault.Message}"));
    Trace(fault);
    return (int)ExitCode.RunFault;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("interrupted: what was finished is kept; run the same command again to go on.");
    return (int)ExitCode.Interrupted;
}
catch (IOException fault) when (fault.Message.Contains("Broken pipe", StringComparison.Ordinal))
{
    // The reader of our output (head, less) has gone: nothing is wrong.
    return (int)ExitCode.Done;
}
catch (Exception fault)
{
    Console.Error.WriteLine(Printable.Of($"error: {(fault is IOException or UnauthorizedAccessException ? fault.Message : $"unexpected fault ({fault.GetType().Name}): {fault.Message} This is a bug in Stackmill: please report it with the command.")}"));
    Trace(fault);
    return (int)ExitCode.RunFault;
}

// For the program's own developers: where a fault came from.
static void Trace(Exception fault)
{
    if (Environment.GetEnvironmentVariable("STACKMILL_TRACE") == "1")
        Console.Error.WriteLine(fault);
}
