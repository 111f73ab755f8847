using System.Collections.Frozen;
using System.Text;

namespace Stackmill.Shared.Licenses;

/// <summary>Hashes of words, and which spellings of a word are the same (SPDX License List Matching Guidelines, equivalent words).</summary>
internal static class WordSpelling
{
    /// <summary>Hash of no letters (FNV-1a).</summary>
    public const uint Seed = 2166136261;

    // Unusual spelling first.
    private static readonly string[] Pairs =
    [
        "acknowledgement acknowledgment", "acknowledgements acknowledgments", "analogue analog", "analyse analyze", "artefact artifact", "authorisation authorization",
        "authorised authorized", "calibre caliber", "cancelled canceled", "capitalisations capitalizations", "catalogue catalog", "categorise categorize",
        "centre center", "emphasised emphasized", "favour favor", "favourite favorite", "fulfil fulfill", "fulfilment fulfillment", "https http",
        "initialise initialize", "judgement judgment", "labelling labeling", "labour labor", "licence license", "licences licenses", "licenced licensed",
        "licencing licensing", "maximise maximize", "modelled modeled", "modelling modeling", "offence offense", "optimise optimize", "organisation organization",
        "organisations organizations", "organise organize", "practise practice", "programme program", "realise realize", "recognise recognize", "signalling signaling",
        "sublicence sublicense", "sublicences sublicenses", "utilisation utilization", "whilst while", "wilful willful", "owner holder", "owners holders",
        "noninfringement infringement",
    ];

    private static readonly FrozenDictionary<uint, uint> ToUsual = Pairs.Select(p => p.Split(' ')).ToFrozenDictionary(p => Raw(p[0]), p => Raw(p[1]));

    private static readonly uint Dnl = Raw("dnl");
    private static readonly uint Rem = Raw("rem");

    /// <summary>Adds one byte to a hash.</summary>
    public static uint Add(uint hash, byte value) => (hash ^ value) * 16777619;

    // One bit in sixteen or so is set: most words are not looked up.
    private static readonly bool[] MayBeUnusual = Unusual();

    private static readonly byte[] LetterTable = [.. Enumerable.Range(0, 256).Select(b => b >= 0x80 ? (byte)b : char.IsAsciiLetterOrDigit((char)b) ? (byte)char.ToLowerInvariant((char)b) : (byte)0)];

    /// <summary>For each byte the letter or digit that it is, in lower case; itself when it is not ASCII; 0 for all else.</summary>
    public static ReadOnlySpan<byte> Letters => LetterTable;

    /// <summary>The hash of the usual spelling.</summary>
    public static uint Usual(uint hash) => MayBeUnusual[hash >> 22] ? ToUsual.GetValueOrDefault(hash, hash) : hash;

    /// <summary>True for the words that comments begin with in M4 and in batch files and BASIC.</summary>
    public static bool IsCommentWord(uint hash) => hash == Dnl || hash == Rem;

    private static bool[] Unusual()
    {
        var bits = new bool[1 << 10];
        foreach (var hash in ToUsual.Keys)
            bits[hash >> 22] = true;
        return bits;
    }

    private static uint Raw(string word) => Encoding.ASCII.GetBytes(word).Aggregate(Seed, Add);
}
