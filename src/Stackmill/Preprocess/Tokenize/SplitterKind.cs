namespace Stackmill.Preprocess.Tokenize;

/// <summary>Which pattern cuts an encoding's text into pieces.</summary>
internal enum SplitterKind
{
    /// <summary><see cref="O200kSplitter"/>.</summary>
    O200k,

    /// <summary><see cref="Cl100kSplitter"/>.</summary>
    Cl100k,
}
