namespace Stackmill.Shared.Lexing.Structure;

/// <summary>What a file declares, and McCabe's cyclomatic complexity over its functions; docs/measures.md has the rule of each language.</summary>
/// <param name="Functions">Functions with a body.</param>
/// <param name="Classes">Declared types.</param>
/// <param name="Imports">Statements that import.</param>
/// <param name="TotalComplexity">Sum of the complexities of all functions; each is at least 1.</param>
/// <param name="MaxComplexity">The highest of them; 0 without functions.</param>
internal readonly record struct CodeStructure(int Functions, int Classes, int Imports, long TotalComplexity, int MaxComplexity)
{
    /// <summary>Mean complexity of a function; null without functions.</summary>
    public double? MeanComplexity => Functions == 0 ? null : (double)TotalComplexity / Functions;
}
