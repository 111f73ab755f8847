namespace Stackmill.Shared.Lexing.Structure;

/// <summary>What signs decide.</summary>
internal ref partial struct StructurePass
{
    /// <summary>Reads a sign; gives where code goes on.</summary>
    private int Sign(byte sign, int at)
    {
        if (_lineBegins)
            BeginLine(at);
        var first = _firstOnLine;
        _firstOnLine = false;
        _typeWord = false;
        var next = At(at + 1);
        var length = 1;
        switch (sign)
        {
            case (byte)'(':
                OpenParenthesis(next);
                break;
            case (byte)'[':
                Open(sign, FrameKind.Plain, _state, _flags & (PassFlags.InType | PassFlags.AllType));
                break;
            case (byte)')' or (byte)']':
                CloseParenthesis(sign, at);
                break;
            case (byte)'{':
                OpenBrace();
                break;
            case (byte)'}':
                CloseBrace();
                break;
            case (byte)';':
                length = EndStatement(next);
                break;
            case (byte)',':
                Comma();
                break;
            case (byte)'<' or (byte)'>' when Has(RuleTraits.Annotations):
                TypeArguments(sign, at, next);
                break;
            case (byte)'=':
                return Equals(at, next);
            case (byte)':':
                length = Colon(next);
                break;
            case (byte)'?':
                length = Question(at, next);
                break;
            case (byte)'&' or (byte)'|':
                length = Logical(sign, at, next);
                break;
            case (byte)'-' or (byte)'+':
                length = Minus(sign, next, first);
                break;
            case (byte)'#' when first && Has(RuleTraits.Preprocessor):
                return Directive(at);
            case (byte)'\\' when next == '(' && Has(RuleTraits.BackslashFunction):
                _state = HeadState.Header;
                break;
            case (byte)'$' or (byte)'@' when Has(RuleTraits.Sigils):
                return Sigil(at, next);
        }

        _typeBraces = false;
        Token(sign);
        return at + length;
    }

    private void OpenParenthesis(byte next)
    {
        var inner = _flags & (PassFlags.InType | PassFlags.AllType);
        if (_state is HeadState.Header or HeadState.HeaderDone)
        {
            Open((byte)'(', FrameKind.Plain, HeadState.HeaderDone, inner);
        }
        else if (Has(RuleTraits.Commands))
        {
            var body = _state == HeadState.Parameters;
            var parameters = _previous == Name && next == ')' && _beforePrevious is Start or LineEnd or (byte)';' or (byte)'{' or (byte)'}' or (byte)'&';
            Open((byte)'(', body ? FrameKind.Function : parameters ? FrameKind.Parameters : FrameKind.Plain, HeadState.None, inner);
        }
        else if (IsCandidate(next, out var typed))
        {
            Open((byte)'(', FrameKind.Parameters, HeadState.Parameters, inner);
            _flags |= typed ? PassFlags.Typed : 0;
            _operator = false;
        }
        else
        {
            Open((byte)'(', FrameKind.Plain, _state, inner);
        }
    }

    /// <summary>True when the parameters of a function may follow.</summary>
    private readonly bool IsCandidate(byte next, out bool typed)
    {
        typed = _beforePrevious is Name or (byte)'>' or (byte)']' or (byte)'?' or (byte)'*' or (byte)'&' or (byte)')';
        if (!Has(RuleTraits.Declarators) || _new || _state is HeadState.Value or HeadState.Initializers || (_flags & PassFlags.InType) != 0)
            return false;
        var top = _frames.Top;
        if (top.Open is (byte)'(' or (byte)'[' || (Has(RuleTraits.Flat) && _frames.OpenFunctions > 0) || (_state == HeadState.Type && !Has(RuleTraits.TypesNeedBody)))
            return false;
        if (_operator)
        {
            typed = true;
            return !(_previous == Reserved && next == ')');
        }

        var inType = top.Kind is FrameKind.Type or FrameKind.Enum or FrameKind.Interface;
        if (Has(RuleTraits.Arrows))
            return _previous is Name or Text or (byte)']' or (byte)'>' || (_previous == Reserved && top.Kind == FrameKind.Type);
        if (top.Kind == FrameKind.Enum && _beforePrevious is (byte)'{' or (byte)',' or (byte)')')
            return false;
        if (_previous != Name && (_previous != '>' || _frames.OpenFunctions > 0))
            return false;
        return typed || _previous == '>' || inType || (_frames.OpenFunctions == 0 && !Has(RuleTraits.TypedNames));
    }

    private void CloseParenthesis(byte sign, int at)
    {
        CloseExpressions();
        if (_frames.Top.Open != (sign == ')' ? (byte)'(' : (byte)'['))
            return;
        var typed = _flags & PassFlags.Typed;
        var frame = _frames.Pop();
        _flags = frame.Flags;
        _state = frame.Kind == FrameKind.Parameters ? HeadState.Parameters : frame.Saved;
        if (frame.Kind == FrameKind.Parameters)
            _flags = (_flags & ~PassFlags.Typed) | typed;
        if (_state != HeadState.HeaderDone || !Has(RuleTraits.BareBody))
            return;
        var body = at + 1;
        while (At(body) is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            body++;
        if (At(body) != '{')
            OpenExpression();
    }

    private void OpenBrace()
    {
        var (kind, saved) = (FrameKind.Plain, _state);
        switch (_state)
        {
            case HeadState.Header or HeadState.HeaderDone or HeadState.Parameters when _typeBraces || IsTypeBrace():
                kind = FrameKind.Initializer;
                break;
            case HeadState.Body or HeadState.Header or HeadState.HeaderDone or HeadState.Parameters:
            case HeadState.Initializers when _previous is (byte)')' or (byte)'}':
            case HeadState.OldParameters when _previous == ';':
                (kind, saved) = (FrameKind.Function, HeadState.None);
                break;
            case HeadState.Initializers:
                kind = FrameKind.Initializer;
                break;
            case HeadState.Type:
                (kind, saved) = (_typeKind, HeadState.None);
                _classCount += Has(RuleTraits.TypesNeedBody) ? 1 : 0;
                break;
            case HeadState.None when _arms:
                kind = FrameKind.Arms;
                break;
        }

        if (_arms && kind == FrameKind.Plain)
            kind = FrameKind.Arms;
        _arms = _operator = false;
        var type = kind == FrameKind.Interface ? PassFlags.InType | PassFlags.AllType
            : kind is FrameKind.Function or FrameKind.Type or FrameKind.Enum ? PassFlags.None
            : (_flags & PassFlags.InType) != 0 ? PassFlags.InType | PassFlags.AllType : PassFlags.None;
        Open((byte)'{', kind, saved, type);
        if (kind == FrameKind.Function)
            _frames.ReplaceTop(_frames.Top with { Flags = _frames.Top.Flags & PassFlags.AllType });
    }

    /// <summary>True when a brace goes on with a type that has begun (TypeScript).</summary>
    private readonly bool IsTypeBrace() =>
        Has(RuleTraits.Annotations) && _previous is (byte)':' or (byte)'|' or (byte)'&' or (byte)'<' or (byte)',' or (byte)'=';

    private void CloseBrace()
    {
        CloseExpressions();
        if (_closingsToIgnore > 0)
        {
            _closingsToIgnore--;
            return;
        }

        if (_frames.Braces == 0)
            return;
        Frame frame;
        do
            frame = _frames.Pop();
        while (frame.Open != '{');
        (_flags, _state) = (frame.Flags, frame.Saved);
        _new = false;
    }

    private int EndStatement(byte next)
    {
        CloseExpressions();
        EndType();
        _flags &= ~(PassFlags.Declaring | PassFlags.Ternary);
        _new = _arms = false;
        _loop = false;
        if (_state == HeadState.Parameters && Has(RuleTraits.OldParameters) && _previous == Name)
            _state = HeadState.OldParameters;
        else if (_state != HeadState.OldParameters)
            _state = HeadState.None;
        var top = _frames.Top;
        if (top.Kind == FrameKind.Enum)
            _frames.ReplaceTop(top with { Kind = FrameKind.Type });
        if (next != ';' || !Has(RuleTraits.DoubleSemicolon))
            return 1;
        _frames.Branch();
        return 2;
    }

    private void EndType()
    {
        _alias = false;
        if ((_flags & PassFlags.AllType) == 0)
            _flags &= ~PassFlags.InType;
    }

    private void Comma()
    {
        CloseExpressions(typeArguments: false);
        EndType();
        _flags &= ~PassFlags.Ternary;
        _new = false;
        if ((_state == HeadState.Parameters && !Has(RuleTraits.ArrowMembers)) || (_state is HeadState.Header or HeadState.HeaderDone && Has(RuleTraits.HeadOnLine)))
            _state = HeadState.None;
    }
}
