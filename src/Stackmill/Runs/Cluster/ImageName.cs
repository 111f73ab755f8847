namespace Stackmill.Runs.Cluster;

/// <summary>Names of images, as registries and clusters take them: <c>[HOST[:PORT]/]PATH[:TAG][@DIGEST]</c>.</summary>
internal static class ImageName
{
    private const int MostName = 255;
    private const int MostTag = 128;
    private const string Algorithm = "sha256:";
    private const int Digits = 64;

    /// <summary>What is wrong with a name that a cluster shall pull the same image by tomorrow, as the end of a sentence; <c>null</c> for nothing. It never repeats the name, which may hold a password.</summary>
    public static string? Problem(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal))
            return "it begins with a scheme, which names of images don't have";
        var (name, digest) = text.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, (string?)null);
        if (digest is not null && !(digest.StartsWith(Algorithm, StringComparison.Ordinal) && digest.Length == Algorithm.Length + Digits && digest[Algorithm.Length..].All(char.IsAsciiHexDigitLower)))
            return $"what follows its at sign is no digest, which is {Algorithm} with {Digits} lower-case hexadecimal digits (names and passwords belong into a secret of the cluster)";
        // A colon before the last slash belongs to the registry's port.
        var last = name.LastIndexOf('/') + 1;
        var colon = name.IndexOf(':', last);
        var (path, tag) = colon < 0 ? (name, (string?)null) : (name[..colon], name[(colon + 1)..]);
        if (path.Length is 0 or > MostName || !IsPath(path))
            return $"no registry takes its path, which is of lower-case letters and digits with dots, dashes and underscores between them, {MostName} characters at most";
        if (tag is not null && !IsTag(tag))
            return $"its tag is none, which has letters, digits, dots, dashes and underscores, {MostTag} at most, the first no dot or dash";
        return digest is null && tag is null or "latest" ? "it may be another one tomorrow" : null;
    }

    private static bool IsPath(string name)
    {
        var parts = name.Split('/');
        // The first part is a registry where it can't be part of a path.
        var isHost = parts.Length > 1 && (parts[0].AsSpan().ContainsAny('.', ':', '[') || parts[0] == "localhost" || parts[0].Any(char.IsAsciiLetterUpper));
        return (!isHost || IsHost(parts[0])) && parts[(isHost ? 1 : 0)..].All(IsPart);
    }

    private static bool IsHost(string text)
    {
        if (text.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or ':' or '[' or ']')))
            return false;
        var end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? colon : text.Length;
        var (host, port) = (text[..end], text[end..]);
        return (port.Length == 0 || (port[0] == ':' && ushort.TryParse(port[1..], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) && number > 0))
            && (host.StartsWith('[') ? Uri.CheckHostName(host) == UriHostNameType.IPv6 : host.Split('.').All(p => p.Length > 0 && p[0] != '-' && p[^1] != '-' && p.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')));
    }

    // Between letters and digits stand one dot, one or two underscores, or any number of dashes.
    private static bool IsPart(string part)
    {
        if (part.Length == 0 || !IsWord(part[0]) || !IsWord(part[^1]))
            return false;
        for (var at = 0; at < part.Length;)
        {
            var start = at;
            while (at < part.Length && !IsWord(part[at]))
                at++;
            if (part[start..at] is var between && between is not ("" or "." or "_" or "__") && between.Any(c => c != '-'))
                return false;
            while (at < part.Length && IsWord(part[at]))
                at++;
        }

        return true;
    }

    private static bool IsTag(string tag) =>
        tag.Length is > 0 and <= MostTag && tag.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') && tag[0] is not ('.' or '-');

    private static bool IsWord(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
}
