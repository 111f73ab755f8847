using System.Text.RegularExpressions;

namespace Stackmill.Lineage;

/// <summary>
/// How OpenLineage names data: a namespace, which says where names count, and a name. Files of this machine are <c>file</c> and their absolute path, objects their
/// bucket and key. Passwords in addresses are left out.
/// </summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Name">The name.</param>
internal sealed partial record DatasetName(string Namespace, string Name)
{
    /// <summary>The namespace of files of this machine.</summary>
    public const string Files = "file";

    /// <summary>The namespace as an address.</summary>
    public string Uri => Namespace == Files ? new UriBuilder("file", "", -1, Name).Uri.AbsoluteUri : System.Uri.TryCreate(Namespace, UriKind.Absolute, out var uri) ? uri.AbsoluteUri : $"urn:stackmill:{System.Uri.EscapeDataString(Namespace)}";

    /// <summary>What the data lies in: <c>file</c>, <c>s3</c>, <c>hf</c>, <c>https</c> ….</summary>
    public string Layer => Namespace.Split(':')[0];

    /// <summary>The name of data at a path or address.</summary>
    /// <param name="location">Path or address.</param>
    /// <param name="standing">Folders that stand for addresses.</param>
    public static DatasetName Of(string location, IReadOnlyDictionary<string, string> standing)
    {
        if (Address().Match(Credentials().Replace(location, "$1")) is { Success: true } address)
            return OfAddress(address.Groups["scheme"].Value.ToLowerInvariant(), address.Groups["place"].Value, address.Groups["path"].Value);
        if (ShellAddress().Match(location) is { Success: true } shell && !Path.Exists(location))
            return new DatasetName($"ssh://{shell.Groups["host"].Value}", shell.Groups["path"].Value);
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(location)).Replace('\\', '/');
        foreach (var (folder, of) in standing.OrderByDescending(s => s.Key.Length))
        {
            var parent = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)).Replace('\\', '/');
            if (path == parent)
                return Of(of, EmptyPlaces);
            if (path.StartsWith(parent + "/", StringComparison.Ordinal))
                return Of($"{of.TrimEnd('/')}/{path[(parent.Length + 1)..]}", EmptyPlaces);
        }

        return new DatasetName(Files, path);
    }

    private static readonly Dictionary<string, string> EmptyPlaces = [];

    private static DatasetName OfAddress(string scheme, string place, string path)
    {
        var host = place[(place.LastIndexOf('@') + 1)..];
        if (scheme == Files)
            return new DatasetName(Files, path.Length == 0 ? "/" : path);
        // A query may hold a signature or a token, and names no other data.
        if (scheme is "http" or "https")
            path = path.Split('?', '#')[0];
        var name = path.Trim('/');
        return new DatasetName($"{scheme}://{host}", name.Length == 0 ? "/" : name);
    }

    [GeneratedRegex(@"^(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<place>[^/]*)(?<path>.*)$", RegexOptions.Singleline)]
    private static partial Regex Address();

    // A key may hold slashes; a number after the colon is a port.
    [GeneratedRegex(@"^([A-Za-z][A-Za-z0-9+.-]*://)[^@/]*:(?![0-9]+(?:/|$)).*@", RegexOptions.Singleline)]
    private static partial Regex Credentials();

    [GeneratedRegex(@"^(?:[^@/\s]+@)?(?<host>[A-Za-z0-9.-]{2,}):(?<path>[^\\:][^:]*)$")]
    private static partial Regex ShellAddress();
}
