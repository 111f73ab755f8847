using Stackmill.Shared;
using Stackmill.Shared.Configuration;

namespace Stackmill.Runs.Doctor;

/// <summary>Whether this machine has the memory that the configuration allows the program, and how many workers fit into it.</summary>
internal static class MemoryCheck
{
    /// <summary>Name of the check.</summary>
    public const string Id = "memory";

    /// <summary>Holds the limit against the machine.</summary>
    /// <param name="subject">What is examined.</param>
    /// <param name="machine">What the machine has.</param>
    public static Check Run(DoctorSubject subject, MachineMemory machine)
    {
        var options = subject.Options;
        var (limit, largest) = (options.Memory, options.LargestFile);
        var fit = MemoryLimit.Fit(limit, largest);
        (string, double)[] figures =
        [
            ("limit_bytes", limit), ("total_bytes", machine.Total), ("workers", options.Workers), ("workers_that_fit", fit),
            .. machine.Available is { } free ? [("available_bytes", free)] : Array.Empty<(string, double)>(),
        ];
        var whose = machine.IsControlGroup ? "this control group (container or job)" : "this machine";
        var found = $"limit {Text(limit)}; {whose} has {Text(machine.Total)}{(machine.Available is { } left ? $", {Text(left)} of it free" : "")}; {Math.Min(fit, options.Workers)} of {options.Workers} workers fit";
        // A quarter stays for others and for what the system keeps of files.
        var smaller = $"--memory {machine.Total / 4 * 3 / 1_000_000}MB";
        if (fit < 1)
            return Check.Wrong(Id, Need.Required, found, $"give at least {Text(MemoryLimit.Least(largest))} with --memory, or lower filters.file_size.max_bytes", figures);
        if (limit > machine.Total)
            return Check.Wrong(Id, Need.Required, found, $"lower the limit, or the system may end the run: {smaller}", figures);
        if (limit > machine.Available)
            return Check.Warning(Id, found, $"end other programs, or lower the limit: --memory {Math.Max(machine.Available.Value, MemoryLimit.Least(largest)) / 1_000_000}MB", figures);
        return fit < options.Workers
            ? Check.Warning(Id, found, $"give more with --memory, or ask for fewer: --workers {fit}", figures)
            : Check.Ok(Id, found, figures);
    }

    private static string Text(long bytes) => SizeText.FormatRounded(bytes);
}
