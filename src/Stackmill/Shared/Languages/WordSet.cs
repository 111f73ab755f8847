namespace Stackmill.Shared.Languages;

/// <summary>A few words of ASCII, looked up in bytes without making strings.</summary>
internal sealed class WordSet
{
    private readonly byte[][][] _byLength;
    private readonly bool _anyCase;

    /// <summary>Makes a set.</summary>
    /// <param name="words">The words, separated by spaces; in lower case when case does not matter.</param>
    /// <param name="anyCase">Case does not matter.</param>
    public WordSet(string words, bool anyCase = false)
    {
        var bytes = words.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(System.Text.Encoding.ASCII.GetBytes).ToList();
        _byLength = [.. Enumerable.Range(0, bytes.Max(w => w.Length) + 1).Select(length => bytes.Where(w => w.Length == length).ToArray())];
        _anyCase = anyCase;
    }

    /// <summary>True when the word is in the set.</summary>
    public bool Contains(ReadOnlySpan<byte> word)
    {
        if (word.Length >= _byLength.Length)
            return false;
        foreach (var known in _byLength[word.Length])
        {
            if (_anyCase ? System.Text.Ascii.EqualsIgnoreCase(word, known) : word.SequenceEqual(known))
                return true;
        }

        return false;
    }
}
