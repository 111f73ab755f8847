using Stackmill.Core.Faults;
using Stackmill.Shared.Configuration;

namespace Stackmill.Deduplicate.Search;

/// <summary>
/// What a search will take, from the size of its dataset, before it begins. The formulas and the measurements behind them are in docs/deduplication-at-scale.md.
/// </summary>
/// <param name="Disk">Most bytes of files beside the dataset that is made.</param>
/// <param name="Output">Bytes of the dataset that is made, if all stays.</param>
/// <param name="Seconds">Seconds of all workers together.</param>
internal readonly record struct SearchForecast(long Disk, long Output, double Seconds)
{
    // Distinct shingles of source code, 8 bytes each: 1.1 times its size. Texts of one-byte tokens take up to 8 times, and are rare.
    private const double ShingleBytesPerByte = 1.1;

    // Of each document: what is known of it (192), names (100), in order of preference (136), its rank (4); sorting keys of order, digests and places
    // are gone when the buckets begin. Of each band: a key (8), and at most two copies of a pair (16).
    private const long BytesPerDocument = 192 + 100 + 136 + 4;
    private const long SortBytesPerDocument = 204 + 36 + 12;
    private const long BytesPerBand = 8 + 16;
    private const long DecisionBytes = 72 * 2;

    // Of a worker's second, content bytes and documents: 240,000 files with 2,984 MB took 38 to 43 s, for which this gives 45.6, and a million with 500 MB took
    // the 47.5 s on a busy machine for which it gives 46 (docs/deduplication-at-scale.md).
    private const double BytesPerSecond = 83e6;
    private const double DocumentsPerSecond = 25e3;

    /// <summary>The forecast for a dataset.</summary>
    /// <param name="documents">Its rows.</param>
    /// <param name="bytes">Its bytes of content.</param>
    /// <param name="packed">Bytes of its shards.</param>
    /// <param name="bands">Bands of a signature.</param>
    public static SearchForecast Of(long documents, long bytes, long packed, int bands)
    {
        var kept = (documents * (BytesPerDocument + Math.Max(SortBytesPerDocument, (bands * 16L) + DecisionBytes) + (bands * 8L))) + (long)(bytes * ShingleBytesPerByte);
        return new SearchForecast(kept, packed, (bytes / BytesPerSecond) + (documents / DocumentsPerSecond));
    }

    /// <summary>Fails when the disk has no room for what is still to be written.</summary>
    /// <param name="folder">A folder on it.</param>
    /// <param name="there">Bytes that an earlier, interrupted run has left there.</param>
    /// <exception cref="RunFaultException">It has none.</exception>
    public void Require(string folder, long there)
    {
        var free = new DriveInfo(folder).AvailableFreeSpace;
        var needed = Disk + Output - there;
        if (needed <= free)
            return;
        throw new RunFaultException(
            $"deduplicating needs up to {SizeText.FormatRounded(needed)} on the disk of '{folder}', which has {SizeText.FormatRounded(free)} free: nothing was begun. Free some space, choose an --output on a larger disk, or deduplicate parts of the dataset apart.");
    }

    /// <summary>The forecast in words, for a number of workers and a memory limit.</summary>
    public string Describe(int workers, long memory) =>
        $"forecast: at most {SizeText.FormatRounded(Disk)} of scratch files and {SizeText.FormatRounded(Output)} of results on disk, {SizeText.FormatRounded(memory)} of memory, about {Time(Seconds / workers)}";

    private static string Time(double seconds) => seconds switch
    {
        < 90 => FormattableString.Invariant($"{Math.Max(1, Math.Ceiling(seconds)):0} s"),
        < 5400 => FormattableString.Invariant($"{seconds / 60:0} min"),
        _ => FormattableString.Invariant($"{seconds / 3600:0.#} h"),
    };
}
