namespace Stackmill.Core.Model;

/// <summary>What one quality rule says of one file, as it is stored when verdicts are written instead of acted on.</summary>
/// <param name="Id">The rule.</param>
/// <param name="Decision"><c>keep</c> or <c>drop</c>.</param>
/// <param name="Value">What was measured, in the unit of the rule.</param>
/// <param name="Threshold">The limit that it was held against.</param>
public sealed record FilterVerdict(string Id, string Decision, double Value, double Threshold)
{
    /// <summary>The decision of a rule that has nothing against a file.</summary>
    public const string Keep = "keep";

    /// <summary>The decision of a rule that would drop a file.</summary>
    public const string Drop = "drop";
}
