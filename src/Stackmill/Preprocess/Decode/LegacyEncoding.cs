using System.Text;

namespace Stackmill.Preprocess.Decode;

/// <summary>A legacy encoding that is looked for.</summary>
/// <param name="Name">IANA name in lower case.</param>
/// <param name="CodePage">.NET's number of it, or 0 for one that it lacks.</param>
/// <param name="Groups">The languages written in it.</param>
/// <param name="Prior">Natural logarithm of how much rarer it is in source code than windows-1252, as a guess.</param>
internal sealed record LegacyEncoding(string Name, int CodePage, LanguageGroup Groups, double Prior)
{
    // Asked directly: fields are set before a static constructor could register the provider.
    private static Encoding CodePageEncoding(int codePage) =>
        CodePagesEncodingProvider.Instance.GetEncoding(codePage, new EncoderReplacementFallback("\0"), new DecoderReplacementFallback("\uFFFD"))
        ?? throw new InvalidOperationException($"the runtime has no code page {codePage}");

    /// <summary>The encodings, more frequent ones first: of equal texts the first is named.</summary>
    internal static readonly LegacyEncoding[] All =
    [
        new("windows-1252", 1252, LanguageGroup.Western, 0),
        new("windows-1250", 1250, LanguageGroup.Central | LanguageGroup.Western, -0.7),
        new("windows-1251", 1251, LanguageGroup.Cyrillic, -0.7),
        new("gb18030", 54936, LanguageGroup.Simplified | LanguageGroup.Traditional, -0.7),
        new("shift_jis", 932, LanguageGroup.Japanese, -0.7),
        new("euc-jp", 51932, LanguageGroup.Japanese, -1),
        new("euc-kr", 949, LanguageGroup.Korean, -0.7),
        new("big5", 950, LanguageGroup.Traditional, -1),
        new("koi8-r", 20866, LanguageGroup.Russian | LanguageGroup.Slavic, -1),
        new("iso-8859-2", 28592, LanguageGroup.Central | LanguageGroup.Western, -1.2),
        new("windows-1253", 1253, LanguageGroup.Greek, -1),
        new("iso-8859-7", 28597, LanguageGroup.Greek, -1.5),
        new("windows-1254", 1254, LanguageGroup.Turkish | LanguageGroup.Western, -1.2),
        new("iso-8859-15", 28605, LanguageGroup.Western, -2.3),
        new("ibm866", 866, LanguageGroup.Cyrillic, -1.5),
        new("koi8-u", 21866, LanguageGroup.Ukrainian | LanguageGroup.Russian, -1.5),
        new("macintosh", 10000, LanguageGroup.Western, -1.5),
        new("windows-1257", 1257, LanguageGroup.Baltic | LanguageGroup.Nordic, -1.5),
        new("windows-1255", 1255, LanguageGroup.Hebrew, -1.5),
        new("windows-1256", 1256, LanguageGroup.Arabic, -1.5),
        new("windows-1258", 1258, LanguageGroup.Vietnamese, -3),
        new("windows-874", 874, LanguageGroup.Thai, -1.5),
        new("iso-8859-5", 28595, LanguageGroup.Cyrillic, -2),
        new("x-mac-cyrillic", 10007, LanguageGroup.Cyrillic, -2),
        new("ibm855", 855, LanguageGroup.Cyrillic, -2),
        new("iso-8859-8", 28598, LanguageGroup.Hebrew, -2),
        new("iso-8859-6", 28596, LanguageGroup.Arabic, -2),
        new("iso-8859-13", 28603, LanguageGroup.Baltic | LanguageGroup.Central, -2.5),
        new("iso-8859-4", 28594, LanguageGroup.Baltic | LanguageGroup.Nordic, -2.5),
        new("iso-8859-3", 28593, LanguageGroup.Esperanto | LanguageGroup.Turkish, -2.5),
        new("johab", 1361, LanguageGroup.Korean, -2.5),
        new("iso-8859-10", 0, LanguageGroup.Baltic | LanguageGroup.Nordic, -3) { Encoding = TableEncoding.Iso10 },
        new("iso-8859-14", 0, LanguageGroup.Celtic | LanguageGroup.Western, -3) { Encoding = TableEncoding.Iso14 },
        new("iso-8859-16", 0, LanguageGroup.Central | LanguageGroup.Western, -3) { Encoding = TableEncoding.Iso16 },
    ];

    /// <summary>Decodes and encodes without throwing: U+FFFD stands where a byte means nothing.</summary>
    internal Encoding Encoding { get; private init; } = CodePage == 0 ? Encoding.Latin1 : CodePageEncoding(CodePage);

    /// <summary>The encoding that a source names, or null if it is not one of these or not known at all.</summary>
    internal static LegacyEncoding? Find(string? declared)
    {
        if (string.IsNullOrWhiteSpace(declared))
            return null;
        var codePage = EncodingLabel.CodePageOf(declared);
        var name = EncodingLabel.Normal(declared);
        return Array.Find(All, e => (e.CodePage != 0 && e.CodePage == codePage) || string.Equals(e.Name, name, StringComparison.OrdinalIgnoreCase));
    }
}
