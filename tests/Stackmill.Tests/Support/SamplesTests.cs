using System.Security.Cryptography;
using System.Text;

namespace Stackmill.Tests.Support;

public sealed class SamplesTests
{
    [Fact]
    public void Expected_jsonl_covers_exactly_the_entries_of_the_corpus()
    {
        var folders = Samples.Expected.Where(file => file.Path.EndsWith('/')).Select(file => file.Path).ToList();
        var listed = Samples.Expected.Select(file => file.Path).Where(path => !path.EndsWith('/')).Order(StringComparer.Ordinal);
        var found = Entries(new DirectoryInfo(Samples.CorpusPath), "")
            .Where(path => !folders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal).ToList();

        Assert.InRange(found.Count, 120, 250);
        Assert.Equal(found, listed);
        Assert.NotEmpty(folders);
        Assert.All(folders, folder => Assert.True(Directory.Exists(Path.Combine(Samples.CorpusPath, folder)), folder));
    }

    [Fact]
    public void Sizes_and_blob_ids_are_those_of_the_bytes()
    {
        var files = Samples.Expected.Where(file => file.ContentId is not null).ToList();
        Assert.True(files.Count > 150, $"only {files.Count} records have an id");
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(file.FullPath);
            Assert.Equal((file.Path, file.Bytes, file.ContentId), (file.Path, bytes.LongLength, BlobId(bytes)));
        }
    }

    [Fact]
    public void Stated_similarities_are_those_of_a_naive_computation()
    {
        var pairs = Samples.Expected.Where(file => file.Reason == "duplicate_near" || file.SimilarTo is not null).ToList();
        Assert.True(pairs.Count >= 9, $"only {pairs.Count} similarities are stated");
        foreach (var file in pairs)
        {
            var other = Samples.ExpectedOf((file.DuplicateOf ?? file.SimilarTo)!);
            Assert.Equal(file.Similarity!.Value, Jaccard(file.FullPath, other.FullPath), 0.00005);
            if (file.Reason == "duplicate_near")
            {
                Assert.True(other.IsKept, $"{file.Path} goes for {other.Path}, which does not stay");
                Assert.True(file.Similarity >= 0.85, file.Path);
                Assert.True(string.CompareOrdinal(other.ContentId, file.ContentId) < 0, $"{other.Path} is not preferred to {file.Path}");
            }
        }
    }

    [Fact]
    public void The_ends_of_the_chain_are_less_alike_than_the_threshold()
    {
        var chain = Samples.Expected.Where(file => file.Kind == "Chain").OrderBy(file => file.ContentId, StringComparer.Ordinal).ToList();
        Assert.Equal([true, false, true], chain.Select(file => file.IsKept));
        Assert.True(Jaccard(chain[0].FullPath, chain[1].FullPath) >= 0.85);
        Assert.True(Jaccard(chain[1].FullPath, chain[2].FullPath) >= 0.85);
        Assert.True(Jaccard(chain[0].FullPath, chain[2].FullPath) < 0.85);
    }

    [Fact]
    public void Every_exact_copy_names_a_kept_file_that_is_preferred_to_it()
    {
        var copies = Samples.Expected.Where(file => file.Reason == "duplicate_exact").ToList();
        Assert.True(copies.Count >= 5);
        foreach (var copy in copies)
        {
            var kept = Samples.ExpectedOf(copy.DuplicateOf!);
            Assert.True(kept.IsKept, kept.Path);
            var order = string.CompareOrdinal(kept.ContentId, copy.ContentId);
            Assert.True(order < 0 || (order == 0 && string.CompareOrdinal(kept.Path, copy.Path) < 0), copy.Path);
        }
    }

    [Fact]
    public void Every_kind_of_flaw_is_planted()
    {
        string[] reasons =
        [
            "unsupported_extension", "empty", "too_small", "too_large", "hidden", "symbolic_link", "binary", "undecodable",
            "duplicate_exact", "duplicate_near",
        ];
        string[] encodings =
        [
            "utf-8", "utf-16le", "utf-16be", "utf-32le", "iso-8859-1", "windows-1252", "windows-1250", "windows-1251", "koi8-r",
            "shift_jis", "euc-jp", "gb18030", "big5", "euc-kr",
        ];
        string[] languages =
        [
            "Python", "Java", "C++", "JavaScript", "C", "TypeScript", "Go", "Rust", "C#", "Ruby", "PHP", "Shell", "SQL", "HTML", "CSS",
            "Markdown", "JSON", "YAML",
        ];
        string[] redactions = ["email", "key", "ssn", "credit_card", "phone", "ip_address"];
        string[] kinds =
        [
            "Encoding", "Personal data", "Secret", "Look-alike", "Bytes", "White space", "Size", "Name", "Exact copy", "Near copy", "Chain",
            "White space only", "Short",
        ];

        Assert.Equal(reasons.Order(StringComparer.Ordinal), Distinct(file => file.Reason));
        Assert.Equal(encodings.Order(StringComparer.Ordinal), Distinct(file => file.Encoding));
        Assert.Equal(languages.Order(StringComparer.Ordinal), Distinct(file => file.IsKept ? file.Language : null));
        Assert.Equal(kinds.Order(StringComparer.Ordinal), Distinct(file => file.Kind));
        Assert.Equal(redactions.Order(StringComparer.Ordinal), Samples.Expected.SelectMany(file => file.Redactions.Keys).Distinct().Order(StringComparer.Ordinal));
        Assert.All(Samples.Expected, file => Assert.Equal(file.Kind is null, file.Flaw is null));
        Assert.All(Samples.Expected, file => Assert.Equal(file.IsKept, file.Reason is null && file.Stage == "corpus"));
        Assert.True(Samples.Expected.Count(file => file.Kind == "Look-alike" && file.Redactions.Count == 0 && file.MustContain.Count > 0) >= 8);
    }

    private static IEnumerable<string> Distinct(Func<ExpectedFile, string?> value) =>
        Samples.Expected.Select(value).OfType<string>().Distinct().Order(StringComparer.Ordinal);

    /// <summary>Files and links below a folder; a link is an entry by itself and not entered.</summary>
    private static IEnumerable<string> Entries(DirectoryInfo folder, string prefix)
    {
        foreach (var entry in folder.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = 0 }))
        {
            if (entry is DirectoryInfo inner && entry.LinkTarget is null)
            {
                foreach (var path in Entries(inner, prefix + entry.Name + "/"))
                    yield return path;
            }
            else
            {
                yield return prefix + entry.Name;
            }
        }
    }

    private static string BlobId(byte[] bytes)
    {
#pragma warning disable CA5350 // Git's ids are SHA-1 by definition; nothing is secured by them here.
        return Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]));
#pragma warning restore CA5350
    }

    private static double Jaccard(string first, string second)
    {
        var (left, right) = (Tokens(File.ReadAllBytes(first)), Tokens(File.ReadAllBytes(second)));
        if (left.Count < 5 || right.Count < 5)
            return left.SequenceEqual(right) ? 1 : 0;
        var (leftSet, rightSet) = (Shingles(left), Shingles(right));
        var shared = leftSet.Count(rightSet.Contains);
        return (double)shared / (leftSet.Count + rightSet.Count - shared);
    }

    private static List<string> Tokens(byte[] bytes)
    {
        var tokens = new List<string>();
        var word = new StringBuilder();
        foreach (var value in bytes)
        {
            var isWord = char.IsAsciiLetterOrDigit((char)value) || value is (byte)'_' or >= 0x80;
            if (!isWord && word.Length > 0)
            {
                tokens.Add(word.ToString());
                word.Clear();
            }

            if (isWord)
                word.Append((char)value);
            else if (value > 0x20)
                tokens.Add(((char)value).ToString());
        }

        if (word.Length > 0)
            tokens.Add(word.ToString());
        return tokens;
    }

    private static HashSet<string> Shingles(List<string> tokens) =>
        [.. Enumerable.Range(0, tokens.Count - 4).Select(start => string.Join(' ', tokens.GetRange(start, 5)))];
}
