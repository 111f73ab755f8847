using System.Globalization;
using System.Text;

namespace Stackmill.Preprocess.Decode;

/// <summary>Reads the names that people, editors and tools give encodings.</summary>
internal static class EncodingLabel
{
    private static readonly Dictionary<string, int> _known = Known();

    /// <summary>
    /// The code page that the label stands for as the WHATWG Encoding Standard reads it: old standards stand for their Windows
    /// supersets; 0 for none of .NET's.
    /// </summary>
    internal static int CodePageOf(string label)
    {
        var name = Normal(label);
        var found = _known.TryGetValue(name, out var known) ? known : name switch
        {
            "KOI8R" => 20866,
            "KOI8U" => 21866,
            "SJIS" or "CP932" or "WINDOWS-31J" or "MS932" or "MS-KANJI" => 932,
            "EUCJP" or "UJIS" => 51932,
            "GBK" or "GB2312" or "CP936" or "EUC-CN" or "HZ-GB-2312" => 54936,
            "BIG5-HKSCS" or "CP950" or "EUC-TW" => 950,
            "EUCKR" or "CP949" or "UHC" => 949,
            "TIS-620" or "ISO-8859-11" or "CP874" => 874,
            "MACROMAN" or "MAC-ROMAN" or "X-MAC-ROMAN" or "MAC" => 10000,
            "MAC-CYRILLIC" or "MACCYRILLIC" => 10007,
            "CP866" => 866,
            "CP855" => 855,
            "CP1361" => 1361,
            _ => 0,
        };
        return found switch
        {
            28591 => 1252,
            28599 => 1254,
            936 or 20936 => 54936,
            51949 => 949,
            20932 => 51932,
            38598 => 28598,
            _ => found,
        };
    }

    /// <summary>One spelling for those in use: <c>latin_2</c>, <c>8bit-cp1250</c>, <c>iso8859-5</c>.</summary>
    internal static string Normal(string label)
    {
        var name = label.Trim().ToUpperInvariant().Replace('_', '-');
        foreach (var prefix in (ReadOnlySpan<string>)["8BIT-", "2BYTE-"])
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                name = name[prefix.Length..];
        foreach (var ending in (ReadOnlySpan<string>)["-DOS", "-UNIX", "-MAC"])
            if (name.EndsWith(ending, StringComparison.Ordinal))
                name = name[..^ending.Length];
        if (name.StartsWith("ISO8859", StringComparison.Ordinal))
            name = "ISO-8859-" + name[7..].TrimStart('-');
        if (name.StartsWith("CP125", StringComparison.Ordinal))
            name = "WINDOWS-" + name[2..];
        var latin = name.StartsWith("LATIN", StringComparison.Ordinal) ? name[5..].TrimStart('-') : name is ['L', >= '1' and <= '9'] ? name[1..] : "";
        return latin switch
        {
            "1" or "2" or "3" or "4" => "ISO-8859-" + latin,
            "5" => "ISO-8859-9",
            "6" => "ISO-8859-10",
            "7" => "ISO-8859-13",
            "8" => "ISO-8859-14",
            "9" => "ISO-8859-15",
            "10" => "ISO-8859-16",
            _ => name,
        };
    }

    private static Dictionary<string, int> Known()
    {
        var known = new Dictionary<string, int>(StringComparer.Ordinal) { ["ISO-8859-1"] = 28591 };
        foreach (var one in CodePagesEncodingProvider.Instance.GetEncodings())
        {
            known.TryAdd(one.Name.ToUpperInvariant(), one.CodePage);
            known.TryAdd(one.CodePage.ToString(CultureInfo.InvariantCulture), one.CodePage);
        }

        return known;
    }
}
