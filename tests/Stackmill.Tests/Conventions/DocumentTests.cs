using System.Text.RegularExpressions;
using Stackmill.Catalog;
using Stackmill.Shared.Configuration;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Conventions;

/// <summary>Documents name only what exists.</summary>
public sealed partial class DocumentTests
{
    [Fact]
    public void Every_command_in_a_block_of_a_document_is_understood()
    {
        var (wrong, seen) = (new List<string>(), new HashSet<string>(StringComparer.Ordinal));
        var keys = OptionTree.Of(typeof(StackmillOptions)).Leaves.Select(l => l.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Repository.Documents())
        {
            foreach (Match match in Block().Matches(file.Text).SelectMany(b => CommandLineText().Matches(b.Value.Replace("\\\n", " ", StringComparison.Ordinal))))
            {
                var line = match.Groups["arguments"].Value;
                var parsed = CommandTree.Parse(line);
                wrong.AddRange(parsed.Errors.Select(e => $"{file.Path}: stackmill {line}: {e.Message}"));
                seen.Add(parsed.CommandResult.Command.Name);
                foreach (Match set in SetKey().Matches(line))
                {
                    if (!keys.Contains(set.Groups[1].Value))
                        wrong.Add($"{file.Path}: stackmill {line}: there is no key '{set.Groups[1].Value}'");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        // The documents show every command at least once.
        Assert.Equal([], CommandTree.All().Skip(1).Select(c => c.Name).Except(seen));
    }

    [Fact]
    public void Commands_and_options_in_running_text_exist()
    {
        var options = CommandTree.All().SelectMany(c => c.Options).SelectMany(o => o.Aliases.Append(o.Name)).Append("--help").Append("--version").ToHashSet(StringComparer.Ordinal);
        var (wrong, seen) = (new List<string>(), 0);
        foreach (var file in Repository.Documents())
        {
            foreach (Match match in CodeSpan().Matches(Block().Replace(file.Text, "")))
            {
                var words = match.Groups[1].Value.Split(' ');
                var isCommand = words[0] is "stackmill" or "./stackmill" && words.Length > 1;
                if (isCommand && !words[1].StartsWith('-') && CommandTree.Find(words[1]) is null)
                    wrong.Add($"{file.Path}: there is no command '{words[1]}'");
                if (!isCommand && !words[0].StartsWith("--", StringComparison.Ordinal))
                    continue;
                seen++;
                wrong.AddRange(words.Where(w => w.StartsWith("--", StringComparison.Ordinal)).Select(w => w.Split('=')[0]).Where(w => !options.Contains(w)).Select(w => $"{file.Path}: there is no option '{w}'"));
            }
        }

        Assert.True(seen >= 15, $"only {seen} commands and options were seen");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Every_link_to_a_file_leads_to_one()
    {
        var (wrong, seen) = (new List<string>(), 0);
        foreach (var file in Repository.Documents())
        {
            foreach (Match match in Link().Matches(Block().Replace(file.Text, "")))
            {
                var target = match.Groups[1].Value;
                if (target.Contains("://", StringComparison.Ordinal))
                    continue;
                seen++;
                var path = Path.Combine(Samples.RepositoryRoot, Path.GetDirectoryName(file.Path)!, target);
                if (!File.Exists(path) && !Directory.Exists(path))
                    wrong.Add($"{file.Path}: {target}");
            }
        }

        Assert.True(seen > 20, $"only {seen} links were seen");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void Decisions_are_numbered_and_listed()
    {
        var decisions = Repository.Files("docs/decisions/", ".md").Where(f => !f.Path.EndsWith("README.md", StringComparison.Ordinal)).ToList();
        var list = File.ReadAllText(Path.Combine(Samples.RepositoryRoot, "docs/decisions/README.md"));
        Assert.True(decisions.Count >= 8, $"only {decisions.Count} decisions were seen");
        for (var i = 0; i < decisions.Count; i++)
        {
            Assert.StartsWith($"docs/decisions/{i + 1:D4}-", decisions[i].Path, StringComparison.Ordinal);
            Assert.Contains($"({Path.GetFileName(decisions[i].Path)})", list, StringComparison.Ordinal);
            Assert.All(["\n## Context\n", "\n## Decision\n", "\n## Consequences\n"], heading => Assert.Contains(heading, decisions[i].Text, StringComparison.Ordinal));
        }
    }

    [GeneratedRegex(@"^```[a-z]*\n.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"(?:^|\| )\s*(?:\./)?stackmill (?<arguments>[^\n]+)$", RegexOptions.Multiline)]
    private static partial Regex CommandLineText();

    [GeneratedRegex(@"--set (?:""|')?([\w.]+)=")]
    private static partial Regex SetKey();

    [GeneratedRegex(@"`([^`\n]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"(?<!`)\[[^\]\n]+\]\(([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex Link();
}
