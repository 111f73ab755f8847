using Stackmill.Core.Faults;

namespace Stackmill.Shared.Configuration;

/// <summary>One thing wrong in a configuration: where, what was found, what was expected, and what was probably meant.</summary>
/// <param name="Source">The file's name, or the name of the command-line option.</param>
/// <param name="Line">Line in the file, from 1; 0 where there is none.</param>
/// <param name="Column">Column in the line, from 1; 0 where there is none.</param>
/// <param name="Key">The key with its sections, joined by dots; empty for the file as a whole.</param>
/// <param name="Found">What was found. Long values and values of secret keys are described, not quoted.</param>
/// <param name="Expected">What was expected.</param>
/// <param name="Suggestion">The nearest known key or word; <c>null</c> when none is near.</param>
public sealed record ConfigurationError(string Source, int Line, int Column, string Key, string Found, string Expected, string? Suggestion = null)
{
    // More lines than anyone reads at once; a file of nonsense must not fill the terminal.
    private const int ShownErrors = 50;

    /// <summary>The error on one line: <c>stackmill.yaml:3:7: filters.stars.min: found 'ten', expected a whole number …</c>.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{Source}:{Line}:{Column}: " : $"{Source}: ";
        var key = Key.Length > 0 ? $"{Key}: " : "";
        var hint = Suggestion is null ? "" : $"; did you mean {Suggestion}?";
        return $"{place}{key}found {Found}, expected {Expected}{hint}";
    }

    /// <summary>Stops with all errors in one message, one a line; does nothing when there are none.</summary>
    /// <exception cref="UsageException">There are errors.</exception>
    public static void ThrowIfAny(IReadOnlyCollection<ConfigurationError> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (errors.Count == 0)
            return;
        var lines = errors.Take(ShownErrors).Select(error => $"  {error}").ToList();
        if (errors.Count > ShownErrors)
            lines.Add($"  and {errors.Count - ShownErrors} more");
        var count = errors.Count == 1 ? "1 error" : $"{errors.Count} errors";
        throw new UsageException($"The configuration has {count}:\n{string.Join('\n', lines)}");
    }
}
