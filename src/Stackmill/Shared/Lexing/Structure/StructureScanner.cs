namespace Stackmill.Shared.Lexing.Structure;

/// <summary>
/// Counts functions, types, imports and paths of one file in one pass over what the lexer calls code. It never fails: where brackets don't match,
/// what is open ends at the end of the file. One per worker: its memory is used again.
/// </summary>
internal sealed class StructureScanner
{
    private readonly FrameStack _frames = new();

    /// <summary>Tokens looked at so far, for the linearity tests.</summary>
    public long Steps { get; private set; }

    /// <summary>Counts in a text whose comments and literals are <paramref name="segments"/>; null when its language has no rules.</summary>
    public CodeStructure? Measure(ReadOnlySpan<byte> text, List<Segment> segments, string language)
    {
        if (StructureTable.Find(language) is not { } rules)
            return null;
        _frames.Clear();
        var pass = new StructurePass(text, rules, _frames);
        var at = 0;
        foreach (var segment in segments)
        {
            pass.Code(at, segment.Start - segment.Head);
            at = Math.Max(at, segment.End + segment.Tail);
            if (segment.Context != LexicalContext.Comment)
                pass.Literal(segment.Start - segment.Head, at);
            else if (segment.Quote == Segment.Markup)
                pass.Markup();
        }

        pass.Code(at, text.Length);
        var (classes, imports, steps) = pass.Finish();
        Steps += steps;
        return new CodeStructure(_frames.Functions, classes, imports, _frames.TotalComplexity, _frames.MaxComplexity);
    }
}
