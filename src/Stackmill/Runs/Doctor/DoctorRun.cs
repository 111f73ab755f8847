using System.Runtime.CompilerServices;
using Stackmill.Shared;

namespace Stackmill.Runs.Doctor;

/// <summary>
/// Examines this machine, and the servers that a configuration uses, before a run does. Checks of different servers go on at once, each
/// for a limited time, so that one dead server does not keep the others from being told. Nothing is left behind anywhere.
/// </summary>
internal sealed class DoctorRun
{
    // What a check may take to end after it has been told to: some libraries wait for the network without asking.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly DoctorSubject _subject;
    private readonly CancellationToken _cancellation;

    private DoctorRun(DoctorSubject subject, CancellationToken cancellation) => (_subject, _cancellation) = (subject, cancellation);

    /// <summary>Starts all checks, and gives them in the order that they are shown in, each as soon as it and those before it have ended.</summary>
    public static async IAsyncEnumerable<Check> RunAsync(DoctorSubject subject, [EnumeratorCancellation] CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var run = new DoctorRun(subject, cancellation);
        var storage = subject.UsesStorage ? StoreOpening.OpenAsync(subject.Options.Storage, subject.Environment, cancellation) : null;
        var access = run.BoundedAsync(token => Task.FromResult(HubAccessCheck.Run(subject, token)), () => new InputLook(run.Late(HubAccessCheck.Id)));
        var input = run.InputAsync(storage);
        var contents = run.ContentsUseAsync(subject.InputPlace == InputPlace.Hub ? access : input);
        Task<IReadOnlyList<Check>>[] groups =
        [
            run.PlacesAsync(input, storage), run.HubAsync(access), run.StorageAsync(storage), run.ContentsAsync(contents),
            run.ClockAsync(storage, contents), run.DisksAsync(input, contents), run.MachineAsync(contents), run.ToolsAsync(),
        ];
        try
        {
            foreach (var group in groups)
            {
                foreach (var check in await group.ConfigureAwait(false))
                    yield return check;
            }
        }
        finally
        {
            if (storage is { IsCompletedSuccessfully: true })
                (await storage.ConfigureAwait(false)).Dispose();
        }
    }

    private async Task<InputLook> InputAsync(Task<StoreOpening>? storage)
    {
        InputLook Late() => new(this.Late(InputCheck.Id));
        if (_subject.InputPlace != InputPlace.Storage)
            return await BoundedAsync(token => Task.FromResult(InputCheck.Run(_subject, token)), Late).ConfigureAwait(false);
        var store = await storage!.ConfigureAwait(false);
        return await BoundedAsync(token => StorageChecks.InputAsync(_subject, store, token), Late).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<Check>> PlacesAsync(Task<InputLook> input, Task<StoreOpening>? storage)
    {
        var output = OutputAsync(input, storage);
        return [(await input.ConfigureAwait(false)).Check, await output.ConfigureAwait(false)];
    }

    private async Task<Check> OutputAsync(Task<InputLook> input, Task<StoreOpening>? storage)
    {
        if (_subject.OutputInStorage)
        {
            var store = await storage!.ConfigureAwait(false);
            return await BoundedAsync(token => StorageChecks.OutputAsync(_subject, store, token), () => Late(OutputCheck.Id)).ConfigureAwait(false);
        }

        var isReadable = (await input.ConfigureAwait(false)).Check.Status == CheckStatus.Ok;
        return await BoundedAsync(_ => Task.FromResult(OutputCheck.Run(_subject, isReadable)), () => Late(OutputCheck.Id)).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<Check>> HubAsync(Task<InputLook> access)
    {
        var token = await BoundedAsync(stop => Task.FromResult(HubTokenCheck.Run(_subject, stop)), () => Late(HubTokenCheck.Id, _subject.Hub)).ConfigureAwait(false);
        var look = await access.ConfigureAwait(false);
        return [token ?? HubTokenCheck.Missing(_subject, look.NeedsToken), look.Check];
    }

    private async Task<IReadOnlyList<Check>> StorageAsync(Task<StoreOpening>? storage)
    {
        var check = IdentityCheck.Storage;
        if (storage is null)
            return [Check.Skipped(check.Id, "not needed: there is no s3:// path")];
        var store = await storage.ConfigureAwait(false);
        return [await BoundedAsync(token => check.RunAsync(Need.Required, store, token), () => Late(check.Id)).ConfigureAwait(false)];
    }

    // Whether contents are fetched at all follows from what the input is.
    private async Task<ContentsUse> ContentsUseAsync(Task<InputLook> input)
    {
        if (_subject.InputPlace is InputPlace.None)
            return new ContentsUse(Need.None, "not needed: no input is named");
        return (await input.ConfigureAwait(false)).DescribesFiles switch
        {
            true => new ContentsUse(Need.Required, ""),
            false => new ContentsUse(Need.None, "not needed: the input holds its contents"),
            // Most datasets that need an account here describe files: what else they need is told at once.
            null when _subject.InputPlace == InputPlace.Hub => new ContentsUse(Need.Optional, ""),
            null => new ContentsUse(Need.None, "not known: the input can't be read"),
        };
    }

    private async Task<IReadOnlyList<Check>> ContentsAsync(Task<ContentsUse> contents)
    {
        var (use, options, check) = (await contents.ConfigureAwait(false), _subject.Options.Contents, IdentityCheck.Contents);
        var terms = ContentsCheck.Terms(_subject, use);
        if (use.Need == Need.None || !ContentsCheck.MayAsk(_subject))
        {
            var why = use.Need == Need.None ? use.Why : $"not tried before the terms are accepted: see {terms.Id}";
            return [terms, Check.Skipped(check.Id, why), Check.Skipped(ContentsCheck.Id, why)];
        }

        var answer = () => BoundedAsync(token => ContentsCheck.RunAsync(_subject, use.Need, token), () => Late(ContentsCheck.Id, use.Need));
        if (!options.Signed)
            return [terms, Check.Skipped(check.Id, "not needed: requests are not signed (contents.signed)"), await answer().ConfigureAwait(false)];
        // Those variables are for the storage of datasets; contents may lie elsewhere.
        string? Variable(string name) => name.StartsWith("AWS_ENDPOINT_URL", StringComparison.Ordinal) ? null : _subject.Environment(name);
        using var store = await StoreOpening.OpenAsync(ContentsCheck.Store(options), Variable, _cancellation).ConfigureAwait(false);
        var identity = BoundedAsync(token => check.RunAsync(use.Need, store, token), () => Late(check.Id, use.Need));
        return
        [
            terms,
            await identity.ConfigureAwait(false),
            store.Store is null ? Check.Skipped(ContentsCheck.Id, $"not tried: see {check.Id}") : await answer().ConfigureAwait(false),
        ];
    }

    private async Task<IReadOnlyList<Check>> ClockAsync(Task<StoreOpening>? storage, Task<ContentsUse> contents)
    {
        var servers = new List<UsedServer>();
        if (_subject.HubServer() is { } hub)
            servers.Add(new UsedServer(hub, false));
        if (storage is not null && (await storage.ConfigureAwait(false)).Store is { } store)
            servers.Add(new UsedServer(store.Server, !store.Options.Unsigned));
        if ((await contents.ConfigureAwait(false)).Need != Need.None && ContentsCheck.MayAsk(_subject) && ContentsCheck.Server(_subject.Options.Contents) is { } bucket)
            servers.Add(new UsedServer(bucket, _subject.Options.Contents.Signed));
        return [await BoundedAsync(token => ClockCheck.RunAsync(_subject, servers, token), () => Late(ClockCheck.Id, Need.Optional)).ConfigureAwait(false)];
    }

    // One after another: two trials at once would halve what each measures.
    private async Task<IReadOnlyList<Check>> DisksAsync(Task<InputLook> input, Task<ContentsUse> contents)
    {
        var (look, fetches) = (await input.ConfigureAwait(false), (await contents.ConfigureAwait(false)).Need != Need.None);
        var checks = new List<Check>();
        foreach (var place in DiskPlaces.Of(_subject, look.Size, fetches))
        {
            checks.Add(await BoundedAsync(
                token => Task.FromResult(DiskCheck.Run(place, DiskCheck.FreeBytes, folder => DiskSpeed.Measure(folder, _subject.Clock, token))),
                () => Late(place.Id, place.Need) with { Remedy = $"look at the disk and its server, or choose another place: {place.Setting}" }).ConfigureAwait(false));
        }

        return checks;
    }

    private async Task<IReadOnlyList<Check>> MachineAsync(Task<ContentsUse> contents)
    {
        var fetches = (await contents.ConfigureAwait(false)).Need != Need.None;
        return [MemoryCheck.Run(_subject, MachineMemory.Read(_subject.SystemRoot)), OpenFilesCheck.Run(_subject, OpenFilesCheck.Limits(), fetches)];
    }

    private async Task<IReadOnlyList<Check>> ToolsAsync()
    {
        var tools = ToolCheck.Optional.Select(t => (Tool: t, Need: Need.Optional)).ToList();
        if (_subject.UsesSsh)
            tools.Insert(0, (ToolCheck.Ssh, Need.Required));
        return await Task.WhenAll(tools.Select(t => BoundedAsync(
            token => t.Tool.RunAsync(t.Need, _subject.Environment, token),
            () => Late(t.Tool.Id, t.Need) with { Remedy = $"try it: {t.Tool.Id} {string.Join(' ', t.Tool.Arguments)}" }))).ConfigureAwait(false);
    }

    private Check Late(string id, Need need = Need.Required) =>
        Check.Wrong(id, need, $"no answer within {_subject.Limit.TotalSeconds:0.#} s", "check the network, the proxy (HTTPS_PROXY) and the address");

    private async Task<T> BoundedAsync<T>(Func<CancellationToken, Task<T>> work, Func<T> late)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        stop.CancelAfter(_subject.Limit);
        try
        {
            // On a thread of its own: work that blocks one of the pool's few would be measured by the others as slow answers.
            var running = Task.Factory.StartNew(() => work(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
            return await running.WaitAsync(_subject.Limit + Grace, _subject.Clock, _cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is TimeoutException || (fault is OperationCanceledException && !_cancellation.IsCancellationRequested))
        {
            return late();
        }
    }
}

/// <summary>Whether a run fetches contents.</summary>
/// <param name="Need">How much depends on them.</param>
/// <param name="Why">Why they are not needed, where they aren't.</param>
internal sealed record ContentsUse(Need Need, string Why);
