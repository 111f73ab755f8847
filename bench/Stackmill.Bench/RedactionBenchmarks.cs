using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Stackmill.Preprocess.Redact;

namespace Stackmill.Bench;

/// <summary>
/// The redactor over generated code of one megabyte: nothing to find, one address in a header, a find in every tenth line, and
/// the adversarial texts at two sizes, whose rates must be alike.
/// </summary>
[MemoryDiagnoser]
public class RedactionBenchmarks
{
    private const int Megabyte = 1 << 20;

    private readonly Redactor _redactor = new(new RedactionOptions());
    private readonly ArrayBufferWriter<byte> _output = new(2 * Megabyte);
    private readonly List<Match> _matches = [];
    private byte[] _text = [];

    [Params("plain", "header", "dense", "dots", "dots-doubled", "digits", "digits-doubled", "ats", "ats-doubled")]
    public string Text { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _text = Encoding.UTF8.GetBytes(Text switch
    {
        "plain" => Code(dense: false),
        "header" => "# Written by jane@example.com\n" + Code(dense: false),
        "dense" => Code(dense: true),
        "dots" => Repeat("a.", Megabyte),
        "dots-doubled" => Repeat("a.", 2 * Megabyte),
        "digits" => Repeat("415-555-", Megabyte),
        "digits-doubled" => Repeat("415-555-", 2 * Megabyte),
        "ats" => Repeat("a@b", Megabyte),
        _ => Repeat("a@b", 2 * Megabyte),
    });

    [Benchmark]
    public int Redact()
    {
        _output.ResetWrittenCount();
        _matches.Clear();
        _redactor.Redact(_text, "Python", _output, _matches);
        return _matches.Count;
    }

    private static string Repeat(string unit, int length) => string.Concat(Enumerable.Repeat(unit, length / unit.Length));

    private static string Code(bool dense)
    {
        var code = new StringBuilder();
        for (int line = 0; code.Length < Megabyte; line++)
        {
            code.Append($"    value_{line} = compute(items[{line}], scale=1.5, label='row {line}')  # keeps order\n");
            if (dense && line % 10 == 0)
                code.Append($"    owner = 'user{line}@example.com'\n");
        }
        return code.ToString();
    }
}
