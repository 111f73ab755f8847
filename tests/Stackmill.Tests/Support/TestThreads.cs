using System.Runtime.CompilerServices;

namespace Stackmill.Tests.Support;

/// <summary>
/// Servers that tests talk to live in this process and need threads of the pool. Long tests hold as many as there are processors, and while
/// these work hard the runtime adds none: so some more are there from the start.
/// </summary>
internal static class TestThreads
{
    private const int Threads = 32;

#pragma warning disable CA2255 // It is for the whole test process, and must come before any test.
    [ModuleInitializer]
    internal static void Reserve() => ThreadPool.SetMinThreads(Threads, Threads);
#pragma warning restore CA2255
}
