using System.Buffers;
using Stackmill.Shared.Languages.Heuristics;

namespace Stackmill.Shared.Languages;

/// <summary>What a file's language is, and why.</summary>
/// <param name="Language">The language; <c>null</c> when none was found.</param>
/// <param name="Reason">What decided: <c>modeline</c>, <c>file_name</c>, <c>shebang</c>, <c>extension</c>, <c>xml</c>, <c>heuristic:…</c>, <c>usual</c> or <c>none</c>.</param>
internal readonly record struct DetectedLanguage(LanguageEntry? Language, string Reason);

/// <summary>
/// Tells the language of a file from its path and bytes, as linguist does: mode line, file name, shebang line, extension, XML's first
/// line, manual pages, then signs in the content. Where linguist asks a classifier, the usual language of the extension is taken.
/// Looks at the first 50 KiB, and the last five lines, of a file.
/// </summary>
internal static class LanguageDetector
{
    /// <summary>Bytes that rules on content look at; linguist's limit too.</summary>
    public const int MostBytes = 50 << 10;

    /// <summary>Finds the language.</summary>
    /// <param name="path">Path or name of the file.</param>
    /// <param name="content">Its bytes.</param>
    public static DetectedLanguage Detect(string path, ReadOnlySpan<byte> content)
    {
        if (content.StartsWith("\uFEFF"u8))
            content = content[3..];
        var isBigEndian = content.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]);
        if (!isBigEndian && !content.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]))
            return DetectText(path, content);
        var narrow = ArrayPool<byte>.Shared.Rent(MostBytes);
        var result = DetectText(path, Narrow(content[2..], isBigEndian, narrow));
        ArrayPool<byte>.Shared.Return(narrow);
        return result;
    }

    private static DetectedLanguage DetectText(string path, ReadOnlySpan<byte> content)
    {
        var candidates = LanguageTable.Candidates(path, out var evidence);
        if (Modeline.Of(content) is { } declared && !IsOfDocumentation(declared, candidates))
            return new DetectedLanguage(declared, "modeline");
        if (evidence == NameEvidence.FileName && candidates.Length == 1)
            return new DetectedLanguage(candidates[0], "file_name");
        var run = Shebang.Of(content);
        if (run.Length == 1)
            return new DetectedLanguage(run[0], "shebang");
        if (run.Length > 1)
        {
            // Of several languages that the interpreter runs, the one that the name belongs to; else the first.
            foreach (var candidate in candidates)
            {
                if (Array.IndexOf(run, candidate) >= 0)
                    return new DetectedLanguage(candidate, "shebang");
            }

            return new DetectedLanguage(run[0], "shebang");
        }

        if (evidence == NameEvidence.Extension && candidates.Length == 1)
            return new DetectedLanguage(candidates[0], "extension");
        if (candidates.Length == 0)
            return IsXml(content) ? new DetectedLanguage(LanguageTable.Get("XML"), "xml") : new DetectedLanguage(null, "none");
        var name = LanguageTable.FileName(path);
        var rules = Disambiguations.Of(name) ?? (evidence == NameEvidence.CommonExtension ? Disambiguations.OfManualPages : null);
        if (rules is null)
            return new DetectedLanguage(candidates[0], "usual");
        var text = content[..Math.Min(content.Length, MostBytes)];
        string? rule;
        LanguageEntry? language;
        if (rules.AnyCase)
        {
            var lower = ArrayPool<byte>.Shared.Rent(MostBytes);
            text.CopyTo(lower);
            Lines.Lower(lower.AsSpan(0, text.Length));
            language = rules.Decide(lower.AsSpan(0, text.Length), candidates, out rule);
            ArrayPool<byte>.Shared.Return(lower);
        }
        else
        {
            language = rules.Decide(text, candidates, out rule);
        }

        return new DetectedLanguage(language, rule ?? (language is null ? "none" : "usual"));
    }

    // Octave marks the documentation inside a function's file as Texinfo, by the same words.
    private static bool IsOfDocumentation(LanguageEntry declared, LanguageEntry[] candidates) =>
        declared.Name == "Texinfo" && Array.Exists(candidates, c => c.Name == "MATLAB");

    // The XML declaration may stand below a line that a tool has put before it.
    private static bool IsXml(ReadOnlySpan<byte> content) => Lines.Head(content[..Math.Min(content.Length, MostBytes)], 2).IndexOf("<?xml version="u8) >= 0;

    // Signs are ASCII: of UTF-16, one byte of two is enough to see them.
    private static Span<byte> Narrow(ReadOnlySpan<byte> wide, bool isBigEndian, byte[] narrow)
    {
        var length = Math.Min(wide.Length / 2, MostBytes);
        for (var i = 0; i < length; i++)
        {
            var (high, low) = isBigEndian ? (wide[2 * i], wide[(2 * i) + 1]) : (wide[(2 * i) + 1], wide[2 * i]);
            narrow[i] = high == 0 && low < 0x80 ? low : (byte)0xFF;
        }

        return narrow.AsSpan(0, length);
    }
}
