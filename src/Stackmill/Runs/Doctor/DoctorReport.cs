using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Stackmill.Runs.Doctor;

/// <summary>What an examination found, for machines and for people.</summary>
internal static partial class DoctorReport
{
    // As wide as the longest id.
    private const int IdWidth = 17;
    private const int StatusWidth = 7;

    // Narrower columns of text are harder to read than lines that are too long.
    private const int LeastTextWidth = 30;

    /// <summary>Whether a run can do: nothing that is required failed.</summary>
    public static bool IsWell(IEnumerable<Check> checks) => checks.All(c => c.Status != CheckStatus.Failed);

    /// <summary>As JSON: <c>ok</c>, and each check with its id, status, what was found, the remedy and what was measured.</summary>
    public static JsonObject Describe(IReadOnlyList<Check> checks, string program) => new()
    {
        ["program"] = program,
        ["ok"] = IsWell(checks),
        ["checks"] = new JsonArray([.. checks.Select(c => (JsonNode)new JsonObject
        {
            ["id"] = c.Id,
            ["status"] = StatusName(c.Status),
            ["found"] = c.Found,
            ["remedy"] = c.Remedy,
            ["figures"] = new JsonObject(c.Figures.Select(f => KeyValuePair.Create<string, JsonNode?>(f.Name, f.Value))),
        })]),
    };

    /// <summary>A status as it is written.</summary>
    public static string StatusName(CheckStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>The lines of a check: status, id, what was found; below, where there is something to do, the remedy after an arrow.</summary>
    /// <param name="check">The check.</param>
    /// <param name="width">Columns of the terminal; <c>null</c> where lines have any length.</param>
    public static IReadOnlyList<string> Lines(Check check, int? width)
    {
        ArgumentNullException.ThrowIfNull(check);
        var indent = StatusWidth + 2 + IdWidth + 2;
        var room = width is { } columns ? Math.Max(LeastTextWidth, columns - 1 - indent) : int.MaxValue;
        var lines = new List<string>();
        foreach (var part in Wrap(check.Found, room))
            lines.Add((lines.Count == 0 ? $"{StatusName(check.Status).PadRight(StatusWidth)}  {check.Id.PadRight(IdWidth)}  " : new string(' ', indent)) + part);
        var first = true;
        foreach (var part in check.Remedy is null ? [] : Wrap(check.Remedy, room - 2))
        {
            lines.Add(new string(' ', indent) + (first ? "→ " : "  ") + part);
            first = false;
        }

        return lines;
    }

    /// <summary>The last line.</summary>
    public static string Summary(IReadOnlyList<Check> checks)
    {
        var failed = checks.Where(c => c.Status == CheckStatus.Failed).Select(c => c.Id).ToList();
        var warnings = checks.Count(c => c.Status == CheckStatus.Warning);
        var also = warnings == 0 ? "" : $", {warnings} {(warnings == 1 ? "warning" : "warnings")}";
        return failed.Count == 0
            ? $"all that is required is there{also}"
            : $"{failed.Count} required {(failed.Count == 1 ? "check" : "checks")} failed ({string.Join(", ", failed)}){also}";
    }

    // At blanks; a word that is too long (an address) stays whole, and so does an option with its value: they are to be copied.
    private static IEnumerable<string> Wrap(string text, int room)
    {
        var line = "";
        foreach (var word in Blank().Split(text))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > room)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }

    [GeneratedRegex(@"(?<!--[a-z][a-z-]*) ")]
    private static partial Regex Blank();
}
