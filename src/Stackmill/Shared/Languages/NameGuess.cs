namespace Stackmill.Shared.Languages;

/// <summary>What a listing knows of a file's language: its name only.</summary>
/// <param name="Language">The likeliest language, or <c>null</c>.</param>
/// <param name="Possible">Languages that the content may still turn out to be, none for any at all; <c>null</c> when nothing is left open.</param>
internal readonly record struct NameGuess(string? Language, IReadOnlyList<string>? Possible)
{
    // Pictures, programs, archives and the like, which no language has: reading them to find a shebang line would be for nothing.
    private static readonly HashSet<string> NeverText = new(
        ("7z a apk avi bin bmp bz2 cab class db dll dmg doc docx dylib ear exe flac gif gz ico icns jar jpeg jpg lib lz4 lzma mkv mov mp3 mp4 mpeg msi npy npz o obj odt ogg otf pack parquet pdf pkl png ppt "
        + "pptx psd pyc pyd pyo rar rpm deb so sqlite swf tar tgz tif tiff ttf war wasm wav webm webp whl woff woff2 xls xlsx xz zip zst").Split(' '),
        StringComparer.Ordinal);

    /// <summary>What a name tells.</summary>
    public static NameGuess Of(string path)
    {
        var candidates = LanguageTable.Candidates(path, out var evidence);
        if (candidates.Length == 0)
            return new NameGuess(null, NeverText.Contains(LanguageTable.Extension(path)) ? null : []);
        // A mode line or shebang line may still say otherwise, which is too rare to read what was not asked for.
        if (candidates.Length == 1 && evidence != NameEvidence.CommonExtension)
            return new NameGuess(candidates[0].Name, null);
        return new NameGuess(LanguageTable.OfPath(path)?.Name, [.. candidates.Select(c => c.Name)]);
    }
}
