using System.IO.Compression;
using System.Text;
using LibGit2Sharp;

namespace Stackmill.Organize.Sources.Git;

/// <summary>One entry of a tree.</summary>
/// <param name="Name">Its name; bytes that are not UTF-8 are shown as <c>\xNN</c>.</param>
/// <param name="IsUtf8">True when the name is UTF-8.</param>
/// <param name="Mode">What it is.</param>
/// <param name="Id">Id of its object; of a submodule, the commit in another repository.</param>
internal readonly record struct GitTreeEntry(string Name, bool IsUtf8, Mode Mode, ObjectId Id);

/// <summary>Reads the entries of a tree object in their stored order.</summary>
internal static class GitTree
{
    private const int IdBytes = 20;
    private const int PackHeaderBytes = 12;

    /// <summary>The entries, or <c>null</c> when the tree is missing.</summary>
    /// <exception cref="LibGit2SharpException">It is damaged.</exception>
    public static List<GitTreeEntry>? Read(Repository repository, ObjectId id)
    {
        if (repository.Lookup<Tree>(id) is not { } tree)
            return null;
        var entries = new List<GitTreeEntry>(tree.Count);
        foreach (var entry in tree)
        {
            // The library shows what is not UTF-8 as U+FFFD, which a true name may hold as well: the stored bytes decide.
            if (entry.Name.Contains('\uFFFD'))
                return Parse(Bytes(repository, id));
            entries.Add(new GitTreeEntry(entry.Name, true, entry.Mode, entry.Target.Id));
        }

        return entries;
    }

    // The library gives no object's bytes but a blob's. A pack of the one tree, written to a scratch folder, has them: a header of
    // 12 bytes, type and size in groups of seven bits, and zlib data (gitformat-pack).
    private static byte[] Bytes(Repository repository, ObjectId id)
    {
        var folder = Directory.CreateTempSubdirectory("stackmill-tree-");
        try
        {
            repository.ObjectDatabase.Pack(new PackBuilderOptions(folder.FullName), builder => builder.Add(id));
            using var pack = new FileStream(Directory.EnumerateFiles(folder.FullName, "*.pack").Single(), FileMode.Open, FileAccess.Read);
            pack.Position = PackHeaderBytes;
            while ((pack.ReadByte() & 0x80) != 0)
            {
                // The size is where the zlib data ends.
            }

            using var inflated = new MemoryStream();
            using var zlib = new ZLibStream(pack, CompressionMode.Decompress);
            zlib.CopyTo(inflated);
            return inflated.ToArray();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // MODE in octal, a space, NAME, NUL, 20 bytes of id.
    private static List<GitTreeEntry> Parse(ReadOnlySpan<byte> tree)
    {
        var entries = new List<GitTreeEntry>();
        while (tree.Length > 0)
        {
            var space = tree.IndexOf((byte)' ');
            var end = tree.IndexOf((byte)0);
            var mode = (Mode)Convert.ToInt32(Encoding.ASCII.GetString(tree[..space]), 8);
            var (name, isUtf8) = EntryNames.Decode(tree[(space + 1)..end]);
            entries.Add(new GitTreeEntry(name, isUtf8, mode, new ObjectId(tree.Slice(end + 1, IdBytes).ToArray())));
            tree = tree[(end + 1 + IdBytes)..];
        }

        return entries;
    }
}
