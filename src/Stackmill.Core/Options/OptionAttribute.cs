namespace Stackmill.Core.Options;

/// <summary>
/// Declares a property as a configuration key. The default is the property's initial value, so it is written once.
/// The YAML binder, the commented file of <c>stackmill init</c>, the JSON Schema and the docs are all made from this.
/// </summary>
/// <param name="key">The key in the YAML file, snake_case.</param>
/// <param name="summary">One sentence for people, with the unit.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class OptionAttribute(string key, string summary) : Attribute
{
    /// <summary>The key in the YAML file.</summary>
    public string Key { get; } = key;

    /// <summary>One sentence for people.</summary>
    public string Summary { get; } = summary;

    /// <summary>Smallest allowed number (inclusive).</summary>
    public double Min { get; init; } = double.NegativeInfinity;

    /// <summary>Largest allowed number (inclusive).</summary>
    public double Max { get; init; } = double.PositiveInfinity;

    /// <summary>The allowed words, for a string or list of strings; empty when any is allowed.</summary>
    public string[] Values { get; init; } = [];

    /// <summary>True for a <c>long</c> of bytes: <c>10MB</c>, <c>1.5GiB</c>, <c>512KiB</c> or plain digits are accepted.</summary>
    public bool IsSize { get; init; }

    /// <summary>True for a string that may also be <c>true</c> or <c>false</c>, kept as those words (a switch that also takes a path).</summary>
    public bool IsTextOrSwitch { get; init; }

    /// <summary>
    /// True for a credential: its value is never echoed in an error, and the resolved configuration only says whether it is set
    /// (so a credential must not influence what is written).
    /// </summary>
    public bool IsSecret { get; init; }
}

/// <summary>Declares a property as a nested section of the configuration file.</summary>
/// <param name="key">
/// The key in the YAML file, snake_case; empty puts the section's own keys at the level of the property, so that options
/// can live beside what they configure and still be written at the top of the file.
/// </param>
/// <param name="summary">One sentence for people.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SectionAttribute(string key, string summary) : Attribute
{
    /// <summary>The key in the YAML file.</summary>
    public string Key { get; } = key;

    /// <summary>One sentence for people.</summary>
    public string Summary { get; } = summary;
}

/// <summary>Names a key that older configurations have and this one has not, so that its error says what stands in its place.</summary>
/// <param name="key">The key with its sections, joined by dots.</param>
/// <param name="instead">What to write instead, as the end of "expected …".</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class FormerKeyAttribute(string key, string instead) : Attribute
{
    /// <summary>The key with its sections, joined by dots.</summary>
    public string Key { get; } = key;

    /// <summary>What to write instead.</summary>
    public string Instead { get; } = instead;
}
