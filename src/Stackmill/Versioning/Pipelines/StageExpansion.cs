using System.Globalization;
using Stackmill.Core.Faults;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Pipelines;

/// <summary>A stage with the values that hold for it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Definition">As it is written.</param>
/// <param name="Context">The values.</param>
internal sealed record ExpandedStage(string Name, DataMap Definition, TemplateContext Context);

/// <summary>Makes the stages of <c>foreach</c> and <c>matrix</c>.</summary>
internal static class StageExpansion
{
    // Between the name that is written and what is added to it.
    private const char Join = '@';

    /// <summary>The stages that one entry stands for, in their order.</summary>
    /// <exception cref="UsageException">What is gone through is no list or mapping.</exception>
    public static IEnumerable<ExpandedStage> Of(string name, DataMap definition, TemplateContext context, Interpolation interpolation, string file)
    {
        var place = $"'{file}': stage '{name}'";
        if (definition.Has("foreach"))
        {
            var body = definition.Get("do") as DataMap ?? throw new UsageException($"{place} has foreach, but no stage below do.");
            return Items(interpolation.Resolve(definition.Get("foreach"), context, place), place)
                .Select(i => new ExpandedStage($"{name}{Join}{i.Key}", body, i.IsKey ? context.With("item", i.Value).With("key", i.Key) : context.With("item", i.Value)));
        }

        if (!definition.Has("matrix"))
            return [new ExpandedStage(name, definition, context)];
        if (interpolation.Resolve(definition.Get("matrix"), context, place) is not DataMap { Count: > 0 } matrix)
            throw new UsageException($"{place}: matrix is no mapping of names to lists.");
        var plain = definition.Clone();
        _ = plain.Remove("matrix");
        IEnumerable<(string Key, DataMap Item)> combinations = [("", [])];
        foreach (var (dimension, values) in matrix)
        {
            if (values is not List<object?> list)
                throw new UsageException($"{place}: '{dimension}' of matrix is no list.");
            var options = list.Select((v, i) => (Text: v is DataMap or List<object?> ? dimension + i.ToString(CultureInfo.InvariantCulture) : TemplateContext.Text(v), Value: v)).ToList();
            combinations = combinations.SelectMany(c => options.Select(o => (c.Key.Length == 0 ? o.Text : $"{c.Key}-{o.Text}", With(c.Item, dimension, o.Value)))).ToList();
        }

        return combinations.Select(c => new ExpandedStage($"{name}{Join}{c.Key}", plain, context.With("item", c.Item).With("key", c.Key)));
    }

    private static DataMap With(DataMap item, string key, object? value)
    {
        var more = item.Clone();
        more[key] = value;
        return more;
    }

    private static IEnumerable<(string Key, object? Value, bool IsKey)> Items(object? source, string place) => source switch
    {
        DataMap map => map.Select(e => (e.Key, e.Value, true)),
        // Of a list with lists or mappings the number names the stage, else the value does.
        List<object?> list when list.Exists(i => i is DataMap or List<object?>) => list.Select((v, i) => (i.ToString(CultureInfo.InvariantCulture), v, false)),
        List<object?> list => list.Select(v => (TemplateContext.Text(v), v, false)),
        _ => throw new UsageException($"{place}: foreach is neither a list nor a mapping."),
    };
}
