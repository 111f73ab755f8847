using Stackmill.Core.Faults;

namespace Stackmill.Versioning.Remotes;

/// <summary>A place outside of the project that objects are pushed to and fetched from.</summary>
internal abstract class ObjectRemote(string name, string address) : IDisposable
{
    /// <summary>Folder of objects.</summary>
    protected const string Objects = "files/md5/";

    /// <summary>Its name in the configuration.</summary>
    public string Name { get; } = name;

    /// <summary>Where it is.</summary>
    public string Address { get; } = address;

    /// <summary>Transfers at once.</summary>
    public abstract int Concurrency { get; }

    /// <summary>Those of some objects that are there.</summary>
    /// <exception cref="RunFaultException">It can't be reached.</exception>
    public abstract HashSet<string> Present(IReadOnlyCollection<string> hashes);

    /// <summary>Sends a file under a key, with <c>/</c>.</summary>
    /// <exception cref="RunFaultException">It can't be written.</exception>
    public abstract void Send(string key, string file);

    /// <summary>Brings a file.</summary>
    /// <returns>False when it is not there.</returns>
    /// <exception cref="RunFaultException">It can't be read.</exception>
    public abstract bool Fetch(string key, string file);

    /// <summary>Hashes of all objects.</summary>
    public abstract IEnumerable<string> All();

    /// <summary>Keys below a folder.</summary>
    public abstract IEnumerable<string> Keys(string folder);

    /// <summary>Removes a file.</summary>
    public abstract void Remove(string key);

    /// <inheritdoc/>
    public abstract void Dispose();
}
