using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Stackmill.Tests.Support.Servers;

/// <summary>
/// A real Slurm on loopback: one controller and three nodes of one processor each, from Debian's packages, without accounts. Its daemons end with this process.
/// Without Slurm's programs the test that asks is skipped (and fails where CI is "true").
/// </summary>
internal sealed class SlurmCluster : IDisposable
{
    private const int Nodes = 3;

    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, Process> _daemons = new(StringComparer.Ordinal);

    private SlurmCluster()
    {
        var ports = FreePorts(Nodes + 1);
        foreach (var name in (string[])["state", "spool", "run", "log"])
            Directory.CreateDirectory(_folder[name]);
        var host = Dns.GetHostName().Split('.')[0];
        _folder.Write("slurm.conf", $"""
            ClusterName=test
            SlurmctldHost={host}(127.0.0.1)
            SlurmUser=root
            SlurmdUser=root
            SlurmctldPort={ports[0]}
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            JobAcctGatherType=jobacct_gather/none
            AccountingStorageType=accounting_storage/none
            JobCompType=jobcomp/none
            AuthType=auth/none
            CredType=cred/none
            AuthInfo=cred_expire=5
            MpiDefault=none
            SwitchType=switch/none
            CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
            StateSaveLocation={_folder["state"]}
            SlurmdSpoolDir={_folder["spool"]}/%n
            SlurmctldPidFile={_folder["run"]}/slurmctld.pid
            SlurmdPidFile={_folder["run"]}/slurmd.%n.pid
            SlurmctldLogFile={_folder["log"]}/slurmctld.log
            SlurmdLogFile={_folder["log"]}/slurmd.%n.log
            MailProg=/bin/true
            SchedulerType=sched/backfill
            SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=10000,bf_interval=2
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            ReturnToService=2
            JobRequeue=1
            MinJobAge=300
            KillWait=2
            SlurmctldTimeout=30
            SlurmdTimeout=10
            InactiveLimit=0
            SlurmdParameters=config_overrides

            """ + string.Concat(Enumerable.Range(0, Nodes).Select(i => $"NodeName=n{i} NodeHostname={host} NodeAddr=127.0.0.1 Port={ports[i + 1]} CPUs=1 RealMemory=4000 State=UNKNOWN\n"))
            + $"PartitionName=main Nodes=n[0-{Nodes - 1}] Default=YES MaxTime=INFINITE State=UP\n");
    }

    /// <summary>What programs find the cluster by.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string> { ["SLURM_CONF"] = _folder["slurm.conf"] };

    /// <summary>Starts one.</summary>
    public static async Task<SlurmCluster> StartAsync()
    {
        foreach (var tool in new[] { "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "sinfo", "setpriv" })
            Requires.Tool(tool);
        Requires.Root();
        var cluster = new SlurmCluster();
        cluster.StartController(isNew: true);
        for (var i = 0; i < Nodes; i++)
            cluster.StartNode(i);
        await cluster.UntilAsync(() => (cluster.Ask("sinfo", "--noheader", "--Node", "--format=%T") ?? "").Split('\n').Count(l => l.Trim() == "idle") == Nodes, "three idle nodes");
        return cluster;
    }

    /// <summary>Starts the controller; one that was killed goes on with the state that it had saved.</summary>
    public void StartController(bool isNew = false) => Start("slurmctld", ["slurmctld", "-D", "-f", _folder["slurm.conf"], .. isNew ? ["-c"] : Array.Empty<string>()]);

    /// <summary>Starts a node.</summary>
    public void StartNode(int number) => Start($"n{number}", ["slurmd", "-D", "-f", _folder["slurm.conf"], "-N", $"n{number}"]);

    /// <summary>Ends the controller, or a node's daemon, as <c>kill -9</c> does.</summary>
    public void Kill(string name)
    {
        _daemons[name].Kill();
        _daemons[name].WaitForExit();
    }

    /// <summary>True when a job waits or runs, and while the controller does not answer.</summary>
    public bool IsBusy() => Ask("squeue", "--noheader", "--format=%i")?.Trim() is not "";

    /// <summary>The output of one of Slurm's programs; <c>null</c> when the controller does not answer.</summary>
    public string? Ask(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SLURM_CONF"] = _folder["slurm.conf"];
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        error.GetAwaiter().GetResult();
        return process.ExitCode == 0 ? output : null;
    }

    /// <summary>Waits until something is so.</summary>
    public async Task UntilAsync(Func<bool> isSo, string what)
    {
        for (var look = 0; !isSo(); look++)
        {
            Assert.True(look < 2_400, $"{what} did not come\n{Log()}");
            await Task.Delay(250);
        }
    }

    /// <summary>The end of the controller's log, for messages.</summary>
    public string Log() => File.Exists(_folder["log/slurmctld.log"]) ? string.Join('\n', File.ReadLines(_folder["log/slurmctld.log"]).TakeLast(40)) : "";

    public void Dispose()
    {
        if (_daemons.TryGetValue("slurmctld", out var controller) && !controller.HasExited)
            Ask("scancel", "--user=root", "--state=PENDING");
        foreach (var daemon in _daemons.Values)
        {
            if (!daemon.HasExited)
                daemon.Kill();
            daemon.WaitForExit();
            daemon.Dispose();
        }

        _folder.Dispose();
    }

    // A test program that is killed leaves none behind.
    private void Start(string name, string[] command)
    {
        if (_daemons.Remove(name, out var old))
            old.Dispose();
        _daemons.Add(name, LastingThread.Do(() => StartDaemon(command)));
    }

    private Process StartDaemon(string[] command)
    {
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", .. command]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["SLURM_CONF"] = _folder["slurm.conf"];
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        listeners.ForEach(l => l.Dispose());
        return ports;
    }
}
