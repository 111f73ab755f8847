using System.Text;

namespace Stackmill.Preprocess.Decode;

/// <summary>A legacy encoding that is looked for.</summary>
/// <param name="Name">IANA name in lower case.</param>
/// <param name="CodePage">.NET's number of it.</param>
/// <param name="Groups">The languages written in it.</param>
/// <param name="Prior">Natural logarithm of how much rarer it is in source code than windows-1252, as a guess.</param>
internal sealed record LegacyEncoding(string Name, int CodePage, LanguageGroup Groups, double Prior)
{
    // Asked directly: fields are set before a static constructor could register the provider.
    private static Encoding CodePageEncoding(int codePage) =>
        CodePagesEncodingProvider.Instance.GetEncoding(codePage, new EncoderReplacementFallback("\0"), new DecoderReplacementFallback("\uFFFD"))
        ?? throw new InvalidOperationException($"the runtime has no code page {codePage}");

    private static readonly EncodingInfo[] _known = [.. CodePagesEncodingProvider.Instance.GetEncodings()];

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
        new("koi8-r", 20866, LanguageGroup.Russian, -1),
        new("iso-8859-2", 28592, LanguageGroup.Central | LanguageGroup.Western, -1.2),
        new("windows-1253", 1253, LanguageGroup.Greek, -1),
        new("iso-8859-7", 28597, LanguageGroup.Greek, -1.5),
        new("windows-1254", 1254, LanguageGroup.Turkish | LanguageGroup.Western, -1.2),
        new("iso-8859-15", 28605, LanguageGroup.Western, -2.3),
        new("ibm866", 866, LanguageGroup.Russian, -1.5),
        new("koi8-u", 21866, LanguageGroup.Ukrainian, -1.5),
        new("windows-1257", 1257, LanguageGroup.Baltic, -2),
        new("windows-1255", 1255, LanguageGroup.Hebrew, -2),
        new("windows-1256", 1256, LanguageGroup.Arabic, -2),
        new("windows-874", 874, LanguageGroup.Thai, -2),
        new("iso-8859-5", 28595, LanguageGroup.Cyrillic, -3),
    ];

    /// <summary>Decodes and encodes without throwing: U+FFFD stands where a byte means nothing.</summary>
    internal Encoding Encoding { get; } = CodePageEncoding(CodePage);

    /// <summary>
    /// Whether its letters seldom form well-formed UTF-8. IBM866 puts small Russian letters where UTF-8 has both
    /// three-byte leads and continuation bytes, and two-byte encodings use every byte.
    /// </summary>
    internal bool IsUnlikeUtf8 => Encoding.IsSingleByte && CodePage != 866;

    /// <summary>The encoding that a source names, or null if it is not one of these or not known at all.</summary>
    internal static LegacyEncoding? Find(string? declared)
    {
        if (string.IsNullOrWhiteSpace(declared))
            return null;
        var codePage = CodePageOf(declared.Trim());
        return Array.Find(All, e => e.CodePage == codePage);
    }

    /// <summary>
    /// The label's code page as the WHATWG Encoding Standard reads it: old standards stand for their Windows supersets.
    /// </summary>
    private static int CodePageOf(string label)
    {
        var found = Array.Find(_known, e => string.Equals(e.Name, label, StringComparison.OrdinalIgnoreCase))?.CodePage
            ?? label.ToUpperInvariant() switch
            {
                "LATIN1" or "LATIN-1" or "ISO8859-1" or "CP1252" or "ISO_8859-1" or "L1" => 1252,
                "LATIN2" or "LATIN-2" or "ISO8859-2" => 28592,
                "CP1250" => 1250,
                "CP1251" => 1251,
                "CP1253" => 1253,
                "CP1254" or "ISO8859-9" => 1254,
                "CP866" => 866,
                "KOI8R" => 20866,
                "SJIS" or "SHIFT-JIS" or "CP932" or "WINDOWS-31J" or "MS932" => 932,
                "EUCJP" => 51932,
                "GBK" or "GB2312" or "CP936" or "EUC-CN" or "HZ-GB-2312" => 54936,
                "BIG5-HKSCS" or "CP950" => 950,
                "EUCKR" or "CP949" or "UHC" => 949,
                _ => 0,
            };
        return found switch
        {
            28591 => 1252,
            28599 => 1254,
            936 or 20936 => 54936,
            51949 => 949,
            20932 => 51932,
            _ => found,
        };
    }
}
