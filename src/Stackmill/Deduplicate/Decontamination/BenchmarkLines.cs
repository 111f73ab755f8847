using System.Text.Json;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Datasets.Storage;

namespace Stackmill.Deduplicate.Decontamination;

/// <summary>Rows of a benchmark in JSON lines. The keys of the first line show the form; later lines may lack some.</summary>
internal static class BenchmarkLines
{
    /// <summary>Reads the rows.</summary>
    /// <exception cref="UsageException">A line is no JSON object, or the keys show no form.</exception>
    public static IEnumerable<BenchmarkRow> Read(LocalFile file, DecontaminationOptions options)
    {
        BenchmarkForm? form = null;
        foreach (var line in JsonLines.Read(file))
        {
            if (line.TooLong)
                throw new UsageException($"line {line.Number} of the benchmark '{file.Name}' is longer than {JsonLines.MaxLineBytes >> 20} MiB; expected one problem a line. Take large test data out of the file.");
            using var json = Parse(file.Name, line);
            form ??= FormOf([.. json.RootElement.EnumerateObject().Select(p => p.Name)]);
            yield return new Row(form, $"'{file.Name}', line {line.Number},", json.RootElement);
        }

        BenchmarkForm FormOf(List<string> names) => BenchmarkForm.Find(names, options) ?? throw BenchmarkRow.NoForm(file.Name, names, options);
    }

    // A message of the JSON reader may hold a character of the file, so it is not passed on.
    private static JsonDocument Parse(string file, JsonLine line)
    {
        try
        {
            var json = JsonDocument.Parse(line.Bytes);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                return json;
            using (json)
                throw new UsageException($"line {line.Number} of the benchmark '{file}' holds {Name(json.RootElement.ValueKind)}; expected a JSON object with one problem. Correct the file or fetch it again.");
        }
        catch (JsonException fault)
        {
            throw new UsageException($"line {line.Number} of the benchmark '{file}' is no valid JSON, from its byte {fault.BytePositionInLine + 1} on; expected a JSON object with one problem. Correct the file or fetch it again.", fault);
        }
    }

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Object => "an object",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private sealed class Row(BenchmarkForm form, string where, JsonElement row) : BenchmarkRow(form, where)
    {
        protected override IReadOnlyList<string> Values(BenchmarkColumn column)
        {
            var value = row;
            foreach (var name in column.Name.Split('.'))
            {
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value))
                    return [];
            }

            return value.ValueKind switch
            {
                JsonValueKind.Null => [],
                JsonValueKind.String => [Text(value, column)],
                JsonValueKind.Number when column.Role == BenchmarkForm.Id => [value.GetRawText()],
                JsonValueKind.Array when column.Role != BenchmarkForm.Id => [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String
                    ? Text(item, column)
                    : throw Wrong(column, $"a list with {Name(item.ValueKind)} in it", "a list of texts"))],
                var kind => throw Wrong(column, Name(kind), column.Role == BenchmarkForm.Id ? "a text or a number" : "a text or a list of texts"),
            };
        }

        private string Text(JsonElement value, BenchmarkColumn column)
        {
            try
            {
                return value.GetString()!;
            }
            catch (InvalidOperationException fault)
            {
                // Half of a surrogate pair, or bytes that are no UTF-8.
                throw Wrong(column, "a text that is no valid Unicode", "a text", fault);
            }
        }
    }
}
