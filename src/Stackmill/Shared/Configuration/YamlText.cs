using System.Buffers;
using System.Globalization;
using System.Text;

namespace Stackmill.Shared.Configuration;

/// <summary>Option values as YAML text that reads back to the same value, in this program and in any YAML 1.1 or 1.2 reader.</summary>
internal static class YamlText
{
    private static readonly SearchValues<char> PlainCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+");

    // Words that YAML 1.1 or 1.2 take for something other than text.
    private static readonly SearchValues<string> OtherThanText =
        SearchValues.Create(["null", "true", "false", "yes", "no", "on", "off", "y", "n"], StringComparison.OrdinalIgnoreCase);

    internal static string Of(OptionLeaf leaf, object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        double number => Expectation.Number(number),
        long or int when leaf.Kind == OptionKind.Size => SizeText.Format(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        long or int => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        string text when leaf.Declaration.IsTextOrSwitch && text is "true" or "false" => text,
        string text => Quote(text),
        IReadOnlyList<string> texts => $"[{string.Join(", ", texts.Select(Quote))}]",
        IReadOnlyDictionary<string, string> texts =>
            $"{{{string.Join(", ", texts.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{Quote(pair.Key)}: {Quote(pair.Value)}"))}}}",
        _ => throw new InvalidOperationException($"'{leaf.Path}' holds a {value.GetType().Name}"),
    };

    private static string Quote(string text)
    {
        if (text.Length > 0 && char.IsAsciiLetter(text[0]) && !text.AsSpan().ContainsAnyExcept(PlainCharacters) && !OtherThanText.Contains(text))
            return text;
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '"' or '\\')
                quoted.Append('\\').Append((char)rune.Value);
            else if (rune.Value is >= ' ' and < 0x7F || Rune.IsLetterOrDigit(rune))
                quoted.Append(rune.ToString());
            else
                quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}");
        }
        return quoted.Append('"').ToString();
    }
}
