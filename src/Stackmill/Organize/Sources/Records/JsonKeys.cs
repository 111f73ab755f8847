using System.Text.Json;

namespace Stackmill.Organize.Sources.Records;

/// <summary>The keys of a JSON object that mean something, with those of the objects inside it, as a tree.</summary>
internal sealed class JsonKeys
{
    // Longer keys are none that could be known; a configured one is shorter too, or is never met.
    private const int MaxKeyBytes = 256;

    private readonly Dictionary<string, JsonKeys> _inner = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonKeys>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    public JsonKeys() => _bySpan = _inner.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What the key's value is: index of a field, or the content, its base64 form or the list of files; and the rank of the name.</summary>
    public List<(int Target, int Rank)> Targets { get; } = [];

    /// <summary>True when an object under this key has keys that mean something.</summary>
    public bool HasInner => _inner.Count > 0;

    /// <summary>Adds a name: as it stands, and with dots as a way into objects.</summary>
    public void Add(string name, int target, int rank)
    {
        At(name).Targets.Add((target, rank));
        if (!name.Contains('.'))
            return;
        var keys = this;
        foreach (var part in name.Split('.'))
            keys = keys.At(part);
        keys.Targets.Add((target, rank));
    }

    /// <summary>The key that the reader stands at, or <c>null</c> when it means nothing.</summary>
    public JsonKeys? Find(ref Utf8JsonReader json)
    {
        if (json.ValueSpan.Length > MaxKeyBytes)
            return null;
        Span<char> name = stackalloc char[MaxKeyBytes];
        return _bySpan.TryGetValue(name[..json.CopyString(name)], out var keys) ? keys : null;
    }

    private JsonKeys At(string name)
    {
        if (!_inner.TryGetValue(name, out var keys))
            _inner.Add(name, keys = new JsonKeys());
        return keys;
    }
}
