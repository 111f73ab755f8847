using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Stackmill.Core.Faults;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Versioning.Projects;

namespace Stackmill.Versioning.Remotes;

/// <summary>The remotes of a project's configuration.</summary>
internal static class RemoteList
{
    // What an S3 remote may be told here. Anything else, such as encryption, would be left out without a word.
    private static readonly string[] S3Keys =
        ["url", "endpointurl", "region", "profile", "credentialpath", "access_key_id", "secret_access_key", "session_token", "allow_anonymous_login", "use_ssl", "jobs"];

    private const string FileScheme = "file://";

    private static readonly string[] FolderKeys = ["url", "type", "shared", "jobs", "verify"];

    /// <summary>Names and addresses, the standard one marked. Who an address is opened as is left out: a password may stand there.</summary>
    public static IEnumerable<(string Name, string Url, bool IsStandard)> All(DvcProject project) =>
        project.Config.Remotes.Select(r => (r, AddressUser.LeftOut(project.Config.Get(DvcConfig.RemoteSection(r), "url") ?? ""), project.Config.Get("core", "remote") == r));

    /// <summary>Adds a remote to the configuration.</summary>
    /// <exception cref="UsageException">There is one of that name, or its address is of a kind that is not known.</exception>
    public static void Add(DvcProject project, string name, string url, bool standard, bool force, bool local)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new UsageException($"'{name}' can't be the name of a remote; expected letters, digits, '-' and '_'.");
        if (project.Config.Remotes.Contains(name) && !force)
            throw new UsageException($"there is a remote '{name}' already. Use --force to change its url.");
        var isEmpty = url.Trim() is "" or FileScheme;
        if (isEmpty || url.AsSpan().IndexOfAny('\n', '\r') >= 0)
            throw new UsageException($"the url of the remote '{name}' is {(isEmpty ? "empty" : "more than one line")}; expected a folder, or s3://bucket/prefix. Nothing was changed.");
        var isFile = url.StartsWith(FileScheme, StringComparison.Ordinal);
        if (isFile || !url.Contains("://", StringComparison.Ordinal))
            RequireApart(project, name, project.Full(isFile ? url[FileScheme.Length..] : url));
        else if (!S3Location.TryParse(url, out _) && AddressUser.PasswordOf(url) is not null)
            throw new UsageException($"the url of the remote '{name}' holds '@' before the server's name ends. Addresses take no credentials here: leave them out, and give them to 'dvc' as that kind of remote takes them. Nothing was changed.");
        if (!url.Contains("://", StringComparison.Ordinal) && !Path.IsPathFullyQualified(url))
            url = ProjectPath.Relative(project.DvcFolder, project.Full(url));
        project.Config.Set(DvcConfig.RemoteSection(name), "url", url, local);
        if (standard)
            project.Config.Set("core", "remote", name, local);
    }

    /// <summary>Opens a remote by its name; the standard one without.</summary>
    /// <exception cref="UsageException">There is none, or only DVC itself can use it.</exception>
    public static ObjectRemote Open(DvcProject project, string? name, CancellationToken cancellation)
    {
        var (config, chosen) = (project.Config, name ?? project.Config.Get("core", "remote"));
        if (chosen is null)
            throw new UsageException("the project has no standard remote. Add one with 'stackmill data remote add --default NAME URL', or name one with --remote.");
        var section = DvcConfig.RemoteSection(chosen);
        if (config.Get(section, "url") is not { Length: > 0 } url)
            throw new UsageException($"the project's configuration has no remote '{chosen}' with a url{(config.Remotes.Any() ? $"; it has '{string.Join("', '", config.Remotes)}'" : "")}. Add it with 'stackmill data remote add'.");
        var isS3 = S3Location.TryParse(url, out var location);
        if (!isS3 && url.Contains("://", StringComparison.Ordinal) && !url.StartsWith(FileScheme, StringComparison.Ordinal))
            throw new UsageException($"the remote '{chosen}' is of the kind {url[..url.IndexOf("://", StringComparison.Ordinal)]}://, which only DVC itself can use: use 'dvc push' and 'dvc pull' for it. Stackmill knows folders and s3://.");
        foreach (var key in config.Keys(section).Where(k => !(isS3 ? S3Keys : FolderKeys).Contains(k)))
            throw new UsageException($"the remote '{chosen}' has the setting '{key}', which Stackmill does not know and would not keep to. Use 'dvc' itself for it, or take the setting out.");
        return isS3 ? OpenS3(project, chosen, section, location!, cancellation)
            : new FolderRemote(chosen, url.StartsWith(FileScheme, StringComparison.Ordinal) ? url[FileScheme.Length..] : config.GetPath(section, "url")!);
    }

    // Objects of a remote would lie among the project's files, or among those that Git and the cache work by.
    private static void RequireApart(DvcProject project, string name, string folder)
    {
        var place = folder == project.Root ? "the project itself"
            : folder.Split(Path.DirectorySeparatorChar).Any(p => p.Equals(".git", StringComparison.OrdinalIgnoreCase)) ? "inside of a Git repository's own folder"
            : ProjectPath.IsInside(folder, project.CacheFolder) || (ProjectPath.IsInside(project.CacheFolder, folder) && ProjectPath.IsInside(folder, project.Root)) ? "where the cache lies" : null;
        if (place is not null)
            throw new UsageException($"the remote '{name}' would be '{folder}', {place}. Name a folder apart from it. Nothing was changed.");
    }

    private static S3Remote OpenS3(DvcProject project, string name, string section, S3Location location, CancellationToken cancellation)
    {
        string Setting(string key) => project.Config.Get(section, key) ?? "";
        var options = new StorageOptions
        {
            Endpoint = Setting("endpointurl"),
            Region = Setting("region"),
            Profile = Setting("profile"),
            Unsigned = project.Config.IsOn(section, "allow_anonymous_login"),
        };
        if (int.TryParse(Setting("jobs"), out var jobs) && jobs is > 0 and <= 256)
            options.Concurrency = jobs;
        if (Setting("use_ssl") is { Length: > 0 } && !project.Config.IsOn(section, "use_ssl") && !options.Endpoint.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"the remote '{name}' has use_ssl off; write its endpointurl with http:// instead.");
        var store = ObjectStore.OpenAsync(options, Environment.GetEnvironmentVariable, cancellation, credentials: Credentials(project, name, section)).GetAwaiter().GetResult();
        return new S3Remote(name, store, location, Path.Combine(project.OwnFolder, "transfers"), cancellation);
    }

    // Those of the configuration come before the usual chain; null for the chain.
    private static StoreCredentials? Credentials(DvcProject project, string name, string section)
    {
        if (project.Config.Get(section, "access_key_id") is { Length: > 0 } id && project.Config.Get(section, "secret_access_key") is { Length: > 0 } secret)
        {
            AWSCredentials given = project.Config.Get(section, "session_token") is { Length: > 0 } token ? new SessionAWSCredentials(id, secret, token) : new BasicAWSCredentials(id, secret);
            return new StoreCredentials(given, $"the configuration of the remote '{name}'");
        }

        if (project.Config.GetPath(section, "credentialpath") is not { } path)
            return null;
        var profile = project.Config.Get(section, "profile") ?? "default";
        var file = File.Exists(path) ? new SharedCredentialsFile(path) : throw new UsageException($"the remote '{name}' names the credentials in '{path}', which is not there.");
        if (!file.TryGetProfile(profile, out var found))
            throw new UsageException($"the remote '{name}' names the credentials in '{path}', which have no profile '{profile}'.");
        return new StoreCredentials(AWSCredentialsFactory.GetAWSCredentials(found, file), $"profile '{profile}' of the remote '{name}'");
    }
}
