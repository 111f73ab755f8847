using System.Text;
using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Versioning.Projects;

/// <summary>
/// The lock that DVC holds while it works on a project: <c>.dvc/tmp/lock</c>, by the system's <c>flock</c>, so that it ends with the
/// process. It is given free while the command of a stage runs; then <see cref="PathLocks"/> keep others off its paths.
/// </summary>
internal sealed class ProjectLock : IDisposable
{
    // DVC asks for three seconds before it gives up.
    private const int Attempts = 30;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly string _path;
    private readonly CancellationToken _cancellation;
    private FileStream? _held;

    private ProjectLock(string path, CancellationToken cancellation) => (_path, _cancellation) = (path, cancellation);

    /// <summary>Takes the lock of a project.</summary>
    /// <exception cref="RunFaultException">Another process holds it.</exception>
    public static ProjectLock Take(DvcProject project, CancellationToken cancellation)
    {
        if (project.Config.IsOn("core", "hardlink_lock"))
            throw new UsageException("core.hardlink_lock is on in the project's configuration: Stackmill knows the lock by flock only. Turn it off, or use 'dvc' itself.");
        Directory.CreateDirectory(project.TemporaryFolder);
        var taken = new ProjectLock(Path.Combine(project.TemporaryFolder, "lock"), cancellation);
        taken.Retake();
        // Nobody else of us writes there now.
        AtomicFile.RemoveLeftovers(project.OwnFolder, SearchOption.TopDirectoryOnly);
        return taken;
    }

    /// <summary>Takes the lock again.</summary>
    /// <exception cref="RunFaultException">Another process holds it.</exception>
    public void Retake()
    {
        _held = TakeFile(_path, _cancellation)
            ?? throw new RunFaultException($"another DVC or Stackmill process is at work in this project (the lock file '{_path}' is held). Wait until it ends, and run the same command again.");
    }

    /// <summary>Gives it free for a while.</summary>
    public void Release()
    {
        _held?.Dispose();
        _held = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Release();

    /// <summary>Takes a lock file as DVC does; null when another process holds it for too long.</summary>
    internal static FileStream? TakeFile(string path, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                // No sharing is an exclusive flock where there is one.
                var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
                stream.SetLength(0);
                stream.Write(Encoding.ASCII.GetBytes($" {Environment.ProcessId}\n"));
                stream.Flush();
                return stream;
            }
            catch (IOException fault) when (!StorageFault.IsDiskFull(fault) && !StorageFault.IsReadOnly(fault) && File.Exists(path))
            {
                if (attempt >= Attempts)
                    return null;
                _ = cancellation.WaitHandle.WaitOne(Pause);
            }
        }
    }
}
