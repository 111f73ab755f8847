using Stackmill.Core.Faults;
using Stackmill.Shared.Configuration;

namespace Stackmill.Runs;

/// <summary>Makes the configured memory a limit: of the managed heap, and of the number of workers that fit.</summary>
internal static class MemoryLimit
{
    // Runtime, vocabulary (60 MiB), libraries and the coordinating thread: 210 MiB measured, rounded up.
    private const long Base = 256L << 20;

    // One worker: a row group of 8 MiB with its arena, the same in Arrow's and the writer's native buffers, and the
    // tokenizer's cache: 60 to 80 MiB measured, rounded up.
    private const long PerWorker = 84L << 20;

    // One worker, for each byte of the largest file: three texts, their copies in row groups, and the shingles of
    // deduplication with their sorting space: 12 measured with files of 9 MB, rounded up.
    private const long PerFileByte = 16;

    /// <summary>The number of workers that fit into a limit, if files are no larger than this; 0 when not even one does.</summary>
    public static int Fit(long memory, long maxFileBytes) => (int)Math.Clamp((memory - Base) / (PerWorker + (maxFileBytes * PerFileByte)), 0, int.MaxValue);

    /// <summary>The smallest limit that one worker fits into.</summary>
    public static long Least(long maxFileBytes) => Base + PerWorker + (maxFileBytes * PerFileByte);

    /// <summary>Sets the limit and gives the number of workers that fit.</summary>
    /// <exception cref="UsageException">Not even one worker fits.</exception>
    public static int Apply(long memory, int workers, long maxFileBytes)
    {
        var fit = Fit(memory, maxFileBytes);
        if (fit < 1)
        {
            throw new UsageException(
                $"the memory limit {SizeText.FormatRounded(memory)} is below the {SizeText.FormatRounded(Least(maxFileBytes))} that one worker needs with files of up to {SizeText.FormatRounded(maxFileBytes)}. Give more with --memory, or lower filters.file_size.max_bytes.");
        }

        // Native buffers lie outside of the managed heap, so it gets three quarters.
        AppContext.SetData("GCHeapHardLimit", (ulong)(memory / 4 * 3));
        GC.RefreshMemoryLimit();
        return Math.Min(workers, fit);
    }
}
