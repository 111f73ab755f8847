using System.Diagnostics;

namespace Stackmill.Core.Faults;

/// <summary>Where in this program a fault came from that nobody expected, for reports: a log may be gone when somebody reads them.</summary>
public static class FaultPlace
{
    /// <summary>
    /// The method that threw, and the innermost one of this program on the way to it where that is another: <c>File.Delete, in ShardContext.Abandon</c>. Names alone, nothing of what was worked on;
    /// empty when the fault was never thrown.
    /// </summary>
    public static string Of(Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        var methods = new StackTrace(fault, fNeedFileInfo: false).GetFrames().Select(static f => f.GetMethod()).OfType<System.Reflection.MethodBase>().Where(static m => !m.Name.StartsWith("Throw", StringComparison.Ordinal)).ToList();
        if (methods.Count == 0)
            return "";
        var own = methods.Find(static m => m.DeclaringType?.Namespace?.StartsWith(nameof(Stackmill), StringComparison.Ordinal) == true);
        return own is null || own == methods[0] ? Name(methods[0]) : $"{Name(methods[0])}, in {Name(own)}";
    }

    private static string Name(System.Reflection.MethodBase method) => $"{method.DeclaringType?.Name}.{method.Name}";
}
