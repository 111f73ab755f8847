using System.Globalization;
using Stackmill.Core.Faults;
using Stackmill.Core.Options;

namespace Stackmill.Lineage;

/// <summary>A run of another program, or another run of this one, that a run belongs to.</summary>
/// <param name="Namespace">Namespace of its job.</param>
/// <param name="Job">Its job.</param>
/// <param name="RunId">Its id.</param>
internal sealed record RunReference(string Namespace, string Job, string RunId)
{
    /// <summary>Reads <c>namespace/job/run</c>; a namespace may hold slashes. <c>null</c> for another form.</summary>
    public static RunReference? TryParse(string text)
    {
        var last = text.LastIndexOf('/');
        var middle = last > 0 ? text.LastIndexOf('/', last - 1) : -1;
        if (middle <= 0 || last == middle + 1 || !Guid.TryParseExact(text[(last + 1)..], "D", out var id) || text.Any(char.IsControl))
            return null;
        return new RunReference(text[..middle], text[(middle + 1)..last], id.ToString());
    }
}

/// <summary>What the configuration and the environment say of lineage, put together.</summary>
internal sealed record LineageSettings(LineageOptions Options, string Namespace)
{
    /// <summary>Folder of the event files; <c>null</c> for none.</summary>
    public string? Folder { get; private init; }

    /// <summary>Where events are sent; <c>null</c> for nowhere.</summary>
    public Uri? Address { get; private init; }

    /// <summary>The key of the address; <c>null</c> for none.</summary>
    public string? Key { get; private init; }

    /// <summary>The run that started this one; <c>null</c> when it is not known.</summary>
    public RunReference? Parent { get; private init; }

    /// <summary>The run at the root of all; <c>null</c> when it is not known.</summary>
    public RunReference? Root { get; private init; }

    /// <summary>The time that a scheduler means the run to be of; <c>null</c> when it says none.</summary>
    public DateTimeOffset? Nominal { get; private init; }

    /// <summary>Puts them together; <c>null</c> when events are off.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="logs">Folder of the logs; <c>null</c> for none.</param>
    /// <param name="environment">Variables of the environment.</param>
    /// <param name="warn">Hears of what is left out.</param>
    /// <exception cref="UsageException">The address is none.</exception>
    public static LineageSettings? Of(LineageOptions options, string? logs, Func<string, string?> environment, Action<string> warn)
    {
        if (environment(LineageOptions.DisabledVariable) is { } off && (off == "1" || off.Equals("true", StringComparison.OrdinalIgnoreCase)))
            return null;
        var folder = options.Folder.Length > 0 ? options.Folder : options.Enabled && logs is not null ? Path.Combine(logs, EventFile.FolderName) : null;
        var (address, where) = options.Url.Length > 0 ? (options.Url, "lineage.url") : (environment(LineageOptions.UrlVariable) ?? "", LineageOptions.UrlVariable);
        if (folder is null && address.Length == 0)
        {
            if (options.Enabled)
                warn("lineage.enabled is set, and there is no project folder on this machine for the events. Set lineage.folder or lineage.url.");
            return null;
        }

        return new LineageSettings(options, Given(options.Namespace, environment(LineageOptions.NamespaceVariable)) ?? "stackmill")
        {
            Folder = folder,
            Address = address.Length == 0 ? null : Parse(address, where, options.Endpoint),
            Key = Header(Given(environment(LineageOptions.KeyVariable))),
            Parent = Reference(LineageOptions.ParentVariable),
            Root = Reference(LineageOptions.RootVariable),
            Nominal = Time("AIRFLOW_CTX_LOGICAL_DATE") ?? Time("AIRFLOW_CTX_EXECUTION_DATE"),
        };

        // A scheduler that says it wrong must not keep the data from being made.
        RunReference? Reference(string name)
        {
            if (environment(name) is not { Length: > 0 } text)
                return null;
            var reference = RunReference.TryParse(text);
            if (reference is null)
                warn($"{name} is not of the form namespace/job/run with a UUID at its end: the events name no such run.");
            return reference;
        }

        DateTimeOffset? Time(string name) =>
            DateTimeOffset.TryParse(environment(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }

    private static Uri Parse(string address, string where, string endpoint)
    {
        if (WebAddress.Problem(address) is { } found)
            throw new UsageException($"{where} is {found}; expected {WebAddress.Expected}, such as http://localhost:5000. A key is in {LineageOptions.KeyVariable}.");
        return new Uri($"{address.TrimEnd('/')}/{endpoint.Trim('/')}");
    }

    // The end of a line would begin another header.
    private static string? Header(string? key) => key?.Any(c => c is < ' ' or > '~') == true
        ? throw new UsageException($"{LineageOptions.KeyVariable} can't be a header. Expected one line of printable ASCII.") : key;

    private static string? Given(params string?[] texts) => texts.FirstOrDefault(t => !string.IsNullOrEmpty(t));
}
