using LibGit2Sharp;
using Stackmill.Core.Faults;

namespace Stackmill.Organize.Sources.Git;

/// <summary>Reads the bytes of blobs, whose size was looked at before.</summary>
internal static class GitBlob
{
    /// <summary>The bytes in an array of their own.</summary>
    /// <exception cref="LibGit2SharpException">The blob is damaged.</exception>
    public static byte[] Read(Repository repository, ObjectId id, long length)
    {
        var bytes = new byte[length];
        Fill(repository, id, bytes);
        return bytes;
    }

    /// <summary>Reads a blob into <paramref name="target"/>, which has its length.</summary>
    /// <exception cref="RecordFaultException">The blob is missing or damaged.</exception>
    public static void Fill(Repository repository, ObjectId id, Span<byte> target)
    {
        try
        {
            var blob = repository.Lookup<Blob>(id) ?? throw new RecordFaultException("unreadable", $"the blob {id.Sha} is missing");
            using var stream = blob.GetContentStream();
            if (stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
                throw new RecordFaultException("unreadable", $"the blob {id.Sha} is shorter than it says");
        }
        catch (LibGit2SharpException fault)
        {
            throw new RecordFaultException("unreadable", $"the blob {id.Sha} can't be read: {fault.Message}", fault);
        }
    }
}
