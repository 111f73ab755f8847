using System.Buffers;
using System.Text.RegularExpressions;
using Stackmill.Core.Faults;

namespace Stackmill.Preprocess.Redact.UserRules;

/// <summary>
/// Rules in TOML, in the form that gitleaks reads (github.com/gitleaks/gitleaks, config/gitleaks.toml of version 8): <c>[[rules]]</c> with id, regex,
/// keywords, entropy, secretGroup, path and allow-lists; <c>[[allowlists]]</c> or <c>[allowlist]</c> for all rules; <c>[extend]</c> with path and disabledRules.
/// Beside it <c>kind</c> and <c>confidence</c> of a rule.
/// </summary>
internal sealed class RuleFile(string source)
{
    private const int Deepest = 2;

    private static readonly HashSet<string> RuleKeys =
        ["id", "description", "regex", "keywords", "entropy", "secretgroup", "path", "allowlist", "allowlists", "tags", "kind", "confidence", "report", "skipreport", "required"];

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    /// <summary>The rules, in their order.</summary>
    public List<UserRule> Rules { get; } = [];

    /// <summary>Allow-lists for all rules, or those that they name.</summary>
    public List<AllowList> Allowed { get; } = [];

    /// <summary>Ids of rules that are off, Stackmill's own as well.</summary>
    public HashSet<string> Disabled { get; } = new(StringComparer.Ordinal);

    /// <summary>What was left aside, for people.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Reads a document.</summary>
    /// <param name="text">The document.</param>
    /// <param name="folder">Where the files lie that it extends.</param>
    /// <param name="depth">How many documents have led here.</param>
    /// <exception cref="UsageException">A rule is wrong; the message names its line.</exception>
    public void Read(string text, string folder, int depth = 0)
    {
        var root = TomlNode.Read(text, source).Table!;
        if (root.TryGetValue("extend", out var extend))
            Extend(extend, folder, depth);
        foreach (var rule in Tables(root, "rules"))
            AddRule(rule);
        foreach (var list in Tables(root, "allowlists").Concat(Tables(root, "allowlist")))
            Allowed.Add(Allow(list));
    }

    private void Extend(TomlNode extend, string folder, int depth)
    {
        var table = extend.Table ?? throw Fault(extend.Line, "'extend' is no table");
        if (table.TryGetValue("url", out var url))
            throw Fault(url.Line, "extend.url is not read, nothing is fetched; expected extend.path with a file that lies beside");
        if (table.TryGetValue("useDefault", out _))
            Notes.Add($"{source}: extend.useDefault: Stackmill's own rules are always on");
        foreach (var id in Texts(table, "disabledRules"))
            Disabled.Add(id);
        if (!table.TryGetValue("path", out var path))
            return;
        if (depth == Deepest)
            throw Fault(path.Line, $"files extend one another more than {Deepest} deep");
        var full = Path.Combine(folder, Text(path, "extend.path"));
        var other = new RuleFile(full);
        other.Read(UserRuleSet.ReadFile(full), Path.GetDirectoryName(Path.GetFullPath(full))!, depth + 1);
        Rules.AddRange(other.Rules.Where(r => !Disabled.Contains(r.Rule.Id)));
        Allowed.AddRange(other.Allowed);
        Disabled.UnionWith(other.Disabled);
        Notes.AddRange(other.Notes);
        _ids.UnionWith(other._ids);
    }

    private void AddRule(TomlNode node)
    {
        var table = node.Table ?? throw Fault(node.Line, "a rule is no table");
        if (!table.TryGetValue("id", out var idNode) || Text(idNode, "id").Length == 0)
            throw Fault(node.Line, "a rule has no id");
        var id = Text(idNode, "id");
        foreach (var (key, value) in table.Where(k => !RuleKeys.Contains(k.Key.ToLowerInvariant())))
            Notes.Add($"{source}:{value.Line}: rule '{id}': the key '{key}' is not known");
        // A rule of the extended file is replaced by one of this file.
        if (!_ids.Add(id))
            Rules.RemoveAll(r => r.Rule.Id == id);
        if (RuleCatalog.Rules.Any(r => r.Id == id))
            Disabled.Add(id);
        if (!table.TryGetValue("regex", out var regex))
        {
            if (!table.ContainsKey("path"))
                throw Fault(node.Line, $"rule '{id}' has no regex");
            Notes.Add($"{source}:{node.Line}: rule '{id}' tells files by their names only; it finds nothing in them");
            return;
        }

        var kind = table.TryGetValue("kind", out var kindNode) ? Kind(kindNode, id) : RedactionKind.Key;
        var confidence = Number(table, "confidence", id);
        if (confidence is < 0 or > 1)
            throw Fault(table["confidence"].Line, $"rule '{id}': a confidence of {confidence}, expected a number from 0 to 1");
        var group = Number(table, "secretGroup", id);
        var pattern = Pattern(regex, id);
        if (group < 0 || group != Math.Floor(group) || group >= pattern.GetGroupNumbers().Length)
            throw Fault(table["secretGroup"].Line, $"rule '{id}': secretGroup is {group}, and the regex has {pattern.GetGroupNumbers().Length - 1} groups");
        string[] keywords = [.. Texts(table, "keywords").Where(k => k.Length > 0)];
        Rules.Add(new UserRule(
            new Rule(id, kind, table.TryGetValue("description", out var told) ? Text(told, "description") : id, RuleAnchor.Pattern, static (_, _, _, _) => { })
            {
                // Above what is guessed by name, and below a provider's own form: who writes a rule knows better than a guess.
                Specificity = 28,
                Confidence = confidence > 0 ? confidence : 0.9,
                Positives = [],
                Negatives = [],
            },
            pattern,
            keywords.Length == 0 ? null : SearchValues.Create(keywords, StringComparison.OrdinalIgnoreCase),
            (int)group,
            Number(table, "entropy", id),
            table.TryGetValue("path", out var path) ? Pattern(path, id) : null,
            [.. Tables(table, "allowlists").Concat(Tables(table, "allowlist")).Select(Allow)]));
    }

    private RedactionKind Kind(TomlNode node, string id)
    {
        var index = RedactionKinds.All.ToList().IndexOf(Text(node, "kind"));
        return index >= 0 ? (RedactionKind)index : throw Fault(node.Line, $"rule '{id}': the kind '{node.Value}', expected one of {string.Join(", ", RedactionKinds.All)}");
    }

    private AllowList Allow(TomlNode node)
    {
        var table = node.Table ?? throw Fault(node.Line, "an allowlist is no table");
        var target = table.TryGetValue("regexTarget", out var t) ? Text(t, "regexTarget") : "secret";
        var condition = table.TryGetValue("condition", out var c) ? Text(c, "condition").ToUpperInvariant() : "OR";
        if (target is not ("secret" or "match" or "line"))
            throw Fault(t!.Line, $"regexTarget is '{target}', expected secret, match or line");
        if (condition is not ("OR" or "AND" or "||" or "&&"))
            throw Fault(c!.Line, $"condition is '{condition}', expected OR or AND");
        return new AllowList(
            [.. Nodes(table, "paths").Select(p => Pattern(p, "allowlist"))],
            [.. Nodes(table, "regexes").Select(p => Pattern(p, "allowlist"))],
            [.. Texts(table, "stopwords").Where(w => w.Length > 0)],
            target switch { "match" => AllowTarget.Match, "line" => AllowTarget.Line, _ => AllowTarget.Secret },
            condition is "AND" or "&&",
            Texts(table, "targetRules").ToHashSet(StringComparer.Ordinal));
    }

    private Regex Pattern(TomlNode node, string id)
    {
        try
        {
            return GoPattern.Compile(Text(node, "regex"));
        }
        catch (ArgumentException fault)
        {
            throw Fault(node.Line, $"rule '{id}': the regex is wrong: {fault.Message}");
        }
    }

    private double Number(Dictionary<string, TomlNode> table, string key, string id) =>
        !table.TryGetValue(key, out var node) ? 0 : node.Value is double number ? number : throw Fault(node.Line, $"rule '{id}': {key} is '{node.Value}', expected a number");

    private string Text(TomlNode node, string key) => node.Value as string ?? throw Fault(node.Line, $"{key} is no text");

    private IEnumerable<string> Texts(Dictionary<string, TomlNode> table, string key) => Nodes(table, key).Select(n => Text(n, key));

    private List<TomlNode> Nodes(Dictionary<string, TomlNode> table, string key) =>
        !table.TryGetValue(key, out var node) ? [] : node.Items ?? throw Fault(node.Line, $"{key} is no array");

    private static List<TomlNode> Tables(Dictionary<string, TomlNode> table, string key) => !table.TryGetValue(key, out var node) ? [] : node.Items is { } items ? items : [node];

    private UsageException Fault(int line, string message) => new($"{source}:{line}: {message}.");
}
