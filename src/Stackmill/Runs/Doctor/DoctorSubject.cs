using Stackmill.Catalog;
using Stackmill.Core.Faults;
using Stackmill.Datasets.Hub;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Organize;
using Stackmill.Shared.Http;

namespace Stackmill.Runs.Doctor;

/// <summary>Where an input lies.</summary>
internal enum InputPlace
{
    /// <summary>None is named.</summary>
    None,

    /// <summary>On this machine.</summary>
    Local,

    /// <summary>On the Hub.</summary>
    Hub,

    /// <summary>In object storage.</summary>
    Storage,

    /// <summary>A Git repository somewhere else.</summary>
    Git,

    /// <summary>Nowhere: it is named in a form that can't be.</summary>
    Wrong,
}

/// <summary>What is examined: a configuration, and what a command line adds to it.</summary>
internal sealed class DoctorSubject
{
    /// <summary>Finds what the configuration names; nothing is asked of anybody yet.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="input">Input of the command line, or <c>null</c>.</param>
    /// <param name="output">Output of the command line, or <c>null</c>.</param>
    public DoctorSubject(StackmillOptions options, string? input, string? output)
    {
        Options = options;
        (Input, InputOrigin) = input is { Length: > 0 } ? (input, "--input")
            : options.Source.Length > 0 ? (options.Source, "source")
            : options.Metadata.Dataset.Length > 0 ? (RunSource.Choose(null, options), "metadata.dataset") : ((string?)null, "");
        Output = output is { Length: > 0 } ? output : options.OutputPaths.BaseDir.Length > 0 ? options.OutputPaths.BaseDir : null;
        (InputPlace, Fault) = Place(Input);
        (OutputInStorage, OutputFault) = InStorage(Output);
    }

    /// <summary>The configuration.</summary>
    public StackmillOptions Options { get; }

    /// <summary>The input as given: it may hold credentials, and is never shown; <c>null</c> when none is named.</summary>
    public string? Input { get; }

    /// <summary>What names the input: an option or a key.</summary>
    public string InputOrigin { get; }

    /// <summary>Where the input lies.</summary>
    public InputPlace InputPlace { get; }

    /// <summary>Why the input can't be; <c>null</c> when it can.</summary>
    public UsageException? Fault { get; }

    /// <summary>The output as given; <c>null</c> when none is named.</summary>
    public string? Output { get; }

    /// <summary>True for an output in object storage.</summary>
    public bool OutputInStorage { get; }

    /// <summary>Why the output can't be; <c>null</c> when it can.</summary>
    public UsageException? OutputFault { get; }

    /// <summary>True when a path of object storage is used.</summary>
    public bool UsesStorage => InputPlace == InputPlace.Storage || OutputInStorage;

    /// <summary>Gives an environment variable's value or <c>null</c>.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>The clock.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Longest time of a check.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Where this system's own files begin; another folder for tests.</summary>
    public string SystemRoot { get; init; } = "/";

    /// <summary>How much depends on the Hub.</summary>
    public Need Hub => InputPlace switch { InputPlace.Hub => Need.Required, InputPlace.None => Need.Optional, _ => Need.None };

    /// <summary>Why the Hub is not needed, where it isn't.</summary>
    public string WhyNoHub => InputPlace == InputPlace.None ? "not needed: no dataset is named" : "not needed: the input does not lie on the Hub";

    /// <summary>True when a repository is fetched by SSH, which is a program of its own.</summary>
    public bool UsesSsh => InputPlace == InputPlace.Git && (Input!.StartsWith("ssh://", StringComparison.Ordinal) || !Input.Contains("://", StringComparison.Ordinal));

    /// <summary>Address of the Hub; <c>null</c> when it is not needed or can't be one.</summary>
    public Uri? HubServer()
    {
        if (Hub != Need.Required)
            return null;
        try
        {
            using var client = HubClient(CancellationToken.None);
            return new Uri(client.Endpoint);
        }
        catch (UsageException)
        {
            // Told by the check of the token.
            return null;
        }
    }

    /// <summary>A client of the Hub that does not try for minutes.</summary>
    /// <exception cref="UsageException">Address or token can't be one.</exception>
    public HubClient HubClient(CancellationToken cancellation) => new(
        Options.Hub, Environment,
        new RetrySettings { Retries = Math.Min(Options.Hub.Retries, 2), FirstDelay = TimeSpan.FromMilliseconds(200), LongestDelay = TimeSpan.FromSeconds(1), LongestAdvised = TimeSpan.FromSeconds(2) },
        waits: null, cancellation);

    private static (InputPlace, UsageException?) Place(string? input)
    {
        if (input is null)
            return (InputPlace.None, null);
        try
        {
            if (HubLocation.IsHub(input))
            {
                _ = HubLocation.Parse(input);
                return (InputPlace.Hub, null);
            }

            return (StoragePaths.IsAddress(input) ? InputPlace.Storage : OrganizeInput.IsGitAddress(input) && !Path.Exists(input) ? InputPlace.Git : InputPlace.Local, null);
        }
        catch (UsageException fault)
        {
            return (InputPlace.Wrong, fault);
        }
    }

    private static (bool, UsageException?) InStorage(string? output)
    {
        try
        {
            return (output is not null && StoragePaths.IsAddress(output), null);
        }
        catch (UsageException fault)
        {
            return (false, fault);
        }
    }
}
