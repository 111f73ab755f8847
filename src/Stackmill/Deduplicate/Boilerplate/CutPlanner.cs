using Stackmill.Shared.Lexing;

namespace Stackmill.Deduplicate.Boilerplate;

/// <summary>Lines that are to go.</summary>
/// <param name="First">The first, from 0.</param>
/// <param name="End">The one after the last.</param>
internal readonly record struct LineCut(int First, int End);

/// <summary>Why lines of a block stay though many files hold them.</summary>
internal enum KeptBecause
{
    /// <summary>They are code, and only comments go.</summary>
    Code,

    /// <summary>A comment or literal of the file has no end, so that no context is sure.</summary>
    Degraded,

    /// <summary>They begin or end within a string, or with another comment open at the end than at the start.</summary>
    Open,

    /// <summary>What could go has fewer lines than a block.</summary>
    TooShort,

    /// <summary>Brackets open or close in them that do not in the rest.</summary>
    Unbalanced,

    /// <summary>A find of redaction reaches over their edge.</summary>
    Redaction,
}

/// <summary>
/// Decides which lines of a text's blocks may go: whole lines, where the same is open before and after them, so that what stays means what it meant.
/// One per worker: not thread-safe.
/// </summary>
/// <param name="options">What may go.</param>
internal sealed class CutPlanner(BoilerplateOptions options)
{
    private readonly LineContexts _contexts = new();
    private readonly List<LineCut> _cuts = [];
    private readonly long[] _kept = new long[Enum.GetValues<KeptBecause>().Length];
    private int[] _comparedBefore = [];

    /// <summary>The lexer, loaded with the text that was planned for last.</summary>
    public Lexer Lexer { get; } = new();

    /// <summary>Compared lines of the last text's blocks that stay, by <see cref="KeptBecause"/>.</summary>
    public ReadOnlySpan<long> Kept => _kept;

    /// <summary>The cuts, in order, with at least one line between them; valid until the next call.</summary>
    public IReadOnlyList<LineCut> Plan(ReadOnlySpan<byte> text, string language, ComparedLines lines, IReadOnlyList<Block> blocks, RedactionPlaces redactions)
    {
        _cuts.Clear();
        Array.Clear(_kept);
        if (blocks.Count == 0)
            return _cuts;
        Lexer.Load(text, language);
        CountCompared(lines);
        if (!Lexer.Degraded)
            _contexts.Read(text, lines.Starts, Lexer);
        for (var i = 0; i < blocks.Count;)
        {
            // Blocks that share lines, or follow one another, are one stretch.
            var (first, last) = blocks[i];
            for (i++; i < blocks.Count && blocks[i].First <= last + 1; i++)
                last = blocks[i].Last;
            var (start, end) = (lines.Compared[first].Line, lines.Compared[last].Line + 1);
            if (Lexer.Degraded)
                Keep(KeptBecause.Degraded, start, end);
            else
                AddStretch(text, lines, Math.Max(start, ProtectedLines(text, lines)), end, redactions);
        }

        return _cuts;
    }

    private void CountCompared(ComparedLines lines)
    {
        if (_comparedBefore.Length <= lines.Lines)
            _comparedBefore = new int[lines.Lines + 1];
        var next = 0;
        for (var line = 0; line <= lines.Lines; line++)
        {
            _comparedBefore[line] = next;
            if (next < lines.Count && lines.Compared[next].Line == line)
                next++;
        }
    }

    // What other programs read at the start of a file: the interpreter, the encoding, the opening of a document.
    private static int ProtectedLines(ReadOnlySpan<byte> text, ComparedLines lines)
    {
        var count = 0;
        for (; count < Math.Min(2, lines.Lines); count++)
        {
            var line = text[lines.Starts[count]..lines.Starts[count + 1]];
            if (!(count == 0 && (line.StartsWith("#!"u8) || line.StartsWith("<?"u8))) && line.IndexOf("coding:"u8) < 0 && line.IndexOf("coding="u8) < 0)
                break;
        }

        return count;
    }

    private void AddStretch(ReadOnlySpan<byte> text, ComparedLines lines, int start, int end, RedactionPlaces redactions)
    {
        while (start < end)
        {
            var stop = start;
            if (options.CutsCode)
            {
                stop = end;
            }
            else
            {
                while (stop < end && _contexts.Kind(stop) != LineKind.Code)
                    stop++;
            }

            if (stop > start)
                AddPieces(text, lines, start, stop, redactions);
            for (start = stop; start < end && !options.CutsCode && _contexts.Kind(start) == LineKind.Code; start++)
                Keep(KeptBecause.Code, start, start + 1);
        }
    }

    // Cuts the stretch so that what is open at the start of each piece is so at its end. A comment's boundaries lie together, so each line is looked at a few times only.
    private void AddPieces(ReadOnlySpan<byte> text, ComparedLines lines, int start, int end, RedactionPlaces redactions)
    {
        var floor = Math.Max(_cuts.Count == 0 ? 0 : _cuts[^1].End + 1, ProtectedLines(text, lines));
        while (start < end && _contexts.Kind(start) == LineKind.Blank)
            start++;
        while (start < end && _contexts.Kind(end - 1) == LineKind.Blank)
            end--;
        if (start == end)
            return;
        while (start > floor && IsDecoration(start - 1))
            start--;
        while (end < lines.Lines && IsDecoration(end))
            end++;
        var lastOutside = end;
        while (lastOutside > start && _contexts.Open(lastOutside) != LineContexts.Nothing)
            lastOutside--;
        while (start < end)
        {
            var open = _contexts.Open(start);
            var stop = start;
            if (open == LineContexts.Nothing)
            {
                stop = lastOutside;
            }
            else if (open != LineContexts.Literal)
            {
                while (stop < end && _contexts.Open(stop + 1) == open)
                    stop++;
            }

            if (stop > start)
                AddPiece(text, lines, start, stop, redactions);
            if (stop < end)
                Keep(KeptBecause.Open, stop, stop + 1);
            start = stop + 1;
        }
    }

    private void AddPiece(ReadOnlySpan<byte> text, ComparedLines lines, int start, int end, RedactionPlaces redactions)
    {
        var starts = lines.Starts;
        if (_comparedBefore[end] - _comparedBefore[start] < options.MinLines)
            Keep(KeptBecause.TooShort, start, end);
        else if (options.CutsCode && _contexts.Open(start) == LineContexts.Nothing && !Brackets.AreBalanced(text, starts[start], starts[end], Lexer.Segments))
            Keep(KeptBecause.Unbalanced, start, end);
        else if (redactions.AnyAround(text, starts[start]) || redactions.AnyAround(text, starts[end]))
            Keep(KeptBecause.Redaction, start, end);
        else
            _cuts.Add(WithBlanks(lines, start, end));
    }

    // The blank lines after a cut go when there are some before it or nothing else is, those before it when nothing comes after it.
    private LineCut WithBlanks(ComparedLines lines, int start, int end)
    {
        if (_contexts.Open(start) != LineContexts.Nothing)
            return new LineCut(start, end);
        if (start == 0 || _contexts.Kind(start - 1) == LineKind.Blank)
        {
            while (end < lines.Lines && _contexts.Kind(end) == LineKind.Blank && _contexts.Open(end + 1) == LineContexts.Nothing)
                end++;
        }

        var floor = _cuts.Count == 0 ? 0 : _cuts[^1].End + 1;
        while (end == lines.Lines && start > floor && _contexts.Kind(start - 1) == LineKind.Blank && _contexts.Open(start - 1) == LineContexts.Nothing)
            start--;
        return new LineCut(start, end);
    }

    // Lines that hold nothing but the frame of a comment.
    private bool IsDecoration(int line) => _contexts.Kind(line) == LineKind.Comment && _comparedBefore[line + 1] == _comparedBefore[line];

    private void Keep(KeptBecause reason, int start, int end) => _kept[(int)reason] += _comparedBefore[end] - _comparedBefore[start];
}
