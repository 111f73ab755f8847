namespace Stackmill.Shared.Licenses;

/// <summary>
/// Reads SPDX licence expressions: ids, <c>+</c>, <c>WITH</c>, <c>AND</c>, <c>OR</c> and parentheses; operators of any case, and the
/// slash that older manifests have for <c>OR</c>. What is asked of an expression here is which licences it names.
/// </summary>
internal static class SpdxExpression
{
    private const int MostTerms = 64;

    /// <summary>The ids that an expression names, in its order, each once; <c>null</c> when it is no expression.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="strict">Refuse ids that are neither on the list nor <c>LicenseRef-</c> ids, instead of giving <see cref="LicenseRefs.Unknown"/> for them.</param>
    public static IReadOnlyList<string>? Ids(ReadOnlySpan<char> text, bool strict)
    {
        var (ids, open, terms) = (new List<string>(), 0, 0);
        // After an operand an operator is expected, before it an operand.
        var afterOperand = false;
        var afterWith = false;
        while (Next(ref text, out var term))
        {
            if (++terms > MostTerms)
                return null;
            if (term is "(" && !afterOperand && !afterWith)
            {
                open++;
            }
            else if (term is ")" && afterOperand && open > 0)
            {
                open--;
            }
            else if (afterOperand && Operator(term) is { } with)
            {
                (afterOperand, afterWith) = (false, with);
            }
            else if (!afterOperand && term is not ("(" or ")" or "/") && Add(term, ids, strict))
            {
                (afterOperand, afterWith) = (true, false);
            }
            else
            {
                return null;
            }
        }

        return afterOperand && open == 0 ? ids : null;
    }

    // True for WITH, false for the others.
    private static bool? Operator(ReadOnlySpan<char> term) =>
        term.Equals("WITH", StringComparison.OrdinalIgnoreCase) ? true
        : term.Equals("AND", StringComparison.OrdinalIgnoreCase) || term.Equals("OR", StringComparison.OrdinalIgnoreCase) || term is "/" ? false
        : null;

    private static bool Add(ReadOnlySpan<char> term, List<string> ids, bool strict)
    {
        if (term.Equals("NONE", StringComparison.OrdinalIgnoreCase) || term.Equals("NOASSERTION", StringComparison.OrdinalIgnoreCase))
            return true;
        var found = LicenseList.Find(term);
        if (found is null && term.EndsWith("+"))
            found = OrLater(term[..^1]);
        if (found is null)
        {
            var reference = term[(term.LastIndexOf(':') + 1)..];
            if (reference.StartsWith("LicenseRef-", StringComparison.Ordinal))
                found = reference.Length > "LicenseRef-".Length ? [reference.ToString()] : null;
            else if (!strict && IsIdString(term))
                found = [LicenseRefs.Unknown];
        }

        foreach (var id in found ?? [])
        {
            if (!ids.Contains(id))
                ids.Add(id);
        }

        return found is not null;
    }

    // "GPL-2.0+" is on the list; "EPL-1.0+" or "GPL-2.0-only+" are not, and mean the same thing.
    private static IReadOnlyList<string>? OrLater(ReadOnlySpan<char> id)
    {
        var later = id.EndsWith("-only", StringComparison.OrdinalIgnoreCase) ? id[..^"-only".Length] : id;
        return LicenseList.Find($"{later}-or-later") ?? LicenseList.Find(id);
    }

    private static bool IsIdString(ReadOnlySpan<char> term)
    {
        foreach (var c in term)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '+'))
                return false;
        }

        return char.IsAsciiLetterOrDigit(term[0]);
    }

    private static bool Next(ref ReadOnlySpan<char> text, out ReadOnlySpan<char> term)
    {
        text = text.TrimStart();
        if (text.IsEmpty)
        {
            term = default;
            return false;
        }

        var end = text[0] is '(' or ')' or '/' ? 1 : text.IndexOfAny(" \t()/");
        term = text[..(end < 0 ? text.Length : end)];
        text = text[term.Length..];
        return true;
    }
}
