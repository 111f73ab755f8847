namespace Stackmill.Preprocess.Quality;

/// <summary>Rules with thresholds under one name.</summary>
/// <param name="Id">The value of filters.preset.</param>
/// <param name="Source">Where the thresholds were published, or why they were chosen.</param>
/// <param name="Remarks">What of the source is not in it or read differently.</param>
/// <param name="Checks">The rules.</param>
internal sealed record QualityPreset(string Id, string Source, string Remarks, IReadOnlyList<QualityCheck> Checks);

/// <summary>The presets.</summary>
internal static class QualityPresets
{
    private static readonly QualityScope All = QualityScope.All;
    private static readonly QualityScope Programming = QualityScope.OfType("programming");
    private static readonly QualityScope Data = QualityScope.OfType("data");
    private static readonly QualityScope Commented = QualityScope.Of("Python", "Java", "JavaScript");

    // The three kinds of files of opc_data_filtering, as far as linguist's kinds differ from its table.
    private static readonly QualityScope OpenCoder = QualityScope.OfType("programming", "data", "markup").But("Roff", "TeX", "Texinfo") with { Text = "code and data" };
    private static readonly QualityScope OpenCoderData = Data.But("SQL", "Diff").And("CSS", "PostCSS", "SCSS") with { Text = "data" };
    private static readonly QualityScope OpenCoderCode = OpenCoder.Without(OpenCoderData).But("HTML") with { Text = "code but HTML" };
    private static readonly QualityScope Html = QualityScope.Of("HTML");
    private static readonly QualityScope C = QualityScope.Of("C", "C++");
    private static readonly QualityScope Python = QualityScope.Of("Python");
    private static readonly string[] LongLined = ["HTML", "JSON", "Markdown", "Roff", "Roff Manpage", "SMT", "TeX", "Text", "XML"];
    private static readonly string[] DataLike = ["Text", "JSON", "YAML", "Web Ontology Language", "Graphviz (DOT)"];
    private static readonly string[] FewLettered = ["Motorola 68K Assembly", "WebAssembly"];

    /// <summary>All presets.</summary>
    public static readonly IReadOnlyList<QualityPreset> Presets =
    [
        new("seed", "The seed system", "Size and stars are filters of organize.", []),
        new("starcoder1", "StarCoder (arXiv 2305.06161) and bigcode-dataset", "Shares of comments and the visible text of pages must be inside their limits, not on them. Comments are asked of Python, Java and JavaScript, for which they were published; the XML declaration of what linguist calls programming, but XSLT, which is XML. Tokens are those of tokenizer_model, not StarCoder's. Files of unknown stars stay (published: count as 0). Thresholds that people chose for single extensions are not in the paper and left out.", Sorted(
            Check("few_stars", 5, All).Strict(),
            Check("long_line", 1000, All),
            Check("long_lines", 100, All),
            Check("few_letters_or_digits", 0.25, All),
            Check("few_characters", 100, QualityScope.Of("JSON", "YAML")),
            Check("many_characters", 5000, QualityScope.Of("JSON", "YAML")),
            Check("xml_declaration", 0, Programming.But("XSLT")),
            Check("little_html_text", 100, Html).Strict(),
            Check("low_html_text_share", 0.2, Html).Strict(),
            Check("few_comments", 0.01, Commented).Strict(),
            Check("many_comments", 0.8, Commented).Strict(),
            Check("few_characters_per_token", 2.5, Python),
            Check("few_characters_per_token", 2.9, QualityScope.Of("Java")),
            Check("few_characters_per_token", 2.6, QualityScope.Of("JavaScript")))),
        new("starcoder2", "StarCoder2 (arXiv 2402.19173, section 3)", "Generated files are those of linguist's rules, by path and content. Licences, near-duplicates, personal data, decontamination and opt-outs are the work of other filters and stages. Left out, because they can't be computed from a file: what people judged by looking at extensions, the scan for malware, and the share of each language, which filters.sampling gives.", Sorted(
            Check("generated_file", 0, All),
            Check("generated_notice", 0, All),
            Check("prose_file_name", 1, QualityScope.Of("Text")),
            Check("many_bytes", 10_000_000, All).Strict(),
            Check("many_lines", 512, QualityScope.Of(DataLike)),
            Check("many_lines", 100_000, All.But(DataLike)),
            Check("long_line", 100_000, QualityScope.Of(LongLined)),
            Check("long_line", 1000, All.But(LongLined)),
            Check("long_lines", 100, All.But(LongLined)),
            Check("few_letters", 0.25, All.But(FewLettered)),
            Check("few_letters_or_digits", 0.25, QualityScope.Of(FewLettered)),
            Check("little_html_text", 100, Html),
            Check("low_html_text_share", 0.2, Html),
            Check("encoded_run", 1024, All),
            Check("encoded_share", 0.5, All))),
        new("opencoder", "OpenCoder (arXiv 2411.04905) and opc_data_filtering", "Data is what linguist calls data but SQL and Diff, and CSS, PostCSS and SCSS, as published; code is what linguist calls programming or markup, SQL, and Diff; prose, Roff, TeX and Texinfo have no rules, since the published ones are for prose. Left out, because they need a parser of the language: Python, JavaScript and HTML must parse; no variables (Python, C#, Go, Java, JavaScript); functions that only return (Python); share of functions outside of Python, where a line that begins with def stands for the parser. Left out, because a random number decides: little logic (but 20 %), and tests in Go (but 20 %). Published without a threshold, and therefore no rule: joined strings, goto, bits/stdc++.h, names and modifiers in Java and JavaScript. Files of no known language stay (published: out).", Sorted([
            Check("replacement_characters", 0.01, OpenCoder),
            Check("few_words", 30, OpenCoder),
            Check("few_characters", 50, OpenCoder),
            Check("many_characters", 5000, OpenCoderData),
            Check("short_mean_word", 2, OpenCoder),
            Check("long_mean_word", 10, OpenCoder),
            Check("few_unique_words", 0.4, OpenCoderData),
            Check("top_2_gram", 0.20, OpenCoder),
            Check("top_3_gram", 0.18, OpenCoder),
            Check("top_4_gram", 0.16, OpenCoder),
            Check("repeated_5_grams", 0.80, OpenCoder.But("HTML")),
            .. Enumerable.Range(6, 4).Select(n => Check($"repeated_{n}_grams", 0.70, OpenCoder.But("HTML"))),
            Check("repeated_10_grams", 0.60, OpenCoder.But("HTML")),
            .. Enumerable.Range(5, 6).Select(n => Check($"repeated_{n}_grams", 0.60, Html)),
            Check("repeated_lines", 0.7, OpenCoder),
            Check("many_bytes", 3_000_000, OpenCoder),
            Check("few_lines", 10, OpenCoder),
            Check("many_lines", 100_000, OpenCoder),
            Check("long_line", 1000, OpenCoder),
            Check("short_lines", 5, OpenCoder),
            Check("long_lines", 100, OpenCoder),
            Check("few_visible_letters", 0.5, OpenCoder),
            Check("many_digits", 0.2, OpenCoder.But("SQL")),
            Check("many_digits", 0.3, QualityScope.Of("SQL")),
            Check("much_white_space", 0.5, OpenCoder),
            Check("many_comments", 0.8, OpenCoder.But("HTML")),
            Check("xml_declaration", 0, OpenCoder),
            Check("generated_words", 0, OpenCoder),
            Check("long_strings", 0.2, OpenCoderCode.But("Shell")),
            Check("many_strings", 0.6, OpenCoderCode.But("Shell")),
            Check("long_words", 0.4, OpenCoder.But("HTML")),
            Check("encoded_run", 1024, OpenCoder),
            Check("encoded_share", 0.5, OpenCoder),
            Check("hexadecimal_words", 0.4, OpenCoder),
            Check("prompt_comments", 0.01, OpenCoderCode),
            Check("assertions", 0.4, OpenCoderCode.But("Shell", "Go")),
            Check("many_functions", 0.2, Python),
            Check("many_passes", 0.05, Python),
            Check("many_imports", 0.3, Python),
            Check("many_prints", 0.4, QualityScope.Of("Python", "C", "C++", "C#", "Go", "Java", "JavaScript")),
            Check("several_mains", 1, C),
            Check("many_directives", 0.8, C),
            Check("little_html_text", 100, Html),
            Check("low_html_text_share", 0.2, Html)])),
        new("stackmill", "Our own choice", "What no reader would call source code goes: generated and encoded data, tables, broken text, pages without text. Style is no reason: tests, short files, long strings, prints, and comments that ask for more work stay.", Sorted(
            Check("generated_file", 0, All),
            Check("generated_notice", 0, All),
            Check("replacement_characters", 0.01, All),
            Check("many_lines", 512, Data),
            Check("many_lines", 100_000, All),
            Check("long_line", 100_000, QualityScope.Of(LongLined)),
            Check("long_line", 1000, Programming.But(LongLined)),
            Check("long_lines", 100, Programming.But(LongLined)),
            Check("few_letters", 0.25, All.But(FewLettered)),
            Check("few_letters_or_digits", 0.25, QualityScope.Of(FewLettered)),
            Check("many_digits", 0.4, Programming.But(FewLettered)),
            Check("encoded_run", 1024, All),
            Check("encoded_share", 0.5, All),
            Check("hexadecimal_words", 0.4, Programming),
            Check("many_comments", 0.95, Programming),
            Check("repeated_lines", 0.8, Programming),
            Check("repeated_10_grams", 0.8, Programming),
            Check("little_html_text", 100, Html),
            Check("low_html_text_share", 0.1, Html))),
    ];

    /// <summary>The preset of an id.</summary>
    public static QualityPreset Get(string id) => Presets.Single(p => p.Id == id);

    private static QualityCheck Check(string rule, double threshold, QualityScope scope) => new(QualityCatalog.Get(rule), threshold, scope);

    private static List<QualityCheck> Sorted(params IEnumerable<QualityCheck> checks) => [.. checks.OrderBy(c => QualityCatalog.PlaceOf(c.Rule))];
}
