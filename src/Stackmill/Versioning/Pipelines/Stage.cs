using Stackmill.Core.Faults;
using Stackmill.Versioning.Objects;
using Stackmill.Versioning.Text;

namespace Stackmill.Versioning.Pipelines;

/// <summary>What was written down of a file or folder when its stage last ran, or when it was added.</summary>
/// <param name="Value">Its hash and size.</param>
/// <param name="IsLegacy">True when DVC 2 wrote it, whose hashes took line ends for the same: it can't be compared.</param>
internal sealed record Recorded(Hashed Value, bool IsLegacy)
{
    /// <summary>True when the hash can be none: it is cut or has other characters, or is that of a folder without its ending.</summary>
    public bool IsDamaged => !Md5File.IsHash(Value.Md5) || (Value.Files is not null && !Md5File.IsFolder(Value.Md5));

    /// <summary>True when a hash that was worked out is the one written down.</summary>
    public bool Is(Hashed? now) => !IsLegacy && now?.Md5 == Value.Md5;
}

/// <summary>A file or folder that a stage reads.</summary>
/// <param name="Path">As it is written, relative to the stage's folder.</param>
/// <param name="FullPath">Full path.</param>
internal sealed record Dependency(string Path, string FullPath)
{
    /// <summary>What was written down of it.</summary>
    public Recorded? Recorded { get; set; }
}

/// <summary>Values of a file that a stage depends on.</summary>
/// <param name="Path">The file as it is written.</param>
/// <param name="FullPath">Full path.</param>
/// <param name="Keys">Names with dots; none for all of the file.</param>
internal sealed record ParameterDependency(string Path, string FullPath, IReadOnlyList<string> Keys)
{
    /// <summary>What was written down of them.</summary>
    public DataMap? Recorded { get; set; }
}

/// <summary>A file or folder that a stage makes, or that was added.</summary>
/// <param name="Path">As it is written, relative to the stage's folder.</param>
/// <param name="FullPath">Full path.</param>
internal sealed record Output(string Path, string FullPath)
{
    /// <summary>False when Git keeps it.</summary>
    public bool UsesCache { get; init; } = true;

    /// <summary>True when it stays while its stage runs.</summary>
    public bool Persists { get; init; }

    /// <summary>False when it goes to no remote.</summary>
    public bool IsPushed { get; init; } = true;

    /// <summary>The remote that it goes to; null for the project's.</summary>
    public string? Remote { get; init; }

    /// <summary>True for metrics.</summary>
    public bool IsMetric { get; init; }

    /// <summary>What was written down of it.</summary>
    public Recorded? Recorded { get; set; }
}

/// <summary>A stage of <c>dvc.yaml</c>, or the one file or folder of a <c>.dvc</c> file.</summary>
internal sealed class Stage
{
    /// <summary>Full path of the file that it is written in.</summary>
    public required string File { get; init; }

    /// <summary>Its name in <c>dvc.yaml</c>; null for a <c>.dvc</c> file.</summary>
    public string? Name { get; init; }

    /// <summary>As it is called: its name, with the path of its file before it unless that is the current folder's.</summary>
    public required string Address { get; init; }

    /// <summary>The folder that it runs in and that its paths are relative to.</summary>
    public required string Folder { get; init; }

    /// <summary>Its command, or several; null for a <c>.dvc</c> file.</summary>
    public object? Command { get; init; }

    /// <summary>True when its dependencies are not looked at.</summary>
    public bool IsFrozen { get; init; }

    /// <summary>True when it always runs.</summary>
    public bool AlwaysChanged { get; init; }

    /// <summary>True for data that came from elsewhere by <c>dvc import</c>.</summary>
    public bool IsImport { get; init; }

    /// <summary>True for data of another repository, which its own remote keeps.</summary>
    public bool IsFromRepository { get; init; }

    /// <summary>True when its command is another than when it last ran.</summary>
    public bool CommandChanged { get; set; }

    /// <summary>What it reads.</summary>
    public List<Dependency> Dependencies { get; } = [];

    /// <summary>The values that it depends on.</summary>
    public List<ParameterDependency> Parameters { get; } = [];

    /// <summary>What it makes.</summary>
    public List<Output> Outputs { get; } = [];

    /// <summary>True for a stage with a command and nothing that could tell whether it must run.</summary>
    public bool IsCallback => Name is not null && Command is not null && Dependencies.Count == 0 && Parameters.Count == 0 && Outputs.Count == 0;

    /// <summary>Its command as a list of lines, each of which a shell runs.</summary>
    public IEnumerable<string> CommandLines => (Command is List<object?> list ? list.OfType<string>() : [(string)Command!])
        .SelectMany(c => c.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    /// <summary>Fails for a path that only DVC itself can reach.</summary>
    /// <exception cref="UsageException">It is an address.</exception>
    public static string RequireLocal(string path, string stage) => path.Contains("://", StringComparison.Ordinal)
        ? throw new UsageException($"'{path}' in '{stage}' lies outside of this machine; Stackmill reads only local paths there. Use 'dvc' itself for this project.") : path;
}
