using System.Buffers;

namespace Stackmill.Preprocess.Decode;

/// <summary>Tells binary data from text that holds a few stray control characters, which cleaning removes later.</summary>
internal static class ControlCharacters
{
    /// <summary>
    /// C0 and DEL without what text holds on purpose: backspace, tab, line feed, vertical tab, form feed, carriage
    /// return, escape (terminal output) and DOS's end-of-file mark.
    /// </summary>
    internal static readonly SearchValues<byte> Suspicious = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Append(0x7F).Where(b => b is not (>= 8 and <= 13) and not 0x1B and not 0x1A).Select(b => (byte)b)]);

    /// <summary>Escape besides: text without either needs no second look.</summary>
    internal static readonly SearchValues<byte> SuspiciousOrEscape = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Append(0x7F).Where(b => b is not (>= 8 and <= 13) and not 0x1A).Select(b => (byte)b)]);

    /// <summary>One NUL is always forgiven, then one in 512 bytes: one NUL in 256 is what random bytes hold.</summary>
    private const int BytesPerNul = 512;

    /// <summary>Three control characters are always forgiven, then 4 %: random bytes hold 9 %, random ASCII 18 %.</summary>
    private const int BytesPerControl = 25;

    /// <summary>True if there are more NULs or other control characters than text has by accident.</summary>
    internal static bool AreTooMany(ReadOnlySpan<byte> raw)
    {
        var nulsLeft = 1 + (raw.Length / BytesPerNul);
        var controlsLeft = 3 + (raw.Length / BytesPerControl);
        for (var rest = raw; ;)
        {
            var at = rest.IndexOfAny(Suspicious);
            if (at < 0)
                return false;
            if (rest[at] == 0)
                nulsLeft--;
            controlsLeft--;
            if (nulsLeft < 0 || controlsLeft < 0)
                return true;
            rest = rest[(at + 1)..];
        }
    }
}
