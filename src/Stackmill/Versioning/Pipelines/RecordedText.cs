using System.Numerics;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Pipelines;

/// <summary>Entries of <c>dvc.lock</c> and <c>.dvc</c> files: hash, size, number of files, whether it may be executed.</summary>
internal static class RecordedText
{
    /// <summary>Keys that an entry may have, beside those of its file's kind.</summary>
    public static readonly string[] Keys = ["path", "hash", "md5", "size", "nfiles", "isexec"];

    /// <summary>Reads an entry; null when it has no hash yet.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="file">File that it stands in, for messages.</param>
    /// <exception cref="UsageException">A value is of the wrong kind.</exception>
    public static Recorded? Read(DataMap entry, string file)
    {
        if (!entry.TryGet("md5", out var hash))
            return null;
        if (hash is not string md5 || entry.Get("size") is not (null or BigInteger) || entry.Get("nfiles") is not (null or BigInteger) || entry.Get("isexec") is not (null or bool))
            throw new UsageException($"'{file}': the entry of '{entry.Get("path")}' has a value of the wrong kind; expected md5 as text, size and nfiles as whole numbers, isexec as true or false. Restore the file from version control.");
        // An upper-case or cut hash is never the right one, as with DVC.
        var isLegacy = entry.Get("hash") is not "md5" || !Md5File.IsHash(md5);
        var files = entry.Get("nfiles") is BigInteger count ? (long?)count : Md5File.IsFolder(md5) ? 0 : null;
        return new Recorded(new Hashed(md5, entry.Get("size") is BigInteger size ? (long)size : 0, files, entry.Get("isexec") is true), isLegacy);
    }

    /// <summary>An entry of <c>dvc.lock</c>: path and kind of hash first.</summary>
    public static DataMap OfLock(string path, Hashed hashed)
    {
        var entry = new DataMap { { "path", path }, { "hash", "md5" } };
        Fill(entry, hashed);
        return entry;
    }

    /// <summary>An entry of a <c>.dvc</c> file: path and kind of hash last.</summary>
    public static DataMap OfDvcFile(string path, Hashed hashed)
    {
        var entry = new DataMap();
        Fill(entry, hashed);
        entry["hash"] = "md5";
        entry["path"] = path;
        return entry;
    }

    private static void Fill(DataMap entry, Hashed hashed)
    {
        entry["md5"] = hashed.Md5;
        entry["size"] = new BigInteger(hashed.Size);
        if (hashed.Files is { } files)
            entry["nfiles"] = new BigInteger(files);
        if (hashed.IsExecutable)
            entry["isexec"] = true;
    }
}
