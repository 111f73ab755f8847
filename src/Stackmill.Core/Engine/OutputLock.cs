using System.Text;
using Stackmill.Core.Faults;

namespace Stackmill.Core.Engine;

/// <summary>
/// Keeps a second run off an output folder. The operating system holds the lock, so it ends with the process,
/// also after <c>kill -9</c>; the file's text only tells people who holds it.
/// </summary>
public sealed class OutputLock : IDisposable
{
    /// <summary>Name of the lock file inside the folder.</summary>
    public const string FileName = ".stackmill.lock";

    // Who ends what many have worked on waits for the last of them, and they for who prepares it: a quarter of a minute in all.
    private const int Looks = 60;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly FileStream _stream;

    private OutputLock(FileStream stream) => _stream = stream;

    /// <summary>Takes the lock of a folder, which is made when it is missing.</summary>
    /// <exception cref="RunFaultException">Another process holds it.</exception>
    public static OutputLock Take(string folder)
    {
        WritableFolder.Make(folder);
        var path = Path.Combine(folder, FileName);
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (!StorageFault.IsDiskFull(fault) && !StorageFault.IsReadOnly(fault))
        {
            throw new RunFaultException(
                $"another Stackmill run is writing to '{folder}' (the lock file '{path}' is held). Wait until it ends, or choose another --output.", fault);
        }

        stream.SetLength(0);
        stream.Write(Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n"));
        stream.Flush();
        return new OutputLock(stream);
    }

    /// <summary>As <see cref="Take"/>, or <see cref="Join"/>, once those that are in the way have ended, for which it waits a while.</summary>
    /// <exception cref="RunFaultException">Another process still holds it.</exception>
    /// <exception cref="OperationCanceledException">The run was asked to stop.</exception>
    public static OutputLock Await(string folder, bool shared, CancellationToken cancellation)
    {
        for (var look = 1; ; look++)
        {
            try
            {
                return shared ? Join(folder) : Take(folder);
            }
            catch (RunFaultException) when (look < Looks)
            {
                _ = cancellation.WaitHandle.WaitOne(Pause);
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>
    /// Takes part in the work on a folder: any number of processes may, as long as none has the folder for itself by <see cref="Take"/>.
    /// </summary>
    /// <exception cref="RunFaultException">Another process has it for itself.</exception>
    public static OutputLock Join(string folder)
    {
        WritableFolder.Make(folder);
        var path = Path.Combine(folder, FileName);
        try
        {
            if (!File.Exists(path))
                File.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return new OutputLock(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));
        }
        catch (IOException fault) when (!StorageFault.IsDiskFull(fault) && !StorageFault.IsReadOnly(fault))
        {
            throw new RunFaultException(
                $"another Stackmill run has '{folder}' for itself (the lock file '{path}' is held). Wait until it ends, or choose another --output.", fault);
        }
    }

    /// <summary>Gives the folder free.</summary>
    public void Dispose()
    {
        if (_stream.CanWrite)
            _stream.SetLength(0);
        _stream.Dispose();
    }
}
