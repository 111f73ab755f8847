using System.Text;

namespace Stackmill.Shared.Licenses;

/// <summary>
/// Recognises licences in a file: tags, statements that name a licence, and texts. One object serves one thread. Most source files are
/// refused by vector searches for the few words without which there is no licence; time is linear in the length, memory is bounded by
/// the part of a file that is looked at.
/// </summary>
internal sealed class LicenseDetector
{
    // Licences of source files stand at their begin, now and then at their end.
    private const int Head = 32 << 10;
    private const int Tail = 8 << 10;
    private const int MostOfLicenseFile = 1 << 20;

    // From a word that only licences have to the begin and end of the licence.
    private const int Before = 2 << 10;
    private const int After = 4 << 10;

    // Words around a licence in a source file that are looked at for restrictions.
    private const int Near = 60;
    private const int Across = 6;

    // Words without which nothing is said of rights, and how many make terms of their own.
    private const int FewestOfTerms = 15;
    private const int MostOfPointer = 60;

    // Words of a contract, and how many of them are such as only contracts have.
    private const int FewestOfContract = 80;
    private const int FewestBinding = 4;

    private static readonly HashSet<uint> Terms = [.. "license licensed licensee licensor permission permitted rights agreement terms granted grants warranty restrictions copying distribute use".Split(' ').Select(LicenseWords.HashOf)];

    private readonly LicenseWords _words = new();
    private readonly List<LicenseMatch> _found = [];
    private TextMatcher? _matcher;
    private bool[] _inFile = [];
    private bool[] _inText = [];

    /// <summary>The licences of a source file's own header, in the order of their begin.</summary>
    /// <param name="content">The file.</param>
    public IReadOnlyList<LicenseMatch> OfSource(ReadOnlySpan<byte> content)
    {
        if (content.Length <= Head + Tail)
            return Part(content, 0, content.Length, []);
        return Part(content, content.Length - Tail, content.Length, Part(content, 0, Head, []));
    }

    /// <summary>The licences of a file that by its name holds licences; <see cref="LicenseRefs.Unknown"/> for terms that are not known.</summary>
    /// <param name="content">The file.</param>
    public IReadOnlyList<LicenseMatch> OfLicenseFile(ReadOnlySpan<byte> content)
    {
        var utf8 = Utf8(content);
        return Look(utf8, 0, Math.Min(utf8.Length, MostOfLicenseFile), isLicenseFile: true);
    }

    private IReadOnlyList<LicenseMatch> Part(ReadOnlySpan<byte> content, int from, int to, IReadOnlyList<LicenseMatch> before)
    {
        if (!LicenseAnchors.Span(content[from..to], out var first, out var last))
            return before;
        var found = Look(content, Math.Max(from, from + first - Before), Math.Min(to, from + last + After), isLicenseFile: false);
        return before.Count == 0 ? found : [.. before, .. found];
    }

    // UTF-16 with its mark, as some editors of Windows write; all else is looked at as it is.
    private static ReadOnlySpan<byte> Utf8(ReadOnlySpan<byte> content)
    {
        if (content.Length is < 2 or > MostOfLicenseFile * 2)
            return content;
        return (content[0], content[1]) switch
        {
            (0xFF, 0xFE) => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(content[2..])),
            (0xFE, 0xFF) => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(content[2..])),
            _ => content,
        };
    }

    private List<LicenseMatch> Look(ReadOnlySpan<byte> text, int from, int to, bool isLicenseFile)
    {
        _words.Read(text, from, to);
        _found.Clear();
        LicenseTags.Find(text, from, to, _words, _found);
        LicenseStatements.Find(text[..to], _words, isLicenseFile, _found);
        _matcher ??= new TextMatcher(LicenseIndex.Shared);
        var texts = _matcher.Find(_words);
        RemoveQuoted(texts);
        foreach (var match in texts)
            AddText(match, texts);
        if (isLicenseFile)
            CompleteLicenseFile(text[..to], from, texts);
        Restrict(texts, isLicenseFile);
        return Sorted();
    }

    // What a licence's own text says of how to apply it, or of other licences, is no statement.
    private void RemoveQuoted(List<TextMatch> texts)
    {
        foreach (var match in texts)
        {
            if (LicenseIndex.Shared.Texts[match.Text].IsException)
                continue;
            var (start, end) = (_words.Starts[match.Start], _words.Ends[match.End - 1]);
            _found.RemoveAll(f => f.Start >= start && f.End <= end);
        }
    }

    private void AddText(in TextMatch match, List<TextMatch> texts)
    {
        var text = LicenseIndex.Shared.Texts[match.Text];
        var id = text.Ids[0];
        if (text.IsPermissive && match.Score < 1)
        {
            var inFile = Marks(ref _inFile, match.End - match.Start);
            var inText = Marks(ref _inText, text.Words.Length);
            _matcher!.Mark(match, inFile, inText);
            foreach (var other in texts)
            {
                if (other != match && other.Start < match.End && other.End > match.Start)
                    inFile[(Math.Max(other.Start, match.Start) - match.Start)..(Math.Min(other.End, match.End) - match.Start)].Fill(true);
            }

            if (LicenseRestrictions.Changed(_words.Hashes[match.Start..match.End], _words.Marks[match.Start..match.End], inFile, text, inText))
                id = LicenseRefs.Modified(id);
            else if (DeniesAtItsEnds(match, inText))
                id = LicenseRefs.Modified(id);
        }

        var start = _words.Starts[match.Start];
        _found.Add(new LicenseMatch(id, Math.Round(match.Score, 4), start, _words.Ends[match.End - 1] - start));
    }

    // A word put among the first or last ones of a text parts them from it; so many words beside it are looked at as are missing, and one.
    private bool DeniesAtItsEnds(in TextMatch match, ReadOnlySpan<bool> inText)
    {
        var (first, last) = (inText.IndexOf(true), inText.Length - 1 - inText.LastIndexOf(true));
        return (first is > 0 and <= Across && LicenseRestrictions.Denies(_words.Hashes[Math.Max(0, match.Start - first - 1)..match.Start]))
            || (last is > 0 and <= Across && LicenseRestrictions.Denies(_words.Hashes[match.End..Math.Min(_words.Count, match.End + last + 1)]));
    }

    private static Span<bool> Marks(ref bool[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new bool[length * 2];
        var marks = buffer.AsSpan(0, length);
        marks.Clear();
        return marks;
    }

    // A file that is there to hold a licence, and holds none that is known, may only name one; else its terms are unknown.
    private void CompleteLicenseFile(ReadOnlySpan<byte> text, int from, List<TextMatch> texts)
    {
        if (_found.Count > 0)
        {
            AddOtherTerms(texts);
            return;
        }

        var (plain, hasTerms) = (0, false);
        for (var i = 0; i < _words.Count; i++)
        {
            if ((_words.Marks[i] & WordMarks.Copyright) != 0)
                continue;
            plain++;
            hasTerms |= Terms.Contains(_words.Hashes[i]);
        }

        if (plain < MostOfPointer && LicenseTitles.Find(text, from, _words) is { Count: > 0 } named)
            _found.AddRange(named);
        // "Under either of the licences in LICENSE.APACHE and LICENSE.BSD": those are heard themselves.
        else if (plain < MostOfPointer && LicenseTitles.PointsToFiles(text[from..]))
            return;
        else if (plain >= FewestOfTerms && hasTerms && texts.Count == 0)
            _found.Add(new LicenseMatch(LicenseRefs.Unknown, 0, _words.Starts[0], _words.Ends[^1] - _words.Starts[0]));
    }

    // A contract of its own beside a known licence, such as one for the program before those of its parts.
    private void AddOtherTerms(List<TextMatch> texts)
    {
        var at = 0;
        foreach (var match in texts)
        {
            AddOtherTerms(at, match.Start);
            at = Math.Max(at, match.End);
        }

        AddOtherTerms(at, _words.Count);
    }

    private void AddOtherTerms(int from, int to)
    {
        if (to - from < FewestOfContract || LicenseRestrictions.Binding(_words.Hashes[from..to]) < FewestBinding)
            return;
        _found.Add(new LicenseMatch(LicenseRefs.Unknown, 0, _words.Starts[from], _words.Ends[to - 1] - _words.Starts[from]));
    }

    // Restrictions that stand beside a permissive licence: in a licence file anywhere, in a source file near it.
    private void Restrict(List<TextMatch> texts, bool isLicenseFile)
    {
        if (!_found.Exists(f => LicenseTypes.IsPermissive(f.Id)))
            return;
        var hashes = _words.Hashes;
        var starts = _words.Starts;
        if (LicenseRestrictions.CommonsClause(hashes) is >= 0 and var clause && (isLicenseFile || IsNearFound(starts[clause])))
        {
            var end = _words.Ends[clause + 1];
            _found.RemoveAll(f => LicenseTypes.IsPermissive(f.Id));
            _found.Add(new LicenseMatch(LicenseRefs.CommonsClause, 1, starts[clause], end - starts[clause]));
            return;
        }

        var at = 0;
        foreach (var match in texts)
        {
            CheckBetween(at, match.Start, isLicenseFile);
            at = Math.Max(at, match.End);
        }

        CheckBetween(at, hashes.Length, isLicenseFile);
    }

    private void CheckBetween(int from, int to, bool isLicenseFile)
    {
        if (to <= from)
            return;
        // "may not be used" may be the licence's last words, and "for commercial purposes" what somebody added.
        (from, to) = (Math.Max(0, from - Across), Math.Min(_words.Count, to + Across));
        if (isLicenseFile)
        {
            if (LicenseRestrictions.Restricts(_words.Hashes[from..to]))
                ModifyAll();
            return;
        }

        for (var i = 0; i < _found.Count; i++)
        {
            var found = _found[i];
            if (!LicenseTypes.IsPermissive(found.Id))
                continue;
            var first = WordAt(found.Start);
            var last = WordAt(found.End);
            var (a, b) = (Math.Max(from, first - Near), Math.Min(to, last + Near));
            if (b > a && LicenseRestrictions.Restricts(_words.Hashes[a..b]))
                _found[i] = found with { Id = LicenseRefs.Modified(found.Id) };
        }
    }

    private void ModifyAll()
    {
        for (var i = 0; i < _found.Count; i++)
        {
            if (LicenseTypes.IsPermissive(_found[i].Id))
                _found[i] = _found[i] with { Id = LicenseRefs.Modified(_found[i].Id) };
        }
    }

    private bool IsNearFound(int start)
    {
        const int Bytes = Near * 8;
        return _found.Exists(f => f.Start - Bytes <= start && start <= f.End + Bytes);
    }

    private int WordAt(int place)
    {
        var at = _words.Starts.BinarySearch(place);
        return at < 0 ? ~at : at;
    }

    private List<LicenseMatch> Sorted()
    {
        var sorted = _found.OrderBy(f => f.Start).ThenByDescending(f => f.Length).ThenBy(f => f.Id, StringComparer.Ordinal).ToList();
        var kept = new List<LicenseMatch>(sorted.Count);
        foreach (var match in sorted)
        {
            // A tag is a statement too: "License: MIT License".
            if (!kept.Exists(k => k.Id == match.Id && match.Start < k.End && k.Start < match.End))
                kept.Add(match);
        }

        return kept;
    }
}
