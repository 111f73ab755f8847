namespace Stackmill.Shared.Configuration;

/// <summary>A value as it stands in the configuration text, with its place (line and column from 1; 0 on the command line).</summary>
internal abstract record SourceNode(int Line, int Column);

/// <summary>A single word or text.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Text">The text without quotes.</param>
/// <param name="IsPlain">False when quotes, a block or a <c>!!str</c> tag say that it is text and nothing else.</param>
internal sealed record SourceScalar(int Line, int Column, string Text, bool IsPlain) : SourceNode(Line, Column)
{
    // The null words of the YAML 1.2 core schema (section 10.3.2).
    internal bool IsNull => IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A list.</summary>
internal sealed record SourceList(int Line, int Column) : SourceNode(Line, Column)
{
    internal List<SourceNode> Items { get; } = [];
}

/// <summary>Keys with values, in the order of the text, repeated keys included.</summary>
internal sealed record SourceMap(int Line, int Column) : SourceNode(Line, Column)
{
    internal List<(SourceNode Key, SourceNode Value)> Entries { get; } = [];
}

/// <summary>A value whose fault is already reported: nothing more is said about it.</summary>
internal sealed record SourceFault(int Line, int Column) : SourceNode(Line, Column);
