namespace Stackmill.Organize.Sources.Archives;

/// <summary>
/// How much an archive may still unpack to, archives inside it included. The limit follows from the archive's length and the options
/// alone, so that the same archive is always cut at the same byte.
/// </summary>
internal sealed class UnpackBudget
{
    // Small files of one repeated byte reach any ratio and harm nobody.
    private const long Harmless = 1 << 20;

    private readonly long _limit;
    private readonly bool _byRatio;
    private long _taken;

    /// <summary>The budget of one archive of <paramref name="packedBytes"/>.</summary>
    public UnpackBudget(long packedBytes, ArchiveOptions options)
    {
        var byRatio = Math.Max(Harmless, packedBytes > long.MaxValue / options.MaxRatio ? long.MaxValue : packedBytes * options.MaxRatio);
        (_limit, _byRatio) = byRatio < options.MaxUnpacked ? (byRatio, true) : (options.MaxUnpacked, false);
    }

    /// <summary>True when the limit was met: nothing of the archive is read any more.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Counts bytes that were unpacked.</summary>
    /// <exception cref="ArchiveFaultException">That was too much.</exception>
    public void Take(long bytes)
    {
        _taken += bytes;
        if (_taken <= _limit)
            return;
        IsSpent = true;
        throw ArchiveFaultException.Bomb(_limit, _byRatio);
    }
}
