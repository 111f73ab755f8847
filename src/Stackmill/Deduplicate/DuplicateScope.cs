using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Model;

namespace Stackmill.Deduplicate;

/// <summary>
/// Among which documents duplicates are looked for. A scope is 32 bytes that keys and digests of its documents are combined with, so that
/// those of other scopes never meet; zero for all.
/// </summary>
/// <param name="Value">SHA-256 of the scope's name.</param>
internal readonly record struct DuplicateScope(ContentDigest Value)
{
    /// <summary>The scope of a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="scope">A word of <see cref="DedupOptions.Scope"/>.</param>
    public static DuplicateScope Of(CodeRecord record, string scope) => scope switch
    {
        DedupOptions.Language => Named("language " + record.Language),
        DedupOptions.Repository => Named("repository " + record.RepoName),
        _ => default,
    };

    /// <summary>A digest of this scope.</summary>
    public ContentDigest Combine(ContentDigest digest) => new(digest.A ^ Value.A, digest.B ^ Value.B, digest.C ^ Value.C, digest.D ^ Value.D);

    /// <summary>A digest of this scope.</summary>
    public UInt128 Combine(UInt128 digest) => digest == 0 ? 0 : digest ^ new UInt128(Value.A, Value.B);

    /// <summary>Band keys of this scope.</summary>
    public void Combine(Span<ulong> keys)
    {
        foreach (ref ulong key in keys)
            key = StableHash.Finalise(key ^ Value.A);
    }

    private static DuplicateScope Named(string name) => new(ContentDigest.From(SHA256.HashData(Encoding.UTF8.GetBytes(name))));
}
