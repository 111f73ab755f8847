using System.Numerics;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Pipelines;

/// <summary>When two values of files are the same.</summary>
internal static class ValueEquality
{
    /// <summary>As Python compares: 1, 1.0 and true are equal; the order of keys does not count.</summary>
    public static bool Same(object? a, object? b)
    {
        if (Number(a) is { } left && Number(b) is { } right)
            return left.Equals(right);
        return (a, b) switch
        {
            (null, null) => true,
            (string x, string y) => x == y,
            (DataMap x, DataMap y) => x.Count == y.Count && x.All(e => y.Has(e.Key) && Same(e.Value, y.Get(e.Key))),
            (List<object?> x, List<object?> y) => x.Count == y.Count && x.Zip(y).All(p => Same(p.First, p.Second)),
            _ => false,
        };
    }

    /// <summary>True when both are written with the same text, the order of keys apart.</summary>
    public static bool Identical(object? a, object? b) => PythonJson.Write(Plain(a)) == PythonJson.Write(Plain(b));

    // Whole numbers that a double holds exactly are compared as such; larger ones as they are.
    private static object? Number(object? value) => value switch
    {
        bool truth => truth ? BigInteger.One : BigInteger.Zero,
        BigInteger number => number,
        double number when double.IsInteger(number) => new BigInteger(number),
        double number => number,
        _ => null,
    };

    private static object? Plain(object? value) => value switch
    {
        YamlDate date => date.Text,
        DataMap map => Plain(map),
        List<object?> list => list.ConvertAll(Plain),
        _ => value,
    };

    private static DataMap Plain(DataMap map)
    {
        var plain = new DataMap();
        foreach (var (key, value) in map)
            plain[key] = Plain(value);
        return plain;
    }
}
