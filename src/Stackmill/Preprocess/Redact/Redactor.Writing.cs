using System.Buffers;

namespace Stackmill.Preprocess.Redact;

/// <content>How the new text is written.</content>
internal sealed partial class Redactor
{
    // Fills the draft. Invented values have no marks, and what stands beside one may make something new with it, which the next look
    // would find: there a placeholder stands instead.
    private void RenderApart(ReadOnlySpan<byte> utf8, string language, string path)
    {
        _marked.Clear();
        for (int round = 1; ; round++)
        {
            _draft.ResetWrittenCount();
            _found.Clear();
            Render(utf8, _draft, _found);
            if (!_writer.CanJoin(_accepted) || _marked.Count == _accepted.Count)
                return;
            _new.Clear();
            _second ??= new Redactor(options) { _depth = _depth + 1 };
            _second.Find(_draft.WrittenSpan, language, _new, path);
            _new.RemoveAll(static m => m.Action == RedactionAction.Annotate);
            if (_new.Count == 0)
                return;
            Mark(round == MostRounds);
        }
    }

    // What was found in the text and in what was written of it, as one list: places in the text, and in what was written at last.
    private static void Compose(List<Match> first, List<Match> second, List<Match> matches)
    {
        int f = 0;
        int shift = 0;
        foreach (Match m in second)
        {
            int end = m.Start + m.Length;
            for (; f < first.Count && first[f].WrittenEnd <= m.Start; f++)
                matches.Add(first[f] with { PlaceholderStart = first[f].PlaceholderStart + shift });
            int start = f < first.Count && first[f].WrittenStart <= m.Start ? first[f].Start : m.Start + Back(first, f);
            while (f < first.Count && first[f].WrittenStart < end)
                f++;
            int last = f > 0 && first[f - 1].WrittenEnd > end ? first[f - 1].Start + first[f - 1].Length : end + Back(first, f);
            matches.Add(m with { Start = start, Length = last - start });
            shift += m.WrittenEnd - m.WrittenStart - m.Length;
        }
        for (; f < first.Count; f++)
            matches.Add(first[f] with { PlaceholderStart = first[f].PlaceholderStart + shift });
    }

    // From a place in what was written, behind so many finds, to the text.
    private static int Back(List<Match> first, int finds) => finds == 0 ? 0 : first[finds - 1].Start + first[finds - 1].Length - first[finds - 1].WrittenEnd;

    // The replacements near something new, or all of them.
    private void Mark(bool all)
    {
        int before = _marked.Count;
        for (int i = 0; i < _found.Count; i++)
        {
            (int start, int end) = (_found[i].PlaceholderStart - Neighbourhood, _found[i].PlaceholderStart + _found[i].PlaceholderLength + Neighbourhood);
            if (all || _new.Exists(m => m.Start < end && m.Start + m.Length > start))
                _marked.Add(_found[i].Start);
        }
        if (_marked.Count == before)
            _marked.UnionWith(_found.Select(m => m.Start));
    }

    private void Render(ReadOnlySpan<byte> utf8, ArrayBufferWriter<byte> output, List<Match> matches)
    {
        _numbers.Reset();
        int origin = output.WrittenCount;
        int copied = 0;
        foreach (Candidate candidate in _accepted)
        {
            output.Write(utf8[copied..candidate.Start]);
            int begin = output.WrittenCount;
            int start = begin;
            int length = candidate.Length;
            if (options.ActionOf(candidate.Rule.Kind) == RedactionAction.Annotate)
                output.Write(utf8[candidate.Start..candidate.End]);
            else
                Write(utf8, candidate, output, ref start, out length);
            matches.Add(Described(utf8, candidate, start - origin, length) with { Before = start - begin, After = output.WrittenCount - start - length });
            copied = candidate.End;
        }
        output.Write(utf8[copied..]);
    }

    private void Write(ReadOnlySpan<byte> text, Candidate candidate, ArrayBufferWriter<byte> output, ref int start, out int length)
    {
        ReadOnlySpan<byte> value = text[candidate.IdentityStart..candidate.IdentityEnd];
        bool marked = _marked.Contains(candidate.Start) || (options.Style == RedactionOptions.Fake && candidate.Rule.Kind != RedactionKind.UserPath && IsEscaped(text, candidate.Start));
        int number = candidate.Mode == ReplacementMode.Integer || marked || _writer.IsNumbered ? _numbers.Of(text, candidate.Rule.Kind, candidate.IdentityStart, candidate.IdentityEnd) : 0;
        if (candidate.Mode == ReplacementMode.Integer)
        {
            length = candidate.Length;
            WriteInteger(number, length, output);
            return;
        }
        if (candidate.Mode == ReplacementMode.Zeros)
        {
            length = candidate.Length;
            text[candidate.Start..candidate.End].CopyTo(output.GetSpan(length));
            Zeros.Write(output.GetSpan(length)[..length]);
            output.Advance(length);
            return;
        }
        if (candidate.Mode == ReplacementMode.Quoted)
        {
            output.Write("'"u8);
            start++;
        }
        _writer.Write(candidate.Rule, value, text[candidate.Start..candidate.End], number, marked, output);
        length = output.WrittenCount - start;
        if (candidate.Mode == ReplacementMode.Quoted)
            output.Write("'"u8);
        if (candidate.Mode == ReplacementMode.KeepLines)
        {
            for (int lines = text[candidate.Start..candidate.End].Count((byte)'\n'); lines > 0; lines--)
                output.Write("\n"u8);
        }
    }

    // CORP\jane@… : an invented value's first letter would make another escape of the backslash, or none that there is.
    private static bool IsEscaped(ReadOnlySpan<byte> text, int at)
    {
        int start = at;
        while (start > 0 && text[start - 1] == '\\')
            start--;
        return (at - start) % 2 != 0;
    }

    // A user's pattern may take anything, also what was put in a value's place.
    private static bool HoldsPlaceholder(in Candidate candidate, ReadOnlySpan<byte> text)
    {
        if (candidate.Rule.Anchor != RuleAnchor.Pattern)
            return false;
        for (int at = candidate.Start; at < candidate.End; at++)
        {
            int step = text[at..candidate.End].IndexOf((byte)'<');
            if (step < 0)
                return false;
            at += step;
            if (RedactionKinds.PlaceholderLength(text, at) > 0)
                return true;
        }
        return false;
    }

    private static bool IsOwnInteger(ReadOnlySpan<byte> digits) => digits[0] == '1' && digits[1..(digits.Length - 4)].IndexOfAnyExcept((byte)'0') < 0;

    /// <summary>A one, zeros, and the number: no card scheme begins with 1, so no rule matches it.</summary>
    private static void WriteInteger(int number, int length, ArrayBufferWriter<byte> output)
    {
        Span<byte> digits = output.GetSpan(length)[..length];
        digits.Fill((byte)'0');
        digits[0] = (byte)'1';
        for (int i = length - 1; i > 0 && number > 0; i--, number /= 10)
            digits[i] = (byte)('0' + (number % 10));
        output.Advance(length);
    }
}
