using System.Text;
using System.Text.Json;
using Stackmill.Preprocess.Redact;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Preprocess.Redact;

/// <summary>
/// Personal data in lines that were labelled by hand: the value between « and », or none. Values are invented or reserved; most of the lines without
/// one come from real code, chosen by what makes them hard. A find counts when it begins and ends where the label does.
/// </summary>
public sealed class LabelledPersonalTests
{
    private const double Least = 0.97;

    private static readonly string[] Kinds = [.. RedactionKinds.All.Where(k => k != "key")];

    [Fact]
    public void Personal_data_is_found_exactly_and_hard_negatives_are_left()
    {
        var redactor = new Redactor(RuleCatalogTests.EveryOption);
        var counts = Kinds.ToDictionary(k => k, _ => new Count());
        var wrong = new List<string>();
        var (positives, negatives) = (0, 0);
        foreach (var line in File.ReadLines(Path.Combine(Samples.RepositoryRoot, "tests/Stackmill.Tests/Preprocess/Redact/Labelled/personal.jsonl")))
        {
            using var row = JsonDocument.Parse(line);
            var (language, kind, text) = (row.RootElement.GetProperty("language").GetString()!, row.RootElement.GetProperty("kind").GetString()!, row.RootElement.GetProperty("text").GetString()!);
            var (plain, labels) = Read(text);
            _ = labels.Count > 0 ? positives++ : negatives++;
            var finds = new List<Match>();
            redactor.Find(plain, language, finds);
            var found = finds.Where(f => f.Kind != "key").Select(f => (f.Kind, f.Start, End: f.Start + f.Length)).ToHashSet();
            var wanted = labels.Select(l => (kind, l.Start, l.End)).ToHashSet();
            foreach (var hit in found)
                counts[hit.Kind].Add(wanted.Contains(hit) ? (1, 0, 0) : (0, 1, 0));
            counts[kind].Add((0, 0, wanted.Count(w => !found.Contains(w))));
            if (!found.SetEquals(wanted))
                wrong.Add($"{kind}, {language}: {text} -> {string.Join(", ", finds.Select(f => $"{f.Rule} {Encoding.UTF8.GetString(plain.AsSpan(f.Start, f.Length))}"))}");
        }

        Assert.True(positives >= 350, $"only {positives} lines with values were seen");
        Assert.True(negatives >= 700, $"only {negatives} lines without were seen");
        var report = new StringBuilder();
        var all = new Count();
        foreach (var (kind, count) in counts)
        {
            Assert.True(count.Right + count.Missed >= 10, $"only {count.Right + count.Missed} values of the kind {kind} were seen");
            report.AppendLine(count.Tell(kind));
            all.Add((count.Right, count.Wrong, count.Missed));
        }

        report.AppendLine(all.Tell("all")).AppendJoin('\n', wrong);
        Assert.True(all.Precision >= Least && all.Recall >= Least, report.ToString());
        // A kind may be a little worse than all of them, not useless.
        Assert.True(counts.Values.All(c => c.Precision >= 0.9 && c.Recall >= 0.9), report.ToString());
    }

    private static (byte[] Plain, List<(int Start, int End)> Labels) Read(string text)
    {
        var labels = new List<(int, int)>();
        var plain = new StringBuilder();
        var start = 0;
        foreach (var c in text)
        {
            if (c == '«')
                start = Encoding.UTF8.GetByteCount(plain.ToString());
            else if (c == '»')
                labels.Add((start, Encoding.UTF8.GetByteCount(plain.ToString())));
            else
                plain.Append(c);
        }

        return (Encoding.UTF8.GetBytes(plain.ToString()), labels);
    }

    private sealed class Count
    {
        public int Right { get; private set; }

        public int Wrong { get; private set; }

        public int Missed { get; private set; }

        public double Precision => Right + Wrong == 0 ? 1 : (double)Right / (Right + Wrong);

        public double Recall => Right + Missed == 0 ? 1 : (double)Right / (Right + Missed);

        public void Add((int Right, int Wrong, int Missed) more) =>
            (Right, Wrong, Missed) = (Right + more.Right, Wrong + more.Wrong, Missed + more.Missed);

        public string Tell(string name) => FormattableString.Invariant($"{name}: precision {Precision:0.000}, recall {Recall:0.000} ({Right} right, {Wrong} wrong, {Missed} missed)");
    }
}
