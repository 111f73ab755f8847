namespace Stackmill.Deduplicate;

/// <summary>Where a document's shingle set lies in a store.</summary>
/// <param name="File">Which of the store's files.</param>
/// <param name="Count">Distinct shingles in the set; 0 for a document without shingles.</param>
/// <param name="Offset">Shingles before the set in its file.</param>
internal readonly record struct ShingleReference(int File, int Count, long Offset);

/// <summary>Gives back shingle sets that don't all fit in memory.</summary>
internal interface IShingleStore
{
    /// <summary>Copies a set, ascending, to the start of <paramref name="buffer"/>, which is replaced when it is too short.</summary>
    public void Read(ShingleReference set, ref ulong[] buffer);
}
