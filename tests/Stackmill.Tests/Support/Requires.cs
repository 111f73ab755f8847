namespace Stackmill.Tests.Support;

/// <summary>What a test needs of the machine. Without it the test is skipped with the reason at home, and fails where CI is "true".</summary>
internal static class Requires
{
    /// <summary>Root, for mounts and for running as another user.</summary>
    public static void Root() => That(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "this test needs root on Linux");

    /// <summary>A system with FIFOs, signals and modes.</summary>
    public static void Unix() => That(!OperatingSystem.IsWindows(), "this test needs a POSIX system");

    /// <summary>A program on the PATH.</summary>
    public static void Tool(string name)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, name)));
        That(found, $"this test needs the program '{name}' on the PATH");
    }

    /// <summary>Anything else.</summary>
    public static void That(bool isThere, string reason)
    {
        if (isThere)
            return;
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail($"{reason}; where CI is \"true\" nothing may be missing");
        Assert.Skip(reason);
    }
}
