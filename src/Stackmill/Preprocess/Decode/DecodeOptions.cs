using Stackmill.Core.Options;

namespace Stackmill.Preprocess.Decode;

/// <summary>Section <c>decoding</c>.</summary>
internal sealed class DecodeOptions
{
    [Option("repair_mojibake", "Undo UTF-8 that was certainly encoded twice (cafÃ© for café); each such file is in the ledger as changed.")]
    public bool RepairMojibake { get; set; } = true;
}
