using System.Globalization;

namespace Stackmill.Shared.Configuration;

/// <summary>What an option may hold, in words: the same words in errors, in the commented file and in the docs.</summary>
internal static class Expectation
{
    /// <summary>What the option as a whole may hold, e.g. <c>a whole number from 1 to 64</c>.</summary>
    internal static string Of(OptionLeaf leaf)
    {
        var text = leaf.Kind switch
        {
            OptionKind.Switch => "true or false",
            OptionKind.WholeNumber => "a whole number" + Range(leaf, Number),
            OptionKind.Number => "a number" + Range(leaf, Number),
            OptionKind.Size => $"a size{Range(leaf, number => SizeText.Format((long)number))} such as {SizeText.Examples}",
            OptionKind.TextList => leaf.Declaration.Values.Length == 0 ? "a list of texts, such as [a, b]" : $"a list with any of {string.Join(", ", leaf.Declaration.Values)}",
            OptionKind.TextMap => leaf.Declaration.Values.Length == 0 ? "names with texts, such as {a: b}" : $"names, each with {Words(leaf)}",
            _ => OfItem(leaf),
        };
        return leaf.IsNullable ? $"{text}, or null" : text;
    }

    /// <summary>What one text of the option may be.</summary>
    internal static string OfItem(OptionLeaf leaf) =>
        leaf.Declaration.Values.Length > 0 ? Words(leaf) : leaf.Declaration.IsTextOrSwitch ? "true, false or a text" : "a text";

    /// <summary>A number as YAML, JSON and Markdown take it: shortest form that reads back to the same value.</summary>
    internal static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Words(OptionLeaf leaf) =>
        leaf.Declaration.Values.Length == 1 ? leaf.Declaration.Values[0] : $"one of {string.Join(", ", leaf.Declaration.Values)}";

    private static string Range(OptionLeaf leaf, Func<double, string> text) => (leaf.HasMin, leaf.HasMax) switch
    {
        (true, true) => $" from {text(leaf.Min)} to {text(leaf.Max)}",
        (true, false) => $" of at least {text(leaf.Min)}",
        (false, true) => $" of at most {text(leaf.Max)}",
        // A number that its type can't hold is out of range too, and the limit must be named.
        _ when leaf.Kind == OptionKind.WholeNumber && leaf.ValueType == typeof(int) => $" from {int.MinValue} to {int.MaxValue}",
        _ => "",
    };
}
