namespace Stackmill.Preprocess.Tokenize;

/// <summary>
/// What the splitting patterns of tiktoken tell apart. Every Unicode scalar value is in exactly one class,
/// so a character set of a pattern is a union of these.
/// </summary>
[Flags]
internal enum CharClass : byte
{
    /// <summary>Lu and Lt.</summary>
    Upper = 1,

    /// <summary>Ll.</summary>
    Lower = 2,

    /// <summary>Lm and Lo: letters that o200k_base lets stand on either side of a case change.</summary>
    Caseless = 4,

    /// <summary>Mn, Mc and Me.</summary>
    Mark = 8,

    /// <summary>Nd, Nl and No.</summary>
    Number = 16,

    /// <summary>Carriage return and line feed.</summary>
    Newline = 32,

    /// <summary>White space other than <see cref="Newline"/>.</summary>
    Space = 64,

    /// <summary>Everything else, and each byte that isn't part of valid UTF-8.</summary>
    Symbol = 128,

    /// <summary><c>\p{L}</c></summary>
    Letter = Upper | Lower | Caseless,

    /// <summary><c>\s</c></summary>
    WhiteSpace = Newline | Space,

    /// <summary><c>[^\s\p{L}\p{N}]</c></summary>
    SymbolRun = Symbol | Mark,

    /// <summary><c>[^\r\n\p{L}\p{N}]</c>, the one character that may precede a word and belong to it.</summary>
    WordPrefix = Symbol | Mark | Space,

    /// <summary><c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]</c></summary>
    UpperRun = Upper | Caseless | Mark,

    /// <summary><c>[\p{Ll}\p{Lm}\p{Lo}\p{M}]</c></summary>
    LowerRun = Lower | Caseless | Mark,
}
