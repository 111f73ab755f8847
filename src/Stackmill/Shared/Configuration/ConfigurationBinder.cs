using System.Text;
using System.Text.Unicode;
using Stackmill.Core.Faults;

namespace Stackmill.Shared.Configuration;

/// <summary>
/// Fills an options class (properties with <c>[Option]</c> and <c>[Section]</c>) from YAML and from the command line. All
/// errors are reported at once; a key with an error keeps its default. What the text does not name keeps its default too.
/// </summary>
public static class ConfigurationBinder
{
    /// <summary>Largest configuration file in bytes: a thousand times what all options need.</summary>
    public const int LargestFile = 1 << 20;

    /// <summary>Reads a configuration file.</summary>
    /// <exception cref="UsageException">The file is missing, unreadable or larger than <see cref="LargestFile"/>.</exception>
    public static (T Options, IReadOnlyList<ConfigurationError> Errors) BindFile<T>(string path) where T : class, new()
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] bytes;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            bytes = new byte[LargestFile + 1];
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > LargestFile)
                throw new UsageException($"The configuration {path} is larger than {SizeText.Format(LargestFile)}; is it the right file?");
            bytes = bytes[..length];
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UsageException(fault is FileNotFoundException or DirectoryNotFoundException
                ? $"There is no configuration file {path}; 'stackmill init' writes one."
                : Directory.Exists(path)
                    ? $"The configuration {path} is a folder; expected a YAML file."
                    : $"The configuration {path} can't be read: {fault.Message}", fault);
        }
        return Bind<T>(bytes, path);
    }

    /// <summary>Binds the bytes of a file, which must be UTF-8 (a byte order mark is allowed).</summary>
    public static (T Options, IReadOnlyList<ConfigurationError> Errors) Bind<T>(ReadOnlySpan<byte> utf8, string fileName) where T : class, new()
    {
        if (utf8.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        if (Utf8.IsValid(utf8))
            return Bind<T>(Encoding.UTF8.GetString(utf8), fileName);
        return ((T)OptionTree.Of(typeof(T)).NewDefaults(), [NotUtf8(utf8, fileName)]);
    }

    /// <summary>Binds YAML text.</summary>
    /// <param name="yamlText">The text; empty gives the defaults.</param>
    /// <param name="fileName">The name that errors carry.</param>
    public static (T Options, IReadOnlyList<ConfigurationError> Errors) Bind<T>(string yamlText, string fileName) where T : class, new()
    {
        ArgumentNullException.ThrowIfNull(yamlText);
        var tree = OptionTree.Of(typeof(T));
        var options = tree.NewDefaults();
        var errors = new List<ConfigurationError>();
        if (SourceReader.Read(yamlText.TrimStart('\uFEFF'), fileName, errors) is { } root)
        {
            var binding = new Binding(tree, options, fileName, errors);
            binding.BindSection(tree.Root, root);
            binding.Check(root.Line, root.Column);
        }
        return ((T)options, [.. errors.OrderBy(error => error.Line).ThenBy(error => error.Column)]);
    }

    /// <summary>One override, <c>filters.stars.min</c> and <c>5</c>, with the checks of a file. The given options stay as they are.</summary>
    /// <param name="options">The options so far.</param>
    /// <param name="dottedKey">Sections and key, joined by dots. The rest after a key of named texts is the name.</param>
    /// <param name="value">
    /// The value; texts are taken as they are. Lists are <c>a,b</c> or <c>[a, b]</c>, named texts <c>{a: b}</c>,
    /// and <c>null</c> or nothing unsets what can be unset.
    /// </param>
    public static (T Options, IReadOnlyList<ConfigurationError> Errors) ApplyOverride<T>(T options, string dottedKey, string value) where T : class
    {
        ArgumentNullException.ThrowIfNull(dottedKey);
        ArgumentNullException.ThrowIfNull(value);
        return Apply(options, (overrides, binding) => overrides.Apply(binding, dottedKey, value));
    }

    /// <summary>
    /// Several overrides as <c>--set</c> takes them, <c>key=value</c> each; later ones win. Values that must agree with one
    /// another are compared after the last.
    /// </summary>
    public static (T Options, IReadOnlyList<ConfigurationError> Errors) ApplyOverrides<T>(T options, IEnumerable<string> assignments) where T : class
    {
        ArgumentNullException.ThrowIfNull(assignments);
        return Apply(options, (overrides, binding) =>
        {
            foreach (var assignment in assignments)
                overrides.Apply(binding, assignment);
        });
    }

    private static (T Options, IReadOnlyList<ConfigurationError> Errors) Apply<T>(T options, Action<OverrideReader, Binding> apply) where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        var tree = OptionTree.Of(typeof(T));
        var changed = tree.Copy(options);
        var errors = new List<ConfigurationError>();
        var binding = new Binding(tree, changed, OverrideReader.Source, errors);
        apply(new OverrideReader(tree, changed, errors), binding);
        binding.Check(0, 0);
        return ((T)changed, errors);
    }

    private static ConfigurationError NotUtf8(ReadOnlySpan<byte> bytes, string fileName)
    {
        const string Expected = "UTF-8; save it with that encoding";
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
            return new ConfigurationError(fileName, 1, 1, "", "UTF-16 text", Expected);
        var (line, column) = (1, 1);
        var rest = bytes;
        while (Rune.DecodeFromUtf8(rest, out var rune, out var length) == System.Buffers.OperationStatus.Done)
        {
            (line, column) = rune.Value == '\n' ? (line + 1, 1) : (line, column + rune.Utf16SequenceLength);
            rest = rest[length..];
        }
        return new ConfigurationError(fileName, line, column, "", $"the byte 0x{rest[0]:X2}, which is not UTF-8", Expected);
    }
}
