using System.Text.RegularExpressions;
using Stackmill.Core.Engine;

namespace Stackmill.Datasets.ObjectStorage;

/// <content>What one of several processes that share the work on a place has done: sent so that a marker is never there before what it names.</content>
internal sealed partial class ObjectPublication
{
    // In this order, each when all before are there: data, markers of shards, what is prepared, manifests and reports, records of stages.
    private const int Ranks = 5;

    /// <summary>Sends what is new or changed here, and removes what was fetched and is gone here.</summary>
    public async Task SendPartAsync(CancellationToken cancellation)
    {
        var changed = Directory.EnumerateFiles(mirror.Folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(f => Path.GetRelativePath(mirror.Folder, f).Replace('\\', '/')).Where(p => IsShared(p) && IsChanged(p)).ToList();
        var gone = mirror.Index.All().Select(e => e.Path).Where(p => IsShared(p) && !File.Exists(mirror.PathOf(p))).ToList();
        // A manifest goes before what it names.
        await EachAsync(gone.Where(ObjectMirror.IsManifest), RemoveSameAsync, cancellation).ConfigureAwait(false);
        for (var rank = 0; rank < Ranks; rank++)
        {
            var at = rank;
            if (at == Ranks - 1)
                await EachAsync(gone.Where(p => !ObjectMirror.IsManifest(p)), RemoveSameAsync, cancellation).ConfigureAwait(false);
            await EachAsync(changed.Where(p => RankOf(p) == at), SendAsync, cancellation).ConfigureAwait(false);
        }
    }

    private static int RankOf(string path) =>
        path.StartsWith("plan/", StringComparison.Ordinal) ? path.EndsWith(".steps.json", StringComparison.Ordinal) ? 2 : 4
        : ObjectMirror.IsManifest(path) || (path.StartsWith("reports/", StringComparison.Ordinal) && !path.Contains(".work/", StringComparison.Ordinal)) ? 3
        : path.EndsWith("/plan", StringComparison.Ordinal) ? 2
        : Done().IsMatch(path) ? 1 : 0;

    private static bool IsShared(string path) =>
        Path.GetFileName(path) != OutputLock.FileName && !path.StartsWith("logs/", StringComparison.Ordinal) && !path.StartsWith("plan/slurm/", StringComparison.Ordinal)
        && !PublishPlan.IsCache(path) && !Own().IsMatch(path);

    private bool IsChanged(string path)
    {
        var kind = FileKind.Of(new FileInfo(mirror.PathOf(path)));
        return mirror.Index.Find(path) is not { } entry || entry.Length != kind.Length || entry.Changed != kind.Changed;
    }

    // Only what was fetched: another worker may have put something newer there.
    private async ValueTask RemoveSameAsync(string path, CancellationToken cancellation)
    {
        var head = await _store.HeadAsync(_location, _location.KeyOf(path), cancellation).ConfigureAwait(false);
        if (head is not null && ObjectStore.Unquote(head.ETag) == mirror.Index.Find(path)?.ETag)
            await RemoveAsync(path, cancellation).ConfigureAwait(false);
        else
            mirror.Index.Remove(path);
    }

    [GeneratedRegex(@"(^|/)done/([^/]+/)?[^/]+\.json$")]
    private static partial Regex Done();

    // Scratch files bear the mark of their process.
    [GeneratedRegex(@"\.[0-9]{11,}(\.|/|$)")]
    private static partial Regex Own();
}
