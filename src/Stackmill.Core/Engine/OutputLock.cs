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

    private readonly FileStream _stream;

    private OutputLock(FileStream stream) => _stream = stream;

    /// <summary>Takes the lock of a folder, which is made when it is missing.</summary>
    /// <exception cref="RunFaultException">Another process holds it.</exception>
    public static OutputLock Take(string folder)
    {
        Directory.CreateDirectory(folder);
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

    /// <summary>Gives the folder free.</summary>
    public void Dispose()
    {
        if (_stream.CanWrite)
            _stream.SetLength(0);
        _stream.Dispose();
    }
}
