using System.Text.Json;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;

namespace Stackmill.Core.Engine;

/// <summary>
/// Does a stage's tasks on a number of threads, and is the only place where faults are caught. A task whose marker
/// exists (from a run that was interrupted) is not done again. The order of the tasks never shows in what they write.
/// </summary>
/// <param name="stage">Stage id, for messages.</param>
/// <param name="folder">Folder that the tasks write into.</param>
/// <param name="markers">Folder of the markers, or <c>null</c> when tasks leave nothing worth resuming.</param>
/// <param name="key">Key of the plan.</param>
/// <param name="workers">Number of threads, at least 1.</param>
/// <param name="observer">Hears of progress.</param>
/// <param name="scratch">
/// True when what the tasks write is gone after the run: it is not flushed to the disk, so that most of it never gets there. What an interrupted run left is
/// then taken over only if its bytes are those that its marker names, as after a power cut they may not be.
/// </param>
public sealed class ShardRunner(string stage, string folder, string? markers, string key, int workers, IRunObserver observer, bool scratch = false)
{
    /// <summary>How markers, manifests and reports are written: readable, snake_case, UTF-8 as it is.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly Lock _gate = new();
    private Exception? _fault;

    /// <summary>Does all tasks that are not done yet and gives the markers in the order of the plan.</summary>
    /// <exception cref="RunFaultException">The run can't go on.</exception>
    /// <exception cref="OperationCanceledException">The run was asked to stop.</exception>
    public IReadOnlyList<ShardMarker> Run(
        IReadOnlyList<ShardTask> tasks, Func<IShardWorker> createWorker, CancellationToken cancellation)
    {
        // Some of a plan's tasks may be given, as they are when several processes share them.
        var done = new ShardMarker?[tasks.Count == 0 ? 0 : tasks.Max(t => t.Index) + 1];
        var open = new List<ShardTask>(tasks.Count);
        foreach (var task in tasks)
        {
            if ((done[task.Index] = ReadMarker(task, verify: scratch)) is null)
                open.Add(task);
        }

        observer.StageStarted(stage, tasks.Count, tasks.Count - open.Count, tasks.Sum(t => t.Weight));
        foreach (var task in tasks)
        {
            if (done[task.Index] is { } marker)
                observer.ShardDone(stage, task, marker, reused: true);
        }

        // Largest first, so that the last tasks to end are small ones.
        open.Sort((a, b) => a.Weight != b.Weight ? b.Weight.CompareTo(a.Weight) : a.Index.CompareTo(b.Index));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var next = -1;

        void Work()
        {
            try
            {
                IShardWorker? worker = null;
                try
                {
                    for (var i = Interlocked.Increment(ref next); i < open.Count && !stop.IsCancellationRequested; i = Interlocked.Increment(ref next))
                    {
                        worker ??= createWorker();
                        done[open[i].Index] = Do(open[i], worker, stop.Token);
                    }
                }
                finally
                {
                    // Within the outer try: a worker may write what is left when it ends, and the disk may be full.
                    worker?.Dispose();
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The fault or the wish that stopped the run is thrown below, once.
            }
            catch (Exception fault)
            {
                lock (_gate)
                    _fault ??= fault;
                stop.Cancel();
            }
        }

        var threads = new Thread[Math.Min(workers, Math.Max(1, open.Count))];
        for (var i = 0; i < threads.Length; i++)
        {
            // Legacy detectors and recursive readers fit in 16 MiB; the default of a musl system does not.
            threads[i] = new Thread(Work, 16 << 20) { Name = $"{stage}-{i}", IsBackground = true };
            threads[i].Start();
        }

        foreach (var thread in threads)
            thread.Join();
        if (_fault is not null)
            throw AsRunFault(_fault);
        cancellation.ThrowIfCancellationRequested();
        return [.. tasks.Select(task => done[task.Index]!)];
    }

    /// <summary>The markers of tasks, in their order; <c>null</c> for one that is not done, or whose outputs have not the lengths that it names.</summary>
    public IReadOnlyList<ShardMarker?> Done(IEnumerable<ShardTask> tasks) => [.. tasks.Select(t => ReadMarker(t, verify: false))];

    /// <summary>As <see cref="Done"/>, and those that tell why their shard failed.</summary>
    public IReadOnlyList<ShardMarker?> Recorded(IEnumerable<ShardTask> tasks) => [.. tasks.Select(t => ReadMarker(t, verify: false, failed: true))];

    private ShardMarker Do(ShardTask task, IShardWorker worker, CancellationToken cancellation)
    {
        var context = new ShardContext(stage, folder, observer, cancellation);
        observer.TaskStarted(stage, task);
        try
        {
            worker.Run(task, context);
            context.Books.Check($"stage '{stage}', shard '{task.Name}'");
            var marker = new ShardMarker(key, task.Name, context.Books, context.Publish(scratch));
            if (markers is not null)
                WriteMarker(task, marker);
            observer.ShardDone(stage, task, marker, reused: false);
            return marker;
        }
        catch (ShardFaultException fault) when (!StorageFault.IsDiskFull(fault))
        {
            context.Abandon();
            var failed = new ShardMarker(key, task.Name, new Books(), [], fault.Message);
            // Who ends the stage may be another process; a run that goes on tries the shard again. Another worker may have had more luck with the same task.
            if (markers is not null && ReadMarker(task, verify: false) is null)
                WriteMarker(task, failed);
            observer.ShardFailed(stage, task, fault.Message);
            return failed;
        }
        catch (Exception)
        {
            context.Abandon();
            throw;
        }
    }

    private ShardMarker? ReadMarker(ShardTask task, bool verify, bool failed = false)
    {
        if (markers is null || !File.Exists(MarkerPath(task)))
            return null;
        ShardMarker? marker;
        try
        {
            marker = JsonSerializer.Deserialize<ShardMarker>(File.ReadAllBytes(MarkerPath(task)), Json);
        }
        catch (JsonException)
        {
            observer.Note(stage, $"the marker of shard '{task.Name}' is unreadable; the shard is done again");
            return null;
        }

        if (marker is null || marker.Key != key || marker.Task != task.Name || (marker.Error is not null && !failed))
            return null;
        if (marker.Outputs.FirstOrDefault(o => !IsThere(o, verify)) is not { } missing)
            return marker;
        observer.Note(stage, $"the marker of shard '{task.Name}' names '{missing.Path}' in '{folder}', which is missing or has other bytes; the shard is done again");
        return null;
    }

    private bool IsThere(ShardOutput output, bool verify) =>
        new FileInfo(Path.Combine(folder, output.Path)) is { Exists: true } file && file.Length == output.Bytes && (!verify || ScratchChecksum.Of(file.FullName).Checksum == output.Sha256);

    // Not flushed: a power cut may cost the marker, and the shard is then done again. What it names was flushed before.
    private void WriteMarker(ShardTask task, ShardMarker marker) => AtomicFile.WriteAllBytes(MarkerPath(task), JsonSerializer.SerializeToUtf8Bytes(marker, Json), flush: false);

    private string MarkerPath(ShardTask task) => Path.Combine(markers!, task.Name + ".json");

    private Exception AsRunFault(Exception fault) => fault switch
    {
        _ when StorageFault.IsDiskFull(fault) => new RunFaultException(
            $"the disk that holds '{folder}' is full: stage '{stage}' stopped. What was finished is kept; free some space and run the same command again to go on.", fault),
        StackmillException => fault,
        OutOfMemoryException => new RunFaultException(
            $"stage '{stage}' ran out of memory. Give more with --memory, or use fewer --workers or a smaller shard_size.", fault),
        UnauthorizedAccessException or IOException => new RunFaultException(
            $"stage '{stage}' can't go on: {fault.Message} Check the permissions and the device below '{folder}', then run the same command again to go on.", fault),
        _ => new RunFaultException(
            $"stage '{stage}' met an unexpected fault ({fault.GetType().Name} in {FaultPlace.Of(fault)}): {fault.Message} This is a bug in Stackmill: please report it with the log.", fault),
    };
}
