using Stackmill.Preprocess.Measure;
using Stackmill.Shared.Lexing;

namespace Stackmill.Preprocess;

/// <summary>
/// What measures and quality rules both ask of a text, worked out once for each. A text is known by its place in memory, so the holder of
/// the memory says when it is used again. One per worker.
/// </summary>
/// <param name="countTokens">Counts a text's tokens; <c>null</c> when tokens are not counted.</param>
internal sealed class TextFacts(Func<ReadOnlyMemory<byte>, int>? countTokens)
{
    private (ReadOnlyMemory<byte> Text, int Tokens)? _counted;
    private (ReadOnlyMemory<byte> Text, TextMeasures Measures)? _measured;
    private (ReadOnlyMemory<byte> Text, string Language)? _lexed;

    /// <summary>The lexer that has the text of the last <see cref="Lexed"/>.</summary>
    public Lexer Lexer { get; } = new();

    /// <summary>True when tokens are counted.</summary>
    public bool CountsTokens => countTokens is not null;

    /// <summary>Forgets the texts: their memory is used again.</summary>
    public void Reset() => (_counted, _measured, _lexed) = (null, null, null);

    /// <summary>Tokens; <c>null</c> when none are counted.</summary>
    public int? Tokens(ReadOnlyMemory<byte> text)
    {
        if (countTokens is null)
            return null;
        if (_counted is not { } counted || !counted.Text.Equals(text))
            _counted = (text, countTokens(text));
        return _counted.Value.Tokens;
    }

    /// <summary>Measures of characters and lines.</summary>
    public TextMeasures Measures(ReadOnlyMemory<byte> text)
    {
        if (_measured is not { } measured || !measured.Text.Equals(text))
            _measured = (text, TextMeasures.Of(text.Span));
        return _measured.Value.Measures;
    }

    /// <summary>The lexer, with the segments of this text.</summary>
    public Lexer Lexed(ReadOnlyMemory<byte> text, string language)
    {
        if (_lexed is not { } lexed || !lexed.Text.Equals(text) || lexed.Language != language)
        {
            Lexer.Load(text.Span, language);
            _lexed = (text, language);
        }

        return Lexer;
    }
}
