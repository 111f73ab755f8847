namespace Stackmill.Monitoring.Exposition;

/// <summary>Label values that can come from outside: bounded in length and free of what a terminal, a query or a line would stumble over.</summary>
internal static class LabelText
{
    /// <summary>Longest value, in UTF-16 units.</summary>
    public const int MostChars = 100;

    /// <summary>What stands for an empty value, which Prometheus takes for no label at all.</summary>
    public const string Unknown = "unknown";

    /// <summary>The value, cut, with <c>_</c> in the place of control characters, line ends and halves of surrogate pairs.</summary>
    public static string Bound(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return Unknown;
        if (value.Length <= MostChars && !value.Any(c => IsForbidden(c) || char.IsSurrogate(c)))
            return value;
        var cut = value.Length <= MostChars ? value.Length : char.IsHighSurrogate(value[MostChars - 1]) ? MostChars - 1 : MostChars;
        return string.Create(cut, value, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                if (char.IsHighSurrogate(source[i]) && i + 1 < target.Length && char.IsLowSurrogate(source[i + 1]))
                {
                    (target[i], target[i + 1]) = (source[i], source[i + 1]);
                    i++;
                    continue;
                }

                target[i] = IsForbidden(source[i]) || char.IsSurrogate(source[i]) ? '_' : source[i];
            }
        });
    }

    // U+2028 and U+2029 end a line for many viewers; the marks of direction turn what follows around.
    private static bool IsForbidden(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
