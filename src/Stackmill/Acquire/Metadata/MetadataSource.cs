using Stackmill.Datasets.Storage;

namespace Stackmill.Acquire.Metadata;

/// <summary>Parquet files whose rows describe files of code.</summary>
/// <param name="Name">Name of the dataset on the Hub, or a path; how messages and the manifest name it.</param>
/// <param name="Revision">The commit that the dataset is pinned to; empty for local files.</param>
/// <param name="Files">The files, in any order: they are read in ordinal order of their relative paths.</param>
internal sealed record MetadataSource(string Name, string Revision, IReadOnlyList<SourceFile> Files);
