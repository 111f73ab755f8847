using System.Collections.Concurrent;
using System.Reflection;
using Stackmill.Core.Options;

namespace Stackmill.Shared.Configuration;

/// <summary>What a configuration key holds.</summary>
internal enum OptionKind { Switch, WholeNumber, Number, Size, Text, TextList, TextMap }

/// <summary>A key of the configuration file: an option or a section.</summary>
/// <param name="Key">The key itself.</param>
/// <param name="Path">The keys from the root, joined by dots; empty for the root.</param>
/// <param name="Summary">One sentence for people.</param>
internal abstract record OptionNode(string Key, string Path, string Summary);

/// <summary>A section: its keys in declaration order.</summary>
internal sealed record OptionSection(string Key, string Path, string Summary) : OptionNode(Key, Path, Summary)
{
    private readonly Dictionary<string, OptionNode> _byKey = new(StringComparer.Ordinal);
    private readonly List<OptionNode> _children = [];

    internal IReadOnlyList<OptionNode> Children => _children;

    internal OptionNode? Find(string key) => _byKey.GetValueOrDefault(key);

    internal bool TryAdd(OptionNode child)
    {
        if (!_byKey.TryAdd(child.Key, child))
            return false;
        _children.Add(child);
        return true;
    }
}

/// <summary>One option: how it is declared and where it lives in the options object.</summary>
/// <param name="Key">The key itself.</param>
/// <param name="Path">The keys from the root, joined by dots.</param>
/// <param name="Declaration">Its attribute: summary, range, words.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="IsNullable">True when <c>null</c> is a value of it.</param>
/// <param name="Chain">The properties from the root object to the value.</param>
internal sealed record OptionLeaf(string Key, string Path, OptionAttribute Declaration, OptionKind Kind, bool IsNullable, PropertyInfo[] Chain)
    : OptionNode(Key, Path, Declaration.Summary)
{
    internal object? Get(object root) => Chain.Aggregate((object?)root, (owner, property) => property.GetValue(owner));

    internal void Set(object root, object? value) =>
        Chain[^1].SetValue(Chain[..^1].Aggregate((object?)root, (owner, property) => property.GetValue(owner)), value);

    internal Type ValueType => Nullable.GetUnderlyingType(Chain[^1].PropertyType) ?? Chain[^1].PropertyType;

    /// <summary>Smallest allowed number: the declared one, but not below what the type holds.</summary>
    internal double Min => Math.Max(Declaration.Min, Kind switch
    {
        OptionKind.Size => 0,
        OptionKind.WholeNumber when ValueType == typeof(int) => int.MinValue,
        OptionKind.WholeNumber => long.MinValue,
        _ => double.MinValue,
    });

    /// <summary>Largest allowed number: the declared one, but not above what the type holds.</summary>
    internal double Max => Math.Min(Declaration.Max, Kind switch
    {
        OptionKind.WholeNumber or OptionKind.Size when ValueType == typeof(int) => int.MaxValue,
        OptionKind.WholeNumber or OptionKind.Size => long.MaxValue,
        _ => double.MaxValue,
    });

    internal bool HasMin => double.IsFinite(Declaration.Min);

    internal bool HasMax => double.IsFinite(Declaration.Max);
}

/// <summary>
/// The configuration keys of an options class, read once from its attributes. A mistake in a declaration (an unknown type, two
/// equal keys, a property without <c>init</c> or <c>set</c>) is an <see cref="InvalidOperationException"/>: it is the programmer's.
/// </summary>
internal sealed class OptionTree
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly ConcurrentDictionary<Type, OptionTree> Known = new();

    private static readonly Func<object, object> ShallowCopy =
        typeof(object).GetMethod("MemberwiseClone", Instance)!.CreateDelegate<Func<object, object>>();

    private readonly Type _type;
    private readonly List<OptionLeaf> _leaves = [];
    private readonly List<(string Path, PropertyInfo[] Chain)> _owners = [("", [])];

    private OptionTree(Type type)
    {
        _type = type;
        Root = new OptionSection("", "", "");
        Former = type.GetCustomAttributes<FormerKeyAttribute>().ToDictionary(k => k.Key, k => k.Instead, StringComparer.Ordinal);
        Collect(type, Root, []);
    }

    internal OptionSection Root { get; }

    /// <summary>What stands in the place of keys that older configurations have.</summary>
    internal IReadOnlyDictionary<string, string> Former { get; }

    /// <summary>All options in declaration order, depth first.</summary>
    internal IReadOnlyList<OptionLeaf> Leaves => _leaves;

    internal static OptionTree Of(Type type) => Known.GetOrAdd(type, static t => new OptionTree(t));

    /// <summary>A new options object with the defaults. Nothing in it is shared with any other, whatever the initializers share.</summary>
    internal object NewDefaults() => Copy(Activator.CreateInstance(_type, nonPublic: true)!);

    /// <summary>A copy down to the last section, so that setting a value in it changes no other object.</summary>
    internal object Copy(object options)
    {
        var copy = ShallowCopy(options);
        // Owners are listed outside in, so that a section's owner is already a copy.
        foreach (var (path, chain) in _owners.Skip(1))
        {
            var owner = Owner(copy, chain[..^1]);
            var section = chain[^1].GetValue(owner)
                ?? throw new InvalidOperationException($"the section '{path}' of {_type.Name} must not be null");
            chain[^1].SetValue(owner, ShallowCopy(section));
        }
        return copy;
    }

    /// <summary>Problems that the options find among their own values, with absolute keys and the path of the reporting section.</summary>
    internal IEnumerable<(string SectionPath, OptionProblem Problem)> Check(object options)
    {
        foreach (var (path, chain) in _owners)
            if (Owner(options, chain) is ICheckedOptions checkedOptions)
                foreach (var problem in checkedOptions.Check())
                    yield return (path, problem with { Key = Join(path, problem.Key) });
    }

    internal OptionNode? FindPath(string dottedPath)
    {
        OptionNode? node = Root;
        foreach (var key in dottedPath.Split('.'))
            node = (node as OptionSection)?.Find(key);
        return node;
    }

    internal static string Join(string path, string key) => path.Length == 0 ? key : key.Length == 0 ? path : $"{path}.{key}";

    private static object? Owner(object root, PropertyInfo[] chain) =>
        chain.Aggregate((object?)root, (owner, property) => property.GetValue(owner));

    private void Collect(Type type, OptionSection section, PropertyInfo[] chain)
    {
        // The runtime may list properties in any order; metadata tokens ascend as they are declared.
        foreach (var property in type.GetProperties(Instance).OrderBy(p => p.MetadataToken))
        {
            var option = property.GetCustomAttribute<OptionAttribute>();
            var nested = property.GetCustomAttribute<SectionAttribute>();
            if (option is null && nested is null)
                continue;
            var name = $"{type.Name}.{property.Name}";
            if (property.SetMethod is null)
                throw new InvalidOperationException($"{name} is a configuration key and needs 'init' or 'set'");
            PropertyInfo[] extended = [.. chain, property];
            if (nested is not null)
                CollectSection(section, nested, extended, name);
            else
                Add(section, Leaf(section, option!, extended, name), name);
        }
    }

    private void CollectSection(OptionSection parent, SectionAttribute nested, PropertyInfo[] chain, string name)
    {
        var path = Join(parent.Path, nested.Key);
        _owners.Add((path, chain));
        var section = parent;
        if (nested.Key.Length > 0)
        {
            section = new OptionSection(nested.Key, path, nested.Summary);
            Add(parent, section, name);
        }
        Collect(chain[^1].PropertyType, section, chain);
    }

    private void Add(OptionSection section, OptionNode node, string name)
    {
        if (node.Key.Length == 0 || node.Key.Contains('.'))
            throw new InvalidOperationException($"{name} needs a key without dots");
        if (!section.TryAdd(node))
            throw new InvalidOperationException($"{name} uses the key '{node.Path}', which is taken");
        if (node is OptionLeaf leaf)
            _leaves.Add(leaf);
    }

    private static OptionLeaf Leaf(OptionSection section, OptionAttribute option, PropertyInfo[] chain, string name)
    {
        var type = chain[^1].PropertyType;
        var isNullable = new NullabilityInfoContext().Create(chain[^1]).WriteState == NullabilityState.Nullable;
        var value = Nullable.GetUnderlyingType(type) ?? type;
        OptionKind kind;
        if (option.IsSize && (value == typeof(long) || value == typeof(int)))
            kind = OptionKind.Size;
        else if (option.IsSize)
            throw new InvalidOperationException($"{name} is a size and must be a long or an int");
        else if (value == typeof(bool))
            kind = OptionKind.Switch;
        else if (value == typeof(int) || value == typeof(long))
            kind = OptionKind.WholeNumber;
        else if (value == typeof(double))
            kind = OptionKind.Number;
        else if (value == typeof(string))
            kind = OptionKind.Text;
        else if (value == typeof(IReadOnlyList<string>))
            kind = OptionKind.TextList;
        else if (value == typeof(IReadOnlyDictionary<string, string>))
            kind = OptionKind.TextMap;
        else
            throw new InvalidOperationException($"{name} has the type {value.Name}, which no configuration key can hold");
        return new OptionLeaf(option.Key, Join(section.Path, option.Key), option, kind, isNullable, chain);
    }
}
