using System.Security.Cryptography;
using System.Text;

namespace Stackmill.Tests.Support.Servers;

/// <summary>A file of a served dataset: bytes in memory or a file of this disk, read anew for each request.</summary>
internal sealed class HubServerFile
{
    private readonly byte[]? _bytes;
    private readonly string? _localPath;

    private HubServerFile(byte[]? bytes, string? localPath, bool isLarge)
    {
        (_bytes, _localPath, IsLarge) = (bytes, localPath, isLarge);
        using var stream = Open();
        Length = stream.Length;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(stream));
        // Git's id of the blob, or of the pointer that stands for a file in large file storage.
        var pointer = Encoding.ASCII.GetBytes($"version https://git-lfs.github.com/spec/v1\noid sha256:{Sha256}\nsize {Length}\n");
        var blob = isLarge ? pointer : bytes ?? File.ReadAllBytes(localPath!);
        GitId = Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {blob.Length}\0"), .. blob]));
    }

    /// <summary>Bytes in memory. Parquet is large file storage, as on the Hub; for others say so.</summary>
    public static HubServerFile Of(string path, byte[] bytes, bool? isLarge = null) => new(bytes, null, isLarge ?? IsLargeByName(path));

    /// <summary>A file of this disk.</summary>
    public static HubServerFile OnDisk(string path, string localPath, bool? isLarge = null) => new(null, localPath, isLarge ?? IsLargeByName(path));

    /// <summary>True: served by the storage host after a redirect. False: served by the Hub itself after a relative redirect.</summary>
    public bool IsLarge { get; }

    public long Length { get; }

    public string Sha256 { get; }

    public string GitId { get; }

    /// <summary>What is sent in its place, though lengths and hashes are told of the true bytes.</summary>
    public byte[]? Swapped { get; set; }

    public Stream Open() => Swapped is { } swapped ? new MemoryStream(swapped, writable: false) : _bytes is null ? new FileStream(_localPath!, FileMode.Open, FileAccess.Read, FileShare.Read) : new MemoryStream(_bytes, writable: false);

    private static bool IsLargeByName(string path) => path.EndsWith(".parquet", StringComparison.Ordinal) || path.EndsWith(".gz", StringComparison.Ordinal) || path.EndsWith(".zst", StringComparison.Ordinal);
}

/// <summary>A served dataset.</summary>
internal sealed class HubServerDataset(string id)
{
    private readonly SortedDictionary<string, HubServerFile> _files = new(StringComparer.Ordinal);

    public string Id { get; } = id;

    /// <summary>The commit that branch <c>main</c> and tag <c>v1.0</c> point to.</summary>
    public string Commit { get; set; } = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(id)));

    /// <summary>What it was at earlier commits, which can be read by their ids.</summary>
    public List<HubServerDataset> Earlier { get; } = [];

    /// <summary>Its terms must be accepted: only accounts in <see cref="Accepted"/> may read its files.</summary>
    public bool IsGated { get; set; }

    /// <summary>Only accounts in <see cref="Accepted"/> see it at all.</summary>
    public bool IsPrivate { get; set; }

    public bool IsDisabled { get; set; }

    /// <summary>Its new name; every request is redirected there.</summary>
    public string? RenamedTo { get; set; }

    /// <summary>Names of accounts with access.</summary>
    public HashSet<string> Accepted { get; } = new(StringComparer.Ordinal) { HubServer.AccountName };

    public IReadOnlyDictionary<string, HubServerFile> Files => _files;

    /// <summary>Adds a file from memory.</summary>
    public HubServerDataset File(string path, byte[] bytes, bool? isLarge = null)
    {
        _files[path] = HubServerFile.Of(path, bytes, isLarge);
        return this;
    }

    /// <summary>Adds a file of this disk.</summary>
    public HubServerDataset File(string path, string localPath, bool? isLarge = null)
    {
        _files[path] = HubServerFile.OnDisk(path, localPath, isLarge);
        return this;
    }
}

/// <summary>One request as the server saw it.</summary>
/// <param name="Host"><c>hub</c> or <c>cdn</c>.</param>
/// <param name="Path">As it was sent, still percent-encoded.</param>
internal sealed record HubServerRequest(string Host, string Method, string Path, string Query, string? Authorization, string? Range, string? IfRange)
{
    public int Status { get; set; }

    public long BytesSent { get; set; }
}
