namespace Stackmill.Shared.Languages.Heuristics;

/// <summary>All ways to tell apart languages that share an extension, by extension.</summary>
internal static class Disambiguations
{
    /// <summary>The catalog.</summary>
    public static readonly IReadOnlyList<Disambiguation> All =
        [.. CFamilyHeuristics.All, .. AssemblyHeuristics.All, .. FunctionalHeuristics.All, .. ScriptHeuristics.All, .. DataHeuristics.All, .. DocumentHeuristics.All];

    private static readonly Dictionary<string, Ready> ByExtension = All
        .Select(d => (d.Extensions, Ready: new Ready(d)))
        .SelectMany(d => d.Extensions.Split(' ').Select(e => (Extension: e, d.Ready)))
        .ToDictionary(d => d.Extension, d => d.Ready, StringComparer.Ordinal);

    private static readonly Ready ManualPage = ByExtension["1"];

    /// <summary>The likeliest of languages that share an extension, whatever the content.</summary>
    /// <param name="fileName">Name of the file.</param>
    /// <param name="candidates">The languages, of which there are two or more.</param>
    public static LanguageEntry Usual(ReadOnlySpan<char> fileName, LanguageEntry[] candidates) => Of(fileName)?.Usual ?? candidates[0];

    /// <summary>How content decides for a file of this name; <c>null</c> when the catalog has nothing on its extension.</summary>
    public static Ready? Of(ReadOnlySpan<char> fileName)
    {
        Span<char> lower = stackalloc char[16];
        var length = fileName[(fileName.LastIndexOf('.') + 1)..].ToLowerInvariant(lower);
        return length > 0 && ByExtension.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(lower[..length], out var found) ? found : null;
    }

    /// <summary>What decides for pages of manuals whose section has letters (<c>.3pm</c>, <c>.1ssl</c>).</summary>
    public static Ready OfManualPages => ManualPage;

    /// <summary>A disambiguation with its languages looked up.</summary>
    internal sealed class Ready(Disambiguation disambiguation)
    {
        private readonly (TextTest Test, LanguageEntry Language, string Reason)[] _rules =
            [.. disambiguation.Rules.Select((r, i) => (r.Test, LanguageTable.Get(r.Language), "heuristic:" + disambiguation.Id(i)))];

        /// <summary>The language when no rule holds, or <c>null</c>.</summary>
        public LanguageEntry? Usual { get; } = disambiguation.Usual.Length > 0 ? LanguageTable.Get(disambiguation.Usual) : null;

        /// <summary>True when the rules must see the text in lower case.</summary>
        public bool AnyCase => disambiguation.AnyCase;

        /// <summary>Decides by the content.</summary>
        /// <param name="text">The beginning of the text, in lower case when case does not matter.</param>
        /// <param name="candidates">Languages of the extension: one block serves extensions that do not share all.</param>
        /// <param name="reason">The rule that decided; <c>null</c> when none did.</param>
        public LanguageEntry? Decide(ReadOnlySpan<byte> text, LanguageEntry[] candidates, out string? reason)
        {
            foreach (var (test, language, why) in _rules)
            {
                if (Array.IndexOf(candidates, language) < 0 || !test(text))
                    continue;
                reason = why;
                return language;
            }

            reason = null;
            return Usual;
        }
    }
}
