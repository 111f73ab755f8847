using System.Text;
using Stackmill.Core.Faults;

namespace Stackmill.Datasets.Hub;

/// <summary>An access token and where it was found. Its text is never part of a message.</summary>
internal sealed class HubToken
{
    // Tokens are some dozens of characters: a longer file is something else.
    private const int MostFileBytes = 4096;

    private static readonly string[] Variables = ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HUGGINGFACE_TOKEN"];

    private HubToken(string secret, string source) => (Secret, Source) = (secret, source);

    /// <summary>The token itself, for the header only.</summary>
    public string Secret { get; }

    /// <summary>Where it was found: <c>the environment variable HF_TOKEN</c>, <c>the option hub.token</c>, or the token file's path.</summary>
    public string Source { get; }

    /// <summary>
    /// Looks, in this order, at <see cref="HubOptions.Token"/>, <c>HF_TOKEN</c>, <c>HUGGING_FACE_HUB_TOKEN</c>, <c>HUGGINGFACE_TOKEN</c>,
    /// and the token file of the Hub's own client: <c>HF_TOKEN_PATH</c>, else <c>$HF_HOME/token</c>, else
    /// <c>$XDG_CACHE_HOME/huggingface/token</c>, else <c>~/.cache/huggingface/token</c>. Blank values count as absent.
    /// </summary>
    /// <param name="options">The section <c>hub</c>.</param>
    /// <param name="environment">Gives an environment variable's value or <c>null</c>.</param>
    /// <returns>The token, or <c>null</c> when there is none.</returns>
    /// <exception cref="UsageException">A token can't be one, or its file can't be read.</exception>
    public static HubToken? Find(HubOptions options, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(environment);
        if (Checked(options.Token, "the option hub.token (--token)") is { } given)
            return given;
        foreach (var variable in Variables)
        {
            if (Checked(environment(variable), $"the environment variable {variable}") is { } token)
                return token;
        }

        var file = FilePath(environment);
        return Checked(FileText(file), $"the file '{file}'");
    }

    /// <summary>The token file that is looked at, whether it exists or not.</summary>
    public static string FilePath(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (Value(environment, "HF_TOKEN_PATH") is { } path)
            return Expand(path, environment);
        if (Value(environment, "HF_HOME") is { } home)
            return Path.Combine(Expand(home, environment), "token");
        var cache = Value(environment, "XDG_CACHE_HOME") is { } xdg ? Expand(xdg, environment) : Path.Combine(Home(environment), ".cache");
        return Path.Combine(cache, "huggingface", "token");
    }

    /// <summary>Where it was found; never the token.</summary>
    public override string ToString() => $"token from {Source}";

    private static HubToken? Checked(string? text, string source)
    {
        var token = text?.Trim();
        if (string.IsNullOrEmpty(token))
            return null;
        var wrong = token.AsSpan().IndexOfAnyExceptInRange('!', '~');
        if (wrong < 0)
            return new HubToken(token, source);
        var found = char.IsWhiteSpace(token[wrong]) ? "white space" : char.IsControl(token[wrong]) ? "a control character" : "a character outside ASCII";
        throw new UsageException(
            $"The access token from {source} holds {found} at its character {wrong + 1} of {token.Length}. Expected one token of printable ASCII characters, as the Hub shows it: copy it again.");
    }

    private static string? FileText(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[MostFileBytes + 1];
            var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return read <= MostFileBytes
                ? Encoding.UTF8.GetString(bytes, 0, read)
                : throw new UsageException($"The token file '{path}' is longer than {MostFileBytes} bytes. Expected one access token of the Hub: put it there, or give it by HF_TOKEN.");
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The token file '{path}' can't be read: {fault.Message} Expected a file with one access token: change its permissions, or give the token by HF_TOKEN.", fault);
        }
    }

    private static string? Value(Func<string, string?> environment, string name) =>
        environment(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    private static string Expand(string path, Func<string, string?> environment) =>
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(Home(environment), path[1..].TrimStart('/')) : path;

    private static string Home(Func<string, string?> environment) =>
        Value(environment, OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
}
