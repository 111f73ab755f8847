using System.Text;

namespace Stackmill.Tests.Support;

/// <summary>Writes folders of small source files from a seed: the same files for the same seed.</summary>
internal static class GeneratedCorpus
{
    private static readonly (string Extension, string Remark)[] Kinds = [("py", "#"), ("java", "//"), ("cpp", "//"), ("js", "//"), ("go", "//"), ("rb", "#")];

    /// <summary>
    /// Writes files of about 1.2 kB each. One in ten is an exact copy of an earlier one, one in ten differs from an
    /// earlier one by a remark, some are too small, some have an e-mail address or another encoding.
    /// </summary>
    public static void Write(string folder, int files, int seed)
    {
        var random = new Random(seed);
        var earlier = new List<string>();
        for (var i = 0; i < files; i++)
        {
            var (extension, remark) = Kinds[random.Next(Kinds.Length)];
            var text = random.Next(10) switch
            {
                0 when earlier.Count > 0 => earlier[random.Next(earlier.Count)],
                1 when earlier.Count > 0 => $"{remark} seen again {i}\n{earlier[random.Next(earlier.Count)]}",
                _ => Text(random, remark),
            };
            earlier.Add(text);
            if (random.Next(40) == 0)
                text = "x = 1\n";
            var bytes = random.Next(30) == 0 ? [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)] : Encoding.UTF8.GetBytes(text);
            var path = Path.Combine(folder, $"repo-{i % 17:D2}", $"part{i % 5}", $"file-{i:D5}.{extension}");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }
    }

    private static string Text(Random random, string remark)
    {
        var text = new StringBuilder();
        var lines = random.Next(25, 45);
        for (var line = 0; line < lines; line++)
        {
            text.Append("value_").Append(random.Next(100_000)).Append(" = compute(").Append(random.Next(1_000)).Append(", name_").Append(random.Next(5_000)).Append(')');
            if (random.Next(8) == 0)
                text.Append("   ");
            text.Append(random.Next(20) == 0 ? "\r\n" : "\n");
        }

        if (random.Next(12) == 0)
            text.Append(remark).Append(" written by person").Append(random.Next(1_000)).Append("@harbour-office.net\n");
        return text.ToString();
    }
}
