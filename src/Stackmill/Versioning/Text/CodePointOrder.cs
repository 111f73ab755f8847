namespace Stackmill.Versioning.Text;

/// <summary>Order of texts by their code points, which is that of their UTF-8 bytes and of Python; UTF-16 differs above U+FFFF.</summary>
internal sealed class CodePointOrder : IComparer<string>
{
    /// <summary>The one instance.</summary>
    public static CodePointOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var left = x.AsSpan();
        var right = y.AsSpan();
        var common = left.CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
            return left.Length - right.Length;
        var (a, b) = (left[common], right[common]);
        // Surrogates stand for what lies above all other characters.
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a - b : char.IsSurrogate(a) ? 1 : -1;
    }
}
