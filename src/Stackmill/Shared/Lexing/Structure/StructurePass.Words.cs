namespace Stackmill.Shared.Lexing.Structure;

/// <summary>What words decide.</summary>
internal ref partial struct StructurePass
{
    /// <summary>Reads a word; gives where code goes on.</summary>
    private int Word(int start, int end)
    {
        if (_lineBegins)
            BeginLine(start);
        var first = _firstOnLine;
        _firstOnLine = false;
        _typeBraces = false;
        // In JavaScript nothing but a type may stand between the parameters and the body.
        if (_state == HeadState.Parameters && Has(RuleTraits.Arrows) && (_flags & PassFlags.InType) == 0)
            _state = HeadState.None;
        if (Has(RuleTraits.Symbols) && At(end) is (byte)'?' or (byte)'!' && At(end + 1) != '=')
        {
            Named();
            return end + 1;
        }

        var role = _rules.Words.Find(_text[start..end]);
        if (role == 0 || !IsReserved(role, start, end))
        {
            Named();
            return end;
        }

        if ((role & WordRole.Branch) != 0)
            _frames.Branch();
        if (role == (WordRole.Branch | WordRole.Keyword))
        {
            _typeWord = false;
            Token(Reserved);
            return end;
        }

        Role(role, start, end, first);
        return end;
    }

    private void Named()
    {
        if (_typeWord)
        {
            _typeWord = false;
            _classCount++;
        }

        Token(Name);
    }

    private bool IsReserved(WordRole role, int start, int end)
    {
        var before = At(start - 1);
        if (before == '.' && At(start - 2) != '.')
            return false;
        if ((before == '>' && At(start - 2) == '-') || (before == ':' && At(start - 2) == ':'))
            return false;
        var after = At(end);
        if (after == ':' && At(end + 1) != ':' && !Has(RuleTraits.Indentation) && (Has(RuleTraits.Symbols) || (role & WordRole.Branch) != 0))
            return false;
        if (before == ':' && Has(RuleTraits.Symbols))
            return false;
        if (_state == HeadState.Header && _previous == Reserved && ((role & WordRole.TypeWord) == 0 || Has(RuleTraits.EndBlocks)))
            return false;
        if (Has(RuleTraits.Sigils))
        {
            var next = Blank(end);
            if (At(next) == '=' && At(next + 1) == '>' && (role & WordRole.Function) == 0)
                return false;
        }

        return !Has(RuleTraits.Commands)
            || _previous is Start or LineEnd or Reserved or (byte)';' or (byte)'&' or (byte)'|' or (byte)'(' or (byte)'{' or (byte)'}' or (byte)')' or (byte)'!' or (byte)'`';
    }

    private void Role(WordRole role, int start, int end, bool first)
    {
        var after = Blank(end);
        var next = At(after);
        var kind = (role & WordRole.Keyword) != 0 ? Reserved : Name;
        var wasTypeWord = _typeWord;
        _typeWord = false;
        if (Has(RuleTraits.EndBlocks))
            Blocks(role);
        if ((role & WordRole.SoftBranch) != 0 && first && IsPattern(after, end))
        {
            _frames.Branch();
            kind = Reserved;
        }

        if ((role & WordRole.Import) != 0 && (first || _previous is (byte)';' or (byte)'}' or Start || (_previous == Reserved && Has(RuleTraits.ArrowMembers))) && Imports(next))
        {
            _importGroup = Has(RuleTraits.ImportGroups);
            _importCount += _importGroup ? 0 : 1;
        }

        if ((role & WordRole.ImportCall) != 0 && next is (byte)'(' or (byte)'"' or (byte)'\'')
            _importCount++;
        if ((role & WordRole.TypeWord) != 0)
            DeclareType(role, wasTypeWord);
        else if ((role & WordRole.TypeAfterName) != 0)
            _classCount += _previous == Name ? 1 : 0;
        if ((role & WordRole.Function) != 0 && !(Has(RuleTraits.HeadOnLine) && _previous == ']'))
            DeclareFunction(first);
        else if ((role & WordRole.Initializer) != 0 && _state != HeadState.Type && next is (byte)'(' or (byte)'?' or (byte)'<' or (byte)'!')
            Head();
        else if ((role & WordRole.Accessor) != 0 && (next == '{' || (next == '(' && first && Has(RuleTraits.EqualsBody))))
            Head();
        _typeBraces = (role & WordRole.TypeBraces) != 0;
        _new |= (role & WordRole.New) != 0;
        _operator |= (role & WordRole.Operator) != 0;
        _arms |= (role & WordRole.Arms) != 0;
        if ((role & WordRole.Cast) != 0 && next == '(')
            _flags |= PassFlags.InType;
        if ((role & WordRole.Variable) != 0)
            _flags |= PassFlags.Declaring;
        if ((role & WordRole.Alias) != 0 && after > end && IsLetter(next))
            (_flags, _alias) = (_flags | PassFlags.InType, true);
        if (kind == Name && wasTypeWord)
            _classCount++;
        Token(kind);
    }

    private readonly bool Imports(byte next)
    {
        if (Has(RuleTraits.ArrowMembers) && (_frames.OpenFunctions > 0 || next == '('))
            return false;
        if (Has(RuleTraits.Arrows) && next is (byte)'(' or (byte)'.')
            return false;
        return !(Has(RuleTraits.ArrowBody) && _frames.Top.Kind == FrameKind.Type);
    }

    private void DeclareType(WordRole role, bool afterTypeWord)
    {
        if (_previous is (byte)':' or (byte)',' && Has(RuleTraits.ArrowMembers))
            return;
        _typeWord = !Has(RuleTraits.TypesNeedBody);
        if (_frames.Top.Open is (byte)'(' or (byte)'[' || _state is HeadState.Parameters or HeadState.OldParameters)
            return;
        if (Has(RuleTraits.Flat) && _frames.OpenFunctions > 0 && Has(RuleTraits.TypesNeedBody) && _previous == '(')
            return;
        _state = HeadState.Type;
        if (!afterTypeWord || (role & (WordRole.EnumWord | WordRole.Interface)) != 0 || _typeKind == 0)
            _typeKind = (role & WordRole.EnumWord) != 0 ? FrameKind.Enum : (role & WordRole.Interface) != 0 ? FrameKind.Interface : FrameKind.Type;
    }

    private void DeclareFunction(bool first)
    {
        if (Has(RuleTraits.Indentation))
        {
            // A definition starts no expression: brackets that are still open are never closed.
            while (first && _frames.Count > 0 && _frames.Top.Open is (byte)'(' or (byte)'[' or (byte)'{')
                _flags = _frames.Pop().Flags;
            var indent = Indent();
            while (first && _frames.Top.Open == FrameStack.Indented && indent <= _frames.Top.Indent)
                _frames.Pop();
            _frames.Push(new Frame(FrameStack.Indented, FrameKind.Function, HeadState.None, _flags, indent));
            return;
        }

        Head();
    }

    private void Head()
    {
        _state = HeadState.Header;
        _headIndent = Has(RuleTraits.HeadByIndent) ? Indent() : 0;
    }

    /// <summary>Opens and closes blocks that end with a word.</summary>
    private void Blocks(WordRole role)
    {
        var opens = (role & WordRole.Opener) != 0 || ((role & WordRole.OpenerAtStart) != 0 && !AfterOperand);
        if ((role & WordRole.Do) != 0)
        {
            opens = !_loop;
            _loop = false;
        }

        if (opens)
        {
            _frames.Push(new Frame(FrameStack.Block, (role & WordRole.Function) != 0 ? FrameKind.Function : FrameKind.Plain, HeadState.None, _flags, 0));
            _loop |= (role & WordRole.Loop) != 0;
        }
        else if ((role & WordRole.Closer) != 0 && _frames.Blocks > 0)
        {
            while (_frames.Pop().Open != FrameStack.Block)
            {
            }
        }
    }

    /// <summary>True when what follows <c>case</c> is a pattern, and not a use of a variable of that name.</summary>
    private readonly bool IsPattern(int after, int end) =>
        after > end && At(after) is not ((byte)'=' or (byte)'.' or (byte)':' or (byte)',' or (byte)')' or (byte)']' or (byte)'\n' or (byte)'+' or (byte)'*' or (byte)'/' or (byte)'%' or (byte)'|' or (byte)'&');
}
