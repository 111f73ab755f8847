using ParquetSharp;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.EndToEnd;

public sealed class DedupPairsTests
{
    [Fact]
    public void Every_file_that_went_is_listed_with_the_one_that_stays_and_their_similarity()
    {
        using var folder = new TempFolder();
        GeneratedCorpus.Write(folder["input"], files: 200, seed: 3);
        StackmillProgram.Run("run", "--input", folder["input"], "--output", folder["project"]).Expect(0);
        var told = StackmillProgram.Run("dedup-pairs", "--input", folder["project"], "--output", folder["pairs.parquet"]).Expect(0).Output;
        var ledger = Stackmill.Datasets.Dataset.Open(folder["project"]).ReadLedger().ToList();
        Assert.InRange(ledger.Count, 10, 200);
        Assert.StartsWith($"{ledger.Count} pairs (", told, StringComparison.Ordinal);
        Assert.Contains("near ", told, StringComparison.Ordinal);

        using var file = new ParquetFileReader(folder["pairs.parquet"]);
        Assert.Equal(["file", "content_id", "language", "bytes", "kept_file", "kept_content_id", "kind", "similarity"], Enumerable.Range(0, file.FileMetaData.NumColumns).Select(i => file.FileMetaData.Schema.Column(i).Name));
        using var group = file.RowGroup(0);
        string[] Texts(int column) => [.. group.Column(column).LogicalReader<string>().ReadAll(ledger.Count)];
        Assert.Equal(ledger.Select(r => r.Path), Texts(0));
        Assert.Equal(ledger.Select(r => r.KeptPath!), Texts(4));
        Assert.Equal(ledger.Select(r => r.Reason["duplicate_".Length..]), Texts(6));
        Assert.Equal(ledger.Select(r => r.Similarity), group.Column(7).LogicalReader<double?>().ReadAll(ledger.Count));

        var few = StackmillProgram.Run("dedup-pairs", "--input", folder["project"], "--output", folder["few.parquet"], "--min-similarity", "1", "--json").Expect(0).Output;
        Assert.Contains($"\"pairs\": {ledger.Count(r => r.Similarity >= 1)}", few, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_deduplicated_dataset_or_no_file_to_write_is_refused()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(Directory.CreateDirectory(folder["input"]).FullName + "/a.py", System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("value = 1\n", 30))));
        StackmillProgram.Run("run", "--input", folder["input"], "--output", folder["project"]).Expect(0);
        Assert.Contains("is the dataset of stage 'preprocess'", StackmillProgram.Run("dedup-pairs", "--input", folder["project", "data", "processed"], "--output", folder["p"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("is a folder", StackmillProgram.Run("dedup-pairs", "--input", folder["project"], "--output", folder["input"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("expected a number from 0 to 1", StackmillProgram.Run("dedup-pairs", "--input", folder["project"], "--output", folder["p"], "--min-similarity", "2").Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("lies inside the dataset", StackmillProgram.Run("dedup-pairs", "--input", folder["project"], "--output", folder["project", "data", "corpus", "python", "part-00000.parquet"]).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("can't write", StackmillProgram.Run("dedup-pairs", "--input", folder["project"], "--output", "/proc/pairs.parquet").Expect(2).Error, StringComparison.Ordinal);
        Assert.StartsWith("0 pairs (none)", StackmillProgram.Run("dedup-pairs", "--input", folder["project"], "--output", folder["p"]).Expect(0).Output, StringComparison.Ordinal);
    }
}
