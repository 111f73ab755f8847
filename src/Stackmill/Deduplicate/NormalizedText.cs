using System.Buffers.Binary;
using System.Security.Cryptography;
using Stackmill.Shared.Lexing;

namespace Stackmill.Deduplicate;

/// <summary>
/// Digests of texts without comments and white space; what stands in strings counts byte for byte. Nothing is equal that a compiler could tell
/// apart: words and signs that would become another one stay apart; where a line's end ends a statement, lines count, and where indentation
/// tells what belongs together, so does its depth. One per worker.
/// </summary>
internal sealed class NormalizedText : IDisposable
{
    // Statements end at a semicolon, so that line ends are white space; but for directives of a preprocessor.
    private static readonly HashSet<string> FreeForm = new(StringComparer.Ordinal)
    {
        "C", "C++", "Objective-C", "Objective-C++", "Cuda", "OpenCL", "GLSL", "HLSL", "Java", "C#", "Rust", "PHP", "D", "Dart", "Solidity", "Verilog", "SystemVerilog", "VHDL",
        "Ada", "Pascal", "CSS", "SCSS", "Less", "JSON", "Protocol Buffer", "Thrift", "Perl", "Zig",
    };

    private static readonly HashSet<string> ByIndentation = new(StringComparer.Ordinal)
    {
        "Python", "YAML", "Haskell", "F#", "Nim", "CoffeeScript", "Elm", "PureScript", "Idris", "Agda", "Literate Haskell", "Cython", "Starlark", "GDScript",
        "Pug", "Haml", "Slim", "Sass", "Stylus", "Makefile", "Boo", "Xonsh", "RobotFramework", "Markdown", "reStructuredText",
    };

    /// <summary>The languages that the tables name.</summary>
    internal static IEnumerable<string> Named => FreeForm.Concat(ByIndentation);

    private readonly Lexer _lexer = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private Layout _layout;
    private bool _isEmpty;
    private bool _gap;
    private bool _newLine;
    private bool _inDirective;
    private byte _last;

    private enum Layout
    {
        Free,
        Lines,
        Depth,
    }

    /// <summary>The first 128 bits of the SHA-256; 0 for a text of comments and white space only.</summary>
    public UInt128 Digest(ReadOnlySpan<byte> text, string language)
    {
        _layout = ByIndentation.Contains(language) || SyntaxTable.Find(language) is null ? Layout.Depth : FreeForm.Contains(language) ? Layout.Free : Layout.Lines;
        (_isEmpty, _gap, _newLine, _inDirective, _last) = (true, false, true, false, 0);
        foreach (var span in _lexer.Lex(text, language))
        {
            switch (span.Kind)
            {
                case SpanKind.Comment or SpanKind.Whitespace:
                    Skip(text[span.Start..span.End]);
                    break;
                case SpanKind.String:
                    Add(text, span.Start, span.End);
                    break;
                default:
                    AddCode(text, span.Start, span.End);
                    break;
            }
        }

        if (_isEmpty)
            return 0;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetHashAndReset(digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest) | 1;
    }

    public void Dispose() => _hash.Dispose();

    private void Skip(ReadOnlySpan<byte> text)
    {
        _gap = true;
        _newLine |= text.Contains((byte)'\n');
    }

    private void AddCode(ReadOnlySpan<byte> text, int start, int end)
    {
        for (var at = start; at < end;)
        {
            var token = at;
            while (at < end && !LexicalBytes.IsSpace(text[at]))
                at++;
            if (at > token)
                Add(text, token, at);
            var space = at;
            while (at < end && LexicalBytes.IsSpace(text[at]))
                at++;
            if (at > space)
                Skip(text[space..at]);
        }
    }

    private void Add(ReadOnlySpan<byte> text, int start, int end)
    {
        var next = text[start];
        if (_newLine && _layout == Layout.Depth)
        {
            Span<byte> line = stackalloc byte[5];
            line[0] = (byte)'\n';
            BinaryPrimitives.WriteInt32LittleEndian(line[1..], Depth(text, start));
            _hash.AppendData(line);
        }
        else if (_newLine && (_layout == Layout.Lines || _inDirective || next == '#'))
        {
            _hash.AppendData("\n"u8);
        }
        else if (_gap && IsJoint(_last, next))
        {
            _hash.AppendData(" "u8);
        }

        if (_newLine)
            _inDirective = next == '#';
        _hash.AppendData(text[start..end]);
        (_isEmpty, _gap, _newLine, _last) = (false, false, false, text[end - 1]);
    }

    // Whether two bytes could be parts of one token if nothing stood between them.
    private static bool IsJoint(byte last, byte next)
    {
        if (IsWordOrQuote(last) || IsWordOrQuote(next))
            return IsWordOrQuote(last) && IsWordOrQuote(next);
        return last == next || next is (byte)'=' or (byte)'>' or (byte)'*' or (byte)'/' or (byte)'.' or (byte)':';
    }

    private static bool IsWordOrQuote(byte b) => LexicalBytes.IsWord(b) || b is (byte)'"' or (byte)'\'' or (byte)'`' or (byte)'.' or (byte)'$' or (byte)'@' or (byte)'#';

    private static int Depth(ReadOnlySpan<byte> text, int start)
    {
        var depth = 0;
        for (var at = text[..start].LastIndexOf((byte)'\n') + 1; at < start && text[at] is (byte)' ' or (byte)'\t'; at++)
            depth = text[at] == '\t' ? (depth / 8 * 8) + 8 : depth + 1;
        return depth;
    }
}
