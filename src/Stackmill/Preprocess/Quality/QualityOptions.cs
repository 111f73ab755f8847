using System.Globalization;
using Stackmill.Core.Options;
using Stackmill.Shared.Languages;

namespace Stackmill.Preprocess.Quality;

/// <summary>
/// The quality rules' part of section <c>filters</c>. It is of its own, since only <c>preprocess</c> has to run again when it
/// changes, and only organize when the other part does.
/// </summary>
internal sealed class QualityOptions : ICheckedOptions
{
    [Option("preset", "Rules on the text of files, with published thresholds (docs/stages.md): seed has none, since size and stars are filters of their own.", Values = ["seed", "starcoder1", "starcoder2", "opencoder", "stackmill"])]
    public string Preset { get; set; } = "seed";

    [Option("mode", "What becomes of files that a quality rule rejects: they are dropped, or all verdicts are written into the column filters and nothing is dropped.", Values = ["drop", "annotate"])]
    public string Mode { get; set; } = "drop";

    [Option("sampling", "Languages of which only a share of the files goes on, chosen by blob_id: the same files on every machine. Language to share, 0 to 1.")]
    public IReadOnlyDictionary<string, string> Sampling { get; set; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public IEnumerable<OptionProblem> Check()
    {
        foreach (var (language, share) in Sampling)
        {
            if (LanguageTable.Find(language) is null)
                yield return new OptionProblem("sampling", $"the language '{language}'", "a language of docs/languages.md, such as 'Python'");
            if (Share(share) is not (>= 0 and <= 1))
                yield return new OptionProblem($"sampling.{language}", $"'{share}'", "a number from 0 to 1, such as 0.5");
        }

        foreach (var twice in Sampling.Keys.GroupBy(l => LanguageTable.Find(l)?.Name ?? l).Where(g => g.Count() > 1))
            yield return new OptionProblem("sampling", $"{string.Join(" and ", twice.Order(StringComparer.Ordinal))}, which are one language", "each language once");
    }

    /// <summary>These options with linguist's names and shares in one spelling, so that another spelling is no other dataset.</summary>
    public QualityOptions Normalised() => new()
    {
        Preset = Preset,
        Mode = Mode,
        Sampling = Sampling.ToDictionary(s => LanguageTable.Find(s.Key)?.Name ?? s.Key, s => Share(s.Value).ToString("R", CultureInfo.InvariantCulture), StringComparer.Ordinal),
    };

    /// <summary>Shares by linguist's name.</summary>
    public Dictionary<string, double> Shares() => Normalised().Sampling.ToDictionary(s => s.Key, s => Share(s.Value), StringComparer.Ordinal);

    // What is no number is no share, and Check says so.
    private static double Share(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var share) ? share : double.NaN;
}
