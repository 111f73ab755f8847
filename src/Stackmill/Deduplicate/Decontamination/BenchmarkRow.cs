using System.Text.Json;
using Stackmill.Core.Faults;

namespace Stackmill.Deduplicate.Decontamination;

/// <summary>One row of a benchmark file, whatever the file's kind.</summary>
/// <param name="form">The form that the file's columns showed.</param>
/// <param name="where">File and place in it, for messages.</param>
internal abstract class BenchmarkRow(BenchmarkForm form, string where)
{
    /// <summary>The form that the file's columns showed.</summary>
    public BenchmarkForm Form { get; } = form;

    /// <summary>The texts of a column; none when it is missing, null or empty.</summary>
    /// <exception cref="UsageException">It holds something else than text.</exception>
    public IReadOnlyList<string> Texts(BenchmarkColumn column)
    {
        var values = Values(column);
        return column.IsJsonList && values is [var text] ? Unpack(text, column) : values;
    }

    /// <summary>What the column itself holds.</summary>
    protected abstract IReadOnlyList<string> Values(BenchmarkColumn column);

    /// <summary>A fault about a column of this row.</summary>
    protected UsageException Wrong(BenchmarkColumn column, string found, string expected, Exception? cause = null) => new(
        $"the benchmark {where} holds {found} in the column '{column.Name}'; expected {expected}. Correct the file, or name other columns in decontamination.columns.", cause);

    /// <summary>The fault of a file whose columns show no form.</summary>
    protected internal static UsageException NoForm(string file, IReadOnlyCollection<string> columns, DecontaminationOptions options)
    {
        var missing = BenchmarkForm.Named(options).Columns.Select(c => c.Top).Where(c => !columns.Contains(c)).Order(StringComparer.Ordinal).ToList();
        return new(
            $"the benchmark '{file}' has the columns {string.Join(", ", columns.Take(40))}, which are those of no known form{(missing.Count > 0 ? $", and lacks {string.Join(", ", missing)}, which decontamination.columns names" : "")}. Expected one of: {BenchmarkForm.Expected}. Say what its columns hold in decontamination.columns, for example {{id: task_id, prompt: question, solution: answer}}.");
    }

    // Published as a list in a string; an empty string stands for a problem without solutions.
    private List<string> Unpack(string text, BenchmarkColumn column)
    {
        if (string.IsNullOrWhiteSpace(text))
            return [];
        try
        {
            return JsonSerializer.Deserialize<List<string>>(text) ?? [];
        }
        catch (JsonException fault)
        {
            throw Wrong(column, "a text that is no JSON list of texts", "a list such as [\"first solution\", \"second solution\"] in a text", fault);
        }
    }
}
