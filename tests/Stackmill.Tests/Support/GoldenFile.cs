using System.Runtime.CompilerServices;
using System.Text;

namespace Stackmill.Tests.Support;

/// <summary>
/// Compares text with a file of <c>tests/Stackmill.Tests/Golden</c>. With the environment variable
/// <c>STACKMILL_UPDATE_GOLDEN=1</c> it writes the file instead, for the change to be read in the diff.
/// </summary>
internal static class GoldenFile
{
    private const string UpdateVariable = "STACKMILL_UPDATE_GOLDEN";
    private const int LinesAround = 3;

    /// <summary>Folder of the expected texts.</summary>
    public static string Folder { get; } = Path.Combine(Samples.RepositoryRoot, "tests", "Stackmill.Tests", "Golden");

    /// <summary>Fails, showing the first lines that differ, unless <paramref name="actual"/> is the text of the file.</summary>
    /// <param name="name">File name in <see cref="Folder"/>, with its ending.</param>
    /// <param name="actual">What the test got; Windows line ends count as <c>\n</c>.</param>
    /// <param name="test">Filled in by the compiler.</param>
    public static void Matches(string name, string actual, [CallerMemberName] string test = "") =>
        Matches(Folder, name, actual, Environment.GetEnvironmentVariable(UpdateVariable) == "1", test);

    /// <summary>The same for any folder.</summary>
    internal static void Matches(string folder, string name, string actual, bool update, string test)
    {
        var path = Path.Combine(folder, name);
        var got = Normalised(actual);
        if (update)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!File.Exists(path) || Normalised(File.ReadAllText(path)) != got)
                File.WriteAllText(path, got);
            return;
        }

        if (!File.Exists(path))
            Assert.Fail($"{test}: there is no Golden/{name}; run the test with {UpdateVariable}=1 to write it, and read it");
        var expected = Normalised(File.ReadAllText(path));
        if (expected != got)
            Assert.Fail($"{test}: the text is not Golden/{name} (- expected, + got); if the change is meant, run with {UpdateVariable}=1\n{Difference(expected, got)}");
    }

    /// <summary>The stretch between the common beginning and the common end, with a few lines around it.</summary>
    internal static string Difference(string expected, string actual)
    {
        var left = expected.Split('\n');
        var right = actual.Split('\n');
        var shortest = Math.Min(left.Length, right.Length);
        var head = 0;
        while (head < shortest && left[head] == right[head])
            head++;
        var tail = 0;
        while (tail < shortest - head && left[^(tail + 1)] == right[^(tail + 1)])
            tail++;

        var text = new StringBuilder();
        for (var line = Math.Max(0, head - LinesAround); line < head; line++)
            text.Append("  ").Append(left[line]).Append('\n');
        for (var line = head; line < left.Length - tail; line++)
            text.Append($"- {line + 1}: ").Append(left[line]).Append('\n');
        for (var line = head; line < right.Length - tail; line++)
            text.Append($"+ {line + 1}: ").Append(right[line]).Append('\n');
        for (var line = left.Length - tail; line < Math.Min(left.Length, left.Length - tail + LinesAround); line++)
            text.Append("  ").Append(left[line]).Append('\n');
        return text.ToString();
    }

    private static string Normalised(string text) => text.ReplaceLineEndings("\n");
}
