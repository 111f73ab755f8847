using ParquetSharp;
using ParquetSharp.IO;
using Stackmill.Tests.Support;
using Stackmill.Tests.Support.Servers;
using static Stackmill.Tests.Datasets.Hub.HubTests;

namespace Stackmill.Tests.Datasets.Hub;

public sealed class HubParquetTests
{
    private const int RowGroups = 50;
    private const int Rows = 5000;
    private const int Columns = 12;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_column_and_one_in_ten_row_groups_move_little_of_the_file(bool isBuffered)
    {
        using var folder = new TempFolder();
        var path = Write(folder["a.parquet"]);
        await using var server = await HubServer.StartAsync();
        using var client = Client(server);
        server.Add("owner/name").File("data/C#/a.parquet", path);
        var file = Assert.Single(client.List(client.Pin("owner/name"), "data/C#"));
        Assert.InRange(file.Length, 20 << 20, 60 << 20);

        using var properties = ReaderProperties.GetDefaultReaderProperties();
        if (isBuffered)
        {
            properties.EnableBufferedStream();
            properties.BufferSize = 1 << 16;
        }

        using (var stream = file.OpenSeekable())
        using (var access = new ManagedRandomAccessFile(stream))
        using (var reader = new ParquetFileReader(access, properties))
        {
            for (var group = 0; group < RowGroups; group += 10)
            {
                using var rows = reader.RowGroup(group);
                using var column = rows.Column(3).LogicalReader<long>();
                Assert.Equal(Values(group, 3), column.ReadAll(Rows));
            }
        }

        var share = (double)client.BytesTransferred / file.Length;
        TestContext.Current.TestOutputHelper!.WriteLine($"{client.BytesTransferred} of {file.Length} bytes ({share:P2}) in {client.Requests} requests");
        Assert.InRange(share, 0, 0.15);
    }

    private static string Write(string path)
    {
        var columns = Enumerable.Range(0, Columns).Select(c => (Column)new Column<long>($"c{c}")).ToArray();
        using var writer = new ParquetFileWriter(path, columns, Compression.Uncompressed);
        for (var group = 0; group < RowGroups; group++)
        {
            using var rows = writer.AppendRowGroup();
            for (var column = 0; column < Columns; column++)
            {
                using var values = rows.NextColumn().LogicalWriter<long>();
                values.WriteBatch(Values(group, column));
            }
        }

        writer.Close();
        return path;
    }

    private static long[] Values(int group, int column)
    {
        var random = new Random((group * Columns) + column);
        return [.. Enumerable.Range(0, Rows).Select(_ => random.NextInt64())];
    }
}
