namespace Stackmill.Shared.Lexing.Structure;

/// <summary>Marks of the place that is read; each bracket keeps those of the place around it.</summary>
[Flags]
internal enum PassFlags : byte
{
    None = 0,

    /// <summary>In a type (TypeScript).</summary>
    InType = 1,

    /// <summary>All of this place is one, until it ends.</summary>
    AllType = 2,

    /// <summary>A question mark waits for its colon.</summary>
    Ternary = 4,

    /// <summary>After a word that declares a variable.</summary>
    Declaring = 8,

    /// <summary>The name before these parameters follows a type.</summary>
    Typed = 16,

    /// <summary>An arm has been seen.</summary>
    ArmSeen = 32,
}

/// <summary>One pass over one text: what stands here decides; signs, words and lines have files of their own.</summary>
internal ref partial struct StructurePass
{
    // What a token was: those below 32 are no signs.
    private const byte Start = 0;
    private const byte Name = 1;
    private const byte Reserved = 2;
    private const byte Number = 3;
    private const byte Text = 4;
    private const byte LineEnd = (byte)'\n';

    private const byte ClassBlank = 0;
    private const byte ClassLine = 1;
    private const byte ClassLetter = 2;
    private const byte ClassDigit = 3;
    private const byte ClassSign = 4;

    private static readonly byte[] Classes = MakeClasses(letters: "_$");
    private static readonly byte[] SigilClasses = MakeClasses(letters: "_");

    private readonly ReadOnlySpan<byte> _text;
    private readonly StructureRules _rules;
    private readonly RuleTraits _traits;
    private readonly FrameStack _frames;
    private readonly byte[] _classes;

    private int _classCount;
    private int _importCount;
    private long _steps;

    private byte _previous;
    private byte _beforePrevious;
    private HeadState _state;
    private PassFlags _flags;
    private bool _firstOnLine = true;
    private bool _lineBegins = true;
    private int _lineStart;
    private int _indentLine = -1;
    private int _indent;
    private int _headIndent;
    private int _resume;
    private int _closingsToIgnore;
    private FrameKind _typeKind;
    private bool _typeWord;
    private bool _typeBraces;
    private bool _new;
    private bool _operator;
    private bool _arms;
    private bool _loop;
    private bool _importGroup;
    private bool _alias;

    public StructurePass(ReadOnlySpan<byte> text, StructureRules rules, FrameStack frames)
    {
        _text = text;
        (_rules, _traits, _frames) = (rules, rules.Traits, frames);
        _classes = rules.Has(RuleTraits.Sigils) ? SigilClasses : Classes;
    }

    /// <summary>Reads a stretch of code.</summary>
    public void Code(int from, int to)
    {
        var i = Math.Max(from, _resume);
        var classes = _classes;
        while (i < to)
        {
            switch (classes[_text[i]])
            {
                case ClassBlank:
                    i++;
                    break;
                case ClassLine:
                    _steps++;
                    Line(i++);
                    break;
                case ClassLetter:
                    _steps++;
                    var start = i++;
                    while (i < to && classes[_text[i]] is ClassLetter or ClassDigit)
                        i++;
                    i = Math.Max(i, Word(start, i));
                    break;
                case ClassDigit:
                    _steps++;
                    do
                        i++;
                    while (i < to && classes[_text[i]] is ClassLetter or ClassDigit);
                    Operand(Number, i);
                    break;
                default:
                    _steps++;
                    i = Sign(_text[i], i);
                    break;
            }
        }

        _resume = Math.Max(_resume, i);
    }

    /// <summary>Reads a literal, or a part of one.</summary>
    public void Literal(int start, int end)
    {
        if (end <= _resume)
            return;
        _steps++;
        if (_importGroup)
            _importCount++;
        Operand(Text, start);
    }

    /// <summary>Reads what lies between stretches of code in markup: a statement ends there.</summary>
    public void Markup() => Token(Start);

    /// <summary>Ends what is open, and gives types, imports and steps.</summary>
    public readonly (int Classes, int Imports, long Steps) Finish()
    {
        while (_frames.Count > 0)
            _frames.Pop();
        return (_classCount, _importCount, _steps);
    }

    private readonly bool Has(RuleTraits trait) => (_traits & trait) != 0;

    private readonly byte At(int at) => (uint)at < (uint)_text.Length ? _text[at] : (byte)0;

    private void Token(byte kind)
    {
        _beforePrevious = _previous;
        _previous = kind;
    }

    private void Operand(byte kind, int at)
    {
        if (_lineBegins)
            BeginLine(at);
        _firstOnLine = false;
        _typeWord = false;
        _typeBraces = false;
        Token(kind);
    }

    private readonly bool AfterOperand => EndsOperand(_previous);

    private static bool EndsOperand(byte token) => token is Name or Number or Text or (byte)')' or (byte)']' or (byte)'}';

    /// <summary>The first byte from <paramref name="at"/> on that is no blank, on the same line.</summary>
    private int Blank(int at)
    {
        var start = at;
        while (At(at) is (byte)' ' or (byte)'\t' or (byte)'\r')
            at++;
        _steps += at - start;
        return at;
    }

    private readonly bool IsLetter(byte b) => _classes[b] == ClassLetter;

    private void Open(byte bracket, FrameKind kind, HeadState saved, PassFlags inner)
    {
        _frames.Push(new Frame(bracket, kind, saved, _flags, 0));
        _flags = inner;
        _state = HeadState.None;
        _new = false;
    }

    /// <summary>Opens the body of a function that ends with its expression.</summary>
    private void OpenExpression()
    {
        _frames.Push(new Frame(FrameStack.Expression, FrameKind.Function, HeadState.None, _flags, Indent()));
        _state = HeadState.Value;
        _flags &= PassFlags.AllType;
    }

    /// <summary>Ends bodies of one expression, and what seemed to be arguments of a type.</summary>
    private void CloseExpressions(bool typeArguments = true)
    {
        while (_frames.Top.Open == FrameStack.Expression || (typeArguments && _frames.Top.Open == '<'))
        {
            var frame = _frames.Pop();
            (_flags, _state) = (frame.Flags, frame.Saved);
        }
    }

    private static byte[] MakeClasses(string letters)
    {
        var classes = new byte[256];
        for (var b = 0; b < 256; b++)
        {
            var c = (char)b;
            classes[b] = c == '\n' ? ClassLine : c is ' ' or '\t' or '\r' or '\f' or '\v' ? ClassBlank : b >= 0x80 || char.IsAsciiLetter(c) || letters.Contains(c) ? ClassLetter
                : char.IsAsciiDigit(c) ? ClassDigit : ClassSign;
        }

        return classes;
    }
}
