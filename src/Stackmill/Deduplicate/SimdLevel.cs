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
