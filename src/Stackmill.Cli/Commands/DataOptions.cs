using System.CommandLine;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Versioning;

namespace Stackmill.Cli.Commands;

/// <summary>What the commands of <c>stackmill data</c> have in common.</summary>
internal sealed class DataOptions
{
    private readonly Option<string> _folder = new("--cd") { Description = "Folder to work in: the project's, or one inside.", HelpName = "DIR", DefaultValueFactory = _ => "." };
    private readonly Option<int?> _workers = new("--workers", "-w") { Description = "Threads (default: one a processor). They never change the result.", HelpName = "N" };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Say nothing but errors." };

    /// <summary>Adds the options to a command.</summary>
    public DataOptions AddTo(Command command)
    {
        command.Add(_folder);
        command.Add(_workers);
        command.Add(_quiet);
        return this;
    }

    /// <summary>True when nothing shall be said.</summary>
    public bool IsQuiet(ParseResult parsed) => parsed.GetValue(_quiet);

    /// <summary>The folder to work in.</summary>
    public string Folder(ParseResult parsed) => parsed.GetValue(_folder)!;

    /// <summary>Does something with the project, whose lock is held meanwhile.</summary>
    public int Run(ParseResult parsed, CancellationToken cancellation, Func<DataSession, int> act)
    {
        var workers = parsed.GetValue(_workers) ?? Environment.ProcessorCount;
        if (workers < 1)
            throw new UsageException($"--workers is {workers}; expected 1 or more.");
        using var session = DataSession.Open(Folder(parsed), workers, IsQuiet(parsed) ? TextWriter.Null : Console.Out, cancellation);
        return act(session);
    }

    /// <summary>As above, for what only succeeds or throws.</summary>
    public int Run(ParseResult parsed, CancellationToken cancellation, Action<DataSession> act) => Run(parsed, cancellation, session =>
    {
        act(session);
        return (int)ExitCode.Done;
    });

    /// <summary>The targets of a command.</summary>
    public static Argument<string[]> Targets(string description, bool required = false) =>
        new("TARGET") { Description = description, Arity = required ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore };
}
