namespace Stackmill.Core.Engine;

/// <summary>What a stage reads and writes, told before it begins.</summary>
/// <param name="Reads">What it reads.</param>
/// <param name="Writes">What it writes.</param>
public sealed record StageData(IReadOnlyList<DataPlace> Reads, DataPlace Writes)
{
    /// <summary>Columns of the first input by which rows are left out.</summary>
    public IReadOnlyList<string> Decides { get; init; } = [];
}

/// <summary>A dataset, a report, or files, as those who follow data see it.</summary>
/// <param name="Location">Its path or address.</param>
/// <param name="Format">Form of its files, such as <c>parquet</c>; empty when it has no one form.</param>
/// <param name="Columns">Its columns; none when it has none, or they are not known.</param>
public sealed record DataPlace(string Location, string Format, IReadOnlyList<DataColumn> Columns)
{
    /// <summary>What is there; <c>null</c> when it is not known (yet).</summary>
    public DataAmount? Amount { get; init; }
}

/// <summary>How much is in a dataset.</summary>
/// <param name="Version">What is another when the data is: a hash; empty when it is not known.</param>
/// <param name="Rows">Rows; <c>null</c> for data that has none.</param>
/// <param name="Bytes">Bytes of its files.</param>
/// <param name="Files">Its files.</param>
public sealed record DataAmount(string Version, long? Rows, long Bytes, int Files);

/// <summary>A column of a dataset.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, such as <c>int64</c> or <c>list&lt;string&gt;</c>.</param>
public sealed record DataColumn(string Name, string Type)
{
    /// <summary>Columns of the stage's first input that its values come from; none when they come from elsewhere.</summary>
    public IReadOnlyList<ColumnSource> From { get; init; } = [];
}

/// <summary>Where the values of a column come from.</summary>
/// <param name="Column">Column of the input.</param>
/// <param name="How">What is done with them; <c>null</c> when they are taken as they are.</param>
/// <param name="Masks">True when parts of them are hidden.</param>
public sealed record ColumnSource(string Column, string? How = null, bool Masks = false);
