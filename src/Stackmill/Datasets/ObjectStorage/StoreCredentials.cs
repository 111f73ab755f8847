using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Stackmill.Core.Faults;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>Who asks: the SDK's chain of credentials, without its long silence where there are none.</summary>
/// <param name="Credentials">What signs requests.</param>
/// <param name="Source">Where they come from, for people; never a value.</param>
internal sealed record StoreCredentials(AWSCredentials Credentials, string Source)
{
    // Longest wait for a role or the instance's metadata service. Where there is no such service, its address does not answer at all.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    /// <summary>Finds the credentials that the options name.</summary>
    /// <exception cref="UsageException">There are none, or no such profile.</exception>
    public static async Task<StoreCredentials> ResolveAsync(StorageOptions options, Func<string, string?> environment, CancellationToken cancellation) =>
        options.Unsigned ? new StoreCredentials(new AnonymousAWSCredentials(), "none (storage.unsigned)")
        : await FindAsync(options.Profile, "storage", "Give one of them, or set storage.unsigned: true for a public bucket.", environment, cancellation).ConfigureAwait(false);

    /// <summary>Finds credentials by a profile's name, else by the usual chain.</summary>
    /// <param name="profile">The profile; empty for the chain.</param>
    /// <param name="section">Section of the configuration that names the profile, for messages.</param>
    /// <param name="remedy">What to do when there are none.</param>
    /// <param name="environment">Gives variables of the environment.</param>
    /// <param name="cancellation">Set when the run must stop.</param>
    /// <exception cref="UsageException">There are none, or no such profile.</exception>
    public static async Task<StoreCredentials> FindAsync(string profile, string section, string remedy, Func<string, string?> environment, CancellationToken cancellation)
    {
        if (profile.Length > 0)
        {
            var chain = new CredentialProfileStoreChain();
            if (!chain.TryGetAWSCredentials(profile, out var named))
            {
                throw new UsageException(
                    $"{section}.profile is '{profile}', but the shared AWS files (~/.aws/config, ~/.aws/credentials, or where AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE point) have no usable profile of that name. Add it there, or name another.");
            }

            return await CheckAsync(() => Task.FromResult(named), $"profile '{profile}'", section, remedy, TimeProvider.System, cancellation).ConfigureAwait(false);
        }

        return await CheckAsync(() => DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync(null!), ChainSource(environment), section, remedy, TimeProvider.System, cancellation).ConfigureAwait(false);
    }

    /// <summary>Asks for the credentials once, in bounded time.</summary>
    /// <exception cref="UsageException">They can't be had.</exception>
    public static async Task<StoreCredentials> CheckAsync(Func<Task<AWSCredentials>> find, string source, string section, string remedy, TimeProvider clock, CancellationToken cancellation)
    {
        try
        {
            // On a thread of its own, because parts of the chain wait for the network without giving the thread back.
            var credentials = await Task.Run(
                async () =>
                {
                    var found = await find().ConfigureAwait(false);
                    _ = await found.GetCredentialsAsync().ConfigureAwait(false);
                    return found;
                },
                cancellation).WaitAsync(LongestWait, clock, cancellation).ConfigureAwait(false);
            return new StoreCredentials(credentials, source);
        }
        catch (Exception fault) when (fault is AmazonClientException or AmazonServiceException or TimeoutException or HttpRequestException or ArgumentException or InvalidOperationException)
        {
            throw new UsageException(
                $"no credentials for object storage ({(fault is TimeoutException ? $"nothing answered in {LongestWait.TotalSeconds:F0} s" : fault.GetType().Name)}; asked: {source}). " +
                $"Looked at, in this order: {section}.profile, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, web identity (AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE), AWS_PROFILE and the shared AWS files, container role, instance metadata. " +
                remedy,
                fault);
        }
    }

    /// <summary>Where the SDK's chain looks first in this environment, for people.</summary>
    private static string ChainSource(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return Named(environment, "AWS_ACCESS_KEY_ID") ? "environment (AWS_ACCESS_KEY_ID)"
            : Named(environment, "AWS_WEB_IDENTITY_TOKEN_FILE") ? "web identity (AWS_WEB_IDENTITY_TOKEN_FILE)"
            : environment("AWS_PROFILE") is { Length: > 0 } profile ? $"profile '{profile}' (AWS_PROFILE)"
            : Named(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") || Named(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI") ? "container role"
            : "default profile or instance role";
    }

    private static bool Named(Func<string, string?> environment, string name) => environment(name) is { Length: > 0 };
}
