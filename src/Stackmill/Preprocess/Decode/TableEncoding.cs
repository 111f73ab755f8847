using System.Text;

namespace Stackmill.Preprocess.Decode;

/// <summary>
/// Encodings of one byte a character that .NET lacks. ASCII and C1 controls stand for themselves; the upper 96 are
/// those of the Unicode Consortium's mapping tables (<c>MAPPINGS/ISO8859/8859-10.TXT</c>, <c>8859-14.TXT</c>, <c>8859-16.TXT</c>).
/// </summary>
internal sealed class TableEncoding : Encoding
{
    private readonly char[] chars = new char[256];
    private readonly Dictionary<char, byte> bytes = [];

    private TableEncoding(string name, string upper)
    {
        WebName = name;
        for (var i = 0; i < 256; i++)
        {
            chars[i] = i < 0xA0 ? (char)i : upper[i - 0xA0];
            bytes.TryAdd(chars[i], (byte)i);
        }
    }

    /// <summary>Latin-6: the Nordic and Baltic languages.</summary>
    internal static Encoding Iso10 { get; } = new TableEncoding(
        "iso-8859-10",
        "\u00A0ĄĒĢĪĨĶ§ĻĐŠŦŽ\u00ADŪŊ°ąēģīĩķ·ļđšŧž―ūŋĀÁÂÃÄÅÆĮČÉĘËĖÍÎÏÐŅŌÓÔÕÖŨØŲÚÛÜÝÞßāáâãäåæįčéęëėíîïðņōóôõöũøųúûüýþĸ");

    /// <summary>Latin-8: the Celtic languages.</summary>
    internal static Encoding Iso14 { get; } = new TableEncoding(
        "iso-8859-14",
        "\u00A0Ḃḃ£ĊċḊ§Ẁ©ẂḋỲ\u00AD®ŸḞḟĠġṀṁ¶ṖẁṗẃṠỳẄẅṡÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏŴÑÒÓÔÕÖṪØÙÚÛÜÝŶßàáâãäåæçèéêëìíîïŵñòóôõöṫøùúûüýŷÿ");

    /// <summary>Latin-10: South-Eastern Europe.</summary>
    internal static Encoding Iso16 { get; } = new TableEncoding(
        "iso-8859-16",
        "\u00A0ĄąŁ€„Š§š©Ș«Ź\u00ADźŻ°±ČłŽ”¶·žčș»ŒœŸżÀÁÂĂÄĆÆÇÈÉÊËÌÍÎÏĐŃÒÓÔŐÖŚŰÙÚÛÜĘȚßàáâăäćæçèéêëìíîïđńòóôőöśűùúûüęțÿ");

    /// <inheritdoc/>
    public override string WebName { get; }

    /// <inheritdoc/>
    public override bool IsSingleByte => true;

    /// <inheritdoc/>
    public override int GetMaxByteCount(int charCount) => charCount;

    /// <inheritdoc/>
    public override int GetMaxCharCount(int byteCount) => byteCount;

    /// <inheritdoc/>
    public override int GetByteCount(char[] chars, int index, int count) => count;

    /// <inheritdoc/>
    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    /// <inheritdoc/>
    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex)
    {
        for (var i = 0; i < charCount; i++)
            bytes[byteIndex + i] = this.bytes.GetValueOrDefault(chars[charIndex + i]);
        return charCount;
    }

    /// <inheritdoc/>
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        for (var i = 0; i < byteCount; i++)
            chars[charIndex + i] = this.chars[bytes[byteIndex + i]];
        return byteCount;
    }
}
