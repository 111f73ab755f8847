using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Stackmill.Core.Faults;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Export;
using Stackmill.Organize;
using Stackmill.Organize.Sources.Records;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize.Sources.Records;

public sealed class JsonRecordReaderTests
{
    private static CodeRecord Read(string json, string contentColumn = "", string pathColumn = "") =>
        Read(Encoding.UTF8.GetBytes(json), new InputOptions { ContentColumn = contentColumn, PathColumn = pathColumn });

    private static CodeRecord Read(ReadOnlySpan<byte> json, InputOptions? options = null)
    {
        var sink = new RecordingSink();
        new JsonRecordReader(RecordNames.Of(options ?? new InputOptions(), declaredIds: false)).Read(json, "line 1", sink);
        return Assert.Single(sink.Records);
    }

    private static string Reason(string json) => Assert.Throws<RecordFaultException>(() => Read(json)).Reason;

    [Fact]
    public void The_names_of_published_datasets_are_known()
    {
        var record = Read("""
            {"code": "x\n\u00e9\ud83d\ude00", "repo": "o/r", "file_path": "src/a.py", "lang": "Python", "license": "MIT", "stars": 12.0,
             "max_stars_repo_licenses": ["MIT", null, 3, "GPL"], "forks": 3, "commit": "abc", "ref": "main", "committer_date": "2020-01-01T00:00:00Z",
             "github_id": 5, "is_vendor": true, "nested": {"content": "no", "x": [1, {"path": "no"}]}, "is_generated": false}
            """);
        Assert.Equal("x\né😀", record.Text());
        Assert.Equal(("o/r", "src/a.py", "Python"), (record.RepoName, record.Path, record.Language));
        Assert.Equal(["MIT", "GPL"], record.DetectedLicenses!);
        Assert.Equal((12, 3, 5), (record.StarEventsCount, record.ForkEventsCount, record.GithubId));
        Assert.Equal(("abc", "main", 1_577_836_800_000_000), (record.RevisionId, record.BranchName, record.CommitterDateMicros));
        Assert.Equal((true, false), (record.IsVendor, record.IsGenerated));
    }

    [Theory]
    [InlineData("""{"text": "no", "content": "yes", "code": "no"}""")]
    [InlineData("""{"content": "yes", "text": "no"}""")]
    [InlineData("""{"content": null, "text": "yes"}""")]
    [InlineData("""{"content_base64": "bm8=", "content": "yes"}""")]
    [InlineData("""{"content": "yes", "content_base64": "bm8="}""")]
    [InlineData("""{"content_base64": "eWVz"}""")]
    [InlineData("""{"content_base64": "\u0065WVz"}""")]
    public void The_best_known_name_of_the_content_wins_wherever_it_stands(string json) => Assert.Equal("yes", Read(json).Text());

    [Fact]
    public void Base64_with_escaped_slashes_is_base64() => Assert.Equal([0xFF, 0xFF, 0xFF], Read("""{"content_base64": "\/\/\/\/"}""").Content.ToArray());

    [Fact]
    public void Configured_names_win_over_the_known_ones()
    {
        var record = Read("""{"content": "no", "body2": "yes", "path": "no", "where": "a.py"}""", "body2", "where");
        Assert.Equal(("yes", "a.py"), (record.Text(), record.Path));
        Assert.Equal("missing_content", Assert.Throws<RecordFaultException>(() => Read("""{"content": "no"}""", "body2")).Reason);
    }

    [Theory]
    [InlineData("", "invalid_json")]
    [InlineData("nonsense", "invalid_json")]
    [InlineData("[]", "invalid_json")]
    [InlineData("\"x\"", "invalid_json")]
    [InlineData("""{"content": "x" """, "invalid_json")]
    [InlineData("""{"content": "x"} {"content": "y"}""", "invalid_json")]
    [InlineData("""{"content": "\ud800"}""", "invalid_json")]
    [InlineData("""{"content": "x", "path": "\udc00"}""", "invalid_json")]
    [InlineData("{}", "missing_content")]
    [InlineData("""{"content": 5}""", "missing_content")]
    [InlineData("""{"content": null}""", "missing_content")]
    [InlineData("""{"content_base64": "***"}""", "invalid_base64")]
    [InlineData("""{"content_base64": "\u002a"}""", "invalid_base64")]
    public void Broken_records_fail_for_a_reason_and_the_message_holds_nothing_of_them(string json, string reason)
    {
        Assert.Equal(reason, Reason(json));
        Assert.DoesNotContain("nonsense", Assert.Throws<RecordFaultException>(() => Read(json)).ToString());
    }

    [Fact]
    public void Any_bytes_are_a_record_or_a_record_fault() =>
        Gen.OneOf(Gen.Byte.Array[0, 60], Gen.String.Select(s => Encoding.UTF8.GetBytes("{\"content\":\"" + s + "\"}"))).Sample(bytes =>
        {
            var caught = Record.Exception(() => Read(bytes));
            Assert.True(caught is null or RecordFaultException);
        }, iter: 5000);

    [Fact]
    public void An_empty_content_is_a_content() => Assert.True(Read("""{"content": ""}""").Content.IsEmpty);

    [Fact]
    public void What_export_writes_is_read_back() =>
        Gen.Select(Gen.OneOf(Gen.Byte.Array[0, 30], Gen.String.Select(Encoding.UTF8.GetBytes)), Gen.Long, Gen.OneOf("MIT", "é", "")).Sample((content, number, license) =>
        {
            var record = new CodeRecord
            {
                Content = content,
                RepoName = "o/r",
                Path = "a/日本.py",
                Language = "Python",
                StarEventsCount = number,
                CommitterDateMicros = number,
                DetectedLicenses = [license],
                LicenseType = license,
                IsVendor = number > 0,
                Redactions = [new("email", "r", 1, 2)],
                SrcEncoding = "utf-8",
            };
            RecordIdentity.Complete(record);
            var target = new ArrayBufferWriter<byte>();
            using (var json = new Utf8JsonWriter(target))
                JsonRecordWriter.Write(json, record);
            var read = Read(target.WrittenSpan);
            Assert.Equal(record.Content.ToArray(), read.Content.ToArray());
            Assert.Equal((record.RepoName, record.Path, record.Language, record.StarEventsCount, record.CommitterDateMicros), (read.RepoName, read.Path, read.Language, read.StarEventsCount, read.CommitterDateMicros));
            Assert.Equal((record.LicenseType, record.IsVendor, record.SrcEncoding), (read.LicenseType, read.IsVendor, read.SrcEncoding));
            Assert.Equal(record.DetectedLicenses, read.DetectedLicenses);
        }, iter: 1000);
}
