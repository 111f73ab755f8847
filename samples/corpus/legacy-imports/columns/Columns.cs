using System.Collections.Generic;

namespace LedgerTools.Export;

/// <summary>Widths of the columns in the printed statement – “narrow” ones are right-aligned.</summary>
public sealed class Columns
{
    private readonly Dictionary<string, int> widths = new() { ["date"] = 10, ["text"] = 42, ["sum"] = 14 };

    public int this[string name] => widths.TryGetValue(name, out var width) ? width : 0;

    public bool IsNarrow(string name) => this[name] is > 0 and < 20;
}
