namespace Stackmill.Shared.Lexing.Structure;

/// <summary>What a bracket, a block or a body without brackets holds.</summary>
internal enum FrameKind : byte
{
    Plain,
    Function,
    Parameters,
    Initializer,
    Type,
    Enum,
    Interface,
    Arms,
}

/// <summary>What stands before the place that is read, as far as it decides what a brace means.</summary>
internal enum HeadState : byte
{
    None,

    /// <summary>A word that starts a function.</summary>
    Header,

    /// <summary>The same, and its parameters have ended.</summary>
    HeaderDone,

    /// <summary>A name and parameters have ended.</summary>
    Parameters,

    /// <summary>The same, and declarations of parameters follow (old C).</summary>
    OldParameters,

    /// <summary>Initialisers of a constructor (C++).</summary>
    Initializers,

    /// <summary>A brace opens the body of a function.</summary>
    Body,

    /// <summary>A word that declares a type.</summary>
    Type,

    /// <summary>The right side of an assignment.</summary>
    Value,
}

/// <summary>A place that is still open. <paramref name="Open"/> is its bracket, or one of the letters of <see cref="FrameStack"/>.</summary>
internal readonly record struct Frame(byte Open, FrameKind Kind, HeadState Saved, PassFlags Flags, int Indent);

/// <summary>The open places of a file and the complexities of its functions. Its memory is used again.</summary>
internal sealed class FrameStack
{
    /// <summary>The body of a function that is one expression.</summary>
    public const byte Expression = (byte)'E';

    /// <summary>A body that ends with its indentation.</summary>
    public const byte Indented = (byte)'I';

    /// <summary>A block that ends with a word.</summary>
    public const byte Block = (byte)'D';

    private Frame[] _frames = new Frame[64];
    private int[] _open = new int[16];

    public int Count { get; private set; }

    /// <summary>Open braces.</summary>
    public int Braces { get; private set; }

    /// <summary>Open blocks that a word ends.</summary>
    public int Blocks { get; private set; }

    /// <summary>Functions that are open, the innermost last.</summary>
    public int OpenFunctions { get; private set; }

    public int Functions { get; private set; }

    public long TotalComplexity { get; private set; }

    public int MaxComplexity { get; private set; }

    /// <summary>How deep the frames were at each <c>#if</c> that is open.</summary>
    public List<int> Alternatives { get; } = [];

    public Frame Top => Count == 0 ? default : _frames[Count - 1];

    public void Clear()
    {
        (Count, Braces, Blocks, OpenFunctions, Functions, TotalComplexity, MaxComplexity) = (0, 0, 0, 0, 0, 0, 0);
        Alternatives.Clear();
    }

    public void Push(Frame frame)
    {
        if (Count == _frames.Length)
            Array.Resize(ref _frames, 2 * Count);
        _frames[Count++] = frame;
        Track(frame.Open, 1);
        if (frame.Kind != FrameKind.Function)
            return;
        if (OpenFunctions == _open.Length)
            Array.Resize(ref _open, 2 * OpenFunctions);
        _open[OpenFunctions++] = 1;
    }

    /// <summary>Closes the innermost place; a function is counted.</summary>
    public Frame Pop()
    {
        var frame = _frames[--Count];
        Track(frame.Open, -1);
        if (frame.Kind == FrameKind.Function)
        {
            var complexity = _open[--OpenFunctions];
            Functions++;
            TotalComplexity += complexity;
            MaxComplexity = Math.Max(MaxComplexity, complexity);
        }

        return frame;
    }

    /// <summary>Forgets the innermost place: another spelling of it follows.</summary>
    public void Drop()
    {
        var frame = _frames[--Count];
        Track(frame.Open, -1);
        if (frame.Kind == FrameKind.Function)
            OpenFunctions--;
    }

    public void ReplaceTop(Frame frame)
    {
        Track(Top.Open, -1);
        _frames[Count - 1] = frame;
        Track(frame.Open, 1);
    }

    /// <summary>One more path through the innermost function, if one is open.</summary>
    public void Branch()
    {
        if (OpenFunctions > 0)
            _open[OpenFunctions - 1]++;
    }

    private void Track(byte open, int change)
    {
        if (open == '{')
            Braces += change;
        else if (open == Block)
            Blocks += change;
    }
}
