using System.Buffers.Text;
using System.Security.Cryptography;
using Stackmill.Core.Model;
using Stackmill.Shared.Languages;

namespace Stackmill.Datasets;

/// <summary>Fills in what follows from a record's bytes and path.</summary>
internal static class RecordIdentity
{
    /// <summary>Sets the ids, SHA-256 and length from the content, and the extension from the path.</summary>
    public static void Complete(CodeRecord record)
    {
        var content = record.Content.Span;
        Span<byte> hash = stackalloc byte[32];
        record.BlobId = BlobId(content);
        record.ContentId = GitBlobId(content);
        SHA256.HashData(content, hash);
        record.Sha256 = Convert.ToHexStringLower(hash);
        record.LengthBytes = content.Length;
        if (record.Path.Length == 0)
            record.Path = record.ContentId + DefaultExtension(record.Language);
        record.Extension = LanguageTable.Extension(record.Path);
    }

    /// <summary>SHA-1 of a file's bytes, which is Software Heritage's key.</summary>
    public static string BlobId(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(content, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>Git's id of a file's bytes: SHA-1 of <c>blob LENGTH\0</c> and the bytes (gitformat: loose objects).</summary>
    public static string GitBlobId(ReadOnlySpan<byte> content)
    {
        Span<byte> header = stackalloc byte[32];
        "blob "u8.CopyTo(header);
        Utf8Formatter.TryFormat(content.Length, header[5..], out var digits);
        header[5 + digits] = 0;
        using var sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        sha1.AppendData(header[..(6 + digits)]);
        sha1.AppendData(content);
        Span<byte> hash = stackalloc byte[20];
        sha1.GetHashAndReset(hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>A POSIX path that is relative, has no empty, <c>.</c> or <c>..</c> part, and never leaves its root.</summary>
    public static string NormalisePath(string path)
    {
        if (!path.Contains('\\') && !path.Contains("//", StringComparison.Ordinal) && !path.StartsWith('/') && !path.Contains("./", StringComparison.Ordinal)
            && !path.EndsWith('.') && !path.Contains('\0') && !path.EndsWith('/'))
            return path;
        var parts = new List<string>();
        foreach (var part in path.Replace('\\', '/').Replace("\0", "", StringComparison.Ordinal).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                if (parts.Count > 0)
                    parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }

    /// <summary>Splits the leading folders of a path off as the repository's name.</summary>
    public static (string Repo, string Path) SplitRepo(string path, int depth)
    {
        var cut = 0;
        for (var i = 0; i < depth; i++)
        {
            var next = path.IndexOf('/', cut);
            if (next < 0)
                return ("", path);
            cut = next + 1;
        }

        return cut == 0 ? ("", path) : (path[..(cut - 1)], path[cut..]);
    }

    private static string DefaultExtension(string language)
    {
        var extensions = LanguageTable.Find(language)?.Extensions ?? "";
        return extensions.Length == 0 ? "" : "." + extensions.Split(' ')[0];
    }
}
