using Stackmill.Core.Engine;
using Stackmill.Core.Faults;

namespace Stackmill.Tests.Core.Engine;

public sealed class StorageFaultTests
{
    [Theory]
    [InlineData(28, true)]
    [InlineData(122, true)]
    [InlineData(13, false)]
    [InlineData(0, false)]
    public void The_systems_codes_of_a_full_disk_are_known(int code, bool full)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix codes");
        Assert.Equal(full, StorageFault.IsDiskFull(new IOException("x", code)));
        Assert.Equal(full, StorageFault.IsDiskFull(new ShardFaultException("outer", new IOException("x", code))));
    }

    [Fact]
    public void A_native_librarys_text_is_known() =>
        Assert.True(StorageFault.IsDiskFull(new InvalidOperationException("IOError: write failed: No space left on device")));

    [Fact]
    public void The_code_in_another_kind_of_exception_means_nothing() =>
        Assert.False(StorageFault.IsDiskFull(new InvalidOperationException("x") { HResult = 28 }));
}
