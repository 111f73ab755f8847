namespace Stackmill.Shared.Lexing;

/// <summary>Brackets of code: what they hold decides where an expression in a literal ends, and what a slash means behind them.</summary>
internal sealed partial class ContextScanner
{
    // No program that people write nests as deep; about 6 MB.
    private const int MostDepth = 1 << 18;

    private int _ignored;

    /// <summary>True when brackets of the last text nest deeper than anything is followed.</summary>
    public bool IsTooDeep { get; private set; }

    private void Bracketing(ReadOnlySpan<byte> text, int start, byte b, ref int at)
    {
        if (IsBeyondDepth(b))
            return;
        switch (b)
        {
            case (byte)'(' or (byte)'[':
                _stack.Add(new Frame(_syntax.Has(SyntaxTraits.RegexLiterals) && FollowsControlWord(text, start) ? Bracket.ControlParen : Bracket.Paren, null, null));
                break;
            case (byte)'{':
                _stack.Add(new Frame(_syntax.Has(SyntaxTraits.RegexLiterals) && StartsBlock(text, start) ? Bracket.Block : Bracket.Brace, null, null));
                break;
            case (byte)')' or (byte)']':
                if (_stack.Count == 0)
                    break;
                Frame paren = _stack[^1];
                if (paren.Bracket is Bracket.Paren or Bracket.ControlParen)
                {
                    _stack.RemoveAt(_stack.Count - 1);
                    _afterControlParen = paren.Bracket == Bracket.ControlParen;
                }
                else if (paren.Bracket == Bracket.HoleParen)
                    at = Resume(text, start) - 1;
                break;
            case (byte)'}':
                while (_stack.Count > 0 && _stack[^1].Bracket is Bracket.Paren or Bracket.ControlParen)
                    _stack.RemoveAt(_stack.Count - 1);
                if (_stack.Count == 0 || _stack[^1].Bracket == Bracket.HoleParen)
                    break;
                if (_stack[^1].Bracket == Bracket.HoleBrace)
                {
                    at = Resume(text, start) - 1;
                    break;
                }
                _afterBlock = _stack[^1].Bracket == Bracket.Block;
                _stack.RemoveAt(_stack.Count - 1);
                break;
            case (byte)':':
                if (_stack.Count > 0 && _stack[^1].Form?.Holes == HoleStyle.Brace)
                    at = FormatSpec(text, start + 1) - 1;
                break;
        }
    }

    // Brackets beyond the limit are counted only, so that hostile nesting takes no memory.
    private bool IsBeyondDepth(byte b)
    {
        if (b is (byte)'(' or (byte)'[' or (byte)'{' && (_ignored > 0 || _stack.Count >= MostDepth))
        {
            _ignored++;
            Degraded = IsTooDeep = true;
            return true;
        }
        if (b is not ((byte)')' or (byte)']' or (byte)'}') || _ignored == 0)
            return false;
        _ignored--;
        return true;
    }
}
