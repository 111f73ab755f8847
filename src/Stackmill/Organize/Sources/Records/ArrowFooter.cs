using System.Buffers.Binary;
using Stackmill.Datasets.Storage;

namespace Stackmill.Organize.Sources.Records;

/// <summary>
/// The schema of an Arrow IPC file by its footer. The file's messages begin with a schema by the format, yet some writers (Arrow's for
/// JavaScript) leave it to the footer. Layout: columnar format, "IPC File Format"; table Footer of File.fbs.
/// </summary>
internal static class ArrowFooter
{
    private const int TailBytes = 10;
    private const int MostBytes = 64 << 20;

    // Where the parts of the message that is made lie: its root, the layout of its table, the table, and then the footer as it is.
    private const int LayoutAt = 4;
    private const int TableAt = 16;
    private const int HeaderAt = TableAt + 4;
    private const int FooterAt = 32;

    /// <summary>A whole message that holds the schema.</summary>
    /// <exception cref="InvalidDataException">The footer is damaged.</exception>
    public static byte[] Schema(SourceFile file)
    {
        using var stream = file.OpenSeekable();
        Span<byte> tail = stackalloc byte[TailBytes];
        if (file.Length < TailBytes)
            throw new InvalidDataException("the file has no footer");
        stream.Position = file.Length - TailBytes;
        stream.ReadExactly(tail);
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (!tail[4..].SequenceEqual("ARROW1"u8) || length is < 8 or > MostBytes || length > file.Length - TailBytes)
            throw new InvalidDataException("the file has no footer");
        stream.Position = file.Length - TailBytes - length;
        var footer = new byte[length];
        stream.ReadExactly(footer);
        return Message(footer);
    }

    // Offsets of FlatBuffers are relative, so the footer's own tables mean the same behind the table of a message.
    private static byte[] Message(ReadOnlySpan<byte> footer)
    {
        var size = (FooterAt + footer.Length + 7) & ~7;
        var message = new byte[8 + size];
        BinaryPrimitives.WriteInt32LittleEndian(message, -1);
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(4), size);
        var metadata = message.AsSpan(8);
        BinaryPrimitives.WriteInt32LittleEndian(metadata, TableAt);
        // Layout: its own length, the table's, and where version, kind and header lie in it.
        ReadOnlySpan<short> layout = [10, 12, 8, 10, 4];
        for (var i = 0; i < layout.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(metadata[(LayoutAt + (2 * i))..], layout[i]);
        BinaryPrimitives.WriteInt32LittleEndian(metadata[TableAt..], TableAt - LayoutAt);
        BinaryPrimitives.WriteInt32LittleEndian(metadata[HeaderAt..], FooterAt + ArrowMetadata.SchemaOf(footer) - HeaderAt);
        // Version 5 of the metadata, and the kind of header that a schema is.
        BinaryPrimitives.WriteInt16LittleEndian(metadata[(TableAt + 8)..], 4);
        metadata[TableAt + 10] = ArrowMetadata.SchemaHeader;
        footer.CopyTo(metadata[FooterAt..]);
        ArrowMetadata.Check(metadata, out _);
        return message;
    }
}
