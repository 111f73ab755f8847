using Stackmill.Core.Model;
using Stackmill.Shared.Languages;

namespace Stackmill.Preprocess.Quality;

/// <summary>The quality rules that a configuration asks for, held against files. One per worker.</summary>
internal sealed class QualityFilter
{
    private readonly QualityPreset _preset;
    private readonly Dictionary<string, double> _shares;
    private readonly QualityFacts _facts;
    private readonly Dictionary<string, IReadOnlyList<QualityCheck>> _byLanguage = new(StringComparer.Ordinal);

    /// <summary>Makes a filter for one worker.</summary>
    /// <param name="options">The preset and the shares.</param>
    /// <param name="shared">What others ask of the same texts.</param>
    public QualityFilter(QualityOptions options, TextFacts shared)
    {
        _preset = QualityPresets.Get(options.Preset);
        _shares = options.Shares();
        _facts = new QualityFacts(shared);
        Annotates = options.Mode == "annotate";
    }

    /// <summary>True when verdicts are written and nothing is dropped.</summary>
    public bool Annotates { get; }

    /// <summary>The first rule, in the catalog's order, that rejects the file.</summary>
    public Verdict Check(in QualitySubject subject, ReadOnlyMemory<byte> text)
    {
        var checks = Checks(subject.Language);
        if (checks.Count == 0)
            return Verdict.Keep;
        _facts.Load(subject, text);
        foreach (var check in checks)
        {
            if (!check.CertainlyKeeps(_facts) && check.Rule.Measure(_facts) is { } value && !check.Keeps(value))
                return Verdict.Drop(check.Rule.Id, value, check.Threshold);
        }

        return Verdict.Keep;
    }

    /// <summary>Whether the file is in the share of its language that is kept, whatever the rules do.</summary>
    public Verdict Sample(in QualitySubject subject)
    {
        if (!_shares.ContainsKey(subject.Language) || Checks(subject.Language)[0] is not { Rule.Id: "not_sampled" } check)
            return Verdict.Keep;
        _facts.Load(subject, ReadOnlyMemory<byte>.Empty);
        return check.Rule.Measure(_facts) is { } value && !check.Keeps(value) ? Verdict.Drop(check.Rule.Id, value, check.Threshold) : Verdict.Keep;
    }

    /// <summary>The verdicts of all rules that have something to measure; <c>null</c> when no rule is for the language.</summary>
    public IReadOnlyList<FilterVerdict>? All(in QualitySubject subject, ReadOnlyMemory<byte> text)
    {
        var checks = Checks(subject.Language);
        if (checks.Count == 0)
            return null;
        _facts.Load(subject, text);
        var verdicts = new List<FilterVerdict>(checks.Count);
        foreach (var check in checks)
        {
            if (check.Rule.Measure(_facts) is { } value)
                verdicts.Add(new FilterVerdict(check.Rule.Id, check.Keeps(value) ? FilterVerdict.Keep : FilterVerdict.Drop, value, check.Threshold));
        }

        return verdicts;
    }

    private IReadOnlyList<QualityCheck> Checks(string language)
    {
        if (_byLanguage.TryGetValue(language, out var known))
            return known;
        var entry = LanguageTable.Find(language);
        var checks = _preset.Checks.Where(c => c.Scope.Holds(entry)).DistinctBy(c => c.Rule.Id).ToList();
        if (_shares.TryGetValue(language, out var share))
            checks.Insert(0, new QualityCheck(QualityCatalog.Get("not_sampled"), share, QualityScope.Of(language)));
        return _byLanguage[language] = checks;
    }
}
