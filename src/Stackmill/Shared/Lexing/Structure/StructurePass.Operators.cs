namespace Stackmill.Shared.Lexing.Structure;

/// <summary>What operators decide.</summary>
internal ref partial struct StructurePass
{
    private int Equals(int at, byte next)
    {
        if (next == '>')
        {
            Arrow(at);
            Token((byte)'=');
            return at + 2;
        }

        var length = 1;
        while (length < 3 && At(at + length) == '=')
            length++;
        var comparison = length > 1 || At(at - 1) is (byte)'!' or (byte)'<' or (byte)'>' or (byte)'=';
        if (!comparison && !_operator)
            Assign(at, next);
        _typeBraces = false;
        Token((byte)'=');
        return at + length;
    }

    private void Assign(int at, byte next)
    {
        if (!_alias)
            EndType();
        _flags &= ~PassFlags.Declaring;
        if (_state is HeadState.Header or HeadState.HeaderDone)
        {
            // `def x = y` has a body of one expression; `def x=(y)` sets x.
            if (Has(RuleTraits.EndBlocks) && _frames.Top is { Open: FrameStack.Block, Kind: FrameKind.Function } && AfterOperand && At(at - 1) == ' ' && next != '(')
            {
                _frames.ReplaceTop(_frames.Top with { Open = FrameStack.Expression, Indent = Indent() });
                _state = HeadState.Value;
            }
            else if (Has(RuleTraits.EqualsBody))
            {
                OpenExpression();
            }

            return;
        }

        if (Has(RuleTraits.Declarators))
            _state = HeadState.Value;
    }

    private void Arrow(int at)
    {
        if (Has(RuleTraits.Arrows))
        {
            if ((_flags & PassFlags.InType) != 0)
                return;
            var body = at + 2;
            while (At(body) is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
                body++;
            if (At(body) == '{')
                _state = HeadState.Body;
            else
                OpenExpression();
        }
        else if (Has(RuleTraits.ArrowMembers))
        {
            if (_state == HeadState.Parameters && (_flags & PassFlags.Typed) != 0)
                OpenExpression();
            else if (_state == HeadState.Parameters)
                _state = HeadState.None;
        }
        else if (Has(RuleTraits.ArrowBody) && _state is HeadState.Header or HeadState.HeaderDone)
        {
            OpenExpression();
        }
        else if (!Has(RuleTraits.ThinArms))
        {
            Arm();
        }
    }

    /// <summary>Each arm after the first is one more path.</summary>
    private void Arm()
    {
        CloseExpressions();
        if (_frames.Top.Kind != FrameKind.Arms)
            return;
        if ((_flags & PassFlags.ArmSeen) != 0)
            _frames.Branch();
        _flags |= PassFlags.ArmSeen;
    }

    private int Colon(byte next)
    {
        if (next == ':')
            return 2;
        if (Has(RuleTraits.InitializerLists))
        {
            if (_state == HeadState.Parameters)
                _state = HeadState.Initializers;
        }
        else if (Has(RuleTraits.Arrows))
        {
            if ((_flags & PassFlags.Ternary) == 0 && _frames.Top is { Open: FrameStack.Expression } body && (body.Flags & PassFlags.Ternary) != 0)
                CloseExpressions();
            if ((_flags & PassFlags.Ternary) != 0)
                _flags &= ~PassFlags.Ternary;
            else if (!Has(RuleTraits.Annotations))
                _state = _state == HeadState.Parameters ? HeadState.None : _state;
            else if (_state is HeadState.Parameters or HeadState.HeaderDone || ((_flags & PassFlags.Declaring) != 0) || (_frames.Top.Open == '(' && _previous is Name or (byte)'?' or (byte)'}' or (byte)']')
                || (_frames.Top.Kind == FrameKind.Type && _state == HeadState.None && _previous is Name or (byte)'?' or (byte)']' or Text or (byte)'!'))
                _flags |= PassFlags.InType;
        }
        else if (Has(RuleTraits.Declarators) && !Has(RuleTraits.ArrowMembers) && _state == HeadState.Parameters)
        {
            _state = HeadState.None;
        }

        return 1;
    }

    private int Question(int at, byte next)
    {
        if (next == '?' && Has(RuleTraits.Coalesce))
        {
            _frames.Branch();
            return 2;
        }

        if (next == ':' && Has(RuleTraits.Elvis))
        {
            _frames.Branch();
            return 2;
        }

        var spaceBefore = At(at - 1) is (byte)' ' or (byte)'\t' or (byte)'\n';
        var spaceAfter = next is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r';
        var path = _rules.Question switch
        {
            QuestionRule.Always => true,
            QuestionRule.Operand => AfterOperand,
            QuestionRule.Spaced => AfterOperand && spaceBefore && spaceAfter,
            QuestionRule.Nullable => AfterOperand && (_flags & PassFlags.InType) == 0
                && (spaceBefore ? next is not ((byte)'.' or (byte)':') || char.IsAsciiDigit((char)At(at + 2)) || Has(RuleTraits.Sigils)
                    : !spaceAfter && next is not ((byte)'.' or (byte)':' or (byte)',' or (byte)')' or (byte)'>' or (byte)'=' or (byte)';' or (byte)']' or (byte)'}' or (byte)'?' or (byte)'|')
                        && (Has(RuleTraits.Arrows) || next is not ((byte)'[' or (byte)'-' or (byte)'*' or (byte)'{'))),
            _ => false,
        };
        if (_rules.Question == QuestionRule.Nullable && !spaceBefore && spaceAfter && Has(RuleTraits.Arrows | RuleTraits.Sigils) && AfterOperand && (_flags & PassFlags.InType) == 0)
            path = true;
        if (!path)
            return 1;
        _frames.Branch();
        _flags |= PassFlags.Ternary;
        return 1;
    }

    private int Logical(byte sign, int at, byte next)
    {
        if (next == sign)
        {
            if (_frames.Top.Open == '<')
                CloseExpressions();
            // Without an operand before it, it is a closure without parameters or a reference; before such ends, the type of a reference.
            if (Has(RuleTraits.AndOr) && AfterOperand && !(sign == '&' && Has(RuleTraits.InitializerLists) && IsReference(at)))
                _frames.Branch();
            return 2;
        }

        if (Has(RuleTraits.SingleAndOr))
            _frames.Branch();
        return 1;
    }

    /// <summary>Opens and closes the arguments of a type: in one, or right after a name.</summary>
    private void TypeArguments(byte sign, int at, byte next)
    {
        if (sign == '<')
        {
            var blank = next is (byte)' ' or (byte)'\n' or (byte)'=' or (byte)'<' or (byte)'/';
            if (!blank && ((_flags & PassFlags.InType) != 0 || (_previous == Name && At(at - 1) != ' ')))
                Open(sign, FrameKind.Plain, _state, PassFlags.InType | PassFlags.AllType);
        }
        else if (_frames.Top.Open == '<')
        {
            var frame = _frames.Pop();
            (_flags, _state) = (frame.Flags, frame.Saved);
        }
    }

    private bool IsReference(int at) =>
        At(Blank(at + 2)) is (byte)')' or (byte)',' or (byte)'>' or (byte)';' or (byte)'=' or (byte)'.' || _text[..at].TrimEnd((byte)' ').EndsWith("auto"u8);

    private int Minus(byte sign, byte next, bool first)
    {
        if (sign == '-' && next == '>')
        {
            if (Has(RuleTraits.ThinArms))
                Arm();
            else if (_state == HeadState.Parameters && !Has(RuleTraits.Flat))
                _state = HeadState.None;
            return 2;
        }

        if (first && Has(RuleTraits.ObjectiveMethods) && _frames.OpenFunctions == 0 && (next == '(' || (next == ' ' && _state == HeadState.None)) && _frames.Top.Open != '(')
            _state = HeadState.Header;
        return 1;
    }

    /// <summary>Reads a variable, so that <c>$if</c> is none of the words; and Perl's <c>$;</c>.</summary>
    private int Sigil(int at, byte next)
    {
        var end = at + 1;
        while (_classes[At(end)] is ClassLetter or ClassDigit)
            end++;
        if (end == at + 1 && next is (byte)'?' or (byte)'!' or (byte)'#' or (byte)'@' or (byte)'*' or (byte)'-' or (byte)'&' or (byte)'|' or (byte)';' or (byte)',' or (byte)'.' or (byte)'/' or (byte)'\\' or (byte)'0'
            && _text[at] == '$')
            end++;
        Token(end > at + 1 ? Name : _text[at]);
        return end;
    }
}
