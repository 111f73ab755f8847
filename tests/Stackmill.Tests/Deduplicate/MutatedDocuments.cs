using System.Globalization;
using System.Text;

namespace Stackmill.Tests.Deduplicate;

/// <summary>
/// Made-up source files and copies edited to various degrees: renamed words, replaced, removed, inserted and
/// moved lines, added headers. The same seed gives the same files.
/// </summary>
internal static class MutatedDocuments
{
    private static readonly string[] s_words = ["count", "items", "result", "index", "value", "self", "node", "path", "name", "size"];

    /// <summary>Originals, each with copies, shuffled.</summary>
    public static byte[][] Make(int seed, int originals, int copies)
    {
        var random = new Random(seed);
        var documents = new List<byte[]>();
        for (int i = 0; i < originals; i++)
        {
            List<string> lines = [.. Enumerable.Range(0, random.Next(8, 80)).Select(_ => Line(random))];
            documents.Add(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
            for (int copy = 0; copy < copies; copy++)
                documents.Add(Encoding.UTF8.GetBytes(string.Join('\n', Mutate(random, lines))));
        }
        byte[][] shuffled = [.. documents];
        random.Shuffle(shuffled);
        return shuffled;
    }

    private static List<string> Mutate(Random random, List<string> original)
    {
        List<string> lines = [.. original];

        // Up to a fifth of the lines: similarities from 1 down to about 0.4.
        int edits = random.Next(0, (lines.Count / 5) + 2);
        for (int edit = 0; edit < edits; edit++)
        {
            int at = random.Next(lines.Count);
            switch (random.Next(5))
            {
                case 0: lines[at] = Line(random); break;
                case 1: lines.Insert(at, Line(random)); break;
                case 2: lines[at] = lines[at].Replace("value", "worth", StringComparison.Ordinal); break;
                case 3: lines.Insert(0, "# Copyright by author " + random.Next(100).ToString(CultureInfo.InvariantCulture)); break;
                default:
                    string moved = lines[at];
                    lines.RemoveAt(at);
                    lines.Insert(random.Next(lines.Count + 1), moved);
                    break;
            }
        }
        return lines;
    }

    private static string Line(Random random)
    {
        string Word() => s_words[random.Next(s_words.Length)] + (random.Next(3) == 0 ? "_" + random.Next(30).ToString(CultureInfo.InvariantCulture) : "");
        return random.Next(4) switch
        {
            0 => $"    {Word()} = {Word()}({Word()}, {random.Next(1000)})",
            1 => $"    if {Word()} > {random.Next(50)}: return {Word()}.{Word()}",
            2 => $"def {Word()}({Word()}, {Word()}):",
            _ => $"    {Word()}[{Word()}] += {Word()} * {Word()}  # {Word()} {Word()}",
        };
    }
}
