using Stackmill.Datasets.ObjectStorage;

namespace Stackmill.Runs.Doctor;

/// <summary>The folders that a run with this configuration writes into.</summary>
internal static class DiskPlaces
{
    /// <summary>Name of the check of the output's disk.</summary>
    public const string OutputId = "disk";

    /// <summary>All of them, each folder once.</summary>
    /// <param name="subject">What is examined.</param>
    /// <param name="size">The input's size; <c>null</c> when it is not known.</param>
    /// <param name="fetchesContents">True when contents are fetched, so that the input's size tells nothing.</param>
    public static IReadOnlyList<DiskPlace> Of(DoctorSubject subject, InputSize? size, bool fetchesContents)
    {
        var (options, places) = (subject.Options, new List<DiskPlace>());
        var needed = fetchesContents ? null : size?.Needed;
        if (subject.Output is not { } output)
            places.Add(new DiskPlace(OutputId, ".", Need.Optional, needed, "--output DIR"));
        else if (!subject.OutputInStorage)
            places.Add(new DiskPlace(OutputId, output, Need.Required, needed, "--output DIR"));
        if (subject.UsesStorage)
        {
            var fetched = subject.InputPlace == InputPlace.Storage ? size?.Total : 0;
            var bytes = subject.OutputInStorage ? fetched + needed : fetched;
            places.Add(new DiskPlace("disk-work", StoragePaths.WorkFolder(options.Storage, subject.Environment), Need.Required, bytes, "--set storage.work_dir=DIR"));
        }

        if (fetchesContents && options.Contents.Cache is { Length: > 0 } cache and not "none")
            places.Add(new DiskPlace("disk-cache", cache, Need.Required, null, "--set contents.cache=DIR"));
        if (fetchesContents && options.Contents.FileTree is { Length: > 0 } tree)
            places.Add(new DiskPlace("disk-tree", tree, Need.Required, null, "--set contents.file_tree=DIR"));
        if (subject.InputPlace == InputPlace.Git && options.Input.Git.Clones is { Length: > 0 } clones)
            places.Add(new DiskPlace("disk-clones", clones, Need.Required, null, "--set input.git.clones=DIR"));
        return [.. places.GroupBy(p => DiskCheck.Existing(p.Path)).Select(same => same.First() with { Bytes = same.Any(p => p.Bytes is not null) ? same.Sum(p => p.Bytes ?? 0) : null })];
    }
}
