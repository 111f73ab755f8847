using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Stackmill.Preprocess.Quality;

/// <summary>
/// Counts of the lines of code and comment of one text, defined as OpenCoder's published filters (opc_data_filtering) define them:
/// a line of code is one in which something stands outside of comments, and what a line holds is asked of that part. One per worker.
/// </summary>
internal sealed class LineFacts
{
    // Repetition is looked for in so many first lines of code, which bounds the memory.
    private const int MostLines = 1 << 18;

    private const int NoRepetition = -1;

    private readonly GramTable _table = new();
    private readonly LineWord _assert = new("assert"), _pass = new("pass"), _import = new("import");
    private readonly LineWord _yourCode = new("your code here"), _fixMe = new("fixme"), _toDo = new("todo");
    private readonly LineWord _struct = new("struct"), _using = new("using"), _mark = new("#");
    private readonly LineWord[] _words;
    private readonly PrintCalls _calls = new();
    private LineWord[] _prints = [];
    private bool _isPython;
    private bool _isC;
    private int[] _places = new int[1024];
    private int _held;

    // The line of code at hand without white space, with room behind it to read eight bytes at once.
    private byte[] _line = new byte[1024];
    private int _length;
    private Found _found;
    private long _pieces;

    // What a line holds.
    [Flags]
    private enum Found
    {
        None = 0,
        Assert = 1,
        Pass = 2,
        Import = 4,
        Definition = 8,
        Print = 16,
        Directive = 32,
        Prompt = 64,
    }

    /// <summary>Makes the counts for one worker.</summary>
    public LineFacts() => _words = [_assert, _pass, _import, _yourCode, _fixMe, _toDo, _struct, _using, _mark];

    /// <summary>Lines with something outside of comments.</summary>
    public int CodeLines { get; private set; }

    /// <summary>Comment lines that ask the reader to write the code ("your code here") or tell that it is missing.</summary>
    public int PromptLines { get; private set; }

    /// <summary>Lines of code with "assert".</summary>
    public int AssertLines { get; private set; }

    /// <summary>Lines of code with "pass".</summary>
    public int PassLines { get; private set; }

    /// <summary>Lines of code with "import".</summary>
    public int ImportLines { get; private set; }

    /// <summary>Lines of code that begin with <c>def</c> or <c>async def</c>.</summary>
    public int FunctionLines { get; private set; }

    /// <summary>Lines of code that print, by the language's usual call.</summary>
    public int PrintLines { get; private set; }

    /// <summary>Lines of code with a preprocessor directive, "struct" or "using".</summary>
    public int DirectiveLines { get; private set; }

    /// <summary>
    /// Lines of code that come more than once without regard to white space, as a share of all; those of one character, and
    /// "},", are no repetition. <c>null</c> without lines of code.
    /// </summary>
    public double? RepeatedShare { get; private set; }

    /// <summary>Pieces of lines that were looked at, and hashes that were passed over, since the beginning: the work that must stay linear.</summary>
    public long Steps => _pieces + _table.Collisions;

    /// <summary>Counts the lines of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="lower">The text with ASCII letters in lower case.</param>
    /// <param name="spans">Its comments and strings.</param>
    /// <param name="language">Linguist's name. Only what is asked of the language is counted: passes, imports and functions of Python, directives of C.</param>
    public void Load(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower, ReadOnlySpan<TextSpan> spans, string language)
    {
        _held = CodeLines = PromptLines = AssertLines = PassLines = ImportLines = FunctionLines = PrintLines = DirectiveLines = 0;
        (_isPython, _isC) = (language == "Python", language is "C" or "C++");
        _prints = _calls.Of(language);
        var most = Math.Min(MostLines, text.Count((byte)'\n') + 1);
        _table.Reset(most, most);
        foreach (var word in _words)
            word.Reset();
        foreach (var word in _prints)
            word.Reset();
        var span = 0;
        for (var start = 0; start < text.Length;)
        {
            var length = text[start..].IndexOf((byte)'\n');
            var end = length < 0 ? text.Length : start + length;
            while (span < spans.Length && (!spans[span].IsComment || spans[span].End <= start))
                span++;
            (_length, _found) = (0, Found.None);
            var (at, comment) = (start, span);
            for (; comment < spans.Length && spans[comment].Start < end; comment++)
            {
                _pieces++;
                if (!spans[comment].IsComment)
                    continue;
                if (spans[comment].Start > at)
                    AddCode(text, lower, at, spans[comment].Start);
                at = Math.Min(end, spans[comment].End);
                AddComment(lower, Math.Max(start, spans[comment].Start), at);
            }

            // Spans that ended before this line's end are done with; one that goes on is met again.
            span = comment > span && spans[comment - 1].End > end ? comment - 1 : comment;
            if (at < end)
                AddCode(text, lower, at, end);
            EndLine();
            start = end + 1;
        }

        RepeatedShare = Repeated();
    }

    private void AddComment(ReadOnlySpan<byte> lower, int start, int end)
    {
        if (_toDo.IsIn(lower, start, end) || _fixMe.IsIn(lower, start, end) || _yourCode.IsIn(lower, start, end))
            _found |= Found.Prompt;
    }

    private void AddCode(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower, int start, int end)
    {
        _pieces++;
        if (_isPython)
            AddPython(text, lower, start, end);
        if (_assert.IsIn(lower, start, end))
            _found |= Found.Assert;
        foreach (var print in _prints)
        {
            if (print.IsIn(text, start, end))
                _found |= Found.Print;
        }

        if (_isC && (_struct.IsIn(text, start, end) || _using.IsIn(text, start, end) || (_mark.IsIn(text, start, end) && Directives.IsIn(text[start..end]))))
            _found |= Found.Directive;
        Compact(text[start..end]);
    }

    private void AddPython(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower, int start, int end)
    {
        if (_pass.IsIn(lower, start, end))
            _found |= Found.Pass;
        if (_import.IsIn(lower, start, end))
            _found |= Found.Import;
        var first = text[start..end].TrimStart(" \t"u8);
        if (_length == 0 && (first.StartsWith("def "u8) || first.StartsWith("async def "u8)))
            _found |= Found.Definition;
    }

    // Every byte is written and only those that count move the end: no branch that depends on the text.
    private void Compact(ReadOnlySpan<byte> code)
    {
        code = code.TrimStart((byte)' ');
        if (_line.Length < _length + code.Length + sizeof(ulong))
            Array.Resize(ref _line, (int)Math.Min(Array.MaxLength, 2L * (_length + code.Length + sizeof(ulong))));
        ref var line = ref _line[_length];
        var end = 0;
        foreach (var b in code)
        {
            Unsafe.Add(ref line, end) = b;
            end += b == ' ' || (uint)(b - '\t') < 5 ? 0 : 1;
        }

        _length += end;
    }

    private void EndLine()
    {
        PromptLines += (_found & Found.Prompt) != 0 ? 1 : 0;
        if (_length == 0)
            return;
        CodeLines++;
        if (_found != Found.None)
        {
            AssertLines += (_found & Found.Assert) != 0 ? 1 : 0;
            PassLines += (_found & Found.Pass) != 0 ? 1 : 0;
            ImportLines += (_found & Found.Import) != 0 ? 1 : 0;
            FunctionLines += (_found & Found.Definition) != 0 ? 1 : 0;
            PrintLines += (_found & Found.Print) != 0 ? 1 : 0;
            DirectiveLines += (_found & Found.Directive) != 0 ? 1 : 0;
        }

        if (_held == MostLines)
            return;
        if (_held == _places.Length)
            Array.Resize(ref _places, 2 * _held);
        var place = _held++;
        _places[place] = IsClosing(_line.AsSpan(0, _length)) ? NoRepetition : _table.Add(Hash(), place);
    }

    // "}," and single characters close what others opened, and are no repetition.
    private static bool IsClosing(ReadOnlySpan<byte> line) => line.Length <= 4 && (line.SequenceEqual("},"u8) || LiteralFacts.Characters(line) == 1);

    private ulong Hash()
    {
        _line.AsSpan(_length, sizeof(ulong)).Clear();
        var hash = (ulong)_length;
        for (var at = 0; at < _length; at += sizeof(ulong))
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(_line.AsSpan(at))) * 0x9E3779B97F4A7C15UL;
            hash ^= hash >> 32;
        }

        return hash;
    }

    private double? Repeated()
    {
        if (_held == 0)
            return null;
        var repeated = 0;
        foreach (var place in _places.AsSpan(0, _held))
            repeated += place != NoRepetition && _table.CountAt(place) > 1 ? 1 : 0;
        return (double)repeated / _held;
    }

    /// <summary>Directives of C's preprocessor.</summary>
    private static class Directives
    {
        private static readonly byte[][] Names = [.. new[] { "include", "define", "if", "else", "elif", "endif", "error", "pragma", "warning", "undef", "line" }.Select(Encoding.ASCII.GetBytes)];

        public static bool IsIn(ReadOnlySpan<byte> text)
        {
            for (var at = text.IndexOf((byte)'#'); at >= 0;)
            {
                var word = text[(at + 1)..].TrimStart(" \t"u8);
                foreach (var name in Names)
                {
                    if (word.StartsWith(name))
                        return true;
                }

                // White space behind this mark holds no further one.
                var from = text.Length - word.Length;
                var next = word.IndexOf((byte)'#');
                at = next < 0 ? -1 : from + next;
            }

            return false;
        }
    }

    /// <summary>Calls that print, by language, as opc_data_filtering names them.</summary>
    private sealed class PrintCalls
    {
        private readonly Dictionary<string, LineWord[]> _byLanguage = new(StringComparer.Ordinal)
        {
            ["Python"] = [new("print")],
            ["C"] = [new("printf")],
            ["C++"] = [new("cout"), new("printf")],
            ["C#"] = [new("Console.WriteLine")],
            ["Go"] = [new("fmt.Print")],
            ["Java"] = [new("System.out.print")],
            ["JavaScript"] = [new("console.log")],
        };

        public LineWord[] Of(string language) => _byLanguage.GetValueOrDefault(language) ?? [];
    }
}
