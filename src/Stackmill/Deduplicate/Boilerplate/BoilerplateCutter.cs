using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Preprocess.Measure;
using Stackmill.Preprocess.Tokenize;
using Stackmill.Shared.Lexing;

namespace Stackmill.Deduplicate.Boilerplate;

/// <summary>What was made of one file.</summary>
/// <param name="Verdict">Whether it goes on.</param>
/// <param name="CutLines">Lines that went; 0 when it stays as it was.</param>
/// <param name="CutBytes">Their bytes.</param>
/// <param name="Detail">Which lines, for the ledger; <c>null</c> for none.</param>
internal readonly record struct CutResult(Verdict Verdict, int CutLines, long CutBytes, string? Detail);

/// <summary>
/// The third step, file by file: counts the blocks of a record and, where that was asked for, cuts them out, so that the record is whole again: its
/// content, hash, measures and finds of redaction are those of the new text. One per worker: not thread-safe.
/// </summary>
internal sealed class BoilerplateCutter
{
    // What preprocess counts by, when nothing else is configured.
    private const string UsualVocabulary = "o200k_base";

    /// <summary>The reason of a change.</summary>
    public const string Changed = "boilerplate";

    // A ledger's row names this many stretches of lines.
    private const int MostNamed = 20;

    private readonly BoilerplateOptions _options;
    private readonly BlockFinder _finder;
    private readonly CutPlanner _planner;
    private readonly BpeTokenizer? _tokenizer;
    private readonly Lexer _lexer = new();
    private readonly ComparedLines _left = new();
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly List<(int Start, int End)> _cuts = [];

    /// <param name="frequent">The windows that enough files hold.</param>
    /// <param name="options">What is done.</param>
    /// <param name="vocabulary">Whose tokens the records' counts are; <c>null</c> when nothing is cut, or no tokens were counted.</param>
    public BoilerplateCutter(FrequentWindows frequent, BoilerplateOptions options, BpeVocabulary? vocabulary)
    {
        _options = options;
        _finder = new BlockFinder(frequent);
        _planner = new CutPlanner(options);
        _tokenizer = vocabulary is null ? null : new BpeTokenizer(vocabulary);
    }

    /// <summary>
    /// The vocabulary whose tokens a dataset's counts are: by the configuration of the stage that counted them, else the usual one. <c>null</c> when nothing is cut.
    /// </summary>
    public static BpeVocabulary? VocabularyFor(Manifest input, BoilerplateOptions options) =>
        options.Removes ? BpeVocabulary.Load(input.Configuration["tokenizer_model"]?.GetValue<string>() ?? UsualVocabulary) : null;

    /// <summary>
    /// Looks at one record and changes it where that was asked for; its content is then this cutter's, until the next call. Counters are told what was found and what went.
    /// </summary>
    public CutResult Apply(CodeRecord record, int shard, int row, BlockTally tally, Books books)
    {
        var text = record.Content.Span;
        var blocks = _finder.Find(text);
        if (blocks.Count == 0)
            return new CutResult(Verdict.Keep, 0, 0, null);
        var redactions = new RedactionPlaces(record.Redactions);
        var lines = _planner.Plan(text, record.Language, _finder.Lines, blocks, redactions);
        _cuts.Clear();
        foreach (var cut in lines)
            _cuts.Add((_finder.Lines.Starts[cut.First], _finder.Lines.Starts[cut.End]));
        if (_cuts.Count > 0 && !Assemble(text, record.Language))
        {
            books.Count(BoilerplateReport.Kept(KeptBecause.Open), lines.Sum(c => (long)c.End - c.First));
            _cuts.Clear();
        }

        Count(text, blocks, shard, row, tally, books, record.Language);
        if (_cuts.Count == 0)
            return new CutResult(Verdict.Keep, 0, 0, null);
        var (cutLines, cutBytes) = (lines.Sum(c => c.End - c.First), _cuts.Sum(c => (long)c.End - c.Start));
        books.Count(BoilerplateReport.Lines(record.Language), cutLines);
        books.Count(BoilerplateReport.CutBytes(record.Language), cutBytes);
        var isNothingLeft = _left.Count == 0;
        books.Count(isNothingLeft ? BoilerplateReport.Emptied(record.Language) : BoilerplateReport.Cut(record.Language));
        if (!_options.Removes)
            return new CutResult(Verdict.Keep, 0, 0, null);
        if (isNothingLeft)
            return new CutResult(Verdict.Drop("boilerplate_only", cutLines, _options.MinFiles), cutLines, cutBytes, null);
        var detail = Describe(lines);
        Change(record, redactions);
        return new CutResult(Verdict.Keep, cutLines, cutBytes, detail);
    }

    /// <summary>The ledger's row of a file that was changed or dropped.</summary>
    public LedgerRow Row(CodeRecord record, in CutResult result, string stage) => new()
    {
        Stage = stage,
        Action = result.Verdict.IsKept ? LedgerAction.Changed : LedgerAction.Dropped,
        Reason = result.Verdict.Reason ?? Changed,
        ContentId = record.ContentId,
        RepoName = record.RepoName,
        Path = record.Path,
        Language = record.Language,
        LengthBytes = record.LengthBytes,
        Value = result.CutLines,
        Threshold = _options.MinFiles,
        Detail = result.Detail,
    };

    // False when what stays would be read in another way than before.
    private bool Assemble(ReadOnlySpan<byte> text, string language)
    {
        _text.ResetWrittenCount();
        var at = 0;
        foreach (var (start, end) in _cuts)
        {
            _text.Write(text[at..start]);
            at = end;
        }

        _text.Write(text[at..]);
        _lexer.Load(_text.WrittenSpan, language);
        _left.Read(_text.WrittenSpan);
        return !_lexer.Degraded && CutCheck.IsReadAsBefore(_planner.Lexer.Segments, _lexer.Segments, _cuts);
    }

    private void Change(CodeRecord record, RedactionPlaces redactions)
    {
        if (record.Redactions is not null)
            record.Redactions = redactions.After(record.Content.Span, _cuts);
        record.Content = _text.WrittenMemory;
        record.Sha256 = Convert.ToHexStringLower(SHA256.HashData(_text.WrittenSpan));
        long? tokens = record.Measures?.Tokens is null || _tokenizer is null ? null : _tokenizer.Count(_text.WrittenSpan);
        record.Measures = StoredMeasures.Of(TextMeasures.Of(_text.WrittenSpan), CodeMeasures.OfLoaded(_text.WrittenSpan, record.Language, _lexer), tokens);
    }

    private void Count(ReadOnlySpan<byte> text, IReadOnlyList<Block> blocks, int shard, int row, BlockTally tally, Books books, string language)
    {
        var lines = _finder.Lines;
        var (before, cut, all) = (0, 0, 0L);
        foreach (var block in blocks)
        {
            var (first, end) = (lines.Compared[block.First].Line, lines.Compared[block.Last].Line + 1);
            var (start, stop) = (Math.Max(before, lines.Starts[first]), lines.Starts[end]);
            while (cut < _cuts.Count && _cuts[cut].End <= start)
                cut++;
            long gone = 0;
            for (var i = cut; i < _cuts.Count && _cuts[i].Start < stop; i++)
                gone += Math.Min(stop, _cuts[i].End) - Math.Max(start, _cuts[i].Start);
            tally.Add(_finder.Identify(text, block), new BlockPlace(shard, row, first, end - first), stop - start, gone);
            all += stop - start;
            before = stop;
        }

        tally.EndFile();
        books.Count(BoilerplateReport.Files(language));
        books.Count(BoilerplateReport.BlockBytes(language), all);
        for (var reason = 0; reason < _planner.Kept.Length; reason++)
            books.Count(BoilerplateReport.Kept((KeptBecause)reason), _planner.Kept[reason]);
    }

    private static string Describe(IReadOnlyList<LineCut> cuts)
    {
        var named = cuts.Take(MostNamed).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.First + 1}-{c.End}"));
        return $"lines {string.Join(", ", named)}{(cuts.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {cuts.Count - MostNamed} more") : "")}";
    }
}
