using Stackmill.Core.Model;
using Stackmill.Core.Stages;

namespace Stackmill.Shared.Filters;

/// <summary>What several filters say together.</summary>
internal static class FilterChecks
{
    /// <summary>The verdict of the first filter, in their order, that does not keep the file.</summary>
    public static Verdict Check(this IReadOnlyList<IFileFilter> filters, in FileFacts file)
    {
        foreach (var filter in filters)
        {
            var verdict = filter.Check(file);
            if (!verdict.IsKept)
                return verdict;
        }

        return Verdict.Keep;
    }
}
