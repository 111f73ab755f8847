using System.Diagnostics;
using System.Numerics;
using System.Text;
using CsCheck;
using Stackmill.Tests.Support;
using Stackmill.Versioning.Text;

namespace Stackmill.Tests.Versioning.Text;

/// <summary>YAML is written as DVC writes it.</summary>
public sealed class YamlWriterTests
{
    // Pieces that make a scalar plain, quoted, folded or escaped.
    private static readonly string[] Pieces =
    [
        "a", "word", " ", "  ", ": ", ":", " #", "#", "-", "- ", "'", "\"", "\n", "\t", "\u0007", "\u00a0", "\u2028", "\u0085", "é", "日本", "😀", "\\", "{", "}", "[", "]",
        ",", "&", "*", "!", "|", ">", "%", "@", "`", "?", "? ", "~", "null", "true", "no", "1", "0x", "1e3", ".", "---", "_", "=", "<<", "2024-01-02", "longer-word-than-the-others",
    ];

    [Theory]
    [InlineData("pipeline/dvc.lock")]
    [InlineData("yaml-torture/dvc.lock")]
    [InlineData("pipeline/big.dvc")]
    [InlineData("pipeline/run.sh.dvc")]
    [InlineData("names/t.dvc")]
    public void What_DVC_wrote_is_written_again_byte_for_byte(string name)
    {
        var text = File.ReadAllText(Path.Combine(GoldenFile.Folder, "dvc", name));

        Assert.Equal(text, YamlWriter.Write(YamlReader.ReadMap(text, name)));
    }

    [Fact]
    public void Whatever_is_written_reads_back_the_same()
    {
        var scalars = Gen.OneOf(Words().Select(w => (object?)w), Gen.Long.Select(n => (object?)new BigInteger(n)), Gen.Double.Where(double.IsFinite).Select(d => (object?)d), Gen.Bool.Select(b => (object?)b), Gen.Const((object?)null));

        Gen.Dictionary(Words(), scalars).Sample(entries =>
        {
            var map = new DataMap { { "list", new List<object?>(entries.Values) } };
            var inner = new DataMap();
            foreach (var (key, value) in entries)
                // A star after a blank in a plain key is one that the parser in use refuses, with its place.
                inner.Add($"key{inner.Count}-{key.Replace("*", "", StringComparison.Ordinal)}", value);
            map.Add("map", inner);

            var back = YamlReader.ReadMap(YamlWriter.Write(map), "generated");

            Assert.Equal(PythonJson.Write(map), PythonJson.Write(back));
        }, iter: 2_000);
    }

    [Fact]
    public void Random_values_are_written_as_by_the_library_behind_DVC()
    {
        var python = new[] { "/usr/bin/python3", "python3" }.FirstOrDefault(p => TryPython(p, "import ruamel.yaml", "", out _));
        Requires.That(python is not null, "this test needs a Python with ruamel.yaml, the library behind DVC");
        var random = new Random(20260101);
        var maps = Enumerable.Range(0, 400).Select(_ => RandomMap(random, 0)).ToList();
        const string Script = """
            import sys, json
            from ruamel.yaml import YAML
            from io import StringIO
            y = YAML(); y.default_flow_style = False
            out = []
            for m in json.load(sys.stdin):
                s = StringIO(); y.dump(m, s); out.append(s.getvalue())
            json.dump(out, sys.stdout)
            """;

        Assert.True(TryPython(python!, Script, Json(maps), out var answer), answer);

        var expected = System.Text.Json.JsonSerializer.Deserialize<List<string>>(answer)!;
        Assert.Equal(maps.Count, expected.Count);
        for (var i = 0; i < maps.Count; i++)
            Assert.Equal(expected[i], YamlWriter.Write(maps[i]));
    }

    // What YAML 1.1 took for line ends and 1.2 does not is written as DVC writes it, and reads back as a blank there too.
    private static Gen<string> Words() => Gen.Int[0, Pieces.Length - 1].Array[0, 12].Select(indexes => string.Concat(indexes.Select(i => Pieces[i])))
        .Where(w => w.AsSpan().IndexOfAny('\u0085', '\u2028') < 0);

    private static DataMap RandomMap(Random random, int depth)
    {
        var map = new DataMap();
        for (var i = random.Next(1, 6); i > 0; i--)
            map[RandomText(random, random.Next(1, 4))] = RandomValue(random, depth);
        return map;
    }

    private static object? RandomValue(Random random, int depth) => random.Next(depth > 2 ? 5 : 8) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => new BigInteger(random.NextInt64(-1000, 1L << 40)),
        3 => Math.Pow(10, random.Next(-20, 20)) * random.Next(1, 1000),
        4 => RandomText(random, random.Next(0, 40)),
        5 => Enumerable.Range(0, random.Next(4)).Select(_ => RandomValue(random, depth + 1)).ToList(),
        6 => RandomMap(random, depth + 1),
        _ => string.Join(' ', Enumerable.Range(0, random.Next(60)).Select(_ => Pieces[random.Next(Pieces.Length)])),
    };

    private static string RandomText(Random random, int pieces) => string.Concat(Enumerable.Range(0, pieces).Select(_ => Pieces[random.Next(Pieces.Length)]));

    // In the order of the maps, unlike what is hashed.
    private static string Json(object? value) => value switch
    {
        DataMap map => "{" + string.Join(",", map.Select(e => PythonJson.Write(e.Key) + ":" + Json(e.Value))) + "}",
        List<DataMap> maps => "[" + string.Join(",", maps.Select(Json)) + "]",
        List<object?> list => "[" + string.Join(",", list.Select(Json)) + "]",
        _ => PythonJson.Write(value),
    };

    private static bool TryPython(string program, string script, string input, out string answer)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["-c", script])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardInputEncoding = new UTF8Encoding(false),
                StandardOutputEncoding = new UTF8Encoding(false),
            })!;
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            process.WaitForExit();
            answer = process.ExitCode == 0 ? output.GetAwaiter().GetResult() : error.GetAwaiter().GetResult();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            answer = fault.Message;
            return false;
        }
    }
}
