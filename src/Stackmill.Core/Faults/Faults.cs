namespace Stackmill.Core.Faults;

/// <summary>
/// A fault with a message meant for the user: what was found, where, what was expected, what to do.
/// Its message must never hold a value from a file's content.
/// </summary>
public abstract class StackmillException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>One record can't be processed: it is counted as failed, written to the ledger, and the shard goes on.</summary>
/// <param name="reason">snake_case name of the failure, as it is counted.</param>
/// <param name="message">What was found, where, and what was expected.</param>
/// <param name="inner">The cause.</param>
public sealed class RecordFaultException(string reason, string message, Exception? inner = null) : StackmillException(message, inner)
{
    /// <summary>snake_case name of the failure.</summary>
    public string Reason { get; } = reason;
}

/// <summary>One shard can't be processed: it stops, the others go on, and the exit code says so (3).</summary>
public sealed class ShardFaultException(string message, Exception? inner = null) : StackmillException(message, inner);

/// <summary>The run can't go on (full disk, no permission, broken state): it stops with exit code 1.</summary>
public sealed class RunFaultException(string message, Exception? inner = null) : StackmillException(message, inner);

/// <summary>The user asked for something impossible (missing folder, wrong option): exit code 2.</summary>
public sealed class UsageException(string message, Exception? inner = null) : StackmillException(message, inner);
