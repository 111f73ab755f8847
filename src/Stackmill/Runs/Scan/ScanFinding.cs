namespace Stackmill.Runs.Scan;

/// <summary>One value that was found in a file. It never holds the value.</summary>
/// <param name="Path">Path below what was scanned, with slashes.</param>
/// <param name="Line">Line of its begin, from 1.</param>
/// <param name="Column">Column of its begin, from 1, in code points.</param>
/// <param name="EndLine">Line of its end.</param>
/// <param name="EndColumn">Column behind its last character.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Rule">Id of the rule.</param>
/// <param name="Start">Offset in the decoded text, in code points.</param>
/// <param name="Length">Length in code points.</param>
/// <param name="Confidence">Probability that it is what its rule says, 0 to 1.</param>
/// <param name="Fingerprint">The same for the same find in the same line of the same file, wherever the line moves; made without the value.</param>
/// <param name="Context">Its line with all values masked; <c>null</c> when that was not asked for.</param>
internal sealed record ScanFinding(
    string Path, int Line, int Column, int EndLine, int EndColumn, string Kind, string Rule, int Start, int Length, double Confidence, string Fingerprint, string? Context);

/// <summary>What a scan met.</summary>
/// <param name="Findings">In the order of paths and places.</param>
/// <param name="Files">Files that were looked into.</param>
/// <param name="Binary">Files that are no text.</param>
/// <param name="TooLarge">Files above <c>max_file_size_mb</c>.</param>
/// <param name="Known">Finds that the baseline has.</param>
/// <param name="Failed">Files and folders that could not be read, with the reason.</param>
internal sealed record ScanResult(IReadOnlyList<ScanFinding> Findings, int Files, int Binary, int TooLarge, int Known, IReadOnlyList<(string Path, string Reason)> Failed);
