using Stackmill.Core.Faults;
using Stackmill.Datasets.ObjectStorage;

namespace Stackmill.Runs.Doctor;

/// <summary>Whether input and output can be used that lie in object storage.</summary>
internal static class StorageChecks
{
    // Larger listings are not counted to their end.
    private const int MostObjects = 20_000;

    /// <summary>Lists the input and reads the beginning of one object: listing can be allowed where reading is not.</summary>
    public static async Task<InputLook> InputAsync(DoctorSubject subject, StoreOpening opening, CancellationToken cancellation)
    {
        if (opening.Store is not { } store)
            return new InputLook(Untried(InputCheck.Id));
        _ = S3Location.TryParse(subject.Input!, out var location);
        var probe = await StorageProbe.RunAsync(store, location!, tryWrite: false, cancellation).ConfigureAwait(false);
        if (probe.Fault is { } fault)
            return new InputLook(Check.Wrong(InputCheck.Id, Need.Required, fault));
        try
        {
            var (size, sample) = await ListAsync(store, location!, cancellation).ConfigureAwait(false);
            if (sample is null)
                return new InputLook(Check.Wrong(InputCheck.Id, Need.Required, $"there is nothing at {location} ({store.Endpoint})", $"see what is there: aws s3 ls {location}/"));
            var file = new S3File(store, location!, sample, cancellation);
            if (file.Length > 0)
            {
                using var stream = file.OpenSeekable();
                _ = stream.ReadByte();
            }

            var latency = probe.Latency!.Value.TotalMilliseconds;
            var found = $"{location} at {store.Endpoint}, {size} ({subject.InputOrigin}): listed in {latency:F0} ms, {file.RelativePath} read";
            return new InputLook(Check.Ok(InputCheck.Id, found, ("latency_ms", Math.Round(latency, 1)), ("bytes", size.Total)))
            {
                Size = size,
                DescribesFiles = sample.Key.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase) && RunSource.DescribesFiles([file], subject.Options),
            };
        }
        catch (StackmillException read)
        {
            return new InputLook(Check.Wrong(InputCheck.Id, Need.Required, read));
        }
    }

    /// <summary>Lists the output, and writes and removes an empty object: the user named it as the place to write to.</summary>
    public static async Task<Check> OutputAsync(DoctorSubject subject, StoreOpening opening, CancellationToken cancellation)
    {
        if (opening.Store is not { } store)
            return Untried(OutputCheck.Id);
        _ = S3Location.TryParse(subject.Output!, out var location);
        var probe = await StorageProbe.RunAsync(store, location!, tryWrite: true, cancellation).ConfigureAwait(false);
        if (probe.Fault is { } fault)
            return Check.Wrong(OutputCheck.Id, Need.Required, fault);
        var latency = probe.Latency!.Value.TotalMilliseconds;
        return Check.Ok(OutputCheck.Id, $"{location} at {store.Endpoint}: listed in {latency:F0} ms, written to", ("latency_ms", Math.Round(latency, 1)));
    }

    private static Check Untried(string id) => Check.Skipped(id, $"not tried: see {IdentityCheck.Storage.Id}");

    // An address may also name one object.
    private static async Task<(InputSize Size, RemoteObject? Sample)> ListAsync(ObjectStore store, S3Location location, CancellationToken cancellation)
    {
        var (size, sample, seen) = (new InputSize(0, 0, true), (RemoteObject?)null, 0);
        await foreach (var item in store.ListAsync(location, location.FolderPrefix, cancellation).ConfigureAwait(false))
        {
            if (++seen > MostObjects)
            {
                size = size with { IsWhole = false };
                break;
            }

            size = size.With(item.Key, item.Length);
            // Books and reports of a dataset begin with an underscore; data tells more.
            if (sample is not { Length: > 0 } || (IsBook(sample.Key) && item.Length > 0 && !IsBook(item.Key)))
                sample = item;
        }

        if (sample is null && location.Prefix.Length > 0 && await store.HeadAsync(location, location.Prefix, cancellation).ConfigureAwait(false) is { } one)
        {
            sample = new RemoteObject(location.Prefix, one.ContentLength, ObjectStore.Unquote(one.ETag));
            size = size.With(sample.Key, sample.Length);
        }

        return (size, sample);
    }

    private static bool IsBook(string key) => key.Split('/').Any(part => part.StartsWith('_') || part.StartsWith('.'));
}
