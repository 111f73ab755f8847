using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Stackmill.Shared.Languages;
using Stackmill.Shared.Lexing;

namespace Stackmill.Deduplicate;

/// <summary>
/// The words of a language that are no identifiers, found by the hash that a token has anyway. The words are those of <c>keywords.tsv</c>; a
/// programming language that the lexer knows and the table doesn't has the words of all others. Immutable: one may serve all workers.
/// </summary>
internal sealed class Keywords
{
    /// <summary>Longest keyword, in bytes: longer words of code are identifiers without a look at the table.</summary>
    public const int Longest = 16;

    /// <summary>What every blanked identifier hashes to: the hash of two blanks, which no token is.</summary>
    public static readonly ulong BlankHash = StableHash.Token("  "u8);

    // Letters without their case; other bytes of words stay distinct from one another and from every keyword's.
    private const ulong AnyCase = 0x2020_2020_2020_2020;

    private static readonly Dictionary<string, string> Rows = ReadRows();
    private static readonly FrozenDictionary<string, Keywords> ByLanguage = Build();

    private readonly ulong _fold;
    private readonly int _shift;
    private readonly ulong[] _slots;

    private Keywords(IReadOnlyCollection<string> words, bool anyCase)
    {
        (Words, _fold) = (words, anyCase ? AnyCase : 0);
        var hashes = words.Select(w => Encoding.ASCII.GetBytes(w)).Select(w => Hash(w)).ToHashSet();
        (_slots, _shift) = Place(hashes);
    }

    /// <summary>The keywords.</summary>
    public IReadOnlyCollection<string> Words { get; }

    /// <summary>True when <c>IF</c> is <c>if</c>.</summary>
    public bool IsAnyCase => _fold != 0;

    /// <summary>All languages in which identifiers are blanked.</summary>
    public static IEnumerable<string> Languages => ByLanguage.Keys;

    /// <summary>The languages that the table names, with those whose words are commands and instructions, so that none is an identifier.</summary>
    internal static IEnumerable<string> Named => Rows.Keys;

    /// <summary>The keywords of a language by linguist's name; <c>null</c> when its words are no identifiers, or nothing tells its code from its comments and strings.</summary>
    public static Keywords? Of(string language) => ByLanguage.GetValueOrDefault(language);

    /// <summary>The hash of a token of code, or of the blank that it becomes.</summary>
    /// <param name="hash">The token's hash.</param>
    /// <param name="low">Its first eight bytes, padded with zeros.</param>
    /// <param name="high">Its next eight bytes.</param>
    /// <param name="word">1 when it is a word of code, 0 when it stays what it is.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Blank(ulong hash, ulong low, ulong high, ulong word)
    {
        ulong key = _fold == 0 ? hash : StableHash.ShortToken(low | _fold, high | _fold);
        ulong digit = (byte)((byte)low - '0') < 10 ? 1UL : 0;
        // No branch: which words are keywords, no processor foresees.
        ulong blank = word & ~(digit | Contains(key));
        return hash ^ ((hash ^ BlankHash) & (0 - blank));
    }

    /// <summary>Whether a token of code is an identifier: a word that is neither a number nor a keyword.</summary>
    public bool IsIdentifier(ReadOnlySpan<byte> token) =>
        LexicalBytes.IsWord(token[0]) && token[0] is not (>= (byte)'0' and <= (byte)'9') && (token.Length > Longest || Contains(Hash(token)) == 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Contains(ulong key)
    {
        // Two to a bucket, and as many buckets as there are pairs of slots.
        nuint bucket = (nuint)(key >> _shift) & (nuint)(_slots.Length - 2);
        ref ulong first = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_slots), bucket);
        return (first == key ? 1UL : 0) | (Unsafe.Add(ref first, 1) == key ? 1UL : 0);
    }

    private ulong Hash(ReadOnlySpan<byte> word)
    {
        (ulong low, ulong high) = StableHash.PaddedWords(word);
        return StableHash.ShortToken(low | _fold, high | _fold);
    }

    // As few slots as some bits of the hashes fit into: a small table stays in the first-level cache.
    private static (ulong[] Slots, int Shift) Place(HashSet<ulong> hashes)
    {
        for (int length = 64; ; length *= 2)
        {
            for (int shift = 0; shift < 52; shift++)
            {
                var slots = new ulong[length];
                if (hashes.All(h => TryPlace(slots, h, (int)(h >> shift) & (length - 2))))
                    return (slots, shift);
            }
        }
    }

    private static bool TryPlace(ulong[] slots, ulong hash, int bucket)
    {
        int free = slots[bucket] == 0 ? bucket : bucket + 1;
        if (slots[free] != 0)
            return false;
        slots[free] = hash;
        return true;
    }

    private static Dictionary<string, string> ReadRows()
    {
        using var resource = typeof(Keywords).Assembly.GetManifestResourceStream("Stackmill.keywords.tsv")!;
        using var reader = new StreamReader(resource);
        var rows = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var (names, words) = line.Split('\t') is [var n, var w] ? (n, w) : throw new FormatException($"keywords.tsv: '{line}' has no two columns.");
            foreach (var name in names.Split('|'))
                rows.Add(name, words);
        }

        return rows;
    }

    private static FrozenDictionary<string, Keywords> Build()
    {
        var tables = new Dictionary<string, Keywords>(StringComparer.OrdinalIgnoreCase);
        var byRow = new Dictionary<string, Keywords>(StringComparer.Ordinal);
        foreach (var (name, words) in Rows.Where(r => r.Value != "-"))
        {
            if (!byRow.TryGetValue(words, out var table))
                byRow[words] = table = new Keywords(Expand(words), words[0] == '*');
            tables[name] = table;
        }

        var all = new Keywords([.. byRow.Values.Where(k => !k.IsAnyCase).SelectMany(k => k.Words).Distinct().Order(StringComparer.Ordinal)], anyCase: false);
        foreach (var language in LanguageTable.Entries.Where(l => l.Type == "programming" && SyntaxTable.Find(l.Name) is not null && !Rows.ContainsKey(l.Name)))
            tables[language.Name] = all;
        return tables.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    // @C stands for the words of C, * for words that count in any case.
    private static HashSet<string> Expand(string row)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in row.Split(' ').Where(w => w != "*"))
            words.UnionWith(word[0] == '@' ? Expand(Rows[word[1..]]) : [word]);
        return words;
    }
}
