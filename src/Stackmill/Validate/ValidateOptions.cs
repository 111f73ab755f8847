using Stackmill.Core.Options;
using Stackmill.Preprocess.Redact;

namespace Stackmill.Validate;

/// <summary>What <c>validate</c> holds a dataset against.</summary>
internal sealed class ValidateOptions
{
    [Option("max_file_size_mb", "Largest content of one file, in MiB.", Min = 1, Max = 1024)]
    public int MaxFileSizeMb { get; set; } = 10;

    [Option("pii_removal", "Look for personal data and secrets that redaction should have replaced.")]
    public bool PiiRemoval { get; set; } = true;

    [Section("redaction", "Kinds that are looked for.")]
    public RedactionOptions Redaction { get; set; } = new();
}
