using System.Buffers;
using Stackmill.Shared.Lexing;

namespace Stackmill.Preprocess.Redact;

/// <summary>
/// Replaces personal data and secrets in UTF-8 text by numbered placeholders (<c>&lt;EMAIL_1&gt;</c>, <c>&lt;KEY_2&gt;</c> …); the same value has the same
/// number. In code outside comments and strings nothing is touched but coordinates, which become zero, and integers that are card numbers, which become
/// <c>1000000000000001</c> and so on, and bare words of shells, whose placeholder gets quotes. In markup the placeholder stands
/// as it is, though it looks like a tag. Redacting a redacted text changes nothing. Linear in the length of the text.
/// One per worker: it keeps its scratch between texts, never a value.
/// </summary>
internal sealed partial class Redactor(RedactionOptions options)
{
    // A replacement changes what rules see around it; none but those of keys, whose whole stretch is looked at again, look further.
    private const int Neighbourhood = 512;

    // Of giving placeholders to single places; then all have them.
    private const int MostRounds = 3;

    // Of looks at what was written; one is enough but for inputs that are made to need more.
    private const int MostDepth = 8;

    // A one, zeros and a number of up to four digits take this many.
    private const int LeastInteger = 9;

    private readonly CandidateFinder _finder = new(options);
    private readonly ReplacementWriter _writer = new(options);
    private readonly CandidateSink _sink = new(options);
    private readonly ContextMap _contexts = new();
    private readonly PlaceholderNumbers _numbers = new();
    private readonly List<Candidate> _accepted = [];
    private readonly List<(int Start, int End)> _touched = [];
    private readonly HashSet<int> _marked = [];
    private readonly ArrayBufferWriter<byte> _draft = new();
    private readonly ArrayBufferWriter<byte> _again = new();
    private readonly List<Match> _found = [];
    private readonly List<Match> _new = [];
    private byte[] _masked = [];
    private Redactor? _second;
    private int _depth;

    /// <summary>Work done so far over all texts, in bytes and decisions; for the linearity tests.</summary>
    internal long Steps => _sink.Steps + _contexts.Steps;

    /// <summary>
    /// Writes <paramref name="utf8"/> with everything replaced to <paramref name="output"/> and adds what was found to <paramref name="matches"/>, in order.
    /// Returns false and writes nothing when nothing is to be replaced.
    /// </summary>
    /// <param name="utf8">The text.</param>
    /// <param name="language">Linguist's name; empty or unknown means that all of it is text.</param>
    /// <param name="output">Where the new text goes, after what is there already.</param>
    /// <param name="matches">Placeholder offsets count from where this text begins in the output; what is only annotated is its own placeholder.</param>
    /// <param name="path">Path of the file, for users' rules and allow-lists.</param>
    public bool Redact(ReadOnlySpan<byte> utf8, string language, ArrayBufferWriter<byte> output, List<Match> matches, string path = "")
    {
        if (!Collect(utf8, language, path))
            return false;
        if (_accepted.TrueForAll(c => options.ActionOf(c.Rule.Kind) == RedactionAction.Annotate))
        {
            foreach (Candidate candidate in _accepted)
                matches.Add(Described(utf8, candidate, candidate.Start, candidate.Length));
            return false;
        }
        RenderApart(utf8, language, path);
        // A rule may judge by what stands around, and that is another now: what a second look finds is replaced as well, so that nothing is left to find.
        _second ??= new Redactor(options) { _depth = _depth + 1 };
        _again.ResetWrittenCount();
        _new.Clear();
        if (_depth < MostDepth && _second.Redact(_draft.WrittenSpan, language, _again, _new, path))
        {
            Compose(_found, _new, matches);
            output.Write(_again.WrittenSpan);
        }
        else
        {
            matches.AddRange(_found);
            output.Write(_draft.WrittenSpan);
        }
        _draft.Clear();
        _again.Clear();
        return true;
    }

    /// <summary>Adds what <see cref="Redact"/> would find to <paramref name="matches"/>, in order, without writing.</summary>
    public void Find(ReadOnlySpan<byte> utf8, string language, List<Match> matches, string path = "")
    {
        if (!Collect(utf8, language, path))
            return;
        foreach (Candidate candidate in _accepted)
            matches.Add(Described(utf8, candidate, 0, 0));
    }

    private Match Described(ReadOnlySpan<byte> text, in Candidate candidate, int placeholderStart, int placeholderLength) =>
        new(RedactionKinds.Name(candidate.Rule.Kind), candidate.Rule.Id, candidate.Start, candidate.Length, placeholderStart, placeholderLength)
        {
            Confidence = candidate.Rule.Confidence,
            Hash = _writer.Record(candidate.Rule.Kind, text[candidate.IdentityStart..candidate.IdentityEnd]),
            Action = options.ActionOf(candidate.Rule.Kind),
        };

    /// <summary>
    /// Fills <see cref="_accepted"/>. Where overlapping candidates left a rest that is itself a find beside the replaced stretch, that is
    /// found by looking again at the neighbourhood with the replaced stretches masked, until nothing is new.
    /// </summary>
    private bool Collect(ReadOnlySpan<byte> text, string language, string path)
    {
        _finder.Path = path;
        _accepted.Clear();
        _sink.Candidates.Clear();
        _finder.Find(text, 0, text.Length, _sink);
        if (_sink.Candidates.Count == 0)
            return false;
        _contexts.Load(text, language);
        if (_masked.Length < text.Length)
            _masked = new byte[Math.Max(text.Length, Math.Min(2 * _masked.Length, Array.MaxLength))];
        Span<byte> masked = _masked.AsSpan(0, text.Length);
        text.CopyTo(masked);
        while (AcceptRound(text, masked))
        {
            _sink.Candidates.Clear();
            foreach ((int start, int end) in Neighbourhoods(text.Length))
                _finder.Find(masked, start, end, _sink);
        }
        masked.Clear();
        _accepted.Sort(static (a, b) => a.Start.CompareTo(b.Start));
        return _accepted.Count > 0;
    }

    /// <summary>Takes what fits of the candidates, the most specific first, then the longest, then the leftmost; false when none did.</summary>
    private bool AcceptRound(ReadOnlySpan<byte> text, Span<byte> masked)
    {
        List<Candidate> candidates = _sink.Candidates;
        RemoveContained(text, candidates);
        candidates.Sort(static (a, b) =>
        {
            int order = b.Rule.Specificity.CompareTo(a.Rule.Specificity);
            if (order == 0)
                order = b.Length.CompareTo(a.Length);
            if (order == 0)
                order = a.Start.CompareTo(b.Start);
            return order != 0 ? order : string.CompareOrdinal(a.Rule.Id, b.Rule.Id);
        });
        _touched.Clear();
        int before = _accepted.Count;
        foreach (Candidate candidate in candidates)
        {
            if (!TryPlace(text, candidate, out Candidate placed))
                continue;
            _touched.Add((candidate.Start, candidate.End));
            Span<byte> stretch = masked[candidate.Start..candidate.End];
            if (!stretch.SequenceEqual(text[candidate.Start..candidate.End]))
                continue;
            Mask(stretch, placed.Mode);
            _accepted.Add(placed);
        }
        return _accepted.Count > before;
    }

    private bool TryPlace(ReadOnlySpan<byte> text, Candidate candidate, out Candidate placed)
    {
        placed = candidate;
        if (FakeValues.IsOwn(candidate.Rule.Kind, text[candidate.Start..candidate.End]) || HoldsPlaceholder(candidate, text) || _finder.IsAllowed(candidate, text))
            return false;
        if (_contexts.Of(candidate.Start, candidate.End) != LexicalContext.Code)
            return true;
        ReadOnlySpan<byte> value = text[candidate.Start..candidate.End];
        if (_contexts.Syntax!.Has(SyntaxTraits.BareWords) && value.IndexOf((byte)'\n') < 0)
        {
            placed = candidate with { Mode = ReplacementMode.Quoted };
            return true;
        }
        if (candidate.Rule.Kind == RedactionKind.Location)
        {
            placed = candidate with { Mode = ReplacementMode.Zeros };
            return Zeros.Fits(value);
        }
        placed = candidate with { Mode = ReplacementMode.Integer };
        return candidate.Rule.Kind is RedactionKind.CreditCard or RedactionKind.NationalId && value.Length >= LeastInteger && value.IndexOfAnyExcept(DigitScan.Digits) < 0 && !IsOwnInteger(value);
    }

    private static void Mask(Span<byte> stretch, ReplacementMode mode)
    {
        if (mode == ReplacementMode.Integer)
        {
            stretch.Fill((byte)'0');
            stretch[0] = (byte)'1';
            return;
        }
        if (mode == ReplacementMode.Zeros)
        {
            Zeros.Write(stretch);
            return;
        }
        // What follows has to see the same bytes before it as in the new text: the placeholder's end, or the line ends after that.
        int lines = mode == ReplacementMode.KeepLines ? Math.Min(stretch.Count((byte)'\n'), stretch.Length - 1) : 0;
        stretch.Fill((byte)'<');
        stretch[^lines..].Fill((byte)'\n');
        stretch[^(lines + 1)] = (byte)'>';
        if (mode != ReplacementMode.Quoted)
            return;
        stretch[0] = stretch[^1] = (byte)'\'';
        if (stretch.Length > 2)
            stretch[^2] = (byte)'>';
    }

    private IEnumerable<(int Start, int End)> Neighbourhoods(int length)
    {
        _touched.Sort();
        int start = 0;
        int end = 0;
        foreach ((int from, int to) in _touched)
        {
            if (from - Neighbourhood > end)
            {
                if (end > start)
                    yield return (start, end);
                start = from - Neighbourhood;
            }
            end = Math.Max(end, Math.Min(length, to + Neighbourhood));
        }
        if (end > start)
            yield return (start, end);
    }
}
