using Stackmill.Preprocess.Decode;

namespace Stackmill.Tests.Preprocess.Decode;

public sealed class TableEncodingTests
{
    [Theory]
    [InlineData("iso-8859-10", 0xA1, 'Ą')]
    [InlineData("iso-8859-10", 0xFF, 'ĸ')]
    [InlineData("iso-8859-10", 0xBD, '―')]
    [InlineData("iso-8859-14", 0xD0, 'Ŵ')]
    [InlineData("iso-8859-14", 0xA1, 'Ḃ')]
    [InlineData("iso-8859-16", 0xBA, 'ș')]
    [InlineData("iso-8859-16", 0xA4, '€')]
    [InlineData("iso-8859-16", 0xFE, 'ț')]
    public void Bytes_have_the_meaning_of_the_mapping_tables(string name, byte value, char meaning) =>
        Assert.Equal(meaning.ToString(), LegacyEncoding.Find(name)!.Encoding.GetString([value]));

    [Theory]
    [InlineData("iso-8859-10")]
    [InlineData("iso-8859-14")]
    [InlineData("iso-8859-16")]
    public void Every_byte_comes_back(string name)
    {
        var encoding = LegacyEncoding.Find(name)!.Encoding;
        byte[] all = [.. Enumerable.Range(0, 256).Select(b => (byte)b)];
        var text = encoding.GetString(all);
        Assert.Equal(256, text.Distinct().Count());
        Assert.Equal(all, encoding.GetBytes(text));
    }
}
