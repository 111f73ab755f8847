using System.Text;
using Stackmill.Core.Options;
using Stackmill.Shared;

namespace Stackmill.Monitoring.Notifications;

/// <summary>Texts with placeholders: <c>{run_id}</c>; a brace itself is written twice.</summary>
internal static class NotificationTemplate
{
    /// <summary>All placeholders, with what stands in their place.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Placeholders { get; } =
    [
        ("event", "end, failure, anomaly or test"), ("pipeline", "monitoring.pipeline_name"), ("command", "the command"), ("status", "how it ended, in words"), ("exit_code", "its exit code"),
        ("run_id", "id of the run, as in logs, exemplars and spans"), ("trace_id", "id of its trace; empty without a collector"), ("machine", "name of the machine"), ("version", "version of Stackmill"),
        ("folder", "where it writes"), ("started", "when it began"), ("ended", "when it ended"), ("duration", "how long it took"), ("error", "what ended it; empty when nothing bad did"),
        ("anomalies", "what is unusual, a line each"), ("stages", "books of the stages, a line each"), ("summary", "one sentence"), ("details", "error, anomalies and stages, those that there are"),
    ];

    /// <summary>What is wrong with a template.</summary>
    public static IEnumerable<OptionProblem> Problems(string key, string template)
    {
        if (string.IsNullOrWhiteSpace(template))
            yield return new OptionProblem(key, "an empty text", "a text, such as '{pipeline}: {status}'");
        foreach (var (text, kind) in Parts(template))
        {
            if (kind == Kind.Broken)
                yield return new OptionProblem(key, "a brace without its partner", "placeholders such as {run_id}; a brace itself is written twice");
            else if (kind == Kind.Placeholder && Placeholders.All(p => p.Name != text))
                yield return new OptionProblem(key, $"the placeholder '{{{Notification.Line(text, 40)}}}'", NearestName.Find(text, Placeholders.Select(p => p.Name)) is { } near ? $"a known one, such as '{{{near}}}'" : $"one of {string.Join(", ", Placeholders.Select(p => p.Name))}");
        }
    }

    /// <summary>Puts the values in.</summary>
    public static string Fill(string template, IReadOnlyDictionary<string, string> values)
    {
        var filled = new StringBuilder();
        foreach (var (text, kind) in Parts(template))
            filled.Append(kind == Kind.Placeholder ? values[text] : text);
        return filled.ToString();
    }

    private static IEnumerable<(string Text, Kind Kind)> Parts(string template)
    {
        for (var at = 0; at < template.Length;)
        {
            if (template[at] is not ('{' or '}'))
            {
                var end = template.AsSpan(at).IndexOfAny('{', '}') is >= 0 and var length ? at + length : template.Length;
                yield return (template[at..end], Kind.Text);
                at = end;
            }
            else if (at + 1 < template.Length && template[at + 1] == template[at])
            {
                yield return (template[at].ToString(), Kind.Text);
                at += 2;
            }
            else if (template[at] == '{' && template.IndexOf('}', at) is > 0 and var close)
            {
                yield return (template[(at + 1)..close], Kind.Placeholder);
                at = close + 1;
            }
            else
            {
                yield return ("", Kind.Broken);
                at++;
            }
        }
    }

    private enum Kind
    {
        Text,
        Placeholder,
        Broken,
    }
}
