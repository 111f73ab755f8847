using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Stackmill.Tests.Support;

/// <summary>
/// Debian's podman with a storage of its own, and the program in an image that has nothing else: no base image can be pulled where the tests run.
/// Without podman the test that asks is skipped (and fails where CI is "true").
/// </summary>
public sealed class Podman : IDisposable
{
    public const string Image = "localhost/stackmill:0.1.0";

    private readonly TempFolder _folder = new();
    private readonly Lazy<bool> _isBuilt;

    public Podman() => _isBuilt = new(Build);

    /// <summary>Runs the image: without a network, and with limits that a container may set where the tests run in one.</summary>
    internal ProgramResult Run(IEnumerable<string> options, params IEnumerable<string> arguments)
    {
        Assert.True(_isBuilt.Value);
        return Start("podman", [.. Options, "--runtime", "runc", "run", "--rm", "--pull=never", "--network=none", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096", .. options, Image, .. arguments]);
    }

    /// <summary>Runs the pod of a Job as a cluster does: with its user, limits, variables and volumes, each claim being the folder of its path here.</summary>
    internal ProgramResult RunPod(JsonNode job, int index, string configuration)
    {
        var pod = job["spec"]!["template"]!["spec"]!;
        var container = Assert.Single(pod["containers"]!.AsArray())!;
        Assert.Equal(Image, (string)container["image"]!);
        var security = container["securityContext"]!;
        List<string> options = ["--user", $"{pod["securityContext"]!["runAsUser"]}:{pod["securityContext"]!["runAsGroup"]}", "--env", $"JOB_COMPLETION_INDEX={index}"];
        if ((bool)security["readOnlyRootFilesystem"]!)
            options.AddRange(["--read-only", "--read-only-tmpfs=false"]);
        if (!(bool)security["allowPrivilegeEscalation"]!)
            options.AddRange(["--security-opt", "no-new-privileges"]);
        options.AddRange(security["capabilities"]!["drop"]!.AsArray().Select(c => $"--cap-drop={c}"));
        options.AddRange(["--memory", ((string)container["resources"]!["limits"]!["memory"]!).Replace("Mi", "m", StringComparison.Ordinal)]);
        options.AddRange(container["env"]!.AsArray().Select(v => $"--env={v!["name"]}={v["value"]}"));
        foreach (var (mount, volume) in container["volumeMounts"]!.AsArray().Zip(pod["volumes"]!.AsArray()))
        {
            var path = (string)mount!["mountPath"]!;
            var from = volume!["configMap"] is not null ? configuration : path;
            options.AddRange(volume["emptyDir"] is not null ? ["--tmpfs", path] : ["--volume", $"{from}:{path}{(mount["readOnly"] is { } isReadOnly && (bool)isReadOnly ? ":ro" : "")}"]);
        }

        return Run(options, container["args"]!.AsArray().Select(a => ((string)a!).Replace("$$", "$", StringComparison.Ordinal)));
    }

    /// <summary>Gives a folder to the account of the image.</summary>
    internal string Own(string folder)
    {
        Directory.CreateDirectory(folder);
        Start("chown", ["-R", "1654:1654", folder]).Expect(0);
        return folder;
    }

    public void Dispose() => _folder.Dispose();

    private string[] Options => ["--root", _folder["store"], "--runroot", _folder["run"], "--tmpdir", _folder["tmp"], "--cgroup-manager=cgroupfs", "--storage-driver=vfs", "--events-backend=none"];

    private bool Build()
    {
        Requires.Root();
        foreach (var tool in (string[])["podman", "runc", "ldd", "bash"])
            Requires.Tool(tool);
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64, "the program is published for x64 and ARM only");
        Start("bash", [Path.Combine(Samples.RepositoryRoot, "deploy", "build_scratch_image.sh"), Image], ("PODMAN", string.Join(' ', ["podman", .. Options]))).Expect(0);
        return true;
    }

    private ProgramResult Start(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.Path };
        // What watches a container leaves a file behind where one was killed for its memory; and a server of builds that stays behind would hold the output open.
        (start.Environment["MSBUILDDISABLENODEREUSE"], start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"]) = ("1", "0");
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProgramResult($"{program} {string.Join(' ', arguments)}", process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
