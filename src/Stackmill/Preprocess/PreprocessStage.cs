using System.Security.Cryptography;
using Stackmill.Core.Engine;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Preprocess.Clean;
using Stackmill.Preprocess.Decode;
using Stackmill.Preprocess.Quality;
using Stackmill.Preprocess.Redact;
using Stackmill.Preprocess.Tokenize;
using Stackmill.Shared;
using Stackmill.Shared.Configuration;

namespace Stackmill.Preprocess;

/// <summary>
/// The second stage: from original bytes to clean UTF-8 text without personal data and secrets, measured and with
/// tokens counted. Every file is read and decoded once.
/// </summary>
internal static class PreprocessStage
{
    /// <summary>Id of the stage.</summary>
    public const string Id = "preprocess";

    /// <summary>Version of the stage's code.</summary>
    public const int Version = 2;

    /// <summary>Runs the stage, or finds that its dataset is up to date.</summary>
    /// <param name="input">The staged dataset.</param>
    /// <param name="output">Folder of the processed dataset.</param>
    /// <param name="options">What is done.</param>
    /// <param name="context">The run.</param>
    public static Manifest Run(Dataset input, string output, PreprocessOptions options, RunContext context) => Do(input, output, options, context, WorkPart.Whole())!;

    /// <summary>Does a part of the stage; gives the manifest when the dataset is finished.</summary>
    public static Manifest? Do(Dataset input, string output, PreprocessOptions options, RunContext context, WorkPart part)
    {
        StageColumns.Tell(context, Id, part, () => PreprocessLineage.Of(input, output, options));
        var start = context.Clock.GetUtcNow();
        using var build = DatasetBuild.Begin(output, context, part);
        var report = Path.Combine(ProjectLayout.ReportsFor(output), PreprocessReport.FileName);
        build.Prepare(
            new DatasetPlan(Id, Version, "text", ResolvedConfiguration.Of(options).Json, [new ManifestInput(input.Manifest.Stage, input.Manifest.RootHash), .. RedactionInputs.Of(options.Redaction)]), report);
        if (build.UpToDate is { } manifest)
            return manifest;
        foreach (var note in options.Stages.PiiRemoval ? options.Redaction.UserRules.Notes : [])
            context.Observer.Note(Id, note);
        var vocabulary = new Lazy<BpeVocabulary?>(() => TextPipeline.LoadVocabulary(options));
        return build.RunLast(input.Tasks, () => new Worker(input, options, vocabulary.Value)) is not { } markers ? null : build.Publish(markers, input.Tasks, beforePublish:
            made => PreprocessReport.Write(report, made, options, start, context.Clock.GetUtcNow()));
    }

    private sealed class Worker : IShardWorker
    {
        private readonly Dataset _input;
        private readonly TextPipeline _pipeline;
        private readonly QualityFilter _quality;
        private readonly ByteArena _arena = new();
        private readonly byte[] _hash = new byte[SHA256.HashSizeInBytes];

        public Worker(Dataset input, PreprocessOptions options, BpeVocabulary? vocabulary)
        {
            _input = input;
            _pipeline = new TextPipeline(options, vocabulary);
            _quality = new QualityFilter(options.Filters, _pipeline.Facts);
        }

        public void Run(ShardTask task, ShardContext context)
        {
            using var ledger = new LedgerWriter(context, task.Name);
            using var shards = new ShardWriter(context, task.Name, RecordColumns.Text(), _arena);
            foreach (var batch in _input.Read(task.Index, RecordColumns.Staged()))
            {
                foreach (var record in batch)
                {
                    context.Books.In++;
                    context.Books.BytesIn += record.Content.Length;
                    context.Advance(record.Content.Length);
                    Process(record, context.Books, ledger, shards);
                }
            }

            shards.Complete();
            ledger.Complete();
        }

        public void Dispose()
        {
        }

        private void Process(CodeRecord record, Books books, LedgerWriter ledger, ShardWriter shards)
        {
            var text = _pipeline.Process(record.Content, record.SrcEncoding, record.Language, path: record.Path);
            var subject = new QualitySubject(record.Path, record.Language, record.BlobId, record.StarEventsCount, record.IsGenerated);
            var verdict = !text.Verdict.IsKept ? text.Verdict : _quality.Annotates ? _quality.Sample(subject) : _quality.Check(subject, text.Cleaned);
            if (!verdict.IsKept)
            {
                books.Drop(verdict.Reason!);
                ledger.Add(Row(record, LedgerAction.Dropped, verdict.Reason!) with { Value = verdict.Value, Threshold = verdict.Threshold, Detail = text.Verdict.IsKept ? null : RedactionText.Of(text, inOutput: false) });
                return;
            }

            if (_quality.Annotates)
                record.Filters = _quality.All(subject, text.Cleaned);
            foreach (var filter in record.Filters ?? [])
                books.Count($"{(filter.Decision == FilterVerdict.Keep ? PreprocessReport.FiltersKept : PreprocessReport.FiltersDropped)}.{filter.Id}");

            var changes = TextPipeline.DescribeChanges(text);
            if (changes.Length > 0)
                ledger.Add(Row(record, LedgerAction.Changed, changes) with { Detail = Detail(text) });
            Count(books, text, record.Content.Length, record.Language);
            record.SrcEncoding = text.Encoding.EncodingName;
            record.Redactions = text.Matches.Count == 0 ? [] : CodePoints.Describe(text.Content.Span, [.. text.Matches], inOutput: true);
            record.Measures = _pipeline.Measure(text.Content, record.Language);
            record.Content = text.Content;
            SHA256.HashData(text.Content.Span, _hash);
            record.Sha256 = Convert.ToHexStringLower(_hash);
            var language = record.Language;
            books.Count($"{PreprocessReport.Files}.{language}");
            books.Count($"{PreprocessReport.Tokens}.{language}", record.Measures.Tokens ?? 0);
            shards.Add(record);
        }

        private static void Count(Books books, in ProcessedText text, int rawLength, string language)
        {
            if (text.Encoding.Kind == DecodeKind.Transcoded || text.Encoding.HasBom)
                books.Count(PreprocessReport.EncodingFixed);
            if ((text.Changes & (CleanChange.ControlCharacters | CleanChange.LineEnds | CleanChange.ByteOrderMark)) != 0)
                books.Count(PreprocessReport.MalformedFixed);
            if ((text.Changes & (CleanChange.TrailingWhitespace | CleanChange.BlankLines)) != 0)
                books.Count(PreprocessReport.WhitespaceCleaned);
            if (text.Matches.Any(m => m.Action == RedactionAction.Replace))
                books.Count(PreprocessReport.FilesRedacted);
            foreach (var match in text.Matches)
            {
                books.Count($"{(match.Action == RedactionAction.Replace ? PreprocessReport.Redactions : PreprocessReport.Annotations)}.{match.Kind}");
                books.Count($"{PreprocessReport.Rules}.{match.Rule}");
                books.Count($"{PreprocessReport.KindsOfLanguages}.{language}/{match.Kind}");
            }

            books.Count(PreprocessReport.BytesChanged, rawLength - text.Content.Length);
        }

        private static string? Detail(in ProcessedText text)
        {
            var encoding = text.Encoding.Kind == DecodeKind.Transcoded ? text.Encoding.RepairedFrom ?? text.Encoding.EncodingName : null;
            var redactions = RedactionText.Of(text, inOutput: true);
            return encoding is null || redactions is null ? encoding ?? redactions : $"{encoding}; {redactions}";
        }

        private static LedgerRow Row(CodeRecord record, LedgerAction action, string reason) => new()
        {
            Stage = Id,
            Action = action,
            Reason = reason,
            ContentId = record.ContentId,
            RepoName = record.RepoName,
            Path = record.Path,
            Language = record.Language,
            LengthBytes = record.LengthBytes,
        };
    }
}
