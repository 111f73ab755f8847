using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Stackmill.Versioning.Text;

/// <summary>
/// A mapping of YAML, JSON or TOML in the order of its text. Values are null, bool, <see cref="System.Numerics.BigInteger"/>, double,
/// string, <see cref="YamlDate"/>, a list of values, or a mapping.
/// </summary>
internal sealed class DataMap : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly OrderedDictionary<string, object?> _entries = new(StringComparer.Ordinal);
    private HashSet<string>? _notText;

    /// <summary>Number of entries.</summary>
    public int Count => _entries.Count;

    /// <summary>The keys in order.</summary>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <summary>The values in order.</summary>
    public IEnumerable<object?> Values => _entries.Values;

    /// <summary>The value of a key; setting keeps the place of a key that is there.</summary>
    public object? this[string key]
    {
        get => _entries[key];
        set => _entries[key] = value;
    }

    /// <summary>True when the key is there.</summary>
    public bool Has(string key) => _entries.ContainsKey(key);

    /// <summary>The value of a key; null when it is not there.</summary>
    public object? Get(string key) => _entries.GetValueOrDefault(key);

    /// <summary>The value of a key.</summary>
    public bool TryGet(string key, [MaybeNullWhen(false)] out object value) => _entries.TryGetValue(key, out value) && value is not null;

    /// <summary>Adds an entry at the end, for collection initializers too.</summary>
    public void Add(string key, object? value) => _entries.Add(key, value);

    /// <summary>Takes an entry out.</summary>
    public bool Remove(string key) => _entries.Remove(key);

    /// <summary>Remembers that a key was a number, truth value or null in the text, and is written without quotes.</summary>
    public void MarkNotText(string key) => (_notText ??= new(StringComparer.Ordinal)).Add(key);

    /// <summary>True when a key is written as it is.</summary>
    public bool IsNotText(string key) => _notText?.Contains(key) == true;

    /// <summary>A copy that shares no mapping and no list.</summary>
    public DataMap Clone()
    {
        var copy = new DataMap { _notText = _notText is null ? null : [.. _notText] };
        foreach (var (key, value) in _entries)
            copy.Add(key, CloneValue(value));
        return copy;
    }

    /// <summary>A copy of any value.</summary>
    public static object? CloneValue(object? value) => value switch
    {
        DataMap map => map.Clone(),
        List<object?> list => list.ConvertAll(CloneValue),
        _ => value,
    };

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A date or time of YAML or TOML: DVC can't keep one in its lock.</summary>
/// <param name="Text">As it stood in the text.</param>
internal sealed record YamlDate(string Text);
