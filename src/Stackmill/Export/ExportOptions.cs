using Stackmill.Core.Options;

namespace Stackmill.Export;

/// <summary>Section <c>export</c>.</summary>
internal sealed class ExportOptions
{
    [Option("format", "Form of the release.", Values = ["parquet", "jsonl", "files"])]
    public string Format { get; set; } = "parquet";

    [Option("compression", "Compression of JSON lines.", Values = ["zstd", "gzip", "none"])]
    public string Compression { get; set; } = "none";
}
