using System.Runtime.Intrinsics;

namespace Stackmill.Preprocess.Tokenize;

/// <summary>
/// Cuts text into the pieces that merges never cross, as the regular expression of one encoding does.
/// Static members on structs, so that the tokenizer's loop is compiled once per encoding with the calls inlined.
/// </summary>
internal interface ISplitter
{
    /// <summary>End of the piece that starts at <paramref name="start"/>: greater than it, at most the text's length.</summary>
    public static abstract int Next(ReadOnlySpan<byte> text, int start);

    /// <summary>
    /// Length of the piece at the start of 16 bytes of text when it is an ASCII word of at most 15 bytes whose end is
    /// certain from these bytes alone; 0 when it isn't, and <see cref="Next"/> has to decide.
    /// </summary>
    public static abstract int AsciiWord(Vector128<byte> head);
}
