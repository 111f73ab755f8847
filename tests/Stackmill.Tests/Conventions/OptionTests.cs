using System.CommandLine;
using System.Text.RegularExpressions;
using Stackmill.Catalog;
using Stackmill.Cli.Commands;
using Stackmill.Deduplicate;
using Stackmill.Organize;
using Stackmill.Preprocess;
using Stackmill.Shared.Configuration;
using Stackmill.Tests.Support;
using Stackmill.Validate;

namespace Stackmill.Tests.Conventions;

/// <summary>Options say what they mean, and what is written about them is what they do.</summary>
public sealed partial class OptionTests
{
    [Fact]
    public void Every_key_of_the_configuration_has_a_summary_and_a_snake_case_name()
    {
        var leaves = OptionTree.Of(typeof(StackmillOptions)).Leaves;

        Assert.True(leaves.Count > 35, $"only {leaves.Count} keys were seen");
        Assert.Equal(leaves.Count, leaves.Select(l => l.Path).Distinct(StringComparer.Ordinal).Count());
        Assert.All(leaves, l => Assert.Matches(Snake(), l.Key));
        Assert.All(leaves, l => Assert.Matches(Sentence(), l.Summary));
    }

    [Fact]
    public void The_parts_of_the_stages_have_the_defaults_of_the_whole()
    {
        var whole = new StackmillOptions();

        Assert.Equal(Json(whole.Organize), Json(new OrganizeOptions()));
        Assert.Equal(Json(whole.Preprocess), Json(new PreprocessOptions()));
        Assert.Equal(Json(whole.Deduplicate), Json(new DeduplicateOptions()));
        Assert.Equal(Json(whole.Validate), Json(new ValidateOptions()));
    }

    [Fact]
    public void The_file_of_init_binds_back_to_the_defaults()
    {
        using var folder = new TempFolder();
        var path = folder.Write("stackmill.yaml", ConfigurationWriter.WriteYaml<StackmillOptions>("Heading."));

        var (options, errors) = ConfigurationBinder.BindFile<StackmillOptions>(path);

        Assert.Empty(errors);
        Assert.Equal(Json(new StackmillOptions()), Json(options));
    }

    [Fact]
    public void Generated_documents_are_current()
    {
        var documents = DocsCommand.Generate();
        Assert.Equal(["configuration.md", "languages.md", "metrics.md", "plan.schema.json", "stages.md"], documents.Keys);
        foreach (var (name, text) in documents)
            GoldenFile.Matches(Path.Combine(Samples.RepositoryRoot, "docs"), name, text, Environment.GetEnvironmentVariable("STACKMILL_UPDATE_GOLDEN") == "1", nameof(Generated_documents_are_current));
    }

    [Fact]
    public void Commands_and_options_have_descriptions_and_unique_names()
    {
        var commands = CommandTree.All();
        Assert.True(commands.Count >= 12, $"only {commands.Count} commands were seen");
        Assert.True(commands.Sum(c => c.Options.Count) > 80, $"only {commands.Sum(c => c.Options.Count)} options were seen");
        foreach (var command in commands)
        {
            var options = CommandTree.OptionsOf(command);
            var names = options.SelectMany(o => o.Aliases.Append(o.Name).Distinct()).ToList();
            Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
            Assert.All(options, o => Assert.Matches(Sentence(), o.Description ?? ""));
            Assert.All(command.Arguments, a => Assert.Matches(Sentence(), a.Description ?? ""));
            Assert.Matches(Kebab(), command.Name);
        }
    }

    [Fact]
    public void Every_command_shows_an_example_that_it_understands()
    {
        foreach (var command in CommandTree.All())
        {
            var example = command.Description!.Split('\n').SingleOrDefault(l => l.StartsWith("Example: stackmill ", StringComparison.Ordinal));
            Assert.True(example is not null, $"'{command.Name}' shows no example");
            var parsed = CommandTree.Parse(example["Example: stackmill ".Length..]);
            Assert.Empty(parsed.Errors.Select(e => $"{example}: {e.Message}"));
            if (command is not RootCommand)
                Assert.Equal(command.Name, parsed.CommandResult.Command.Name);
        }
    }

    [Fact]
    public void Defaults_that_descriptions_state_are_the_real_ones()
    {
        var defaults = new StackmillOptions();
        var stated = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var option in CommandTree.All().SelectMany(c => c.Options))
        {
            if (StatedDefault().Match(option.Description ?? "") is { Success: true } match)
                stated[option.Name] = match.Groups["default"].Value;
        }

        var keys = new Dictionary<string, string>
        {
            ["--max-size"] = "filters.file_size.max_bytes",
            ["--max-size-mb"] = "max_file_size_mb",
            ["--memory"] = "memory",
            ["--min-size"] = "filters.file_size.min_bytes",
            ["--min-stars"] = "filters.stars.min",
        };
        Assert.Equal(keys.Keys.Order(StringComparer.Ordinal), stated.Keys.Order(StringComparer.Ordinal));
        var leaves = OptionTree.Of(typeof(StackmillOptions)).Leaves.ToDictionary(l => l.Path, StringComparer.Ordinal);
        foreach (var (option, key) in keys)
        {
            var (bound, errors) = ConfigurationBinder.ApplyOverrides(new StackmillOptions(), [$"{key}={stated[option]}"]);
            Assert.Empty(errors);
            Assert.Equal(leaves[key].Get(defaults), leaves[key].Get(bound));
        }
    }

    private static string Json(object options) => ResolvedConfiguration.Of(options).Json;

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex Snake();

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$|^Stackmill")]
    private static partial Regex Kebab();

    // Begins with a capital, a word of code or a number, is longer than its name, and ends as a sentence does.
    [GeneratedRegex(@"^[\p{Lu}`a-z0-9-].{8,}[.…)]\z", RegexOptions.Singleline)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\(default (?<default>\w+)\)|(?<default>\w+) \(the default\)")]
    private static partial Regex StatedDefault();
}
