using System.Globalization;

namespace Stackmill.Shared.Configuration;

/// <summary>Turns the text of a value into the type of its option and checks range and words.</summary>
internal sealed class ValueReader(string source, List<ConfigurationError> errors)
{
    /// <summary>The value of <paramref name="node"/> for <paramref name="leaf"/>; false when it has a fault, which is then reported.</summary>
    internal bool TryRead(OptionLeaf leaf, SourceNode node, out object? value)
    {
        value = null;
        switch (node)
        {
            case SourceFault:
                return false;
            case SourceScalar { IsNull: true } when leaf.IsNullable:
                return true;
        }
        return leaf.Kind switch
        {
            OptionKind.TextList => TryReadList(leaf, node, out value),
            OptionKind.TextMap => TryReadMap(leaf, node, out value),
            _ => TryReadScalar(leaf, node, out value),
        };
    }

    private bool TryReadScalar(OptionLeaf leaf, SourceNode node, out object? value)
    {
        value = null;
        if (node is not SourceScalar { IsNull: false } scalar)
            return Fault(leaf, node);
        switch (leaf.Kind)
        {
            case OptionKind.Switch:
                if (scalar.IsPlain && scalar.Text is "true" or "false")
                    value = scalar.Text == "true";
                return value is not null || Fault(leaf, node, SwitchMeant(scalar.Text));
            case OptionKind.Text:
                value = scalar.Text;
                return IsAllowed(leaf, scalar.Text) || Fault(leaf, node, Near(leaf, scalar.Text));
            case OptionKind.Number:
                return scalar.IsPlain && TryNumber(scalar.Text, out var number) && InRange(leaf, number)
                    ? Succeed(number, out value)
                    : Fault(leaf, node);
            case OptionKind.Size:
                return SizeText.TryParse(scalar.Text, out var bytes) && InRange(leaf, bytes)
                    ? Succeed(leaf.ValueType == typeof(int) ? (object)(int)bytes : bytes, out value)
                    : Fault(leaf, node, SizeMeant(scalar.Text));
            default:
                return scalar.IsPlain && long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                    && InRange(leaf, whole)
                    ? Succeed(leaf.ValueType == typeof(int) ? (object)(int)whole : whole, out value)
                    : Fault(leaf, node);
        }
    }

    private bool TryReadList(OptionLeaf leaf, SourceNode node, out object? value)
    {
        value = null;
        if (node is not SourceList list)
            return Fault(leaf, node);
        var texts = new List<string>(list.Items.Count);
        foreach (var item in list.Items)
        {
            if (item is SourceScalar { IsNull: false } scalar && IsAllowed(leaf, scalar.Text))
                texts.Add(scalar.Text);
            else if (item is not SourceFault)
                Report(leaf, item, Expectation.OfItem(leaf), item is SourceScalar { IsNull: false } word ? Near(leaf, word.Text) : null);
        }
        value = texts.AsReadOnly();
        return texts.Count == list.Items.Count;
    }

    private bool TryReadMap(OptionLeaf leaf, SourceNode node, out object? value)
    {
        value = null;
        if (node is not SourceMap map)
            return Fault(leaf, node);
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        var good = true;
        foreach (var (key, item) in map.Entries)
        {
            if (key is not SourceScalar name)
                good = Report(leaf, key, "a name", null);
            else if (item is not SourceScalar { IsNull: false } text || !IsAllowed(leaf, text.Text))
                good = item is not SourceFault && Report(leaf, item, Expectation.OfItem(leaf), item is SourceScalar { IsNull: false } word ? Near(leaf, word.Text) : null, name.Text);
            else if (!texts.TryAdd(name.Text, text.Text))
                good = Report(leaf, key, "each name once", null, name.Text, "a name that was given before");
        }
        value = texts.AsReadOnly();
        return good;
    }

    private static bool Succeed(object read, out object? value)
    {
        value = read;
        return true;
    }

    private bool Fault(OptionLeaf leaf, SourceNode node, string? suggestion = null) => Report(leaf, node, Expectation.Of(leaf), suggestion);

    private bool Report(OptionLeaf leaf, SourceNode node, string expected, string? suggestion, string? entry = null, string? found = null)
    {
        var path = entry is null ? leaf.Path : OptionTree.Join(leaf.Path, Echo.Name(entry));
        var hide = leaf.Declaration.IsSecret || (Echo.IsSecretName(path) && !IsCount(leaf, node)) || (entry is not null && Echo.IsSecretName(entry));
        found ??= Echo.Value(node, hide, quotesMatter: leaf.Kind is OptionKind.Switch or OptionKind.WholeNumber or OptionKind.Number);
        errors.Add(new ConfigurationError(source, node.Line, node.Column, path, found, expected, suggestion));
        return false;
    }

    // A number for an option that takes one, such as shingle_tokens, is out of its range and no secret.
    private static bool IsCount(OptionLeaf leaf, SourceNode node) =>
        leaf.Kind is OptionKind.WholeNumber or OptionKind.Number && node is SourceScalar { Text.Length: <= 9 } scalar && scalar.Text.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.');

    private static bool InRange(OptionLeaf leaf, double number) => number >= leaf.Min && number <= leaf.Max;

    private static bool IsAllowed(OptionLeaf leaf, string text) =>
        leaf.Declaration.Values.Length == 0 || leaf.Declaration.Values.Contains(text, StringComparer.Ordinal);

    private static string? Near(OptionLeaf leaf, string text) =>
        leaf.Declaration.IsSecret || NearestName.Find(text, leaf.Declaration.Values) is not { } word ? null : $"'{word}'";

    private static string? SwitchMeant(string text) => text.ToLowerInvariant() switch
    {
        "true" or "yes" or "on" or "y" => "'true'",
        "false" or "no" or "off" or "n" => "'false'",
        _ => null,
    };

    // '4G' means 4·10⁹ to some programs and 4·2³⁰ to others.
    private static string? SizeMeant(string text) =>
        text.Length is > 1 and < 30 && char.IsAsciiLetter(text[^1]) && char.IsAsciiDigit(text[^2])
            && SizeText.TryParse(text + "B", out _)
            ? $"'{text}B' or '{text}iB'"
            : null;

    // The float forms of the YAML 1.2 core schema (section 10.3.2) without infinities and NaN.
    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number) && char.IsAsciiDigit(text.AsSpan().TrimStart("+-.")[0]);
}
