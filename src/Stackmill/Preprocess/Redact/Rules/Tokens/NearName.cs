namespace Stackmill.Preprocess.Redact.Rules.Tokens;

/// <summary>
/// Makes rules of formats that have no mark of their own (32 hexadecimal digits are anything): such a value counts when the provider's name
/// and a word such as key, token or secret stand before it on its line, and nothing but the value is between its delimiters.
/// </summary>
internal static class NearName
{
    private const int Reach = 96;

    private static readonly string[] Telling = ["key", "token", "secret", "pass", "auth", "cred", "bearer", "_pat", "dsn"];

    /// <param name="id">The rule's id.</param>
    /// <param name="description">Whose value it is.</param>
    /// <param name="names">Names of the provider, any case; at least one is in what a value is assigned to.</param>
    /// <param name="shapes">Forms of the value (<see cref="TokenShape"/>).</param>
    /// <param name="sampleName">A variable of that provider.</param>
    /// <param name="bare">True when the name alone tells, as <c>algoliasearch(</c> does.</param>
    public static Rule Of(string id, string description, string[] names, string[] shapes, string sampleName, bool bare = false)
    {
        TokenShape[] forms = [.. shapes.Select(TokenShape.Parse)];
        string value = forms[0].Sample(11);
        return new Rule(id, RedactionKind.Key, description, RuleAnchor.LiteralAnyCase, Match)
        {
            Specificity = 25,
            Confidence = 0.85,
            Literals = names,
            Positives = [$"{sampleName} = \"«{value}»\"", $"export {sampleName}=«{value}»", $"  {sampleName}: '«{value}»'"],
            Negatives = [$"{sampleName} = os.environ[\"{sampleName}\"]", $"{names[0]} version = \"{value}x\"", $"{sampleName} = \"{new string('x', value.Length)}\""],
        };

        void Match(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
        {
            // No name, no telling word and no value is looked for beyond a line or a placeholder.
            ReadOnlySpan<byte> window = text.Slice(at, Math.Min(Reach, text.Length - at));
            int stop = window.IndexOfAny((byte)'\n', (byte)'<');
            int limit = at + (stop < 0 ? window.Length : stop);
            sink.Count(limit - at);
            bool told = bare;
            int name = at;
            while (name < limit && Shapes.IsLetter(text[name]))
                name++;
            for (int i = Math.Max(at + 3, name); i < limit; i++)
            {
                if (!IsDelimiter(text[i - 1]) || !Shapes.IsAlphanumeric(text[i]))
                    continue;
                told = told || IsTold(text[at..i]);
                if (!told)
                    continue;
                foreach (TokenShape form in forms)
                {
                    int length = form.Match(text, i, out int looked);
                    sink.Count(looked);
                    if (length > 0 && IsEnd(Shapes.At(text, i + length)) && IsRandom(text.Slice(i, length)))
                    {
                        sink.Add(rule, i, i + length);
                        return;
                    }
                }
            }
        }
    }

    private static bool IsDelimiter(byte b) => b is (byte)'"' or (byte)'\'' or (byte)'`' or (byte)'=' or (byte)':' or (byte)' ' or (byte)'\t' or (byte)'(' or (byte)',' or (byte)'>' or (byte)'/';

    private static bool IsEnd(byte b) => b is not ((byte)'-' or (byte)'.' or (byte)'/' or (byte)'+' or (byte)'(' or (byte)'[' or (byte)'$' or (byte)'{' or (byte)'%' or (byte)'@');

    private static bool IsRandom(ReadOnlySpan<byte> value)
    {
        if (TokenFormat.IsExample(value) || Placeholders.IsPlaceholder(value))
            return false;
        int changes = 0;
        int digits = 0;
        for (int i = 1; i < value.Length; i++)
        {
            digits += Shapes.IsDigit(value[i]) ? 1 : 0;
            changes += Shapes.IsDigit(value[i]) != Shapes.IsDigit(value[i - 1]) ? 1 : 0;
        }
        return changes >= Math.Max(3, value.Length / 10) && digits < value.Length - 2;
    }

    private static bool IsTold(ReadOnlySpan<byte> before)
    {
        Span<char> lower = stackalloc char[before.Length];
        for (int i = 0; i < before.Length; i++)
            lower[i] = char.ToLowerInvariant((char)before[i]);
        foreach (string word in Telling)
        {
            if (((ReadOnlySpan<char>)lower).Contains(word, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
