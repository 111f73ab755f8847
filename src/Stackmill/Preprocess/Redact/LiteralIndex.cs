using System.Buffers;
using System.Text;

namespace Stackmill.Preprocess.Redact;

/// <summary>
/// Searches for the literals of all rules at once. <see cref="SearchValues{T}"/> of strings (vectorised for up to 80) knows characters only, so
/// the bytes are widened piece by piece as Latin-1: one byte is one character, and offsets stay the same.
/// </summary>
internal sealed class LiteralIndex
{
    private const int Piece = 8192;
    private const int MostLiterals = 64;

    private readonly SearchValues<string>[] _sets;
    private readonly Dictionary<int, (byte[] Literal, Rule Rule)[]> _byPrefix;
    private readonly bool _anyCase;
    private readonly int _longest;
    private readonly char[] _wide;

    /// <param name="rules">Rules whose literals are searched for.</param>
    /// <param name="anyCase">True to find them in any case.</param>
    /// <exception cref="ArgumentException">A literal has fewer than three bytes.</exception>
    public LiteralIndex(IEnumerable<Rule> rules, bool anyCase)
    {
        _anyCase = anyCase;
        List<(byte[] Literal, Rule Rule)> entries = [.. rules.SelectMany(r => r.Literals.Select(l => (Encoding.ASCII.GetBytes(anyCase ? l.ToLowerInvariant() : l), r)))];
        if (entries.Find(e => e.Literal.Length < 3) is { Rule: { } tooShort })
            throw new ArgumentException($"Rule {tooShort.Id} has a literal of fewer than three bytes; searching for it would stop everywhere.", nameof(rules));
        _longest = entries.Count == 0 ? 0 : entries.Max(e => e.Literal.Length);
        _wide = new char[Piece + _longest];
        _byPrefix = entries.GroupBy(e => Prefix(e.Literal, 0)).ToDictionary(g => g.Key, g => g.ToArray());
        StringComparison comparison = anyCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        _sets = [.. entries.Select(e => Encoding.ASCII.GetString(e.Literal)).Distinct().Chunk(MostLiterals).Select(c => SearchValues.Create(c, comparison))];
    }

    /// <summary>Runs the rules whose literal begins in [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public void Find(ReadOnlySpan<byte> text, int from, int to, CandidateSink sink)
    {
        for (int start = from; start < to; start += Piece)
        {
            int begins = Math.Min(Piece, to - start);
            int length = Math.Min(begins + _longest, text.Length - start);
            Encoding.Latin1.GetChars(text.Slice(start, length), _wide);
            foreach (SearchValues<string> set in _sets)
            {
                int at = 0;
                while (at < begins)
                {
                    int step = _wide.AsSpan(at, length - at).IndexOfAny(set);
                    if (step < 0 || at + step >= begins)
                        break;
                    at += step;
                    Dispatch(text, start + at, sink);
                    at++;
                }
            }
        }
    }

    private void Dispatch(ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        sink.Count(1);
        if (!_byPrefix.TryGetValue(Prefix(text, at), out (byte[] Literal, Rule Rule)[]? entries))
            return;
        foreach ((byte[] literal, Rule rule) in entries)
        {
            ReadOnlySpan<byte> here = text.Slice(at, Math.Min(literal.Length, text.Length - at));
            if (_anyCase ? Ascii.EqualsIgnoreCase(here, literal) : here.SequenceEqual(literal))
                rule.Match(rule, text, at, sink);
        }
    }

    private int Prefix(ReadOnlySpan<byte> text, int at)
    {
        int prefix = 0;
        for (int i = at; i < at + 3; i++)
        {
            byte b = text[i];
            prefix = (prefix << 8) | (_anyCase && b is >= (byte)'A' and <= (byte)'Z' ? b | 0x20 : b);
        }
        return prefix;
    }
}
