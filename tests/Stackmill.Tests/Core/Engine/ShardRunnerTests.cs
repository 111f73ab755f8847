using System.Text;
using CsCheck;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Core.Engine;

public sealed class ShardRunnerTests
{
    private static List<ShardTask> Tasks(params long[] weights) => [.. weights.Select((w, i) => new ShardTask(i, $"t{i}", w))];

    private static ShardRunner Runner(TempFolder folder, int workers = 2, IRunObserver? observer = null, string key = "key") =>
        new("stage", folder.Path, folder["_work"], key, workers, observer ?? new NullObserver());

    // Three records: one kept, one dropped, one failed.
    private static void Write(ShardTask task, ShardContext context)
    {
        var path = context.CreateOutput($"out/{task.Name}", ShardOutput.ShardKind, "Python", () => (1, task.Weight));
        File.WriteAllText(path, $"content of {task.Name}");
        context.Books.In = 3;
        context.Books.Kept = 1;
        context.Books.Drop("some_reason");
        context.Books.Fail("some_failure");
        for (var i = 0; i < 3; i++)
            context.Advance(10);
    }

    [Fact]
    public void Order_and_number_of_workers_never_show() =>
        Gen.Select(Gen.Long[0, 5].Array[0, 12], Gen.Int[1, 5]).Sample((weights, workers) =>
        {
            using var folder = new TempFolder();
            var markers = Runner(folder, workers).Run(Tasks(weights), () => new DelegateWorker(Write), CancellationToken.None);
            Assert.Equal(Tasks(weights).Select(t => t.Name), markers.Select(m => m.Task));
            Assert.Equal(weights.Select((_, i) => $"out/t{i}"), markers.SelectMany(m => m.Outputs).Select(o => o.Path));
            Assert.Equal(weights, markers.SelectMany(m => m.Outputs).Select(o => o.ContentBytes));
        }, iter: 30);

    [Fact]
    public void Outputs_are_renamed_hashed_and_marked()
    {
        using var folder = new TempFolder();
        var observer = new RecordingObserver();
        var marker = Runner(folder, observer: observer).Run(Tasks(7), () => new DelegateWorker(Write), CancellationToken.None)[0];
        Assert.Equal(["_work/t0.json", "out/t0"], folder.Files());
        Assert.Equal(Encoding.UTF8.GetByteCount("content of t0"), marker.Outputs[0].Bytes);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("content of t0"u8)), marker.Outputs[0].Sha256);
        Assert.Equal((3, 30), (observer.Records, observer.Bytes));
    }

    [Fact]
    public void The_largest_tasks_come_first()
    {
        using var folder = new TempFolder();
        var order = new List<string>();
        Runner(folder, workers: 1).Run(Tasks(1, 9, 5, 9), () => new DelegateWorker((task, _) => order.Add(task.Name)), CancellationToken.None);
        Assert.Equal(["t1", "t3", "t2", "t0"], order);
    }

    [Fact]
    public void A_failed_shard_leaves_only_why_and_the_others_go_on()
    {
        using var folder = new TempFolder();
        var observer = new RecordingObserver();
        var markers = Runner(folder, observer: observer).Run(Tasks(1, 1, 1), () => new DelegateWorker((task, context) =>
        {
            Write(task, context);
            if (task.Index == 1)
                throw new ShardFaultException("this shard is broken");
        }), CancellationToken.None);
        Assert.Equal([null, "this shard is broken", null], markers.Select(m => m.Error));
        Assert.Equal(0, markers[1].Books.In);
        Assert.Empty(markers[1].Outputs);
        Assert.Equal(["this shard is broken"], observer.Failures);
        Assert.Equal(["_work/t0.json", "_work/t1.json", "_work/t2.json", "out/t0", "out/t2"], folder.Files());
        Assert.Equal([true, false, true], Runner(folder).Done(Tasks(1, 1, 1)).Select(m => m is not null));
        Assert.Equal([null, "this shard is broken", null], Runner(folder).Recorded(Tasks(1, 1, 1)).Select(m => m!.Error));
    }

    [Fact]
    public void A_shard_that_fails_for_a_second_worker_stays_done()
    {
        using var folder = new TempFolder();
        Runner(folder).Run(Tasks(1), () => new DelegateWorker((task, context) =>
        {
            Runner(folder).Run(Tasks(1), () => new DelegateWorker(Write), CancellationToken.None);
            throw new ShardFaultException("not for me");
        }), CancellationToken.None);
        Assert.Null(Assert.Single(Runner(folder).Done(Tasks(1)))!.Error);
    }

    [Fact]
    public void A_failed_shard_is_tried_again_by_the_next_run()
    {
        using var folder = new TempFolder();
        Runner(folder).Run(Tasks(1), () => new DelegateWorker((_, _) => throw new ShardFaultException("x")), CancellationToken.None);
        var markers = Runner(folder).Run(Tasks(1), () => new DelegateWorker(Write), CancellationToken.None);
        Assert.Null(markers[0].Error);
    }

    [Fact]
    public void A_run_fault_stops_the_run_and_keeps_what_is_done()
    {
        using var folder = new TempFolder();
        var fault = Assert.Throws<RunFaultException>(() => Runner(folder, workers: 1).Run(Tasks(3, 2, 1), () => new DelegateWorker((task, context) =>
        {
            Write(task, context);
            if (task.Index == 1)
                throw new RunFaultException("stop all");
        }), CancellationToken.None));
        Assert.Equal("stop all", fault.Message);
        Assert.Equal(["_work/t0.json", "out/t0"], folder.Files());
    }

    [Fact]
    public void Every_kind_of_fault_becomes_a_message_for_people()
    {
        using var folder = new TempFolder();
        string Message(Exception fault) => Assert.Throws<RunFaultException>(
            () => Runner(folder).Run(Tasks(1), () => new DelegateWorker((_, _) => throw fault), CancellationToken.None)).Message;
        Assert.Contains("is full", Message(new IOException("x", 28)));
        Assert.Contains("is full", Message(new ShardFaultException("could not write", new IOException("x", 28))));
        Assert.Contains("--memory", Message(new InsufficientMemoryException()));
        Assert.Contains("permissions", Message(new UnauthorizedAccessException("denied")));
        Assert.Contains("InvalidOperationException", Message(new InvalidOperationException("oh")));
        Assert.Contains("bug in Stackmill", Message(new InvalidOperationException("oh")));
    }

    [Fact]
    public void A_fault_that_nobody_expected_is_told_with_the_method_that_threw_and_ours_that_called_it()
    {
        using var folder = new TempFolder();
        var fault = Assert.Throws<RunFaultException>(() => Runner(folder).Run(Tasks(1), () => new DelegateWorker(static (_, _) => File.Delete(null!)), CancellationToken.None));
        Assert.Contains("(ArgumentNullException in File.Delete, in ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(A_fault_that_nobody_expected_is_told_with_the_method_that_threw_and_ours_that_called_it), fault.Message, StringComparison.Ordinal);
        Assert.Equal("", FaultPlace.Of(new InvalidOperationException("never thrown")));
    }

    [Fact]
    public void A_fault_while_a_worker_is_made_or_ends_is_the_runs_fault_too()
    {
        using var folder = new TempFolder();
        Assert.Contains("bug", Assert.Throws<RunFaultException>(
            () => Runner(folder).Run(Tasks(1, 1), () => throw new InvalidOperationException("made"), CancellationToken.None)).Message);
        Assert.Contains("is full", Assert.Throws<RunFaultException>(
            () => Runner(folder).Run(Tasks(1, 1), () => new DelegateWorker(Write, () => throw new IOException("x", 28)), CancellationToken.None)).Message);
    }

    [Fact]
    public void Every_worker_that_was_made_is_disposed_whatever_happens()
    {
        using var folder = new TempFolder();
        var (made, disposed) = (0, 0);
        foreach (Exception fault in new Exception[] { new ShardFaultException("x"), new RunFaultException("x"), new InvalidOperationException("x") })
        {
            var caught = Record.Exception(() => Runner(folder, 3).Run(Tasks(1, 1, 1, 1), () =>
            {
                Interlocked.Increment(ref made);
                return new DelegateWorker((_, _) => throw fault, () => Interlocked.Increment(ref disposed));
            }, CancellationToken.None));
            Assert.Equal(fault is ShardFaultException, caught is null);
        }

        Assert.NotEqual(0, made);
        Assert.Equal(made, disposed);
    }

    [Fact]
    public void Books_that_do_not_balance_publish_nothing()
    {
        using var folder = new TempFolder();
        Assert.Throws<RunFaultException>(() => Runner(folder).Run(Tasks(1), () => new DelegateWorker((task, context) =>
        {
            Write(task, context);
            context.Books.In++;
        }), CancellationToken.None));
        Assert.Empty(folder.Files());
    }

    [Fact]
    public void Done_tasks_are_taken_over_and_only_the_others_are_done()
    {
        using var folder = new TempFolder();
        var first = Runner(folder).Run(Tasks(1, 2), () => new DelegateWorker(Write), CancellationToken.None);
        var observer = new RecordingObserver();
        var again = Runner(folder, observer: observer).Run(Tasks(1, 2, 3), () => new DelegateWorker(Write), CancellationToken.None);
        Assert.Equal(["t0", "t1"], observer.Reused.Order());
        Assert.Equal(["t2"], observer.Done);
        Assert.Equal(first.SelectMany(m => m.Outputs), again.Take(2).SelectMany(m => m.Outputs));
        Assert.Equal(9, again.Sum(m => m.Books.In));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"key":"key","task":"t0"}""")]
    [InlineData("""{"key":"key","task":"t0","books":null,"outputs":null}""")]
    [InlineData("""{"key":"other","task":"t0","books":{},"outputs":[]}""")]
    [InlineData("""{"key":"key","task":"t1","books":{},"outputs":[]}""")]
    public void A_broken_or_foreign_marker_means_that_the_task_is_done_again(string marker)
    {
        using var folder = new TempFolder();
        folder.Write("_work/t0.json", marker);
        var observer = new RecordingObserver();
        Runner(folder, observer: observer).Run(Tasks(1), () => new DelegateWorker(Write), CancellationToken.None);
        Assert.Equal(["t0"], observer.Done);
    }

    [Fact]
    public void A_marker_whose_output_is_missing_or_cut_is_not_believed()
    {
        using var folder = new TempFolder();
        Runner(folder).Run(Tasks(1, 1), () => new DelegateWorker(Write), CancellationToken.None);
        File.Delete(folder["out", "t0"]);
        File.WriteAllText(folder["out", "t1"], "cut");
        var observer = new RecordingObserver();
        Runner(folder, observer: observer).Run(Tasks(1, 1), () => new DelegateWorker(Write), CancellationToken.None);
        Assert.Equal(["t0", "t1"], observer.Done.Order());
        Assert.Equal("content of t1", File.ReadAllText(folder["out", "t1"]));
    }

    [Fact]
    public void A_wish_to_stop_ends_the_task_under_way_and_starts_no_other()
    {
        using var folder = new TempFolder();
        using var stop = new CancellationTokenSource();
        var started = 0;
        Assert.Throws<OperationCanceledException>(() => Runner(folder, workers: 1).Run(Tasks(3, 2, 1), () => new DelegateWorker((task, context) =>
        {
            started++;
            if (task.Index == 1)
                stop.Cancel();
            Write(task, context);
        }), stop.Token));
        Assert.Equal(2, started);
        Assert.Equal(["_work/t0.json", "out/t0"], folder.Files());
    }

    [Fact]
    public void A_fault_in_one_thread_stops_the_others()
    {
        using var folder = new TempFolder();
        using var waiting = new ManualResetEventSlim();
        var fault = Assert.Throws<RunFaultException>(() => Runner(folder).Run(Tasks(2, 1), () => new DelegateWorker((task, context) =>
        {
            if (task.Index == 1)
            {
                waiting.Wait();
                throw new RunFaultException("first");
            }

            waiting.Set();
            context.Cancellation.WaitHandle.WaitOne();
            context.Advance(1);
        }), CancellationToken.None));
        Assert.Equal("first", fault.Message);
    }

    [Fact]
    public void No_tasks_are_no_fault()
    {
        using var folder = new TempFolder();
        Assert.Empty(Runner(folder).Run([], () => throw new InvalidOperationException(), CancellationToken.None));
    }
}
