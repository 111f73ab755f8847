using System.Buffers;
using System.Text;

namespace Stackmill.Organize.Sources;

/// <summary>What the names of entries say.</summary>
internal static class EntryNames
{
    private static readonly HashSet<string> VersionControl = new(StringComparer.Ordinal) { ".git", ".hg", ".svn", ".bzr", "CVS" };

    /// <summary>True for the folder of a version control system.</summary>
    public static bool IsVersionControl(string name) => VersionControl.Contains(name);

    /// <summary>A name as text, and whether its bytes are UTF-8; bytes that are not are shown as <c>\xNN</c>, so that two names never look alike.</summary>
    public static (string Name, bool IsUtf8) Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        var isUtf8 = true;
        Span<char> pair = stackalloc char[2];
        while (bytes.Length > 0)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var used);
            if (status == OperationStatus.Done)
            {
                text.Append(pair[..rune.EncodeToUtf16(pair)]);
            }
            else
            {
                isUtf8 = false;
                foreach (var value in bytes[..used])
                    text.Append($"\\x{value:X2}");
            }

            bytes = bytes[used..];
        }

        return (text.ToString(), isUtf8);
    }
}
