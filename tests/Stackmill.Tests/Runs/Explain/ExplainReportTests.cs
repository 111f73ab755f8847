using Stackmill.Core.Model;
using Stackmill.Runs.Explain;

namespace Stackmill.Tests.Runs.Explain;

public sealed class ExplainReportTests
{
    [Theory]
    [InlineData("duplicate_near", 0.9, "dropped: duplicate_near, o/first/a.py stays, similarity 0.9")]
    [InlineData("duplicate_repository", 1.0, "dropped: duplicate_repository, the same as o/first/a.py of the repository that was preferred")]
    public void It_says_that_a_file_stays_only_where_it_does(string reason, double similarity, string expected)
    {
        var row = new LedgerRow { Stage = "deduplicate", Action = LedgerAction.Dropped, Reason = reason, RepoName = "o/fork", Path = "a.py", KeptPath = "o/first/a.py", Similarity = similarity };
        var output = new StringWriter();
        ExplainReport.WriteText(new FileStory("o/fork/a.py", "", [new FileStep("corpus", "deduplicate", false, [row])], []), output);
        Assert.Equal($"o/fork/a.py\n  deduplicate  {expected}\n", output.ToString().ReplaceLineEndings("\n"));
    }
}
