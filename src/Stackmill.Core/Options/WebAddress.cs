namespace Stackmill.Core.Options;

/// <summary>
/// The one rule for options that are the address of a server: http or https with a host, and nothing that may be a password. Configurations are written into plans, manifests
/// and reports, so neither a name with a password nor a query has a place there; what was found is never repeated.
/// </summary>
public static class WebAddress
{
    /// <summary>What an address must be, as the end of "expected …".</summary>
    public const string Expected = "http:// or https:// with a host, without user, password, query and fragment";

    /// <summary>What is wrong with an address; <c>null</c> for nothing.</summary>
    public static string? Problem(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) || !Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
            return "no address of a server";
        // Also an empty name, which the parsed address no longer has.
        if (address.Split('/', 4) is [_, _, var authority, ..] && authority.Contains('@', StringComparison.Ordinal))
            return "an address with a name or password";
        return address.AsSpan().ContainsAny('?', '#') ? "an address with a query or fragment" : null;
    }

    /// <summary>The same as problems of an option; an empty text is none.</summary>
    /// <param name="key">The key, relative to the section that reports it.</param>
    /// <param name="address">The value.</param>
    /// <param name="example">An address that would do.</param>
    public static IEnumerable<OptionProblem> Check(string key, string address, string example)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.Length > 0 && Problem(address) is { } found)
            yield return new OptionProblem(key, found, $"{Expected}, such as {example}");
    }
}
