using System.Buffers.Binary;
using System.Text;

namespace Stackmill.Shared.Lexing.Structure;

/// <summary>Finds the role of a word in UTF-8 without an allocation; most names are told apart by first byte and length alone.</summary>
internal sealed class WordTable
{
    private const int Slots = 256;
    private const int Longest = 16;

    private readonly uint[] _lengths = new uint[256];
    private readonly (ulong Head, ulong Tail, WordRole Role)[] _slots = new (ulong, ulong, WordRole)[Slots];

    public WordTable(IEnumerable<(string Words, WordRole Role)> rows)
    {
        var roles = new Dictionary<string, WordRole>(StringComparer.Ordinal);
        foreach (var (words, role) in rows)
        {
            foreach (var word in words.Split(' '))
                roles[word] = roles.GetValueOrDefault(word) | role;
        }

        foreach (var (word, role) in roles)
        {
            var bytes = Encoding.ASCII.GetBytes(word);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, Longest);
            _lengths[bytes[0]] |= 1u << bytes.Length;
            var (head, tail) = Key(bytes);
            var slot = Slot(head, tail);
            while (_slots[slot].Head != 0)
                slot = (slot + 1) % Slots;
            _slots[slot] = (head, tail, role);
        }
    }

    /// <summary>The role of a word; 0 for a name.</summary>
    public WordRole Find(ReadOnlySpan<byte> word)
    {
        if (word.Length > Longest || (_lengths[word[0]] & (1u << word.Length)) == 0)
            return 0;
        var (head, tail) = Key(word);
        for (var slot = Slot(head, tail); _slots[slot].Head != 0; slot = (slot + 1) % Slots)
        {
            if (_slots[slot].Head == head && _slots[slot].Tail == tail)
                return _slots[slot].Role;
        }

        return 0;
    }

    private static int Slot(ulong head, ulong tail) => (int)(((head ^ (tail * 31)) * 0x9E37_79B9_7F4A_7C15) >> 56);

    private static (ulong Head, ulong Tail) Key(ReadOnlySpan<byte> word) =>
        word.Length <= 8 ? (Pack(word), 0) : (Pack(word[..8]), Pack(word[8..]));

    private static ulong Pack(ReadOnlySpan<byte> word)
    {
        if (word.Length == 8)
            return BinaryPrimitives.ReadUInt64LittleEndian(word);
        if (word.Length >= 4)
            return BinaryPrimitives.ReadUInt32LittleEndian(word) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(word[^4..]) << (8 * (word.Length - 4)));
        ulong value = 0;
        for (var i = 0; i < word.Length; i++)
            value |= (ulong)word[i] << (8 * i);
        return value;
    }
}
