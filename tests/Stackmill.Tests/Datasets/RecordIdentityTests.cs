using System.Diagnostics;
using System.Text;
using CsCheck;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Organize.Sources;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Datasets;

public sealed class RecordIdentityTests
{
    [Theory]
    [InlineData("", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")]
    [InlineData("hello\n", "ce013625030ba8dba906f756967f9e9ca394464a")]
    [InlineData("what is up, doc?", "bd9dbf5aae1a3862dd1526723246b20206e5fc37")]
    public void Known_blob_ids(string content, string id) => Assert.Equal(id, RecordIdentity.GitBlobId(Encoding.UTF8.GetBytes(content)));

    [Fact]
    public void Ids_agree_with_git()
    {
        using var folder = new TempFolder();
        var random = new Random(7);
        foreach (var length in new[] { 0, 1, 9, 10, 99_999, 1 << 20 })
        {
            var content = new byte[length];
            random.NextBytes(content);
            var start = new ProcessStartInfo("git", ["hash-object", "--no-filters", folder.Write("x", content)]) { RedirectStandardOutput = true };
            using var git = Process.Start(start)!;
            Assert.Equal(git.StandardOutput.ReadToEnd().Trim(), RecordIdentity.GitBlobId(content));
        }
    }

    [Fact]
    public void A_record_gets_all_its_ids_and_a_path_when_it_has_none()
    {
        var record = new CodeRecord { Language = "C++", Content = "hello\n"u8.ToArray() };
        RecordIdentity.Complete(record);
        Assert.Equal("f572d396fae9206628714fb2ce00f72e94f2258f", record.BlobId);
        Assert.Equal("ce013625030ba8dba906f756967f9e9ca394464a.cpp", record.Path);
        Assert.Equal("cpp", record.Extension);
        Assert.Equal("5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03", record.Sha256);
        Assert.Equal(6, record.LengthBytes);
    }

    [Theory]
    [InlineData("a/b.py", "a/b.py")]
    [InlineData("../../etc/passwd", "etc/passwd")]
    [InlineData("a/../../b", "b")]
    [InlineData("/abs/x", "abs/x")]
    [InlineData("a//b/./c/", "a/b/c")]
    [InlineData("C:\\dir\\x.py", "C:/dir/x.py")]
    [InlineData("..\\..\\x", "x")]
    [InlineData("a\0b", "ab")]
    [InlineData(".\0.", "")]
    [InlineData("..", "")]
    [InlineData(".", "")]
    [InlineData("/", "")]
    [InlineData("...", "...")]
    [InlineData("a/...", "a/...")]
    [InlineData("日本/é.py", "日本/é.py")]
    public void Known_paths(string path, string normal) => Assert.Equal(normal, RecordIdentity.NormalisePath(path));

    [Fact]
    public void A_normal_path_never_leaves_its_root_and_stays_as_it_is() =>
        Gen.OneOf("..", ".", "/", "//", "\\", "\0", "a", "b.", ".c", "é", " ").Array[0, 12].Select(parts => string.Concat(parts)).Sample(path =>
        {
            var normal = RecordIdentity.NormalisePath(path);
            Assert.Equal(normal, RecordIdentity.NormalisePath(normal));
            Assert.DoesNotContain('\\', normal);
            Assert.DoesNotContain('\0', normal);
            if (normal.Length > 0)
                Assert.All(normal.Split('/'), part => Assert.False(part is "" or "." or "..", normal));
        }, iter: 20_000);

    [Theory]
    [InlineData("a/b/c.py", 0, "", "a/b/c.py")]
    [InlineData("a/b/c.py", 1, "a", "b/c.py")]
    [InlineData("a/b/c.py", 2, "a/b", "c.py")]
    [InlineData("a/b/c.py", 3, "", "a/b/c.py")]
    [InlineData("c.py", 1, "", "c.py")]
    public void Leading_folders_make_the_repository(string path, int depth, string repo, string rest) =>
        Assert.Equal((repo, rest), RecordIdentity.SplitRepo(path, depth));
}
