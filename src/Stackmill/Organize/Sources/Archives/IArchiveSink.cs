namespace Stackmill.Organize.Sources.Archives;

/// <summary>What an archive's entries are given to.</summary>
internal interface IArchiveSink
{
    /// <summary>Something is counted.</summary>
    void Count(string counter);

    /// <summary>An archive can't be read, or not to its end.</summary>
    void FailArchive(string path, string reason, string detail);

    /// <summary>Takes one entry; false when its archive can't be read on.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="path">Its path as the record will have it.</param>
    /// <param name="isSafe">False when its name leads out of the archive.</param>
    /// <param name="inner">Its path inside its own archive, which decides whether it is hidden.</param>
    /// <param name="isNested">True when its archive lies inside another one.</param>
    /// <param name="reader">Stands at the entry.</param>
    bool Take(in ArchiveEntry entry, string path, bool isSafe, string inner, bool isNested, ArchiveReader reader);
}
