using System.Text;

namespace Stackmill.Preprocess.Quality;

/// <summary>
/// A word that is looked for in one piece of a text after the other: where it comes next is remembered, so that a text in which it
/// is rare is looked through once and not once for each piece.
/// </summary>
internal sealed class LineWord(string word)
{
    private readonly byte[] _word = Encoding.ASCII.GetBytes(word);
    private int _next = -1;

    /// <summary>Begins with another text.</summary>
    public void Reset() => _next = -1;

    /// <summary>True when the word is between two places; pieces are asked for in their order.</summary>
    public bool IsIn(ReadOnlySpan<byte> text, int start, int end)
    {
        if (_next < start)
        {
            var found = text[start..].IndexOf(_word);
            _next = found < 0 ? int.MaxValue : start + found;
        }

        return _next <= end - _word.Length;
    }
}
