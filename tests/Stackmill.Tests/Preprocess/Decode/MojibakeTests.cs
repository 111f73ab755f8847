using System.Buffers;
using System.Text;
using Stackmill.Preprocess;
using Stackmill.Preprocess.Decode;

namespace Stackmill.Tests.Preprocess.Decode;

public sealed class MojibakeTests
{
    private static string? Repair(string text, out string repaired)
    {
        var output = new ArrayBufferWriter<byte>();
        var from = new Mojibake().TryRepair(Encoding.UTF8.GetBytes(text), output);
        repaired = Encoding.UTF8.GetString(output.WrittenSpan);
        return from;
    }

    private static string Twice(string text, int codePage) =>
        CodePagesEncodingProvider.Instance.GetEncoding(codePage)!.GetString(Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData("# Größe für alle Schlüssel\nx = 1\n", 1252, "windows-1252")]
    [InlineData("# déjà vu à l’été\n", 1252, "windows-1252")]
    [InlineData("// Привет, мир\n", 1251, "windows-1251")]
    [InlineData("// 打开文件并读取数据\n", 1252, "windows-1252")]
    public void Text_that_was_encoded_twice_is_repaired(string text, int codePage, string name)
    {
        Assert.Equal(name, Repair(Twice(text, codePage), out var repaired));
        Assert.Equal(text, repaired);
    }

    [Theory]
    [InlineData("x = 1\n")]
    [InlineData("# Größe für alle Schlüssel\n")]
    [InlineData("// Привет, мир\n")]
    [InlineData("// Ã© stands for é, Ã¨ for è, Ã¤ for ä\n")]
    [InlineData("// Ã© alone\n")]
    [InlineData("# 打开文件\n")]
    [InlineData("# Ã©Ã©Ã")]
    public void Any_other_text_stays(string text)
    {
        Assert.Null(Repair(text, out var repaired));
        Assert.Equal("", repaired);
    }

    [Theory]
    [InlineData(true, true, "mojibake", "# Größe für alle Schlüssel\n")]
    [InlineData(false, true, "", null)]
    [InlineData(true, false, "", null)]
    public void It_is_repaired_if_the_options_say_so_and_told_as_a_change(bool repair, bool fix, string changes, string? text)
    {
        var options = new PreprocessOptions();
        options.Decoding.RepairMojibake = repair;
        options.Stages.EncodingFix = fix;
        var raw = Twice("# Größe für alle Schlüssel\n", 1252);
        var made = new TextPipeline(options, null).Process(Encoding.UTF8.GetBytes(raw), null, "Python");
        Assert.Equal((changes, text ?? raw), (TextPipeline.DescribeChanges(made), Encoding.UTF8.GetString(made.Content.Span)));
    }
}
