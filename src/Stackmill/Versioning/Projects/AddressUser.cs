namespace Stackmill.Versioning.Projects;

/// <summary>Who an address is to be opened as: what stands between its scheme and an <c>@</c>. It may hold a password, which no file of Git's and no message shall.</summary>
internal static class AddressUser
{
    // Where a name alone is no secret.
    private static readonly string[] WithNames = ["ssh://", "hdfs://"];

    /// <summary>What stands before the <c>@</c>; null without one.</summary>
    public static string? Of(string address)
    {
        var start = address.IndexOf("://", StringComparison.Ordinal);
        if (start < 0)
            return null;
        var all = address[(start + 3)..];
        var end = all.IndexOfAny(['/', '?', '#']);
        var server = end < 0 ? all : all[..end];
        // A password may hold what should be written otherwise: after a colon that no number of a port follows, all up to the '@' is one.
        if (!server.Contains('@', StringComparison.Ordinal) && server.Split(':', 2) is [_, var port] && !port.All(char.IsAsciiDigit))
            server = all;
        return server.LastIndexOf('@') is >= 0 and var at ? server[..at] : null;
    }

    /// <summary>As <see cref="Of"/>, but null for a name alone where that is no secret.</summary>
    public static string? PasswordOf(string address) =>
        Of(address) is { } user && (user.Contains(':', StringComparison.Ordinal) || !WithNames.Any(s => address.StartsWith(s, StringComparison.OrdinalIgnoreCase))) ? user : null;

    /// <summary>The address without it.</summary>
    public static string LeftOut(string address) => Of(address) is { } user ? address.Replace($"://{user}@", "://", StringComparison.Ordinal) : address;
}
