using System.Globalization;

namespace Stackmill.Runs.Plans;

/// <summary>Tasks of a group that one process does one after another: schedulers with a limit on tasks give it several.</summary>
/// <param name="First">Number of the first; <c>null</c> for all of the group that are not done.</param>
/// <param name="Last">Number of the last.</param>
internal readonly record struct TaskRange(int? First, int? Last)
{
    /// <summary>One task, or all of the group.</summary>
    public static TaskRange One(int? number) => new(number, number);

    /// <summary>Reads <c>3</c> or <c>4-7</c>; <c>null</c> for any other text.</summary>
    public static TaskRange? Parse(string? text)
    {
        var numbers = (text ?? "").Split('-');
        if (numbers.Length > 2 || !int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first) || !int.TryParse(numbers[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last))
            return null;
        return last < first ? null : new TaskRange(first, last);
    }

    /// <summary>Does the tasks; the first that does not end well is the last.</summary>
    /// <param name="id">The group.</param>
    /// <param name="task">Does one.</param>
    public TaskEnd Run(string id, Func<int?, TaskEnd> task)
    {
        if (First is not { } first || Last is not { } last || first == last)
            return task(First);
        var (wasDone, failed) = (true, new List<string>());
        for (var number = first; number <= last; number++)
        {
            var ended = task(number);
            wasDone &= ended.WasDone;
            failed.AddRange(ended.FailedShards);
            if (ended.ExitCode != Core.Stages.ExitCode.Done)
                return ended with { FailedShards = failed };
        }

        return new TaskEnd(string.Create(CultureInfo.InvariantCulture, $"{id}/{first}-{last}"), Core.Stages.ExitCode.Done, wasDone, failed);
    }
}
