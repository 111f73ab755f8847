namespace Stackmill.Shared.Lexing.Structure;

/// <summary>What line ends, indentation and directives decide.</summary>
internal ref partial struct StructurePass
{
    private void Line(int at)
    {
        if (At(at - 1) == '\\' || (At(at - 1) == '\r' && At(at - 2) == '\\'))
            return;
        _firstOnLine = true;
        var top = _frames.Top;
        var inBracket = top.Open is (byte)'(' or (byte)'[';
        if (Has(RuleTraits.Indentation))
            _lineBegins = !inBracket && top.Open != '{';
        var next = -1;
        if (top.Open == FrameStack.Expression)
            EndExpressions(next = Blank(at + 1), at);
        if (_state is HeadState.Header or HeadState.HeaderDone)
        {
            if (Has(RuleTraits.HeadOnLine) || (Has(RuleTraits.Lines) && !inBracket))
                _state = HeadState.None;
            else if (Has(RuleTraits.HeadByIndent) && _state == HeadState.HeaderDone)
                EndHead(next < 0 ? Blank(at + 1) : next, at);
        }
        else if (_state == HeadState.Value && Has(RuleTraits.Arrows) && !inBracket && AfterOperand)
        {
            _state = HeadState.None;
        }

        if ((_flags & PassFlags.InType) != 0 && !inBracket && AfterOperand && At(next < 0 ? Blank(at + 1) : next) is not ((byte)'|' or (byte)'&' or (byte)'=' or (byte)'?' or (byte)':'))
            EndType();
        _importGroup &= inBracket;
        _lineStart = at + 1;
        if (!inBracket && Has(RuleTraits.Lines | RuleTraits.Commands))
        {
            Token(LineEnd);
            _loop = false;
        }
    }

    /// <summary>Ends one-expression bodies where the next line is indented no deeper and can't go on with them.</summary>
    private void EndExpressions(int next, int at)
    {
        if (!AfterOperand || At(next) is (byte)'\n' or (byte)'.' or (byte)'?' or (byte)'&' or (byte)'|' or (byte)':' or (byte)'+' or (byte)'*' or (byte)'/' or (byte)'=' or (byte)'<' or (byte)'%' or (byte)'#')
            return;
        var indent = Column(at + 1, next);
        while (_frames.Top.Open == FrameStack.Expression && indent <= _frames.Top.Indent)
        {
            _flags = _frames.Pop().Flags;
            _state = HeadState.None;
        }
    }

    private void EndHead(int next, int at)
    {
        if (At(next) is not ((byte)'{' or (byte)'=' or (byte)':' or (byte)'-' or (byte)'\n') && Column(at + 1, next) <= _headIndent)
            _state = HeadState.None;
    }

    private void BeginLine(int at)
    {
        _lineBegins = false;
        if (_frames.Count == 0 || _frames.Top.Open != FrameStack.Indented)
            return;
        var indent = Column(_lineStart, at);
        while (_frames.Top.Open == FrameStack.Indented && indent <= _frames.Top.Indent)
            _frames.Pop();
    }

    /// <summary>Column of the first thing on the line that is read.</summary>
    private int Indent()
    {
        if (_indentLine != _lineStart)
            (_indentLine, _indent) = (_lineStart, Column(_lineStart, Blank(_lineStart)));
        return _indent;
    }

    private int Column(int start, int end)
    {
        _steps += end - start;
        var column = 0;
        for (var i = start; i < end; i++)
        {
            // The width of a tab in Python.
            if (_text[i] == '\t')
                column += 8 - (column % 8);
            else if (_text[i] == ' ')
                column++;
            else
                break;
        }

        return column;
    }

    /// <summary>Reads a directive; where its line ends, code goes on.</summary>
    private int Directive(int at)
    {
        var start = Blank(at + 1);
        var end = start;
        while (char.IsAsciiLetter((char)At(end)))
            end++;
        switch (_text[start..end])
        {
            case var word when word.SequenceEqual("if"u8) || word.SequenceEqual("ifdef"u8):
                _frames.Branch();
                _frames.Alternatives.Add(_frames.Count);
                break;
            case var word when word.SequenceEqual("ifndef"u8):
                _frames.Alternatives.Add(_frames.Count);
                break;
            case var word when word.SequenceEqual("elif"u8):
                _frames.Branch();
                NextAlternative();
                break;
            case var word when word.SequenceEqual("else"u8):
                NextAlternative();
                break;
            case var word when word.SequenceEqual("endif"u8):
                _closingsToIgnore = 0;
                if (_frames.Alternatives.Count > 0)
                    _frames.Alternatives.RemoveAt(_frames.Alternatives.Count - 1);
                break;
            case var word when word.SequenceEqual("include"u8) || word.SequenceEqual("import"u8):
                _importCount++;
                break;
        }

        while (true)
        {
            var length = _text[end..].IndexOf((byte)'\n');
            if (length < 0)
                return _resume = _text.Length;
            end += length;
            var last = end - 1;
            if (At(last) == '\r')
                last--;
            if (At(last) != '\\')
                return _resume = end;
            end++;
        }
    }

    /// <summary>
    /// The branches of <c>#if</c> say the same thing in other words: what the one before opened, this one opens again, and what it closed this one closes.
    /// </summary>
    private void NextAlternative()
    {
        if (_frames.Alternatives.Count == 0)
            return;
        var depth = _frames.Alternatives[^1];
        while (_frames.Count > depth)
            _frames.Drop();
        _closingsToIgnore = Math.Max(0, depth - _frames.Count);
    }
}
