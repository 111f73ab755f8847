using System.Buffers.Binary;

namespace Stackmill.Organize.Sources.Records;

/// <summary>
/// Looks through the metadata of an Arrow IPC message before the library does, which follows its offsets without a look at their bounds:
/// a wrong one reads other memory, or ends the process. FlatBuffers, "Internals"; Schema.fbs and Message.fbs of Arrow.
/// </summary>
internal ref struct ArrowMetadata
{
    /// <summary>The kind of message that is a schema.</summary>
    public const int SchemaHeader = 1;

    private const int DictionaryHeader = 2;
    private const int BatchHeader = 3;

    // Types in the union of a field's types whose table holds more than numbers.
    private const int TimestampType = 10;
    private const int UnionType = 14;

    // Deeper types are none that a record could have; the library goes down as deep.
    private const int MostDepth = 64;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _tables;

    private ArrowMetadata(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Fails unless every offset of a message leads to something of the right size inside of it, and gives the length of its body.</summary>
    /// <param name="message">The message.</param>
    /// <param name="kind">What it is.</param>
    /// <exception cref="InvalidDataException">One does not.</exception>
    public static long Check(ReadOnlySpan<byte> message, out long kind)
    {
        var metadata = new ArrowMetadata(message);
        return metadata.Message(metadata.Offset(0), out kind);
    }

    /// <summary>Where the schema of a file's footer lies.</summary>
    /// <exception cref="InvalidDataException">It has none.</exception>
    public static int SchemaOf(ReadOnlySpan<byte> footer)
    {
        var metadata = new ArrowMetadata(footer);
        return metadata.Reference(metadata.TableAt(metadata.Offset(0)), 1) ?? throw Damaged("the footer has no schema");
    }

    private long Message(int at, out long kind)
    {
        var table = TableAt(at);
        Number(table, 0, 2);
        kind = Number(table, 1, 1);
        if (kind is SchemaHeader or DictionaryHeader or BatchHeader)
            Header(kind, Reference(table, 2) ?? throw Damaged("it has no header"));
        KeyValues(table, 4);
        return Number(table, 3, 8);
    }

    private void Header(long kind, int at)
    {
        var table = TableAt(at);
        switch (kind)
        {
            case SchemaHeader:
                Number(table, 0, 2);
                Fields(table, 1, 0);
                KeyValues(table, 2);
                Vector(table, 3, 8);
                break;
            case DictionaryHeader:
                Number(table, 0, 8);
                if (Reference(table, 1) is { } data)
                    Header(BatchHeader, data);
                Number(table, 2, 1);
                break;
            default:
                Number(table, 0, 8);
                Vector(table, 1, 16);
                Vector(table, 2, 16);
                if (Reference(table, 3) is { } compression)
                    Numbers(compression, 2);
                Vector(table, 4, 8);
                break;
        }
    }

    private void Fields(Table table, int field, int depth)
    {
        if (depth > MostDepth)
            throw Damaged($"its fields are nested deeper than {MostDepth}");
        foreach (var at in Tables(table, field))
        {
            var inner = TableAt(at);
            Text(inner, 0);
            Number(inner, 1, 1);
            var type = Number(inner, 2, 1);
            if (Reference(inner, 3) is { } typeAt)
                Type(type, typeAt);
            if (Reference(inner, 4) is { } dictionary)
                Dictionary(dictionary);
            Fields(inner, 5, depth + 1);
            KeyValues(inner, 6);
        }
    }

    private void Type(long type, int at)
    {
        switch (type)
        {
            case TimestampType:
                var timestamp = TableAt(at);
                Number(timestamp, 0, 2);
                Text(timestamp, 1);
                break;
            case UnionType:
                var union = TableAt(at);
                Number(union, 0, 2);
                Vector(union, 1, 4);
                break;
            default:
                // The others have up to three numbers.
                Numbers(at, 3);
                break;
        }
    }

    private void Dictionary(int at)
    {
        var table = TableAt(at);
        Number(table, 0, 8);
        if (Reference(table, 1) is { } index)
            Numbers(index, 2);
        Number(table, 2, 1);
        Number(table, 3, 2);
    }

    private void KeyValues(Table table, int field)
    {
        foreach (var at in Tables(table, field))
        {
            var pair = TableAt(at);
            Text(pair, 0);
            Text(pair, 1);
        }
    }

    // Whether a type's numbers are of one byte, two or four depends on the type: read as four, they stay inside of the message.
    private void Numbers(int at, int count)
    {
        var table = TableAt(at);
        for (var i = 0; i < count; i++)
        {
            if (table.Field(_bytes, i) is { } place)
                Require(place, 1);
        }
    }

    private long Number(Table table, int field, int size)
    {
        if (table.Field(_bytes, field) is not { } at)
            return 0;
        Require(at, size);
        return size switch
        {
            1 => _bytes[at],
            2 => BinaryPrimitives.ReadInt16LittleEndian(_bytes[at..]),
            4 => BinaryPrimitives.ReadInt32LittleEndian(_bytes[at..]),
            _ => BinaryPrimitives.ReadInt64LittleEndian(_bytes[at..]),
        };
    }

    private void Text(Table table, int field)
    {
        if (Reference(table, field) is { } at)
            Require(at, 4L + Length(at));
    }

    private void Vector(Table table, int field, int itemBytes)
    {
        if (Reference(table, field) is { } at)
            Require(at, 4L + ((long)Length(at) * itemBytes));
    }

    private int[] Tables(Table table, int field)
    {
        if (Reference(table, field) is not { } at)
            return [];
        var count = Length(at);
        Require(at, 4L + (count * 4L));
        var tables = new int[count];
        for (var i = 0; i < count; i++)
            tables[i] = Offset(at + 4 + (i * 4));
        return tables;
    }

    private int? Reference(Table table, int field) => table.Field(_bytes, field) is { } at ? Offset(at) : null;

    // Offsets lead forward, so nothing goes round; what several name could still be looked at again and again.
    private Table TableAt(int at)
    {
        if (++_tables > _bytes.Length)
            throw Damaged("its tables refer to one another too often");
        Require(at, 4);
        var layout = at - (long)BinaryPrimitives.ReadInt32LittleEndian(_bytes[at..]);
        Require(layout, 4);
        var (layoutBytes, tableBytes) = (BinaryPrimitives.ReadUInt16LittleEndian(_bytes[(int)layout..]), BinaryPrimitives.ReadUInt16LittleEndian(_bytes[((int)layout + 2)..]));
        if (layoutBytes < 4 || tableBytes < 4)
            throw Damaged("a table is shorter than its own header");
        Require(layout, layoutBytes);
        Require(at, tableBytes);
        return new Table(at, at + tableBytes, (int)layout, layoutBytes);
    }

    private int Offset(int at)
    {
        Require(at, 4);
        var target = at + (long)BinaryPrimitives.ReadUInt32LittleEndian(_bytes[at..]);
        Require(target, 4);
        return (int)target;
    }

    private int Length(int at)
    {
        Require(at, 4);
        var length = BinaryPrimitives.ReadInt32LittleEndian(_bytes[at..]);
        return length >= 0 ? length : throw Damaged("a vector is shorter than nothing");
    }

    private void Require(long at, long length)
    {
        if (at < 0 || length < 0 || at > _bytes.Length - length)
            throw Damaged("an offset leads out of it");
    }

    private static InvalidDataException Damaged(string what) => new($"the metadata of a message is damaged: {what}");

    private readonly record struct Table(int Start, int End, int Layout, int LayoutBytes)
    {
        /// <summary>Where a field lies; <c>null</c> when the table has not got it.</summary>
        public int? Field(ReadOnlySpan<byte> bytes, int field)
        {
            var entry = 4 + (2 * field);
            if (entry + 2 > LayoutBytes)
                return null;
            int offset = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(Layout + entry)..]);
            if (offset == 0)
                return null;
            return offset >= 4 && Start + offset < End ? Start + offset : throw Damaged("a field lies outside of its table");
        }
    }
}
