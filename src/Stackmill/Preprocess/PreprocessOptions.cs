using Stackmill.Core.Options;
using Stackmill.Preprocess.Clean;
using Stackmill.Preprocess.Decode;
using Stackmill.Preprocess.Quality;
using Stackmill.Preprocess.Redact;

namespace Stackmill.Preprocess;

/// <summary>Section <c>stages</c>: the steps that can be switched off.</summary>
internal sealed class StageSwitches
{
    [Option("encoding_fix", "Decode other encodings than UTF-8; when off, such files are dropped.")]
    public bool EncodingFix { get; set; } = true;

    [Option("malformed_cleaning", "Remove NULs and stray control characters, and make all line ends \\n.")]
    public bool MalformedCleaning { get; set; } = true;

    [Option("pii_removal", "Replace personal data and secrets by placeholders.")]
    public bool PiiRemoval { get; set; } = true;

    [Option("deduplication", "Remove exact and near-duplicates.")]
    public bool Deduplication { get; set; } = true;

    [Option("tokenization", "Count tokens.")]
    public bool Tokenization { get; set; } = true;

    [Option("whitespace_cleanup", "Remove trailing white space and long runs of blank lines; never inside string literals of languages whose syntax is known, nor in files where a literal has no end.")]
    public bool WhitespaceCleanup { get; set; } = true;
}

/// <summary>What <c>preprocess</c> needs to know; part of its dataset's key.</summary>
internal sealed class PreprocessOptions
{
    [Section("stages", "Steps that can be switched off.")]
    public StageSwitches Stages { get; set; } = new();

    [Option("tokenizer_model", "Vocabulary whose tokens are counted.", Values = ["o200k_base", "cl100k_base"])]
    public string TokenizerModel { get; set; } = "o200k_base";

    [Section("decoding", "How encoding_fix works.")]
    public DecodeOptions Decoding { get; set; } = new();

    [Section("cleaning", "How whitespace_cleanup works.")]
    public CleanOptions Cleaning { get; set; } = new();

    [Section("redaction", "What pii_removal replaces.")]
    public RedactionOptions Redaction { get; set; } = new();

    [Section("filters", "Rules on the text of files.")]
    public QualityOptions Filters { get; set; } = new();
}
