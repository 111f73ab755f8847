using Stackmill.Organize;
using Stackmill.Organize.Sources;
using Stackmill.Shared.Configuration;

namespace Stackmill.Runs.Doctor;

/// <summary>How many bytes an input has, and what a run on it writes.</summary>
/// <param name="Plain">Bytes of files that are not compressed.</param>
/// <param name="Packed">Bytes of compressed ones, Parquet among them.</param>
/// <param name="IsWhole">False when there are more that were not counted.</param>
internal readonly record struct InputSize(long Plain, long Packed, bool IsWhole)
{
    // Most that a run holds on disk at once, deduplication's scratch files included: 1.3 bytes for a byte of JSON lines, 7.8 for one of
    // Parquet (measured on 310 MB of source). Rounded up, because a full disk stops a run and source that compresses badly takes more.
    // The books and footers of the smallest datasets come to as much.
    private const long Base = 256 << 10;
    private const long PerPlainByte = 2;
    private const long PerPackedByte = 10;

    private const int MostFiles = 200_000;

    private static readonly string[] PackedEndings = [".parquet", ".gz", ".tgz", ".zst", ".xz", ".bz2", ".zip", ".jar", ".nupkg", ".whl"];

    /// <summary>Bytes of disk that a run needs for its datasets.</summary>
    public long Needed => Base + (Plain * PerPlainByte) + (Packed * PerPackedByte);

    /// <summary>All bytes.</summary>
    public long Total => Plain + Packed;

    /// <summary>With one file more.</summary>
    public InputSize With(string name, long length) =>
        PackedEndings.Any(e => name.EndsWith(e, StringComparison.OrdinalIgnoreCase)) ? this with { Packed = Packed + length } : this with { Plain = Plain + length };

    /// <summary>Counts an input of this machine; of a folder with very many files, the first of them.</summary>
    public static InputSize? Of(OrganizeInput input, CancellationToken cancellation)
    {
        var size = new InputSize(0, 0, true);
        if (input.Git is not null)
            return null;
        foreach (var file in input.Archives ?? (input.Kind!.Form == InputForm.Folder ? [] : input.Kind.Files))
            size = size.With(file.RelativePath, file.Length);
        if (input.Kind?.Form != InputForm.Folder)
            return size;

        var seen = 0;
        var all = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var file in new DirectoryInfo(input.LocalPath!).EnumerateFiles("*", all))
        {
            if (++seen > MostFiles || cancellation.IsCancellationRequested)
                return size with { IsWhole = false };
            // Of source files each is read as it is, whatever its name.
            size = size with { Plain = size.Plain + file.Length };
        }

        return size;
    }

    /// <summary>For people.</summary>
    public override string ToString() => $"{(IsWhole ? "" : "more than ")}{SizeText.FormatRounded(Total)}";
}
