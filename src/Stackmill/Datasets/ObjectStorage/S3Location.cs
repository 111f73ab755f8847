using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;
using Stackmill.Core.Faults;

namespace Stackmill.Datasets.ObjectStorage;

/// <summary>A place in object storage: a bucket and the beginning of keys in it.</summary>
/// <param name="Bucket">Name of the bucket.</param>
/// <param name="Prefix">Key or folder inside, without a slash at either end; empty for the whole bucket.</param>
internal sealed partial record S3Location(string Bucket, string Prefix)
{
    /// <summary>What every address begins with.</summary>
    public const string Scheme = "s3://";

    // Longest key, in bytes of UTF-8 (Amazon S3 User Guide, "Naming Amazon S3 objects").
    private const int MaxKeyBytes = 1024;

    /// <summary>Reads an address; false when the text is none (a local path, or an address of another kind).</summary>
    /// <exception cref="UsageException">It begins with <c>s3://</c>, but names no possible place.</exception>
    public static bool TryParse(string text, [NotNullWhen(true)] out S3Location? location)
    {
        location = null;
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        var rest = text[Scheme.Length..];
        var slash = rest.IndexOf('/');
        var (bucket, prefix) = slash < 0 ? (rest, "") : (rest[..slash], rest[(slash + 1)..]);
        // Such a text may hold a key and its secret: it is not repeated.
        if (bucket.Contains('@'))
            throw new UsageException("an s3:// address holds '@' before the bucket's name ends. Addresses take no credentials: give them by environment, profile or role, and write s3://bucket/prefix.");
        if (bucket.Length == 0)
            throw new UsageException($"'{text}' names no bucket. Write s3://bucket/prefix.");
        if (!BucketName().IsMatch(bucket) || bucket.Contains("..", StringComparison.Ordinal))
            throw new UsageException($"'{bucket}' in '{text}' can't be the name of a bucket: 3 to 255 letters, digits, '.', '-' and '_' were expected, a letter or digit first. Write s3://bucket/prefix.");
        prefix = prefix.TrimEnd('/');
        if (prefix.Length > 0 && prefix.Split('/').Any(part => part is "" or "." or ".."))
            throw new UsageException($"'{text}' has an empty part, '.' or '..' in its prefix, which not every server and client reads alike. Name the place without it.");
        if (prefix.Any(char.IsControl))
            throw new UsageException($"the address in bucket '{bucket}' holds control characters. Write s3://bucket/prefix.");
        if (Encoding.UTF8.GetByteCount(prefix) > MaxKeyBytes)
            throw new UsageException($"the prefix of the address in bucket '{bucket}' has more than {MaxKeyBytes} bytes; no key is as long.");
        location = new S3Location(bucket, prefix);
        return true;
    }

    /// <summary>What the keys of everything below begin with.</summary>
    public string FolderPrefix => Prefix.Length == 0 ? "" : Prefix + "/";

    /// <summary>The key of a path below, with <c>/</c>.</summary>
    public string KeyOf(string path) => FolderPrefix + path;

    /// <summary>The address.</summary>
    public override string ToString() => Prefix.Length == 0 ? Scheme + Bucket : $"{Scheme}{Bucket}/{Prefix}";

    // Amazon's rule (3 to 63 lower-case letters, digits, dots, hyphens) widened to what old buckets and other servers have.
    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{2,254}$")]
    private static partial Regex BucketName();
}
