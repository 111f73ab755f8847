using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Stackmill.Preprocess.Decode;
using Stackmill.Preprocess.Redact;
using Stackmill.Shared.Languages;

namespace Stackmill.Runs.Scan;

/// <summary>Finds the values in one file after another. One per thread.</summary>
/// <param name="options">What is looked for.</param>
/// <param name="showContext">Whether masked lines are told.</param>
internal sealed class FileScanner(RedactionOptions options, bool showContext)
{
    private const int LongestContext = 160;
    private const string Mask = "******";

    private readonly TextDecoder _decoder = new();
    private readonly ArrayBufferWriter<byte> _decoded = new();
    private readonly Redactor _redactor = new(options);
    private readonly List<Match> _matches = [];

    /// <summary>The finds in a file; <c>null</c> when it is no text.</summary>
    /// <param name="path">Its path below what is scanned, with slashes.</param>
    /// <param name="content">Its bytes.</param>
    public List<ScanFinding>? Scan(string path, byte[] content)
    {
        _decoded.ResetWrittenCount();
        _matches.Clear();
        var encoding = _decoder.Decode(content, null, _decoded);
        if (encoding.Kind is DecodeKind.Binary or DecodeKind.Undecodable)
            return null;
        var text = encoding.Kind == DecodeKind.Utf8 ? content.AsMemory(encoding.Offset) : _decoded.WrittenMemory;
        _redactor.Find(text.Span, LanguageDetector.Detect(path, content).Language?.Name ?? "", _matches, path);
        return _matches.Count == 0 ? [] : Describe(path, text.Span);
    }

    private List<ScanFinding> Describe(string path, ReadOnlySpan<byte> text)
    {
        var places = CodePoints.Describe(text, [.. _matches], inOutput: false);
        var findings = new List<ScanFinding>(_matches.Count);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var (line, lineStart) = (1, 0);
        for (var i = 0; i < _matches.Count; i++)
        {
            var match = _matches[i];
            Advance(text, match.Start, ref line, ref lineStart);
            var (startLine, column) = (line, CodePoints.Count(text[lineStart..match.Start]) + 1);
            var (endLine, endStart) = (line, lineStart);
            Advance(text, match.Start + match.Length, ref endLine, ref endStart);
            var masked = Masked(text, i, lineStart);
            var identity = $"{match.Rule}\n{path}\n{masked.Text}\n";
            var nth = seen[identity] = seen.GetValueOrDefault(identity) + 1;
            findings.Add(new ScanFinding(
                path, startLine, column, endLine, CodePoints.Count(text[endStart..(match.Start + match.Length)]) + 1, match.Kind, match.Rule, places[i].Start, places[i].Length, match.Confidence,
                Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity + nth)))[..32], showContext ? Shortened(masked) : null));
        }

        return findings;
    }

    private static void Advance(ReadOnlySpan<byte> text, int to, ref int line, ref int lineStart)
    {
        while (text[lineStart..to].IndexOf((byte)'\n') is >= 0 and var step)
            (line, lineStart) = (line + 1, lineStart + step + 1);
    }

    // The line of a find, and where the find's mask is in it. Values that begin on an earlier line are masked as well.
    private (string Text, int At) Masked(ReadOnlySpan<byte> text, int index, int lineStart)
    {
        var last = _matches[index].Start + _matches[index].Length;
        var end = text[last..].IndexOf((byte)'\n');
        end = end < 0 ? text.Length : last + end;
        var masked = new StringBuilder();
        var (at, place) = (lineStart, 0);
        for (var i = 0; i < _matches.Count && _matches[i].Start < end; i++)
        {
            if (_matches[i].Start + _matches[i].Length <= lineStart)
                continue;
            masked.Append(Encoding.UTF8.GetString(text[Math.Min(at, Math.Max(at, _matches[i].Start))..Math.Max(at, _matches[i].Start)]));
            place = i == index ? masked.Length : place;
            masked.Append(Mask);
            at = Math.Min(end, _matches[i].Start + _matches[i].Length);
        }

        return (masked.Append(Encoding.UTF8.GetString(text[at..end])).Replace("\r", "").ToString(), place);
    }

    private static string Shortened((string Text, int At) line)
    {
        var start = Math.Max(0, Math.Min(line.At - (LongestContext / 2), line.Text.Length - LongestContext));
        var text = line.Text[start..Math.Min(line.Text.Length, start + LongestContext)];
        return string.Concat(text.Select(c => char.IsControl(c) && c != '\t' ? '?' : c)).Trim();
    }
}
