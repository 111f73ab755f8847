using System.Collections.Concurrent;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Pipelines;

namespace Stackmill.Versioning.Remotes;

/// <summary>What a transfer did.</summary>
/// <param name="Moved">Objects that were sent or fetched.</param>
/// <param name="There">Objects that were there already.</param>
/// <param name="Faults">Why others were not.</param>
internal sealed record TransferResult(int Moved, int There, IReadOnlyList<string> Faults)
{
    /// <summary>Both together.</summary>
    public TransferResult With(TransferResult other) => new(Moved + other.Moved, There + other.There, [.. Faults, .. other.Faults]);

    /// <summary>Fails when something was not moved.</summary>
    /// <exception cref="RunFaultException">It was not.</exception>
    public void Require(string action)
    {
        if (Faults.Count > 0)
            throw new RunFaultException($"{Faults.Count} object{(Faults.Count > 1 ? "s were" : " was")} not {action}; {Moved} {(Moved == 1 ? "was" : "were")}, and stay:\n{string.Join('\n', Faults.Take(10).Select(f => $"  {f}"))}{(Faults.Count > 10 ? $"\n  and {Faults.Count - 10} more" : "")}");
    }
}

/// <summary>
/// Sends objects to a remote and fetches them. Each is held to its hash before it is sent and after it came. The list of a folder is
/// sent after all of its files, so that a remote that has the list has the files.
/// </summary>
internal sealed class ObjectTransfer(ObjectCache cache, ObjectRemote remote, CancellationToken cancellation)
{
    private readonly ParallelWork _parallel = new(remote.Concurrency, cancellation);

    /// <summary>Sends what outputs stand for, as far as it is not there.</summary>
    public TransferResult Push(IEnumerable<string> hashes)
    {
        var roots = hashes.Distinct(StringComparer.Ordinal).ToList();
        var faults = new ConcurrentBag<string>();
        var all = roots.SelectMany(h => Known(h, faults)).Distinct(StringComparer.Ordinal).ToList();
        var present = remote.Present(all);
        var open = all.Where(h => !present.Contains(h)).ToList();
        var done = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        _parallel.Each(open.Where(h => !Md5File.IsFolder(h)).ToList(), hash => SendObject(hash, done, faults));
        // A list goes only when all of its files are there.
        var lists = open.Where(Md5File.IsFolder).ToList();
        var whole = lists.Where(l => cache.Folders(l) is { } folder && folder.Entries.All(e => present.Contains(e.Md5) || done.ContainsKey(e.Md5))).ToList();
        _parallel.Each(whole, hash => SendObject(hash, done, faults));
        return new TransferResult(done.Count, present.Count, [.. faults.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Fetches what outputs stand for, as far as the cache lacks it.</summary>
    public TransferResult Fetch(IEnumerable<string> hashes)
    {
        var roots = hashes.Distinct(StringComparer.Ordinal).ToList();
        var (faults, done) = (new ConcurrentBag<string>(), new ConcurrentDictionary<string, bool>(StringComparer.Ordinal));
        var lists = roots.Where(h => Md5File.IsFolder(h) && !cache.Has(h)).ToList();
        _parallel.Each(lists, hash => FetchObject(hash, done, faults));
        var all = roots.SelectMany(h => Md5File.IsFolder(h) ? cache.Has(h) ? cache.Closure(h).Where(c => !Md5File.IsFolder(c)) : [] : [h]).Distinct(StringComparer.Ordinal).ToList();
        var open = all.Where(h => !cache.Has(h)).ToList();
        _parallel.Each(open, hash => FetchObject(hash, done, faults));
        return new TransferResult(done.Count, roots.Count(Md5File.IsFolder) - lists.Count + all.Count - open.Count, [.. faults.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Sends earlier runs that the remote does not have.</summary>
    public int PushRuns(RunCache runs)
    {
        var there = remote.Keys(RunCache.FolderName).ToHashSet(StringComparer.Ordinal);
        var open = runs.All().Where(r => !there.Contains(r)).ToList();
        _parallel.Each(open, run => remote.Send(run, Path.Combine(cache.Folder, run)));
        return open.Count;
    }

    /// <summary>Fetches earlier runs that are not there.</summary>
    public int FetchRuns()
    {
        var open = remote.Keys(RunCache.FolderName).Where(k => RunCache.IsRun(k) && !File.Exists(Path.Combine(cache.Folder, k))).ToList();
        _parallel.Each(open, run =>
        {
            var temporary = cache.Temporary();
            if (!remote.Fetch(run, temporary))
                return;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(cache.Folder, run))!);
            ObjectCache.MoveInto(temporary, Path.Combine(cache.Folder, run));
        });
        return open.Count;
    }

    private IEnumerable<string> Known(string hash, ConcurrentBag<string> faults)
    {
        if (!Md5File.IsFolder(hash) || cache.Folders(hash) is not null)
            return cache.Closure(hash);
        // Without the list nobody knows its files; the remote may have it all.
        if (remote.Present([hash]).Count == 0)
            faults.Add($"{hash}: the list of the folder is neither in the cache nor at '{remote.Name}'; make it with 'stackmill data commit', or fetch it from another remote");
        return [];
    }

    private void SendObject(string hash, ConcurrentDictionary<string, bool> done, ConcurrentBag<string> faults)
    {
        var path = cache.PathOf(hash);
        if (!File.Exists(path))
        {
            faults.Add($"{hash}: neither in the cache nor at '{remote.Name}'; make it with 'stackmill data commit', or fetch it from another remote");
        }
        else if (!IsRight(hash, path))
        {
            faults.Add($"{hash}: damaged in the cache ('{path}'); it was not sent. Remove it, and add or fetch the data again");
        }
        else
        {
            remote.Send(ObjectCache.KeyOf(hash), path);
            done[hash] = true;
        }
    }

    private void FetchObject(string hash, ConcurrentDictionary<string, bool> done, ConcurrentBag<string> faults)
    {
        var temporary = cache.Temporary();
        if (!remote.Fetch(ObjectCache.KeyOf(hash), temporary))
        {
            faults.Add($"{hash}: not at '{remote.Name}' ({remote.Address}); push it from where it is, it may be half pushed");
        }
        else if (!IsRight(hash, temporary))
        {
            File.Delete(temporary);
            faults.Add($"{hash}: damaged at '{remote.Name}' ({remote.Address}): its bytes have another hash. It was not taken; push it again from where it is whole, after removing it there");
        }
        else
        {
            cache.Adopt(temporary, hash);
            done[hash] = true;
        }
    }

    private static bool IsRight(string hash, string path) => Md5File.Of(path) == hash[..^(Md5File.IsFolder(hash) ? Md5File.FolderEnding.Length : 0)];
}
