using System.Runtime.Intrinsics;

namespace Stackmill.Deduplicate;

/// <summary>The widest vectors a hot loop may use. Every level gives the same bits.</summary>
internal enum SimdLevel
{
    /// <summary>No vectors: the reference that the others are tested against.</summary>
    Scalar,

    /// <summary>16-byte vectors (SSE4.1, Arm AdvSimd, WebAssembly).</summary>
    Vector128,

    /// <summary>32-byte vectors (AVX2).</summary>
    Vector256,

    /// <summary>64-byte vectors (AVX-512).</summary>
    Vector512,
}

/// <summary>Which levels this processor runs in hardware.</summary>
internal static class SimdLevels
{
    /// <summary>The widest level that this processor accelerates.</summary>
    public static SimdLevel Best { get; } =
        Vector512.IsHardwareAccelerated ? SimdLevel.Vector512
        : Vector256.IsHardwareAccelerated ? SimdLevel.Vector256
        : Vector128.IsHardwareAccelerated ? SimdLevel.Vector128
        : SimdLevel.Scalar;
}

/// <summary>A level as a type: a generic method is compiled for each of them apart, without the paths of the others and without asking in its loops.</summary>
internal interface ISimdLevel
{
    /// <summary>The level.</summary>
    static abstract SimdLevel Value { get; }
}

/// <summary><see cref="SimdLevel.Scalar"/>.</summary>
internal readonly struct OfScalars : ISimdLevel
{
    /// <inheritdoc/>
    public static SimdLevel Value => SimdLevel.Scalar;
}

/// <summary><see cref="SimdLevel.Vector128"/>.</summary>
internal readonly struct Of128Bits : ISimdLevel
{
    /// <inheritdoc/>
    public static SimdLevel Value => SimdLevel.Vector128;
}

/// <summary><see cref="SimdLevel.Vector256"/>.</summary>
internal readonly struct Of256Bits : ISimdLevel
{
    /// <inheritdoc/>
    public static SimdLevel Value => SimdLevel.Vector256;
}

/// <summary><see cref="SimdLevel.Vector512"/>.</summary>
internal readonly struct Of512Bits : ISimdLevel
{
    /// <inheritdoc/>
    public static SimdLevel Value => SimdLevel.Vector512;
}
