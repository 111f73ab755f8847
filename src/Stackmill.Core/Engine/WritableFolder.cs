using Stackmill.Core.Faults;

namespace Stackmill.Core.Engine;

/// <summary>Folders that somebody has named to be written to.</summary>
public static class WritableFolder
{
    /// <summary>Makes a folder when it is missing.</summary>
    /// <exception cref="UsageException">It can't be made there.</exception>
    /// <exception cref="IOException">The disk is full, or can't be written to at all.</exception>
    public static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException || (fault is IOException io && !StorageFault.IsDiskFull(io) && !StorageFault.IsReadOnly(io)))
        {
            var path = Path.GetFullPath(folder);
            for (var at = path; at is not null; at = Path.GetDirectoryName(at))
            {
                if (File.Exists(at))
                    throw new UsageException($"the folder '{folder}' can't be made: '{at}' is a file. Name another folder.", fault);
            }

            throw new UsageException($"the folder '{folder}' can't be made{(fault is UnauthorizedAccessException ? ": there is no permission to" : " there")}. Name one that may be written to.", fault);
        }
    }
}
