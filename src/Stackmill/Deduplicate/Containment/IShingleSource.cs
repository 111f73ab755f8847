namespace Stackmill.Deduplicate.Containment;

/// <summary>Gives the shingle sets of documents that are numbered by preference: 0 is the most preferred.</summary>
internal interface IShingleSource
{
    /// <summary>Copies a document's shingles, ascending, to the start of <paramref name="buffer"/>, which is replaced when it is too short; gives how many there are.</summary>
    public int Read(uint document, ref ulong[] buffer);

    /// <summary>How many distinct shingles a document has.</summary>
    public int Count(uint document);
}
