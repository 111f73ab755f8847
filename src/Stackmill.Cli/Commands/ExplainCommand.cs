using System.CommandLine;
using System.Text;
using Stackmill.Cli.Terminal;
using Stackmill.Core.Faults;
using Stackmill.Core.Stages;
using Stackmill.Runs.Explain;

namespace Stackmill.Cli.Commands;

/// <summary><c>stackmill explain</c>: what became of one file, and why.</summary>
internal static class ExplainCommand
{
    // Where there is no terminal to ask.
    private const int UsualWidth = 160;

    public static Command Create()
    {
        var path = new Argument<string>("PATH") { Description = "A file as the run named it: repository and path, a path, its end from a folder on, or 7 digits or more of its content id." };
        var input = new Option<string>("--input", "-i") { Description = "Project folder of a run, or the folder of one dataset.", HelpName = "FOLDER", Required = true };
        var diff = new Option<bool>("--diff") { Description = "Show a duplicate beside the file that stays for it." };
        var json = new Option<bool>("--json") { Description = "One JSON object." };
        var command = new Command("explain",
            """
            Tells from the datasets and ledgers of a run what became of a file in each stage, and why: the reason with value and
            threshold, the file that stays for a duplicate with their exact similarity, and the files that went for it.
            Exit codes: 0 told, 1 no such file.

            Example: stackmill explain src/main.py --input ./project --diff
            """) { path, input, diff, json };
        command.SetAction(parsed => Run(parsed.GetValue(path)!, parsed.GetValue(input)!, parsed.GetValue(diff), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string question, string input, bool diff, bool json)
    {
        if (question.Length == 0)
            throw new UsageException("the path is empty; expected a path as the run named it, or a content id.");
        var explainer = new Explainer(input);
        var stories = explainer.Find(question);
        if (json)
        {
            using var output = Console.OpenStandardOutput();
            ExplainReport.WriteJson(question, stories, output);
            output.WriteByte((byte)'\n');
        }
        else
        {
            foreach (var story in stories)
            {
                ExplainReport.WriteText(story, Console.Out);
                if (diff)
                    Compare(story, explainer);
            }
        }

        if (stories.Count > 0)
            return (int)ExitCode.Done;
        Console.Error.WriteLine($"no file of '{input}' is named '{question}'; paths are those of the input, such as the ledgers and datasets hold them.");
        return (int)ExitCode.RunFault;
    }

    private static void Compare(FileStory story, Explainer explainer)
    {
        if (story.Steps.SelectMany(s => s.Rows).LastOrDefault(r => r.KeptPath is not null)?.KeptPath is not { } kept)
            return;
        if (explainer.Text(story.Path) is not { } left || explainer.Text(kept) is not { } right)
            throw new RunFaultException($"the texts of '{story.Path}' and '{kept}' are not both there any more; expected them in data/processed. Run preprocess again.");
        Console.Out.WriteLine();
        DiffView.Write((story.Path, Encoding.UTF8.GetString(left.Span)), (kept, Encoding.UTF8.GetString(right.Span)), Console.IsOutputRedirected ? UsualWidth : Math.Max(40, Console.WindowWidth - 1), Console.Out);
        Console.Out.WriteLine();
    }
}
