using Stackmill.Core.Faults;
using Stackmill.Deduplicate.Search;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Deduplicate.Search;

public sealed class OpenFilesTests
{
    [Fact]
    public void Reads_of_any_length_at_any_place_of_many_files_give_their_bytes()
    {
        using var folder = new TempFolder();
        var random = new Random(3);
        var files = Enumerable.Range(0, 5).Select(i => new byte[20_000 + (i * 1111)]).ToArray();
        for (var i = 0; i < files.Length; i++)
        {
            random.NextBytes(files[i]);
            File.WriteAllBytes(folder[$"f{i}"], files[i]);
        }

        // Fewer stay open than there are files: handles come and go.
        using var open = new OpenFiles(most: 3);
        for (var round = 0; round < 20_000; round++)
        {
            var file = random.Next(files.Length);
            var length = random.Next(round % 10 == 0 ? 9000 : 300);
            var at = random.Next(files[file].Length - length + 1);
            var read = new byte[length];
            open.Read<byte>(folder[$"f{file}"], at, read);
            Assert.True(read.AsSpan().SequenceEqual(files[file].AsSpan(at, length)), $"round {round}: {length} bytes at {at} of file {file}");
        }
    }

    [Theory]
    [InlineData(4090, 8)]
    [InlineData(4096, 1)]
    [InlineData(4000, 5000)]
    [InlineData(90_000, 4)]
    public void A_file_that_ends_too_early_is_a_fault_that_names_it(int at, int length)
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder["short"], new byte[4096]);
        using var open = new OpenFiles();
        var fault = Assert.Throws<RunFaultException>(() => open.Read<byte>(folder["short"], at, new byte[length]));
        Assert.Contains(folder["short"], fault.Message, StringComparison.Ordinal);
    }
}
