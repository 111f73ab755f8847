using System.Diagnostics;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Versioning;

/// <summary>DVC itself and these commands work on one project in turn, and neither sees a change. Where there is no <c>dvc</c> the test is skipped.</summary>
public sealed class DvcBesideTests
{
    [Fact]
    public void What_one_writes_is_in_order_for_the_other()
    {
        Requires.Unix();
        RequireDvc();
        using var project = new TempFolder();
        project.Write(".dvc/config", "[core]\n    no_scm = True\n    analytics = false\n");
        project.Write("params.yaml", "a: {x: 0.001, y: 'yes', z: [1, 2]}\n");
        project.Write("raw/one.txt", "1\n");
        project.Write("raw/sub/é.txt", "2\n");
        project.Write("dvc.yaml", "stages:\n  copy:\n    cmd: cp -r raw out && echo '{\"n\":2}' > m.json\n    deps: [raw]\n    params: [a]\n    outs: [out]\n    metrics:\n    - m.json:\n        cache: false\n");

        DataProgram.Run(project.Path, "repro").Expect(0);
        var ours = File.ReadAllText(project["dvc.lock"]);
        Assert.Equal("{}", Dvc(project.Path, "status", "--json").Trim());
        _ = Dvc(project.Path, "repro", "--force");
        Assert.Equal(ours, File.ReadAllText(project["dvc.lock"]));
        Assert.Equal("{}", DataProgram.Run(project.Path, "status", "--json").Expect(0).Output.Trim());

        project.Write("raw/one.txt", "3\n");
        _ = Dvc(project.Path, "repro");
        var theirs = File.ReadAllText(project["dvc.lock"]);
        Assert.DoesNotContain("running", DataProgram.Run(project.Path, "repro").Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(theirs, File.ReadAllText(project["dvc.lock"]));
        DataProgram.Run(project.Path, "repro", "--force").Expect(0);
        Assert.Equal(theirs, File.ReadAllText(project["dvc.lock"]));
    }

    // No package of this kind is among those that the tests install: where it is missing the test is skipped, also in CI.
    private static void RequireDvc()
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(f => f.Length > 0 && File.Exists(Path.Combine(f, "dvc")));
        if (!found)
            Assert.Skip("this test needs the program 'dvc' (DVC 3) on the PATH");
    }

    private static string Dvc(string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dvc", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.GetAwaiter().GetResult());
        return output.GetAwaiter().GetResult();
    }
}
