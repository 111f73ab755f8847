using System.Security.Cryptography;
using System.Text.Unicode;
using Stackmill.Core.Model;
using Stackmill.Preprocess.Measure;

namespace Stackmill.Validate;

/// <summary>One thing that is wrong with a dataset.</summary>
/// <param name="Check">Name of the check, snake_case.</param>
/// <param name="Path">The file, or the shard.</param>
/// <param name="Message">What was found and what was expected; never a value from the content.</param>
internal sealed record ValidationError(string Check, string Path, string Message);

/// <summary>The checks on single records.</summary>
internal static class RecordChecks
{
    /// <summary>Adds what is wrong with a record.</summary>
    public static void Run(CodeRecord record, string expectedLanguage, long maxBytes, Action<ValidationError> add)
    {
        var content = record.Content.Span;
        void Fail(string check, string message) => add(new ValidationError(check, record.DisplayPath, message));

        if (record.Path.Length == 0 || record.Path.StartsWith('/') || record.Path.Split('/').Any(p => p is "" or "." or ".."))
            Fail("path", "expected a relative, normalised POSIX path");
        if (!IsHex(record.BlobId, 40) || !IsHex(record.ContentId, 40))
            Fail("identity", "expected blob_id and content_id of 40 hex digits");
        if (record.Language != expectedLanguage)
            Fail("language", $"its language is '{record.Language}', its shard holds '{expectedLanguage}'");
        if (content.IsEmpty)
            Fail("empty", "the content is empty");
        if (content.Length > maxBytes)
            Fail("oversize", $"the content has {content.Length} bytes, the limit is {maxBytes}");
        if (!Utf8.IsValid(content))
        {
            Fail("encoding", "the content is not valid UTF-8");
            return;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        if (Convert.ToHexStringLower(hash) != record.Sha256)
            Fail("checksum", "sha256 is not that of the content");
        CheckMeasures(record, content, Fail);
    }

    private static void CheckMeasures(CodeRecord record, ReadOnlySpan<byte> content, Action<string, string> fail)
    {
        if (record.Measures is not { } stored)
        {
            fail("schema", "the columns of measures are missing");
            return;
        }

        var measured = TextMeasures.Of(content);
        if (measured.Bytes != stored.Bytes || measured.Characters != stored.Characters || measured.Lines != stored.Lines || measured.LongestLine != stored.LongestLine)
            fail("measures", $"num_bytes, num_chars, num_lines or max_line_length differ from those of the content ({measured.Bytes}, {measured.Characters}, {measured.Lines}, {measured.LongestLine})");
        if (stored.Tokens is < 0 || (stored.Tokens is 0 && content.Length > 0))
            fail("measures", $"num_tokens is {stored.Tokens}");
        if (record.Redactions is null)
        {
            fail("schema", "the column redactions is missing");
            return;
        }

        foreach (var redaction in record.Redactions)
        {
            if (redaction.Start < 0 || redaction.Length <= 0 || (long)redaction.Start + redaction.Length > measured.Characters)
                fail("redactions", $"a redaction of kind {redaction.Kind} lies outside of the content");
        }
    }

    private static bool IsHex(string text, int length) => text.Length == length && text.All(char.IsAsciiHexDigitLower);
}
