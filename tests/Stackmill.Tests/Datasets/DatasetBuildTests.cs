using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Datasets;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Datasets;

public sealed class DatasetBuildTests
{
    private static readonly List<ShardTask> Tasks = [.. Enumerable.Range(0, 3).Select(i => new ShardTask(i, ShardWriter.PartName(i), 1))];

    private static DatasetPlan Plan(string configuration = "{}", string input = "h") => new("stage", 1, "text", configuration, [new ManifestInput("in", input)]);

    private static void Write(ShardTask task, ShardContext context)
    {
        context.Books.In = context.Books.Kept = 1;
        File.WriteAllText(context.CreateOutput($"python/{task.Name}.parquet", ShardOutput.ShardKind, "Python", () => (1, 1)), $"shard {task.Index}");
    }

    private static Manifest Build(string folder, DatasetPlan plan, Action<ShardTask, ShardContext>? write = null, RecordingObserver? observer = null, bool force = false, int tasks = 3)
    {
        using var build = DatasetBuild.Begin(folder, TestRun.Context(1, observer, force));
        build.Prepare(plan);
        var todo = Tasks.Take(tasks).ToList();
        return build.UpToDate ?? build.Publish(build.Run(todo, () => new DelegateWorker(write ?? Write)), todo);
    }

    [Fact]
    public void A_finished_build_leaves_shards_manifest_and_lock_only()
    {
        using var folder = new TempFolder();
        Build(folder["d"], Plan());
        Assert.Equal([".stackmill.lock", "_manifest.json", "python/part-00000.parquet", "python/part-00001.parquet", "python/part-00002.parquet"], TempFolderFiles(folder));
        Assert.False(Directory.Exists(folder["d", "_work"]));
    }

    [Fact]
    public void An_unchanged_plan_is_up_to_date_and_anything_else_is_not()
    {
        using var folder = new TempFolder();
        bool UpToDate(DatasetPlan plan, bool force = false)
        {
            var observer = new RecordingObserver();
            Build(folder["d"], plan, observer: observer, force: force);
            return observer.UpToDate.Count == 1;
        }

        Assert.False(UpToDate(Plan()));
        Assert.True(UpToDate(Plan()));
        Assert.False(UpToDate(Plan(), force: true));
        Assert.False(UpToDate(Plan("""{"a":1}""")));
        Assert.False(UpToDate(Plan("""{"a":1}""", "other")));
        Assert.False(UpToDate(new DatasetPlan("stage", 2, "text", """{"a":1}""", [new ManifestInput("in", "other")])));
    }

    [Fact]
    public void A_lost_or_cut_shard_or_a_lost_report_means_that_it_is_made_again()
    {
        using var folder = new TempFolder();
        var first = Build(folder["d"], Plan());
        File.Delete(folder["d", "python", "part-00001.parquet"]);
        Assert.Equal(first.RootHash, Build(folder["d"], Plan()).RootHash);
        Assert.True(File.Exists(folder["d", "python", "part-00001.parquet"]));
        using var build = DatasetBuild.Begin(folder["d"], TestRun.Context());
        build.Prepare(Plan(), folder["report.json"]);
        Assert.Null(build.UpToDate);
    }

    [Fact]
    public void A_stopped_build_is_gone_on_with_where_it_stopped()
    {
        using var folder = new TempFolder();
        Assert.Throws<RunFaultException>(() => Build(folder["d"], Plan(), (task, context) =>
        {
            if (task.Index == 2)
                throw new RunFaultException("stop");
            Write(task, context);
        }));
        Assert.Null(Manifest.Read(folder["d"]));
        var observer = new RecordingObserver();
        var manifest = Build(folder["d"], Plan(), observer: observer);
        Assert.Equal(["part-00000", "part-00001"], observer.Reused);
        Assert.Equal(["part-00002"], observer.Done);
        using var other = new TempFolder();
        Assert.Equal(Build(other["d"], Plan()).RootHash, manifest.RootHash);
    }

    [Fact]
    public void A_stopped_build_of_another_plan_is_cleared()
    {
        using var folder = new TempFolder();
        Assert.Throws<RunFaultException>(() => Build(folder["d"], Plan(), (task, context) =>
        {
            Write(task, context);
            if (task.Index == 1)
                throw new RunFaultException("stop");
        }));
        folder.Write("d/python/part-00002.parquet.4711.tmp", "left by a killed run");
        var observer = new RecordingObserver();
        Build(folder["d"], Plan(input: "other"), observer: observer, tasks: 1);
        Assert.Empty(observer.Reused);
        Assert.Equal([".stackmill.lock", "_manifest.json", "python/part-00000.parquet"], TempFolderFiles(folder));
    }

    [Fact]
    public void A_shorter_build_removes_the_shards_of_the_longer_one_and_nothing_else()
    {
        using var folder = new TempFolder();
        Build(folder["d"], Plan());
        folder.Write("d/python/notes.txt", "a user's own");
        folder.Write("d/python/part-1.parquet", "a user's own");
        Build(folder["d"], Plan(input: "other"), tasks: 1);
        Assert.Equal([".stackmill.lock", "_manifest.json", "python/notes.txt", "python/part-00000.parquet", "python/part-1.parquet"], TempFolderFiles(folder));
    }

    [Fact]
    public void Parts_with_more_digits_are_cleared_too()
    {
        using var folder = new TempFolder();
        Build(folder["d"], Plan());
        folder.Write("d/python/part-123456.parquet", "of an older build");
        folder.Write("d/python/part-00000-12345.parquet", "of an older build");
        Build(folder["d"], Plan(input: "other"), tasks: 1);
        Assert.DoesNotContain(TempFolderFiles(folder), f => f.Contains("12345"));
    }

    [Fact]
    public void A_shard_that_failed_is_named_in_the_manifest_and_tried_again()
    {
        using var folder = new TempFolder();
        var manifest = Build(folder["d"], Plan(), (task, context) =>
        {
            Write(task, context);
            if (task.Index == 1)
                throw new ShardFaultException("broken input");
        });
        Assert.Equal(new FailedShard("part-00001", "broken input"), Assert.Single(manifest.FailedShards));
        Assert.Equal(2, manifest.Books.In);
        var again = Build(folder["d"], Plan());
        Assert.Empty(again.FailedShards);
        Assert.Equal(3, again.Shards.Count);
    }

    [Fact]
    public void A_folder_that_holds_something_else_is_never_written_to()
    {
        using var folder = new TempFolder();
        folder.Write("d/thesis.doc", "years of work");
        Assert.Contains("thesis.doc", Assert.Throws<UsageException>(() => Build(folder["d"], Plan())).Message);
        Assert.Contains("is a file", Assert.Throws<UsageException>(() => Build(folder["d", "thesis.doc"], Plan())).Message);
        Assert.Equal(["d/thesis.doc"], folder.Files());
    }

    [Fact]
    public void Two_builds_of_one_folder_are_refused()
    {
        using var folder = new TempFolder();
        using var first = DatasetBuild.Begin(folder["d"], TestRun.Context());
        Assert.Throws<RunFaultException>(() => DatasetBuild.Begin(folder["d"], TestRun.Context()));
    }

    [Fact]
    public void A_build_of_nothing_is_a_dataset_too()
    {
        using var folder = new TempFolder();
        var manifest = Build(folder["d"], Plan(), tasks: 0);
        Assert.Empty(manifest.Shards);
        Assert.Equal(Manifest.HashShards([]), manifest.RootHash);
        var observer = new RecordingObserver();
        Build(folder["d"], Plan(), observer: observer, tasks: 0);
        Assert.Equal(["stage"], observer.UpToDate);
    }

    [Fact]
    public void Scratch_of_a_killed_build_is_gone_after_the_next()
    {
        using var folder = new TempFolder();
        using (var build = DatasetBuild.Begin(folder["d"], TestRun.Context()))
            File.WriteAllText(build.ScratchFile("listing"), "left");
        using (DatasetBuild.Begin(folder["d"], TestRun.Context()))
            Assert.DoesNotContain(folder.Files(), f => f.Contains("listing"));
    }

    [Fact]
    public void Keys_tell_apart_every_part_of_a_plan()
    {
        string[] keys =
        [
            Plan().Key,
            Plan("""{"x":1}""").Key,
            Plan(input: "y").Key,
            new DatasetPlan("stage", 1, "bytes", "{}", [new ManifestInput("in", "h")]).Key,
            new DatasetPlan("stage", 1, "text", "{}", []).Key,
            new DatasetPlan("stage", 1, "text", "{}", [new ManifestInput("h", "in")]).Key,
            new DatasetPlan("other", 1, "text", "{}", [new ManifestInput("in", "h")]).Key,
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(Plan().Key, Plan().Key);
    }

    private static List<string> TempFolderFiles(TempFolder folder) => [.. folder.Files().Select(f => f["d/".Length..])];
}
