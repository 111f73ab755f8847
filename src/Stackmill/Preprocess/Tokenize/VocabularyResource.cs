using System.Buffers;
using System.Buffers.Text;
using System.IO.Compression;
using System.Reflection;
using System.Runtime.CompilerServices;
using Stackmill.Core.Faults;

namespace Stackmill.Preprocess.Tokenize;

/// <summary>
/// Where the vocabulary of one encoding lies, and how it is read. The format (Microsoft.ML.Tokenizers.Data.*, 2.0): raw
/// deflate over lines of text, <c>Capacity: n</c> first and then one token a line in base64, whose line number is its rank.
/// </summary>
/// <param name="AssemblyName">The assembly whose manifest resource holds the vocabulary.</param>
/// <param name="ResourceName">The name of that resource.</param>
/// <param name="Tokens">How many ordinary tokens the published vocabulary has: its special tokens aren't in the file.</param>
/// <param name="Splitter">The pattern that belongs to it.</param>
internal sealed record VocabularyResource(string AssemblyName, string ResourceName, int Tokens, SplitterKind Splitter)
{
    /// <summary>All tokens end to end, and where each begins: <c>Starts[i]</c> to <c>Starts[i + 1]</c> is the token of rank i.</summary>
    /// <exception cref="RunFaultException">The package's assembly is missing, or the file isn't the published vocabulary.</exception>
    public (byte[] Bytes, int[] Starts) Read()
    {
        using var stream = Open();
        return Parse(stream, ResourceName, Tokens);
    }

    /// <summary>Reads the format named above from any stream.</summary>
    /// <exception cref="RunFaultException">Not deflate, not base64, or another number of tokens than <paramref name="tokens"/>.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (byte[] Bytes, int[] Starts) Parse(Stream compressed, string name, int tokens)
    {
        var inflated = Inflate(compressed, name);
        var text = inflated.AsSpan();
        var header = text.IndexOf((byte)'\n') + 1;
        if (!text.StartsWith("Capacity: "u8)) throw Broken(name, "line 1 isn't 'Capacity: n'");

        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        var starts = new int[tokens + 1];
        var count = 0;
        var written = 0;
        for (text = text[header..]; !text.IsEmpty; count++)
        {
            var lineEnd = text.IndexOf((byte)'\n');
            var line = (lineEnd < 0 ? text : text[..lineEnd]).TrimEnd((byte)'\r');
            if (count == tokens) throw Broken(name, $"it has more than {tokens} tokens");
            if (Base64.DecodeFromUtf8(line, bytes.AsSpan(written), out _, out var length) != OperationStatus.Done || length == 0)
                throw Broken(name, $"line {count + 2} isn't a token in base64");
            written += length;
            starts[count + 1] = written;
            text = lineEnd < 0 ? default : text[(lineEnd + 1)..];
        }

        if (count != tokens) throw Broken(name, $"it has {count} tokens instead of {tokens}");
        return (bytes.AsSpan(0, written).ToArray(), starts);
    }

    private static byte[] Inflate(Stream compressed, string name)
    {
        using var inflater = new DeflateStream(compressed, CompressionMode.Decompress);
        using var text = new MemoryStream(4 << 20);
        try
        {
            inflater.CopyTo(text, 1 << 16);
        }
        catch (InvalidDataException e)
        {
            throw Broken(name, "it can't be decompressed", e);
        }

        return text.ToArray();
    }

    private Stream Open()
    {
        try
        {
            return Assembly.Load(AssemblyName).GetManifestResourceStream(ResourceName)
                ?? throw Broken(ResourceName, $"the assembly {AssemblyName} doesn't contain it");
        }
        catch (FileNotFoundException e)
        {
            throw Broken(ResourceName, $"the assembly {AssemblyName}, which holds it, isn't installed beside the program", e);
        }
    }

    private static RunFaultException Broken(string name, string what, Exception? inner = null) => new(
        $"The tokenizer's vocabulary {name} is unusable: {what}. Reinstall Stackmill; its package brings the vocabulary along.", inner);
}
