namespace Stackmill.Shared.Languages;

/// <summary>
/// Reads one line from left to right. What it takes it never gives back, so a test of a line takes time linear in the line.
/// A step that does not find what it asks for takes nothing and answers false.
/// </summary>
internal ref struct Cursor(ReadOnlySpan<byte> line)
{
    private readonly ReadOnlySpan<byte> _line = line;
    private int _at;

    /// <summary>What is left of the line.</summary>
    public readonly ReadOnlySpan<byte> Rest => _line[_at..];

    /// <summary>True when nothing but blanks is left.</summary>
    public readonly bool IsAtEnd => Rest.IndexOfAnyExcept(" \t\r"u8) < 0;

    /// <summary>The next byte; 0 at the end.</summary>
    public readonly byte Next => _at < _line.Length ? _line[_at] : (byte)0;

    /// <summary>A cursor behind the blanks that a line begins with.</summary>
    public static Cursor Behind(ReadOnlySpan<byte> line)
    {
        var cursor = new Cursor(line);
        cursor.Gap();
        return cursor;
    }

    /// <summary>Takes blanks; false when there are none.</summary>
    public bool Gap()
    {
        var start = _at;
        while (_at < _line.Length && _line[_at] is (byte)' ' or (byte)'\t')
            _at++;
        return _at > start;
    }

    /// <summary>Takes a literal.</summary>
    public bool Is(ReadOnlySpan<byte> literal)
    {
        if (!Rest.StartsWith(literal))
            return false;
        _at += literal.Length;
        return true;
    }

    /// <summary>Takes a literal of ASCII letters in any case; it is given in lower case.</summary>
    public bool IsAnyCase(ReadOnlySpan<byte> literal)
    {
        if (_line.Length - _at < literal.Length || !System.Text.Ascii.EqualsIgnoreCase(_line.Slice(_at, literal.Length), literal))
            return false;
        _at += literal.Length;
        return true;
    }

    /// <summary>Takes blanks, if any, and a literal.</summary>
    public bool Then(ReadOnlySpan<byte> literal)
    {
        Gap();
        return Is(literal);
    }

    /// <summary>Takes a word: letters, digits and underscores. It is empty when there is none.</summary>
    public ReadOnlySpan<byte> Word()
    {
        var start = _at;
        while (_at < _line.Length && IsWordByte(_line[_at]))
            _at++;
        return _line[start.._at];
    }

    /// <summary>Takes a whole word that is in a set.</summary>
    public bool Word(WordSet words)
    {
        var start = _at;
        if (words.Contains(Word()))
            return true;
        _at = start;
        return false;
    }

    /// <summary>Takes blanks and a name: a word with dots, colons or other bytes of <paramref name="also"/> in it.</summary>
    public bool Name(ReadOnlySpan<byte> also = default)
    {
        Gap();
        var start = _at;
        while (_at < _line.Length && (IsWordByte(_line[_at]) || also.Contains(_line[_at])))
            _at++;
        return _at > start;
    }

    /// <summary>True for letters, digits and underscores of ASCII.</summary>
    public static bool IsWordByte(byte value) => char.IsAsciiLetterOrDigit((char)value) || value == '_';
}
