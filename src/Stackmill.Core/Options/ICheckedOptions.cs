namespace Stackmill.Core.Options;

/// <summary>Options whose values must agree with one another (a minimum not above its maximum). Asked after each binding.</summary>
public interface ICheckedOptions
{
    /// <summary>What does not agree; nothing when all is well. Single values are already known to be in their ranges.</summary>
    IEnumerable<OptionProblem> Check();
}

/// <summary>Values that are each allowed but do not go together.</summary>
/// <param name="Key">The key to be corrected, relative to the section that reports it (dotted when deeper).</param>
/// <param name="Found">What was found, without secrets.</param>
/// <param name="Expected">What was expected instead.</param>
public sealed record OptionProblem(string Key, string Found, string Expected);
