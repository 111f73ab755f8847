using System.Buffers;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Model;

namespace Stackmill.Datasets;

/// <summary>
/// Gives each record of a dataset a path <c>LANGUAGE/REPOSITORY/PATH</c> that Linux, macOS and Windows can all hold. What one of
/// them can't hold (a part above 255 bytes, reserved names and characters, names that differ only in case, a file where
/// another needs a folder) gets a shortened name of at most 180 characters with a hash of the true path at its end.
/// Records must be assigned in the dataset's order: then the names are the same on every machine.
/// </summary>
internal sealed class SafeNames
{
    /// <summary>Longest shortened name, in characters.</summary>
    public const int MaxShortened = 180;

    // Linux and Windows: 255 (bytes of UTF-8, UTF-16 units); Linux: 4,096 bytes a whole path, of which an output folder needs some.
    private const int MaxPartBytes = 255;
    private const int MaxPathBytes = 3_000;
    private const int MaxStem = 100;

    private static readonly SearchValues<char> Forbidden = SearchValues.Create("<>:\"|?*\\\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\t\n\v\f\r\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F");
    private static readonly SearchValues<char> ExtensionCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_");
    private static readonly HashSet<string> Reserved = new(
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(1, 9).SelectMany(n => new[] { $"COM{n}", $"LPT{n}" }), .. "¹²³".SelectMany(n => new[] { $"COM{n}", $"LPT{n}" }), "CONIN$", "CONOUT$"], StringComparer.OrdinalIgnoreCase);

    // Eight bytes a name instead of the name: a false clash only lengthens a name.
    private readonly HashSet<ulong> _files = [];
    private readonly HashSet<ulong> _folders = [];

    /// <summary>The path of the next record.</summary>
    public string Assign(CodeRecord record)
    {
        var language = LanguageFolder.Of(record.Language);
        var path = Join(language, record.DisplayPath);
        var plain = IsPortable(path);
        if (plain && Claim(path))
            return path;
        var shortened = Join(language, Shorten(record));
        if (Claim(shortened))
            return shortened;
        // The same repository and path twice: the records differ in content only.
        for (var n = 2; ; n++)
        {
            var numbered = Join(language, Shorten(record, $"-{n}"));
            if (Claim(numbered))
                return numbered;
        }
    }

    /// <summary>True when every system can hold the path as it is.</summary>
    public static bool IsPortable(string path)
    {
        if (Encoding.UTF8.GetByteCount(path) > MaxPathBytes)
            return false;
        foreach (var range in path.AsSpan().Split('/'))
        {
            if (!IsPortablePart(path.AsSpan()[range]))
                return false;
        }

        return true;
    }

    private static bool IsPortablePart(ReadOnlySpan<char> part)
    {
        if (part.IsEmpty || part is "." or ".." || part[^1] is '.' or ' ' || part.ContainsAny(Forbidden) || Encoding.UTF8.GetByteCount(part) > MaxPartBytes)
            return false;
        return !IsReserved(part);
    }

    // Windows takes NUL.anything.txt for NUL.
    private static bool IsReserved(ReadOnlySpan<char> part)
    {
        var dot = part.IndexOf('.');
        return Reserved.GetAlternateLookup<ReadOnlySpan<char>>().Contains((dot < 0 ? part : part[..dot]).TrimEnd(' '));
    }

    private static string Join(string folder, string path) => folder + "/" + path;

    private bool Claim(string path)
    {
        var folded = path.ToLowerInvariant();
        if (_folders.Contains(Hash(folded)))
            return false;
        for (var slash = folded.IndexOf('/'); slash >= 0; slash = folded.IndexOf('/', slash + 1))
        {
            if (_files.Contains(Hash(folded.AsSpan(0, slash))))
                return false;
        }

        if (!_files.Add(Hash(folded)))
            return false;
        for (var slash = folded.IndexOf('/'); slash >= 0; slash = folded.IndexOf('/', slash + 1))
            _folders.Add(Hash(folded.AsSpan(0, slash)));
        return true;
    }

    // The name's own start stays readable; the hash of the true path makes it unique; the extension stays.
    private static string Shorten(CodeRecord record, string suffix = "")
    {
        var slash = record.Path.LastIndexOf('/');
        var name = record.Path[(slash + 1)..];
        var dot = name.LastIndexOf('.');
        var extension = dot > 0 && name.Length - dot - 1 is > 0 and <= 16 && !name.AsSpan(dot + 1).ContainsAnyExcept(ExtensionCharacters) ? name[dot..] : "";
        var stem = Clean(name[..(name.Length - extension.Length)]);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(record.DisplayPath + "\n" + record.BlobId)).AsSpan(0, 8));
        return $"{stem}~{hash}{suffix}{extension}";
    }

    private static string Clean(string name)
    {
        var clean = new StringBuilder(MaxStem);
        foreach (var rune in name.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > MaxStem)
                break;
            if (rune.Utf8SequenceLength == 1 && (Forbidden.Contains((char)rune.Value) || rune.Value is '/' or 127))
                clean.Append('_');
            else
                clean.Append(rune.ToString());
        }

        // At four bytes a character, 40 of them stay far below 255 bytes beside hash and extension.
        while (Encoding.UTF8.GetByteCount(clean.ToString()) > 180)
            clean.Length -= char.IsLowSurrogate(clean[^1]) ? 2 : 1;
        return IsReserved(clean.ToString()) ? "_" + clean : clean.ToString();
    }

    private static ulong Hash(ReadOnlySpan<char> text) => XxHash3.HashToUInt64(System.Runtime.InteropServices.MemoryMarshal.AsBytes(text));
}
