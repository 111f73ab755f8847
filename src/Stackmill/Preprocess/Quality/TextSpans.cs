using System.Runtime.InteropServices;
using Stackmill.Shared.Lexing;

namespace Stackmill.Preprocess.Quality;

/// <summary>A comment with its markers, or the content of a string literal, in bytes.</summary>
internal readonly record struct TextSpan(int Start, int End, bool IsComment);

/// <summary>
/// Comments and strings of a text as the quality rules count them: comments with their markers, and Python's docstrings as
/// comments with their quotes, as OpenCoder's published code takes them. The one place where the rules meet the lexer. One per worker.
/// </summary>
internal sealed class TextSpans(TextFacts facts)
{
    private readonly List<TextSpan> _spans = [];

    /// <summary>False when the lexer doesn't know the language: nothing is told apart then.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Comments and strings, in order, never overlapping.</summary>
    public ReadOnlySpan<TextSpan> Spans => CollectionsMarshal.AsSpan(_spans);

    /// <summary>Decisions that the lexer took since the beginning: the work that must stay linear.</summary>
    public long Steps => facts.Lexer.Steps;

    /// <summary>Splits a text.</summary>
    public void Load(ReadOnlyMemory<byte> memory, string language)
    {
        var text = memory.Span;
        _spans.Clear();
        var syntax = SyntaxTable.Find(language);
        IsKnown = syntax is not null;
        if (syntax is null)
            return;
        var docstrings = syntax.Has(SyntaxTraits.PythonPrefixes);
        var before = 0;
        foreach (var segment in facts.Lexed(memory, language).Segments)
        {
            if (segment.Context == LexicalContext.Code || (segment.Context == LexicalContext.Comment && segment.Quote == Segment.Markup))
                continue;
            var span = segment.Context == LexicalContext.Comment
                ? new TextSpan(segment.Start - segment.Head, segment.End + segment.Tail, true)
                : docstrings && IsDocstring(text, segment) ? new TextSpan(segment.Start - 3, Math.Min(text.Length, segment.End + 3), true)
                : new TextSpan(segment.Start, segment.End, false);
            span = span with { Start = Math.Max(before, span.Start) };
            if (span.End <= span.Start)
                continue;
            _spans.Add(span);
            before = span.End;
        }
    }

    // Three quotes at the begin of a line: a text that stands as a statement, which is what documents modules and functions.
    private static bool IsDocstring(ReadOnlySpan<byte> text, Segment segment)
    {
        if (segment.Start < 3 || segment.Quote == 0)
            return false;
        var open = text.Slice(segment.Start - 3, 3);
        if (open[0] != segment.Quote || open[1] != segment.Quote || open[2] != segment.Quote)
            return false;
        var at = segment.Start - 4;
        while (at >= 0 && text[at] is (byte)' ' or (byte)'\t')
            at--;
        return at < 0 || text[at] == '\n';
    }
}
