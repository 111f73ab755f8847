using System.Globalization;
using Stackmill.Core.Stages;
using Stackmill.Monitoring.Runs;

namespace Stackmill.Monitoring.Notifications;

/// <summary>What is unusual about a run, against the last one of the same pipeline and command that did everything.</summary>
internal static class RunAnomalies
{
    // A share of fewer records says little.
    private const long FewestRecords = 100;

    /// <summary>One sentence for each stage that drops far more than it did.</summary>
    public static IReadOnlyList<string> Of(RunRecord run, IReadOnlyList<RunRecord> earlier, double jump)
    {
        var found = new List<string>();
        foreach (var stage in run.Stages.Where(s => s is { HasEnded: true, IsUpToDate: false } && s.Books.In >= FewestRecords))
        {
            var before = earlier.Where(r => r.RunId != run.RunId && r.PipelineName == run.PipelineName && r.Command == run.Command && r.ExitCode == (int)ExitCode.Done)
                .Select(r => r.Stages.FirstOrDefault(s => s.Stage == stage.Stage && s.HasEnded && s.Books.In >= FewestRecords)).FirstOrDefault(s => s is not null);
            if (before is null || Share(stage) - Share(before) < jump)
                continue;
            var most = stage.Books.Dropped.MaxBy(d => d.Value - (before.Books.Dropped.GetValueOrDefault(d.Key) * ((double)stage.Books.In / before.Books.In))).Key;
            found.Add(string.Create(CultureInfo.InvariantCulture, $"{stage.Stage} dropped {100 * Share(stage):0.0} % of its records, {100 * Share(before):0.0} % in the run before; most of it for {most}"));
        }

        return found;
    }

    private static double Share(StageFigures stage) => (double)stage.Books.DroppedTotal / stage.Books.In;
}
