using Stackmill.Core.Faults;
using Stackmill.Datasets;

namespace Stackmill.Organize.Sources;

/// <summary>What the input of a run is.</summary>
internal enum InputForm
{
    /// <summary>A folder of source files.</summary>
    Folder,

    /// <summary>One or more JSON-lines files.</summary>
    JsonLines,

    /// <summary>One or more Parquet files, or a Stackmill dataset.</summary>
    Parquet,
}

/// <summary>Finds out what an input is.</summary>
/// <param name="Form">Its form.</param>
/// <param name="Path">As given.</param>
/// <param name="Files">The files of a JSON-lines or Parquet input, in ordinal order.</param>
internal sealed record InputKind(InputForm Form, string Path, IReadOnlyList<string> Files)
{
    private const int FilesToTell = 10_000;

    // Published datasets come with these beside their data, our own with their manifest and reports.
    private static readonly string[] Companions =
    [
        "README", "LICENSE", "LICENCE", "NOTICE", "_SUCCESS", "dataset_info.json", "dataset_infos.json",
        Manifest.FileName, IngestManifest.FileName, "preprocessing_results.json", "deduplication_report.json", "schema_validation_report.json", "data_statistics.json",
    ];

    /// <summary>Files of records that were met in a folder that was taken for one of source files, because it holds others too.</summary>
    public int RecordFilesBeside { get; init; }

    /// <summary>Looks at a path; <paramref name="format"/> is <c>auto</c>, <c>folder</c>, <c>jsonl</c> or <c>parquet</c>.</summary>
    /// <exception cref="UsageException">There is nothing to read, or not what was named.</exception>
    public static InputKind Find(string path, string format)
    {
        if (File.Exists(path))
        {
            var form = format switch
            {
                "jsonl" => InputForm.JsonLines,
                "parquet" => InputForm.Parquet,
                "auto" when JsonLines.IsName(path) => InputForm.JsonLines,
                "auto" when IsParquet(path) => InputForm.Parquet,
                _ => throw new UsageException(
                    $"the input '{path}' is a single file; expected a folder, a .jsonl (.gz, .zst) file or a .parquet file. Name its form with --input-format, or put it into a folder."),
            };
            return new InputKind(form, path, [path]);
        }

        if (!Directory.Exists(path))
            throw new UsageException($"there is no input '{path}'; expected a folder, a .jsonl (.gz, .zst) file or a .parquet file. Check the path.");
        FolderScanner.Require(path);
        return format switch
        {
            "folder" => new InputKind(InputForm.Folder, path, []),
            "jsonl" => Several(InputForm.JsonLines, path, JsonLines.IsName, ".jsonl, .jsonl.gz or .jsonl.zst"),
            "parquet" => Several(InputForm.Parquet, path, IsParquet, ".parquet"),
            _ => Guess(path),
        };
    }

    private static InputKind Guess(string path)
    {
        var (parquet, lines, other, seen) = (new List<string>(), new List<string>(), false, 0);
        foreach (var file in Data(path))
        {
            if (IsParquet(file))
                parquet.Add(file);
            else if (JsonLines.IsName(file))
                lines.Add(file);
            else if (!Companions.Any(c => System.IO.Path.GetFileName(file).StartsWith(c, StringComparison.OrdinalIgnoreCase)))
                other = true;
            // Millions of source files need not be listed twice.
            if (other && ++seen >= FilesToTell)
                break;
        }

        var records = parquet.Count + lines.Count;
        if (!other && parquet.Count > 0 && lines.Count > 0)
        {
            throw new UsageException(
                $"the input folder '{path}' holds {lines.Count} JSON-lines and {parquet.Count} Parquet files: one run reads one form. Say which with --input-format jsonl or parquet, or read them as source files with --input-format folder.");
        }

        if (other || records == 0)
            return new InputKind(InputForm.Folder, path, []) { RecordFilesBeside = records };
        return parquet.Count > 0 ? new InputKind(InputForm.Parquet, path, Sorted(parquet)) : new InputKind(InputForm.JsonLines, path, Sorted(lines));
    }

    private static InputKind Several(InputForm form, string path, Func<string, bool> isName, string names)
    {
        var files = Data(path).Where(isName).ToList();
        return files.Count > 0
            ? new InputKind(form, path, Sorted(files))
            : throw new UsageException($"the input folder '{path}' holds no {names} file. Check the path or --input-format.");
    }

    private static IEnumerable<string> Data(string path) =>
        Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(f => !System.IO.Path.GetRelativePath(path, f).Split(System.IO.Path.DirectorySeparatorChar).Any(p => p.StartsWith('.') || p is "_ledger" or "_work"));

    private static bool IsParquet(string path) => path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase);

    private static List<string> Sorted(List<string> files)
    {
        files.Sort(string.CompareOrdinal);
        return files;
    }
}
