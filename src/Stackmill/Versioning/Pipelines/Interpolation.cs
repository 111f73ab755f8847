using System.Text;
using System.Text.RegularExpressions;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Projects;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Pipelines;

/// <summary>Puts values for <c>${…}</c>. A text that is one name whole becomes the value; in commands, mappings become options.</summary>
/// <param name="config">How truth values and lists become options: <c>parsing.bool</c>, <c>parsing.list</c>.</param>
internal sealed partial class Interpolation(DvcConfig config)
{
    /// <summary>All of a value with names replaced.</summary>
    /// <param name="value">Texts, lists, mappings.</param>
    /// <param name="context">The values.</param>
    /// <param name="place">Where it stands, for messages.</param>
    /// <exception cref="UsageException">A name stands for nothing.</exception>
    public object? Resolve(object? value, TemplateContext context, string place) => value switch
    {
        string text => Whole(text) is { } name ? context.Select(name, place) : InText(text, context, place, isCommand: false),
        List<object?> list => list.ConvertAll(item => Resolve(item, context, place)),
        DataMap map => Map(map, context, place),
        _ => value,
    };

    /// <summary>A command with names replaced: always text.</summary>
    /// <exception cref="UsageException">A name stands for nothing.</exception>
    public object? ResolveCommand(object? command, TemplateContext context, string place) => command switch
    {
        string text => InText(text, context, place, isCommand: true),
        List<object?> list => list.ConvertAll(item => ResolveCommand(item, context, place)),
        _ => command,
    };

    private DataMap Map(DataMap map, TemplateContext context, string place)
    {
        var resolved = new DataMap();
        foreach (var (key, value) in map)
            resolved[Resolve(key, context, place) as string ?? throw new UsageException($"{place}: the key '{key}' does not stand for a text.")] = Resolve(value, context, place);
        return resolved;
    }

    private static string? Whole(string text)
    {
        var match = Name().Match(text);
        return match.Success && match.Index == 0 && match.Length == text.Length ? NameOf(match) : null;
    }

    private static string NameOf(Match match) => match.Groups["name"].Value.Trim();

    private string InText(string text, TemplateContext context, string place, bool isCommand)
    {
        var result = Name().Replace(text, match =>
        {
            var value = context.Select(NameOf(match), place);
            if (value is not (DataMap or List<object?>))
                return TemplateContext.Text(value);
            if (isCommand && value is DataMap options)
                return Options(options, place);
            throw new UsageException($"{place} puts '${{{NameOf(match)}}}', a {(value is DataMap ? "mapping" : "list")}, into the middle of a text. Name one of its values{(isCommand ? "" : ", or make it the whole text")}.");
        });
        return result.Replace("\\${", "${", StringComparison.Ordinal);
    }

    private string Options(DataMap options, string place)
    {
        var words = new List<string>();
        foreach (var (name, value) in Flat(options, ""))
        {
            switch (value)
            {
                case bool truth when config.Get("parsing", "bool") == "boolean_optional":
                    words.Add($"--{(truth ? "" : "no-")}{name}");
                    break;
                case bool truth:
                    if (truth)
                        words.Add($"--{name}");
                    break;
                case List<object?> list when list.Exists(i => i is DataMap or List<object?>):
                    throw new UsageException($"{place}: '{name}' is a list of lists or mappings, which can't be an option of a command.");
                case List<object?> list when config.Get("parsing", "list") == "append":
                    words.AddRange(list.Select(item => $"--{name} {Quote(item)}"));
                    break;
                case List<object?> list:
                    words.Add(string.Join(' ', list.Select(Quote).Prepend($"--{name}")));
                    break;
                default:
                    words.Add($"--{name} {Quote(value)}");
                    break;
            }
        }

        return string.Join(' ', words);
    }

    private static IEnumerable<(string Name, object? Value)> Flat(DataMap map, string prefix) =>
        map.SelectMany(e => e.Value is DataMap inner ? Flat(inner, $"{prefix}{e.Key}.") : [($"{prefix}{e.Key}", e.Value)]);

    private static string Quote(object? value)
    {
        var text = TemplateContext.Text(value);
        return value is not string || (text.Length > 0 && !Unsafe().IsMatch(text)) ? text : new StringBuilder("'").Append(text.Replace("'", "'\"'\"'", StringComparison.Ordinal)).Append('\'').ToString();
    }

    [GeneratedRegex(@"(?<!\\)\$\{(?<name>[\w._ \\/\-\[\]@]*?)\}")]
    private static partial Regex Name();

    [GeneratedRegex(@"[^\w@%+=:,./-]")]
    private static partial Regex Unsafe();
}
