using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Stackmill.Preprocess.Redact;
using Stackmill.Preprocess.Redact.Rules;
using Find = Stackmill.Preprocess.Redact.Match;

namespace Stackmill.Tests.Preprocess.Redact;

/// <summary>
/// Precision and recall on a labelled set: <c>Labelled/secrets.jsonl</c>, one object a line. What is to be found stands between « and »; a text without
/// marks is a hard negative, most of them lines of real code. <c>{{of:LENGTH:ALPHABET:SEED}}</c> stands for random characters, so that the
/// repository holds nothing that looks leaked.
/// </summary>
public sealed partial class LabelledSecretTests
{
    private const double Least = 0.95;

    private sealed record Labelled(string Language, string Kind, string? Group, string Text);

    [Fact]
    public void Precision_and_recall_on_the_labelled_secrets_are_at_least_95_percent_in_every_group()
    {
        var cases = Read();
        Assert.True(cases.Count(c => c.Group is not null) >= 300, "fewer than 300 positives");
        Assert.True(cases.Count(c => c.Group is null) >= 600, "fewer than 600 hard negatives");
        var redactor = new Redactor(new RedactionOptions());
        var report = new StringBuilder();
        var groups = new SortedDictionary<string, (int Hit, int Missed)>(StringComparer.Ordinal);
        var rules = new SortedDictionary<string, (int Right, int Wrong)>(StringComparer.Ordinal);
        foreach (var entry in cases)
        {
            byte[] text = Plain(entry.Text, out var wanted);
            var found = new List<Find>();
            redactor.Find(text, entry.Language, found);
            foreach (var match in found.Where(m => m.Kind == "key"))
            {
                bool right = wanted.Remove((match.Start, match.Length));
                string group = Group(match.Rule);
                var (rights, wrongs) = rules.GetValueOrDefault(group);
                rules[group] = right ? (rights + 1, wrongs) : (rights, wrongs + 1);
                if (entry.Group is not null && right)
                    groups[entry.Group] = (groups.GetValueOrDefault(entry.Group).Hit + 1, groups.GetValueOrDefault(entry.Group).Missed);
                if (!right)
                    report.AppendLine(CultureInfo.InvariantCulture, $"false alarm of {match.Rule}: {entry.Text}");
            }

            if (wanted.Count == 0)
                continue;
            groups[entry.Group!] = (groups.GetValueOrDefault(entry.Group!).Hit, groups.GetValueOrDefault(entry.Group!).Missed + wanted.Count);
            report.AppendLine(CultureInfo.InvariantCulture, $"missed: {entry.Text} ({entry.Language})");
        }

        foreach (var (name, (hit, missed)) in groups)
            report.AppendLine(CultureInfo.InvariantCulture, $"recall of {name}: {Share(hit, missed):F4}");
        foreach (var (name, (right, wrong)) in rules)
            report.AppendLine(CultureInfo.InvariantCulture, $"precision of {name}: {Share(right, wrong):F4}");
        Assert.Equal(5, groups.Count);
        Assert.True(groups.Values.All(g => Share(g.Hit, g.Missed) >= Least) && Share(groups.Values.Sum(g => g.Hit), groups.Values.Sum(g => g.Missed)) >= Least, report.ToString());
        Assert.True(rules.Values.All(g => Share(g.Right, g.Wrong) >= Least) && Share(rules.Values.Sum(g => g.Right), rules.Values.Sum(g => g.Wrong)) >= Least, report.ToString());
    }

    [Fact]
    public void The_labelled_secrets_are_gone_from_what_is_written_and_a_second_look_finds_nothing()
    {
        var redactor = new Redactor(new RedactionOptions());
        var wrong = new List<string>();
        int seen = 0;
        foreach (var entry in Read().Where(c => c.Group is not null))
        {
            byte[] text = Plain(entry.Text, out _);
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            if (!redactor.Redact(text, entry.Language, output, []))
                continue;
            seen++;
            var again = new List<Find>();
            redactor.Find(output.WrittenSpan, entry.Language, again);
            if (again.Count > 0)
                wrong.Add($"{again[0].Rule} in {Encoding.UTF8.GetString(output.WrittenSpan)}");
        }

        Assert.True(seen >= 300, $"only {seen} were redacted");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static double Share(int part, int rest) => part + rest == 0 ? 1 : part / (double)(part + rest);

    private static string Group(string rule) => rule switch
    {
        "assigned-secret" or "assigned-password" => rule,
        _ when RuleCatalog.Rules.First(r => r.Id == rule).Specificity >= 40 => "key blocks",
        _ when RuleCatalog.Rules.First(r => r.Id == rule).Specificity >= 29 => "formats",
        _ when RuleCatalog.Rules.First(r => r.Id == rule).Specificity == 25 => "formats near a name",
        _ => "structure",
    };

    private static List<Labelled> Read()
    {
        var path = Path.Combine(Support.Samples.RepositoryRoot, "tests/Stackmill.Tests/Preprocess/Redact/Labelled/secrets.jsonl");
        var cases = new List<Labelled>();
        foreach (var line in File.ReadLines(path))
        {
            using var json = JsonDocument.Parse(line);
            var entry = json.RootElement;
            var text = entry.GetProperty("text").GetString()!;
            Assert.Equal(entry.TryGetProperty("group", out var group), text.Contains('«', StringComparison.Ordinal));
            cases.Add(new Labelled(entry.GetProperty("language").GetString()!, entry.GetProperty("kind").GetString()!, group.ValueKind == JsonValueKind.String ? group.GetString() : null, text));
        }

        return cases;
    }

    private static byte[] Plain(string marked, out HashSet<(int Start, int Length)> wanted)
    {
        wanted = [];
        var plain = new List<byte>();
        int open = 0;
        foreach (var piece in Marks().Split(Random().Replace(marked, Expand)))
        {
            if (piece == "«")
                open = plain.Count;
            else if (piece == "»")
                wanted.Add((open, plain.Count - open));
            else
                plain.AddRange(Encoding.UTF8.GetBytes(piece));
        }

        return [.. plain];
    }

    private static string Expand(System.Text.RegularExpressions.Match match) =>
        Samples.Of(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), match.Groups[2].Value switch
        {
            "hex" => Samples.LowerHex,
            "upper" => Samples.Upper,
            "digits" => Samples.Digits,
            "alnum" => Samples.Alphanumeric,
            "lower" => "abcdefghijklmnopqrstuvwxyz0123456789",
            "base64" => Samples.Alphanumeric + "+/",
            "url" => Samples.Alphanumeric + "-_",
            var alphabet => alphabet,
        }, uint.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex("([«»])")]
    private static partial Regex Marks();

    [GeneratedRegex(@"\{\{of:(\d+):([^:]+):(\d+)\}\}")]
    private static partial Regex Random();
}
