using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using Stackmill.Cli;

namespace Stackmill.Tests.Conventions;

/// <summary>The command line as the program declares it.</summary>
internal static class CommandTree
{
    private static readonly RootCommand Root = CommandLine.Create(CancellationToken.None);

    /// <summary>The root and every command, those inside of others too.</summary>
    public static IReadOnlyList<Command> All() => [Root, .. Below(Root)];

    /// <summary>The options that a command declares; help and version come with the library.</summary>
    public static IReadOnlyList<Option> OptionsOf(Command command) => [.. command.Options.Where(o => o is not (HelpOption or VersionOption))];

    /// <summary>The command with a name, or <c>null</c>.</summary>
    public static Command? Find(string name) => Root.Subcommands.FirstOrDefault(c => c.Name == name);

    private static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(c => Below(c).Prepend(c));

    /// <summary>Parses what follows <c>stackmill</c> in a line of a shell.</summary>
    public static ParseResult Parse(string arguments) => Root.Parse([.. Words(arguments)]);

    /// <summary>Words of a line of a shell: blanks separate, quotation marks keep together; a pipe, redirection or remark ends it.</summary>
    public static IEnumerable<string> Words(string line)
    {
        var (word, quote, any) = (new StringBuilder(), '\0', false);
        foreach (var c in line)
        {
            if (quote != '\0')
            {
                if (c == quote)
                    quote = '\0';
                else
                    word.Append(c);
            }
            else if (c is '"' or '\'')
            {
                (quote, any) = (c, true);
            }
            else if (c is ' ' or '|' or '>' or '<' or ';' or '&' || (c == '#' && !any))
            {
                if (any)
                    yield return word.ToString();
                word.Clear();
                any = false;
                if (c != ' ')
                    yield break;
            }
            else
            {
                word.Append(c);
                any = true;
            }
        }

        if (any)
            yield return word.ToString();
    }
}
