using System.Runtime.InteropServices;

namespace Stackmill.Deduplicate.Containment;

/// <summary>A shingle of a file's sample, with the number of files that hold it: the rarest of each file come first.</summary>
/// <param name="Document">The file.</param>
/// <param name="Holders">Files that hold the shingle; one more than the limit for all above it.</param>
/// <param name="Hash">The shingle.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct HeldShingle(uint Document, uint Holders, ulong Hash) : IComparable<HeldShingle>
{
    /// <inheritdoc/>
    public int CompareTo(HeldShingle other) =>
        Document != other.Document ? Document.CompareTo(other.Document) : Holders != other.Holders ? Holders.CompareTo(other.Holders) : Hash.CompareTo(other.Hash);
}

/// <summary>
/// Two files that share a rare shingle, the smaller first. Sorted so that larger files come before smaller ones, and of equally large ones the
/// preferred: a file is decided when all that it might go for are.
/// </summary>
/// <param name="Count">Shingles of the smaller one.</param>
/// <param name="Document">The smaller one.</param>
/// <param name="Container">The larger one.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct ContainmentCandidate(uint Count, uint Document, uint Container) : IComparable<ContainmentCandidate>
{
    /// <inheritdoc/>
    public int CompareTo(ContainmentCandidate other) =>
        Count != other.Count ? other.Count.CompareTo(Count) : Document != other.Document ? Document.CompareTo(other.Document) : Container.CompareTo(other.Container);
}

/// <summary>A file that lies in another, which stays.</summary>
/// <param name="Document">The file.</param>
/// <param name="Container">The one it lies in.</param>
/// <param name="Shared">Shingles that both hold.</param>
/// <param name="Count">Shingles of the file.</param>
/// <param name="ContainerCount">Shingles of the other.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct ContainedDocument(uint Document, uint Container, uint Shared, uint Count, uint ContainerCount) : IComparable<ContainedDocument>
{
    /// <summary>Share of the file's shingles that the other holds.</summary>
    public double Containment => (double)Shared / Count;

    /// <inheritdoc/>
    public int CompareTo(ContainedDocument other) => Document.CompareTo(other.Document);
}
