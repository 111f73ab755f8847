using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Model;

namespace Stackmill.Deduplicate.Repositories;

/// <summary>
/// Gathers what one shard tells of repositories, and writes it to a file of <see cref="RepositoryRun"/>s; it keeps one of them in memory. Files are hashed with a
/// key that nobody knows who writes files: a sum of 128 bits alone could be brought about on purpose by a repository of many files
/// (Wagner, "A generalized birthday problem", 2002). Not thread-safe.
/// </summary>
internal sealed class RepositoryCollector : IDisposable
{
    private readonly FileStream _file;
    private readonly byte[] _key;
    private readonly IReadOnlyList<string> _prefer;
    private readonly bool _byLanguage;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private byte[] _bytes = new byte[256];
    private RepositoryRun _run;
    private string _name = "";

    /// <param name="path">The file to write.</param>
    /// <param name="key">The same for all shards, and not to be foreseen: the dataset's root hash.</param>
    /// <param name="options">Which repository is preferred, and among which files duplicates are looked for.</param>
    public RepositoryCollector(string path, string key, DedupOptions options)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
        (_key, _prefer, _byLanguage) = (Encoding.UTF8.GetBytes(key), options.Prefer, options.Scope == DedupOptions.Language);
    }

    /// <summary>Whether repositories are compared; where duplicates are looked for in each repository alone, they are not.</summary>
    public static bool Applies(DeduplicateOptions options) => options.Enabled && options.Dedup.Repositories && options.Dedup.Scope != DedupOptions.Repository;

    /// <summary>Adds a file. Those without a repository take no part.</summary>
    /// <param name="record">The file.</param>
    /// <param name="row">Its row in the shard; rows come in order.</param>
    public void Add(CodeRecord record, long row)
    {
        if (record.RepoName != _name || row != _run.FirstRow + _run.Files)
        {
            Write();
            _name = record.RepoName;
            _run = new RepositoryRun { FirstRow = row, Merits = RepositoryMerits.Of(record, _prefer) };
        }

        if (_name.Length == 0)
            return;
        _run.Files++;
        _run.Tree += HashOf(record);
        _run.Merits.Add(RepositoryMerits.Of(record, _prefer));
    }

    /// <summary>Writes out what is left.</summary>
    public void Complete()
    {
        Write();
        _run = default;
        _file.Flush();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _hash.Dispose();
    }

    private void Write()
    {
        if (_run.Files == 0)
            return;
        var name = Utf8(_name);
        _run.NameLength = name.Length;
        _hash.AppendData(_key);
        _hash.AppendData("repository"u8);
        _hash.AppendData(name);
        _run.Name = Finish();
        _file.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<RepositoryRun>(in _run)));
        _file.Write(name);
    }

    // The content id is part of it, so that the same path in an equal repository has the same one, too. Each part has its length before it.
    private UInt128 HashOf(CodeRecord record)
    {
        _hash.AppendData(_key);
        _hash.AppendData("file"u8);
        Append(record.Path);
        Append(record.Sha256);
        Append(record.ContentId);
        if (_byLanguage)
            Append(record.Language);
        return Finish();
    }

    private void Append(string text)
    {
        var bytes = Utf8(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
        _hash.AppendData(length);
        _hash.AppendData(bytes);
    }

    private ReadOnlySpan<byte> Utf8(string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_bytes.Length < most)
            _bytes = new byte[2 * most];
        return _bytes.AsSpan(0, Encoding.UTF8.GetBytes(text, _bytes));
    }

    private UInt128 Finish()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }
}
