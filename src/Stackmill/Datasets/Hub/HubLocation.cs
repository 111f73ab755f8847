using System.Text.RegularExpressions;
using Stackmill.Core.Faults;

namespace Stackmill.Datasets.Hub;

/// <summary>What an address <c>hf://datasets/owner/name[@revision][/path]</c> names; <c>hf://owner/name…</c> means the same.</summary>
/// <param name="Dataset"><c>owner/name</c>.</param>
/// <param name="Revision">Branch, tag or commit, or <c>null</c> for the default branch.</param>
/// <param name="Path">Folder or file in it, as it is (not percent-encoded), with <c>/</c>; empty for all of it.</param>
internal sealed partial record HubLocation(string Dataset, string? Revision, string Path)
{
    private const string Scheme = "hf://";
    private const string Expected = "Expected hf://datasets/OWNER/NAME[@REVISION][/PATH], for example hf://datasets/bigcode/the-stack-v2/data/Python.";

    /// <summary>True if a text is meant as such an address.</summary>
    public static bool IsHub(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>True if a text has the form <c>owner/name</c> of a dataset's id.</summary>
    public static bool IsDataset(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('/') is [var owner, var name] && IsName(owner) && IsName(name);
    }

    /// <summary>
    /// Reads an address. A revision with <c>/</c> is written with <c>%2F</c>, except the Hub's own <c>refs/convert/NAME</c> and <c>refs/pr/N</c>.
    /// </summary>
    /// <exception cref="UsageException">It has another form.</exception>
    public static HubLocation Parse(string text)
    {
        if (!IsHub(text))
            throw Wrong(text, "it does not begin with hf://");
        var rest = text[Scheme.Length..].Trim('/');
        var parts = rest.Split('/');
        if (parts[0] is "models" or "spaces" or "buckets")
            throw Wrong(text, $"it names one of the Hub's {parts[0]}, and only datasets can be read");
        if (parts[0] == "datasets")
            parts = parts[1..];
        if (parts.Length < 2)
            throw Wrong(text, "owner or name is missing");
        var (owner, name) = (parts[0], parts[1]);
        string? revision = null;
        var path = string.Join('/', parts[2..]);
        if (name.IndexOf('@') is >= 0 and var at)
        {
            (revision, path) = SplitRevision(text, name[(at + 1)..], path);
            name = name[..at];
        }

        foreach (var part in (string[])[owner, name])
        {
            if (!IsName(part))
                throw Wrong(text, $"'{part}' is no name: letters, digits, '-', '_' and '.' are allowed, at most 96, without '--' and '..', and not '-' or '.' at an end");
        }

        if (path.Length > 0 && path.Split('/').Any(segment => segment is "" or "." or ".."))
            throw Wrong(text, $"its path '{path}' has an empty, '.' or '..' part");
        return new HubLocation($"{owner}/{name}", revision, path);
    }

    /// <summary>The address in its long form.</summary>
    public override string ToString() =>
        $"{Scheme}datasets/{Dataset}{(Revision is null ? "" : $"@{EncodeRevision(Revision)}")}{(Path.Length == 0 ? "" : $"/{Path}")}";

    private static string EncodeRevision(string revision) =>
        SpecialReference().Match(revision) is { Success: true } match && match.Length == revision.Length ? revision : Uri.EscapeDataString(revision);

    private static (string Revision, string Path) SplitRevision(string text, string first, string path)
    {
        var whole = path.Length == 0 ? first : $"{first}/{path}";
        if (first == "refs" && SpecialReference().Match(whole) is { Success: true } match)
            return (match.Value, whole[match.Length..].TrimStart('/'));
        if (first.Length == 0)
            throw Wrong(text, "nothing stands between '@' and the path");
        return (Uri.UnescapeDataString(first), path);
    }

    // https://huggingface.co/docs/hub: names of repositories.
    private static bool IsName(string part) =>
        Name().IsMatch(part) && !part.Contains("--", StringComparison.Ordinal) && !part.Contains("..", StringComparison.Ordinal)
        && part[0] is not ('-' or '.') && part[^1] is not ('-' or '.');

    private static UsageException Wrong(string text, string why) => new($"'{text}' is no address of a dataset on the Hub: {why}. {Expected}");

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,96}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"^refs/(?:convert/[\w.-]+|pr/\d+)(?=/|\z)")]
    private static partial Regex SpecialReference();
}
