using Stackmill.Core.Model;

namespace Stackmill.Runs.Explain;

/// <summary>What one stage did with a file.</summary>
/// <param name="Dataset">Name of the dataset: <c>raw</c>, <c>contents</c>, <c>staged</c>, <c>processed</c>, <c>corpus</c>.</param>
/// <param name="Stage">Id of the stage that made it.</param>
/// <param name="IsKept">True when the file is in the dataset.</param>
/// <param name="Rows">What the ledger says of it: why it went, or how it was changed.</param>
internal sealed record FileStep(string Dataset, string Stage, bool IsKept, IReadOnlyList<LedgerRow> Rows);

/// <summary>The way of one file through the stages.</summary>
/// <param name="Path">Repository and path.</param>
/// <param name="ContentId">Id of its content where it is known, else empty.</param>
/// <param name="Steps">One for each dataset that knows it, in order.</param>
/// <param name="KeptFor">Files that went since this one stays.</param>
internal sealed record FileStory(string Path, string ContentId, IReadOnlyList<FileStep> Steps, IReadOnlyList<LedgerRow> KeptFor);
