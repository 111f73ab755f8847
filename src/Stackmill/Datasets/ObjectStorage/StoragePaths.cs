using Amazon.S3.Model;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>An output folder as a command sees it.</summary>
/// <param name="LocalPath">Local folder to work in.</param>
/// <param name="Address">Address that it stands for; <c>null</c> when it is the output itself.</param>
internal sealed record OutputFolder(string LocalPath, string? Address)
{
    private readonly Func<PublishResult>? _publish;

    /// <summary>A folder that is published by <paramref name="publish"/>.</summary>
    public OutputFolder(string localPath, string address, Func<PublishResult> publish)
        : this(localPath, address) => _publish = publish;

    /// <summary>Publishes what the folder holds now; does nothing for a folder of this machine.</summary>
    /// <exception cref="RunFaultException">Somebody else has published there meanwhile, or it can't be written to.</exception>
    public PublishResult Publish() => _publish?.Invoke() ?? new PublishResult(0, 0, 0, 0, 0);
}

/// <summary>
/// Input and output paths of a command: local ones as they are, those of object storage as local folders that are fetched before
/// and published after. Dispose after the last use of the folders: until then no other process works on them.
/// </summary>
internal sealed class StoragePaths : IDisposable
{
    /// <summary>Name under which notes come.</summary>
    public const string Stage = "storage";

    private readonly StorageOptions _options;
    private readonly IRunObserver _observer;
    private readonly CancellationToken _cancellation;
    private readonly Func<string, string?> _environment;
    private readonly Dictionary<S3Location, ObjectMirror> _mirrors = [];
    private readonly HashSet<S3Location> _outputs = [];
    private readonly Dictionary<S3Location, (string Path, string? Fingerprint)> _inputs = [];
    private ObjectStore? _store;

    /// <summary>Paths by these options; nothing is asked of any server before the first address.</summary>
    public StoragePaths(StorageOptions options, IRunObserver observer, CancellationToken cancellation, Func<string, string?>? environment = null)
    {
        (_options, _observer, _cancellation) = (options, observer, cancellation);
        _environment = environment ?? Environment.GetEnvironmentVariable;
    }

    /// <summary>True for an address of object storage; false for a local path or an address of another kind.</summary>
    /// <exception cref="UsageException">An address of object storage that is not possible or not supported.</exception>
    public static bool IsAddress(string path)
    {
        var end = path.IndexOf("://", StringComparison.Ordinal);
        var scheme = end < 0 ? "" : path[..end].ToLowerInvariant();
        return scheme switch
        {
            "s3" => S3Location.TryParse(path, out _),
            "gs" or "gcs" => throw new UsageException(
                $"addresses of the kind {scheme}:// are not supported. Google Cloud Storage speaks S3 as well: make an HMAC key, give it as AWS credentials, set storage.endpoint to https://storage.googleapis.com, and write s3://bucket/prefix."),
            "az" or "azure" or "abfs" or "abfss" or "wasb" or "wasbs" or "adl" => throw new UsageException(
                $"addresses of the kind {scheme}:// are not supported. Mount the container or copy it with Azure's tools, and give the local path; or put it behind a server that speaks S3 (storage.endpoint) and write s3://bucket/prefix."),
            "s3a" or "s3n" => throw new UsageException($"addresses of the kind {scheme}:// are Hadoop's; write s3://bucket/prefix."),
            _ => false,
        };
    }

    /// <summary>Fails for an address where only a path of this machine will do.</summary>
    /// <exception cref="UsageException">It is an address.</exception>
    public static string RequireLocal(string path) => path.Contains("://", StringComparison.Ordinal)
        ? throw new UsageException($"'{path}' is an address; expected a path of this machine here.") : path;

    /// <summary>A local path to read from: unchanged, or the fetched folder or file of an address.</summary>
    /// <exception cref="UsageException">Nothing lies there, it can't be an address, or there are no credentials.</exception>
    /// <exception cref="RunFaultException">It can't be fetched.</exception>
    public string Input(string pathOrAddress) => Fetch(pathOrAddress).Path;

    /// <summary>As <see cref="Input"/>, with what tells whether anything there has changed; <c>null</c> for a path of this machine.</summary>
    /// <exception cref="UsageException">Nothing lies there, it can't be an address, or there are no credentials.</exception>
    /// <exception cref="RunFaultException">It can't be fetched.</exception>
    public (string Path, string? Fingerprint) Fetch(string pathOrAddress)
    {
        if (!IsAddress(pathOrAddress) || !S3Location.TryParse(pathOrAddress, out var location))
            return (pathOrAddress, null);
        // What this run itself writes is read where it writes it.
        if (_outputs.Contains(location))
            return (_mirrors[location].Folder, null);
        if (_inputs.TryGetValue(location, out var known))
            return known;
        var mirror = MirrorOf(location);
        var (path, result) = Run(mirror.Store, location, () => mirror.FetchInputAsync(_observer, _cancellation));
        _inputs.Add(location, (path, result.Fingerprint));
        _observer.StandsFor(path, pathOrAddress);
        return (path, result.Fingerprint);
    }

    /// <summary>The objects of an address as files that are read where they lie, or <c>null</c> when one of them is not wanted or can't be a file.</summary>
    /// <param name="address">The address.</param>
    /// <param name="isWanted">Tells by the path inside the place whether an object can be read where it lies.</param>
    /// <exception cref="UsageException">It can't be an address, or there are no credentials.</exception>
    /// <exception cref="RunFaultException">It can't be listed.</exception>
    public IReadOnlyList<S3File>? Files(string address, Predicate<string> isWanted)
    {
        if (!S3Location.TryParse(address, out var location))
            throw new ArgumentException("no address of object storage", nameof(address));
        return Run(Store, location, () => ObjectListing.FilesAsync(Store, location, isWanted, _observer, _cancellation));
    }

    /// <summary>A folder to write to: the local one, or a fetched copy of the address, to be published at the end.</summary>
    /// <exception cref="UsageException">It can't be an address, or there are no credentials.</exception>
    /// <exception cref="RunFaultException">It can't be fetched.</exception>
    public OutputFolder Output(string pathOrAddress)
    {
        if (!IsAddress(pathOrAddress) || !S3Location.TryParse(pathOrAddress, out var location))
            return new OutputFolder(pathOrAddress, null);
        var mirror = MirrorOf(location);
        if (_outputs.Add(location))
            _ = Run(mirror.Store, location, () => mirror.FetchOutputAsync(_observer, _cancellation));
        _observer.StandsFor(mirror.Folder, location.ToString());
        return new OutputFolder(mirror.Folder, location.ToString(), () => Publish(mirror));
    }

    /// <summary>Sends one file to the address of an object, over whatever is there.</summary>
    /// <exception cref="UsageException">It can't be the address of an object, or there are no credentials.</exception>
    /// <exception cref="RunFaultException">It can't be written.</exception>
    public void Send(string file, string address)
    {
        if (!S3Location.TryParse(address, out var location) || location.Prefix.Length == 0)
            throw new UsageException($"'{address}' names no object. Write s3://bucket/name.");
        var md5 = Convert.ToBase64String(PartHash.OfRange(file, 0, new FileInfo(file).Length));
        _ = Run(Store, location, () => Store.CallAsync(
            "write",
            location.ToString(),
            token => Store.Client.PutObjectAsync(new PutObjectRequest { BucketName = location.Bucket, Key = location.Prefix, FilePath = file, MD5Digest = md5, RequestPayer = Store.Payer }, token),
            _cancellation));
    }

    /// <summary>The client of the server that the options name, for other uses of it.</summary>
    public ObjectStore Store => _store ??= ObjectStore.OpenAsync(_options, _environment, _cancellation).GetAwaiter().GetResult();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var mirror in _mirrors.Values)
            mirror.Dispose();
        _store?.Dispose();
    }

    private PublishResult Publish(ObjectMirror mirror)
    {
        using var publication = new ObjectPublication(mirror, _observer);
        return Run(mirror.Store, mirror.Location, () => publication.RunAsync(_cancellation));
    }

    private ObjectMirror MirrorOf(S3Location location)
    {
        if (!_mirrors.TryGetValue(location, out var mirror))
            _mirrors.Add(location, mirror = ObjectMirror.Open(Store, location, WorkFolder(_options, _environment)));
        return mirror;
    }

    /// <summary>The local folder in which data of such paths is worked on.</summary>
    public static string WorkFolder(StorageOptions options, Func<string, string?> environment)
    {
        if (options.WorkDir.Length > 0)
            return Path.GetFullPath(options.WorkDir);
        var cache = environment("XDG_CACHE_HOME") is { Length: > 0 } given && Path.IsPathFullyQualified(given) ? given
            : OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.GetFullPath(Path.Combine(cache, "stackmill", "storage"));
    }

    private static T Run<T>(ObjectStore store, S3Location location, Func<Task<T>> act)
    {
        try
        {
            return act().GetAwaiter().GetResult();
        }
        catch (Amazon.Runtime.AmazonServiceException fault)
        {
            throw store.Explain(fault, "use", location.ToString());
        }
    }
}
