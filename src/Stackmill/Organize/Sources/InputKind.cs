using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.Storage;
using Stackmill.Organize.Sources.Records;

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

    /// <summary>One or more files of separated values.</summary>
    Csv,

    /// <summary>One or more Arrow IPC files or streams.</summary>
    Arrow,
}

/// <summary>Finds out what an input is.</summary>
/// <param name="Form">Its form.</param>
/// <param name="Path">As given.</param>
/// <param name="Files">The files of an input of records, in ordinal order of their paths.</param>
internal sealed record InputKind(InputForm Form, string Path, IReadOnlyList<SourceFile> Files)
{
    private const int FilesToTell = 10_000;

    /// <summary>How messages say what a single input may be.</summary>
    private const string Expected = "expected a folder, or a .jsonl, .csv, .tsv (.gz, .zst), .parquet or .arrow file";

    // Published datasets come with these beside their data, our own with their manifest and reports.
    private static readonly string[] Companions =
    [
        "README", "LICENSE", "LICENCE", "NOTICE", "_SUCCESS", "dataset_info.json", "dataset_infos.json",
        Manifest.FileName, IngestManifest.FileName, "preprocessing_results.json", "deduplication_report.json", "schema_validation_report.json", "data_statistics.json",
    ];

    private static readonly (InputForm Form, string Format, string Title, string Endings, Func<string, bool> IsName)[] Forms =
    [
        (InputForm.JsonLines, "jsonl", "JSON-lines", ".jsonl or .ndjson (.gz, .zst)", JsonLines.IsName),
        (InputForm.Parquet, "parquet", "Parquet", ".parquet", path => path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)),
        (InputForm.Csv, "csv", "CSV", ".csv or .tsv (.gz, .zst)", CsvRecords.IsName),
        (InputForm.Arrow, "arrow", "Arrow", ".arrow or .feather", ArrowStreams.IsName),
    ];

    /// <summary>Files of records, tables left out, that were met in a folder that was taken for one of source files, because it holds others too.</summary>
    public int RecordFilesBeside { get; init; }

    /// <summary>Files that are read as nothing, because those beside them are files of records.</summary>
    public int OthersBeside { get; init; }

    /// <summary>How people call the form.</summary>
    public string Title => Forms.FirstOrDefault(f => f.Form == Form).Title ?? "source files";

    /// <summary>Looks at a path of this machine; <paramref name="format"/> is <c>auto</c>, <c>folder</c>, or one of records.</summary>
    /// <exception cref="UsageException">There is nothing to read, or not what was named.</exception>
    public static InputKind Find(string path, string format)
    {
        if (File.Exists(path))
        {
            if (FormOf(path, format) is not { } form)
                throw new UsageException($"the input '{path}' is a single file; {Expected}. Name its form with --input-format, or put it into a folder.");
            if (form == InputForm.JsonLines && !JsonLines.IsName(path))
                RequireLines(path);
            return new InputKind(form, path, [new LocalFile(path, System.IO.Path.GetFileName(path))]);
        }

        if (!Directory.Exists(path))
            throw new UsageException($"there is no input '{path}'; {Expected}. Check the path.");
        FolderScanner.Require(path);
        if (Array.Find(Forms, f => f.Format == format) is { Format: not null } named)
        {
            var files = Data(path).Where(named.IsName).ToList();
            return files.Count > 0
                ? new InputKind(named.Form, path, Local(path, files))
                : throw new UsageException($"the input folder '{path}' holds no {named.Endings} file. Check the path or --input-format.");
        }

        return format == "folder" ? new InputKind(InputForm.Folder, path, []) : Guess(path);
    }

    /// <summary>An input of records from files that lie anywhere.</summary>
    /// <param name="name">How messages name the input.</param>
    /// <param name="files">Its files.</param>
    /// <param name="format"><c>auto</c> for the form that the endings of the names tell, or a form of records.</param>
    /// <exception cref="UsageException">There are no files of records, or those of more than one form.</exception>
    public static InputKind Of(string name, IReadOnlyList<SourceFile> files, string format)
    {
        var data = files.Where(f => IsData(f.RelativePath)).ToList();
        if (format != "auto")
        {
            if (Array.Find(Forms, f => f.Format == format) is not { Format: not null } named)
                throw new UsageException($"the input '{name}' can't be read with --input-format {format}; expected auto or one of {string.Join(", ", Forms.Select(f => f.Format))}.");
            var ofForm = data.Where(f => named.IsName(f.RelativePath)).ToList();
            // One file may have any name: whoever names its form knows it.
            return Made(named.Form, ofForm.Count == 0 && files.Count == 1 ? [.. files] : ofForm, named.Endings);
        }

        var found = Forms.Select(f => (f.Form, f.Title, Files: data.Where(d => f.IsName(d.RelativePath)).ToList())).Where(f => f.Files.Count > 0).ToList();
        return found.Count > 1
            ? throw Mixed($"the input '{name}'", found.Select(f => (f.Title, f.Files.Count)), "")
            : Made(found.Count == 0 ? InputForm.Folder : found[0].Form, found.Count == 0 ? [] : found[0].Files, string.Join(", ", Forms.Select(f => f.Endings)));

        InputKind Made(InputForm form, List<SourceFile> chosen, string endings)
        {
            if (chosen.Count == 0)
                throw new UsageException($"the input '{name}' holds no {endings} file among its {files.Count} files. Check the name or --input-format.");
            chosen.Sort((a, b) => string.CompareOrdinal(a.RelativePath, b.RelativePath));
            return new InputKind(form, name, chosen) { OthersBeside = data.Count(f => !IsCompanion(f.RelativePath)) - chosen.Count };
        }
    }

    /// <summary>True for a file of records by its name, and for what published datasets have beside theirs.</summary>
    /// <param name="path">Path inside the input.</param>
    public static bool IsOfRecords(string path) => !IsData(path) || IsCompanion(path) || IsRecords(path);

    /// <summary>True for a file of records by its name.</summary>
    /// <param name="path">Path inside the input.</param>
    public static bool IsRecords(string path) => IsData(path) && Array.Exists(Forms, f => f.IsName(path));

    private static InputKind Guess(string path)
    {
        var (found, other, seen) = (Forms.Select(_ => new List<string>()).ToArray(), false, 0);
        foreach (var file in Data(path))
        {
            var form = Array.FindIndex(Forms, f => f.IsName(file));
            if (form >= 0)
                found[form].Add(file);
            else if (!IsCompanion(file))
                other = true;
            // Millions of source files need not be listed twice.
            if (other && ++seen >= FilesToTell)
                break;
        }

        var records = found.Sum(f => f.Count);
        var forms = found.Index().Where(f => f.Item.Count > 0).ToList();
        if (!other && forms.Count > 1)
            throw Mixed($"the input folder '{path}'", forms.Select(f => (Forms[f.Index].Title, f.Item.Count)), ", or read them as source files with --input-format folder");
        return other || records == 0
            // Tables are usual among source files; the other forms hardly are.
            ? new InputKind(InputForm.Folder, path, []) { RecordFilesBeside = records - found[Array.FindIndex(Forms, f => f.Form == InputForm.Csv)].Count }
            : new InputKind(Forms[forms[0].Index].Form, path, Local(path, forms[0].Item));
    }

    private static UsageException Mixed(string input, IEnumerable<(string Title, int Count)> found, string or) => new(
        $"{input} holds {string.Join(" and ", found.Select(f => $"{f.Count} {f.Title}"))} files: one run reads one form. Say which with --input-format {string.Join(" or ", found.Select(f => Array.Find(Forms, k => k.Title == f.Title).Format))}{or}.");

    private static InputForm? FormOf(string path, string format)
    {
        var index = Array.FindIndex(Forms, f => format == "auto" ? f.IsName(path) : f.Format == format);
        return index < 0 ? null : Forms[index].Form;
    }

    // A file of another name may well hold JSON lines; one document over many lines would fail line by line.
    private static void RequireLines(string path)
    {
        if (PackedFile.IsCompressed(path))
            return;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        Span<byte> bytes = stackalloc byte[4096];
        var start = bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)].Trim("\uFEFF \t\r\n"u8);
        var isArray = start.StartsWith("["u8);
        if (isArray || (start.StartsWith("{"u8) && start[1..].TrimStart(" \t\r"u8).StartsWith("\n"u8)))
        {
            throw new UsageException(
                $"the input '{path}' holds one JSON {(isArray ? "array" : "object over several lines")}, not JSON lines: expected one object a line. Make lines of it first, such as with: jq -c {(isArray ? "'.[]'" : ".")} '{path}' > records.jsonl");
        }
    }

    private static IEnumerable<string> Data(string path) =>
        Directory.EnumerateFiles(path, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Where(f => IsData(Relative(path, f)));

    private static bool IsData(string relative) => !relative.Split('/').Any(p => p.StartsWith('.') || p is "_ledger" or "_work");

    private static bool IsCompanion(string path) => Companions.Any(c => System.IO.Path.GetFileName(path).StartsWith(c, StringComparison.OrdinalIgnoreCase));

    private static string Relative(string folder, string file)
    {
        var relative = System.IO.Path.GetRelativePath(folder, file);
        return System.IO.Path.DirectorySeparatorChar == '/' ? relative : relative.Replace('\\', '/');
    }

    private static List<SourceFile> Local(string folder, List<string> files)
    {
        files.Sort(string.CompareOrdinal);
        return [.. files.Select(f => new LocalFile(f, Relative(folder, f)))];
    }
}
