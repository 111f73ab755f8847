using CsCheck;
using Stackmill.Organize;
using Stackmill.Organize.Sources;
using Stackmill.Shared.Filters;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Organize.Sources;

public sealed class FolderPlanTests
{
    private static readonly OrganizeOptions Options = new() { Filters = new FilterOptions { FileSize = new FileSizeOptions { MinBytes = 1 } } };

    private static FolderPlan Make(TempFolder folder, TempFolder scratch, long shardBytes, CancellationToken cancellation = default) =>
        FolderPlan.Make(new FolderScanner(folder.Path, false, false), FileFilters.Create(Options), shardBytes, scratch["listing"], cancellation);

    [Fact]
    public void Tasks_hold_every_entry_once_are_of_one_language_and_depend_on_the_folder_alone() =>
        Gen.Select(Gen.Select(Gen.OneOf("py", "c", "zzz"), Gen.Int[0, 30], Gen.Int[0, 9]).Array[0, 25], Gen.Long[1, 40]).Sample((files, shardBytes) =>
        {
            using var folder = new TempFolder();
            using var scratch = new TempFolder();
            foreach (var (extension, n, size) in files)
                folder.Write($"{n % 3}/{n}.{extension}", new string('x', size));
            using (var plan = Make(folder, scratch, shardBytes))
            using (var again = FolderPlan.Make(new FolderScanner(folder.Path + "/", false, false), FileFilters.Create(Options), shardBytes, scratch["other"], default))
            {
                Assert.Equal(plan.Fingerprint, again.Fingerprint);
                Assert.Equal(plan.Tasks, again.Tasks);
                var tasks = plan.Tasks.Select(t => plan.Files(t.Index)).ToList();
                Assert.Equal(tasks.SelectMany(t => t), again.Tasks.SelectMany(t => again.Files(t.Index)));
                Assert.Equal(folder.Files(), tasks.SelectMany(t => t).Select(f => f.Path).Order(StringComparer.Ordinal));
                Assert.All(tasks, t => Assert.Single(t.Select(f => f.Reason is null ? f.Language : "rejects").Distinct()));
                Assert.All(tasks.Zip(plan.Tasks), t => Assert.Equal(t.First.Where(f => f.Reason is null).Sum(f => f.Length), t.Second.Weight));
            }

            Assert.Empty(scratch.Files());
        }, iter: 30);

    [Fact]
    public void A_changed_file_changes_the_fingerprint()
    {
        using var folder = new TempFolder();
        using var scratch = new TempFolder();
        string Fingerprint()
        {
            using var plan = Make(folder, scratch, 100);
            return plan.Fingerprint;
        }

        var prints = new List<string> { Fingerprint() };
        folder.Write("a.py", "x");
        prints.Add(Fingerprint());
        folder.Write("a.py", "xy");
        prints.Add(Fingerprint());
        File.Move(folder["a.py"], folder["b.py"]);
        prints.Add(Fingerprint());
        Assert.Equal(prints.Count, prints.Distinct().Count());
        Assert.Equal(prints[^1], Fingerprint());
    }

    [Fact]
    public void A_stopped_listing_leaves_no_scratch_file()
    {
        using var folder = new TempFolder();
        using var scratch = new TempFolder();
        folder.Write("a.py", "x");
        Assert.Throws<OperationCanceledException>(() => Make(folder, scratch, 100, new CancellationToken(true)));
        Assert.Empty(scratch.Files());
    }
}
