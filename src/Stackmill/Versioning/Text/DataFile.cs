using System.Numerics;
using System.Text.Json;
using Stackmill.Core.Faults;
using Tomlyn;
using Tomlyn.Model;

namespace Stackmill.Versioning.Text;

/// <summary>Reads files of parameters and metrics by their ending: YAML, JSON, TOML.</summary>
internal static class DataFile
{
    /// <summary>Reads the text of a file.</summary>
    /// <exception cref="UsageException">It can't be read as what its ending says.</exception>
    public static DataMap Read(string text, string name) => Value(text, name) as DataMap
        ?? throw new UsageException($"'{name}' holds no mapping at its top; expected names with values.");

    /// <summary>Reads the text of a file, whatever stands at its top.</summary>
    /// <exception cref="UsageException">It can't be read as what its ending says.</exception>
    public static object? Value(string text, string name)
    {
        switch (Path.GetExtension(name).ToLowerInvariant())
        {
            case ".json":
                try
                {
                    // Python's reader of JSON takes NaN and Infinity, the strict one does not; the YAML one would take too much.
                    using var document = JsonDocument.Parse(text.TrimStart('\uFEFF'));
                    return OfJson(document.RootElement);
                }
                catch (JsonException fault)
                {
                    throw new UsageException($"'{name}' is no JSON (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1}). Write it anew, or correct it there.", fault);
                }
                catch (InvalidOperationException fault)
                {
                    throw new UsageException($"'{name}' holds a text with half of a surrogate pair (an escape from \\ud800 to \\udfff without its other half), which stands for no character. Write it anew, or correct it there.", fault);
                }

            case ".toml":
                try
                {
                    return OfToml(TomlSerializer.Deserialize<TomlTable>(text) ?? []);
                }
                catch (TomlException fault)
                {
                    throw new UsageException($"'{name}' is no TOML. Correct it, or name another file.", fault);
                }

            case ".py":
                throw new UsageException($"'{name}' is Python: its values are known only to Python. Use 'dvc' itself here, or keep parameters in YAML, JSON or TOML.");
            default:
                return YamlReader.Read(text, name);
        }
    }

    private static object? OfJson(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var map = new DataMap();
                foreach (var property in element.EnumerateObject())
                    map[property.Name] = OfJson(property.Value);
                return map;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(OfJson).ToList();
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                return element.GetRawText() is var raw && raw.AsSpan().IndexOfAny('.', 'e', 'E') < 0
                    ? BigInteger.Parse(raw, System.Globalization.CultureInfo.InvariantCulture) : element.GetDouble();
            case JsonValueKind.True or JsonValueKind.False:
                return element.GetBoolean();
            default:
                return null;
        }
    }

    private static object? OfToml(object? value)
    {
        switch (value)
        {
            case TomlTable table:
                var map = new DataMap();
                foreach (var (key, entry) in table)
                    map[key] = OfToml(entry);
                return map;
            case TomlTableArray tables:
                return tables.Select(OfToml).ToList();
            case TomlArray list:
                return list.Select(OfToml).ToList();
            case long number:
                return new BigInteger(number);
            case null or string or bool or double:
                return value;
            default:
                return new YamlDate(value.ToString() ?? "");
        }
    }
}
