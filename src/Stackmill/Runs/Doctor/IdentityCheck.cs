using Stackmill.Core.Faults;
using Stackmill.Datasets.ObjectStorage;

namespace Stackmill.Runs.Doctor;

/// <summary>Whether there are credentials for a server of object storage, where they come from, and whose they are.</summary>
/// <param name="Id">Name of the check.</param>
/// <param name="Section">Section of the configuration that names the server.</param>
internal sealed record IdentityCheck(string Id, string Section)
{
    /// <summary>Credentials for <c>s3://</c> paths.</summary>
    public static readonly IdentityCheck Storage = new("storage-identity", "storage");

    /// <summary>Credentials for contents.</summary>
    public static readonly IdentityCheck Contents = new("contents-identity", "contents");

    /// <summary>Asks the server who sends these requests.</summary>
    /// <param name="need">How much depends on it.</param>
    /// <param name="store">Its client, or the fault that there is none.</param>
    /// <param name="cancellation">Ends requests.</param>
    public async Task<Check> RunAsync(Need need, StoreOpening store, CancellationToken cancellation)
    {
        if (store.Fault is { } fault)
            return Unopened(need, fault);
        var (source, endpoint) = (store.Store!.Credentials.Source, store.Store.Endpoint);
        if (store.Store.Options.Unsigned)
            return Check.Skipped(Id, $"not needed: requests are not signed ({Section}.unsigned)");
        var identity = await StoreIdentity.AskAsync(store.Store, cancellation).ConfigureAwait(false);
        if (identity.Refusal is { } refusal)
        {
            return Check.Wrong(Id, need, $"{endpoint} refuses the credentials from {source} ({refusal})", refusal switch
            {
                "RequestTimeTooSkewed" or "RequestExpired" => "set this machine's clock right",
                _ => $"renew them there, or choose others: --set {Section}.profile=NAME",
            });
        }

        return identity.Name is { } name
            ? Check.Ok(Id, $"{name} at {endpoint}, credentials from {source}")
            : Check.Ok(Id, $"credentials from {source}; {endpoint} does not tell whose");
    }

    private Check Unopened(Need need, StackmillException fault)
    {
        var check = Check.Wrong(Id, need, fault);
        // A profile that is named, or an address that is none, has its own remedy.
        if (fault.InnerException is null)
            return check with { Found = Own(check.Found), Remedy = check.Remedy is { } remedy ? Own(remedy) : null };
        var open = Section == "contents" ? "contents.signed=false" : "storage.unsigned=true";
        return check with
        {
            // What the SDK threw tells people nothing that what was asked doesn't.
            Found = check.Found.Replace($"{fault.InnerException.GetType().Name}; ", "", StringComparison.Ordinal),
            Remedy = $"export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…, or --set {Section}.profile=NAME; for a public bucket: --set {open}",
        };
    }

    private string Own(string text) => text.Replace("storage.", $"{Section}.", StringComparison.Ordinal);
}

/// <summary>A client of object storage, or why there is none.</summary>
/// <param name="Store">The client.</param>
/// <param name="Fault">Why there is none.</param>
internal sealed record StoreOpening(ObjectStore? Store, StackmillException? Fault) : IDisposable
{
    // Eight attempts in about two seconds: a look must not wait as long as a run does.
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(10);

    /// <summary>Finds endpoint and credentials. Looking for a role ends by itself after 15 s.</summary>
    public static async Task<StoreOpening> OpenAsync(StorageOptions options, Func<string, string?> environment, CancellationToken cancellation)
    {
        try
        {
            return new StoreOpening(await ObjectStore.OpenAsync(options, environment, cancellation, FirstDelay).ConfigureAwait(false), null);
        }
        catch (StackmillException fault)
        {
            return new StoreOpening(null, fault);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Store?.Dispose();
}
