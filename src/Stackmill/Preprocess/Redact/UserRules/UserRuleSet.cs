using System.Security.Cryptography;
using System.Text;
using Stackmill.Core.Faults;

namespace Stackmill.Preprocess.Redact.UserRules;

/// <summary>All rules and allow-lists of a user: those in the configuration, and those in files. Shared by all workers.</summary>
internal sealed class UserRuleSet
{
    private const int LargestFile = 16 << 20;

    private UserRuleSet(IEnumerable<RuleFile> files)
    {
        foreach (var file in files)
        {
            Rules.AddRange(file.Rules);
            Allowed.AddRange(file.Allowed);
            Disabled.UnionWith(file.Disabled);
            Notes.AddRange(file.Notes);
        }
    }

    /// <summary>The rules.</summary>
    public List<UserRule> Rules { get; } = [];

    /// <summary>Allow-lists for all rules, or those that they name.</summary>
    public List<AllowList> Allowed { get; } = [];

    /// <summary>Ids of Stackmill's own rules that are off.</summary>
    public HashSet<string> Disabled { get; } = new(StringComparer.Ordinal);

    /// <summary>What was left aside, for people.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Reads what the options name.</summary>
    /// <exception cref="UsageException">A file can't be read, or a rule is wrong.</exception>
    public static UserRuleSet Load(RedactionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var files = new List<RuleFile>();
        if (options.Rules.Length > 0)
        {
            var file = new RuleFile("redaction.rules");
            file.Read(options.Rules, Directory.GetCurrentDirectory());
            files.Add(file);
        }

        foreach (var path in options.RuleFiles)
        {
            var file = new RuleFile(path);
            file.Read(ReadFile(path), Path.GetDirectoryName(Path.GetFullPath(path))!);
            files.Add(file);
        }

        return new UserRuleSet(files);
    }

    /// <summary>SHA-256 of a rule file and of all that it extends, for what decides whether a dataset is up to date.</summary>
    public static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(WithExtended(path, 0))));

    /// <summary>The text of a rule file.</summary>
    public static string ReadFile(string path)
    {
        try
        {
            var info = new FileInfo(path);
            if (info is { Exists: true, Length: > LargestFile })
                throw new UsageException($"the rule file '{path}' has {info.Length} bytes, expected at most {LargestFile}. Is it one?");
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the rule file '{path}' can't be read: {fault.Message} Check redaction.rule_files and extend.path.", fault);
        }
    }

    private static string WithExtended(string path, int depth)
    {
        var text = ReadFile(path);
        if (depth > 2 || TomlNode.Read(text, path).Table!.GetValueOrDefault("extend")?.Table?.GetValueOrDefault("path")?.Value is not string next)
            return text;
        return text + "\n" + WithExtended(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, next), depth + 1);
    }
}
