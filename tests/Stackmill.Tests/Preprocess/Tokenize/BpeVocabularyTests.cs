using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Faults;
using Stackmill.Preprocess.Tokenize;

namespace Stackmill.Tests.Preprocess.Tokenize;

public class BpeVocabularyTests
{
    // SHA-256 of the published files of 'base64 rank' lines, as named in tiktoken's openai_public.py.
    [Theory]
    [InlineData("o200k_base", 199_998, "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d")]
    [InlineData("cl100k_base", 100_256, "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7")]
    public void The_vocabulary_is_the_published_one(string name, int count, string sha256)
    {
        var vocabulary = Encodings.Get(name).Vocabulary;
        Assert.Equal(name, vocabulary.Name);
        Assert.Equal(count, vocabulary.Count);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var id = 0; id < count; id++)
            hash.AppendData(Encoding.ASCII.GetBytes($"{Convert.ToBase64String(vocabulary.Token(id))} {id}\n"));
        Assert.Equal(sha256, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Theory, MemberData(nameof(Encodings.Names), MemberType = typeof(Encodings))]
    public void Every_token_is_found_by_its_bytes_and_nothing_else_is(string name)
    {
        var vocabulary = Encodings.Get(name).Vocabulary;
        var tokens = new HashSet<string>();
        for (var id = 0; id < vocabulary.Count; id++)
        {
            Assert.Equal(id, vocabulary.IdOf(vocabulary.Token(id)));
            tokens.Add(Encoding.Latin1.GetString(vocabulary.Token(id)));
        }

        for (var id = 0; id < vocabulary.Count; id++)
        {
            byte[] other = [.. vocabulary.Token(id), (byte)'q'];
            Assert.Equal(tokens.Contains(Encoding.Latin1.GetString(other)), vocabulary.IdOf(other) != BpeVocabulary.None);
        }

        Assert.Equal(BpeVocabulary.None, vocabulary.IdOf([]));
        Assert.Equal(BpeVocabulary.None, vocabulary.IdOf(new byte[vocabulary.LongestToken + 1]));
    }

    [Theory]
    [InlineData("gpt9")]
    [InlineData("")]
    [InlineData("O200K_BASE")]
    public void An_unknown_name_is_refused_with_the_known_ones(string name)
    {
        var fault = Assert.Throws<UsageException>(() => BpeVocabulary.Load(name));
        Assert.Contains($"'{name}'", fault.Message);
        Assert.Contains("o200k_base", fault.Message);
        Assert.Contains("cl100k_base", fault.Message);
    }

    [Theory]
    [InlineData("Capacity: 3\r\nYQ==\r\nYg==\r\n", 3, "2 tokens instead of 3")]
    [InlineData("Capacity: 1\r\nYQ==\r\nYg==\r\n", 1, "more than 1 tokens")]
    [InlineData("Capacity: 2\r\nYQ==\r\n!!\r\n", 2, "line 3")]
    [InlineData("Capacity: 2\r\nYQ==\r\n\r\n", 2, "line 3")]
    [InlineData("YQ==\r\nYg==\r\n", 2, "Capacity")]
    [InlineData("\r\n", 0, "Capacity")]
    public void A_damaged_vocabulary_is_named_with_what_is_wrong(string text, int tokens, string wrong)
    {
        var fault = Assert.Throws<RunFaultException>(() => VocabularyResource.Parse(Deflate(text), "some.tiktoken.deflate", tokens));
        Assert.Contains("some.tiktoken.deflate", fault.Message);
        Assert.Contains(wrong, fault.Message);
    }

    [Fact]
    public void Bytes_that_are_no_deflate_stream_are_refused() =>
        Assert.Contains("decompressed", Assert.Throws<RunFaultException>(() => VocabularyResource.Parse(new MemoryStream([0xFF, 0xFF, 1, 2, 3]), "x", 1)).Message);

    [Fact]
    public void Line_ends_may_be_of_either_kind_and_the_last_may_be_missing()
    {
        var (bytes, starts) = VocabularyResource.Parse(Deflate("Capacity: 9\nYWI=\r\nYw=="), "x", 2);
        Assert.Equal("abc"u8.ToArray(), bytes);
        Assert.Equal([0, 2, 3], starts);
    }

    [Fact]
    public void A_missing_assembly_or_resource_is_named()
    {
        var known = "Microsoft.ML.Tokenizers.Data.O200kBase";
        Assert.Contains("No.Such.Assembly", Assert.Throws<RunFaultException>(() => new VocabularyResource("No.Such.Assembly", "x", 1, SplitterKind.O200k).Read()).Message);
        Assert.Contains(known, Assert.Throws<RunFaultException>(() => new VocabularyResource(known, "none.deflate", 1, SplitterKind.O200k).Read()).Message);
    }

    private static MemoryStream Deflate(string text)
    {
        var compressed = new MemoryStream();
        using (var deflater = new DeflateStream(compressed, CompressionLevel.Fastest, leaveOpen: true)) deflater.Write(Encoding.ASCII.GetBytes(text));
        compressed.Position = 0;
        return compressed;
    }
}
