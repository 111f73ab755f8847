using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Stackmill.Cli.Commands;

/// <summary>
/// What stands on the command line, for validators. They are asked before it is known that each argument can be read, and the library throws where a value is asked for that can't:
/// those validators have nothing to say, for the error is told anyway.
/// </summary>
internal static class Given
{
    /// <summary>Wants a number within limits; an argument that is no number is told by the library.</summary>
    public static void Within(this Option<int> option, int least, int most, string expected) => option.Validators.Add(result =>
    {
        if (Text(result) is { } text && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && (number < least || number > most))
            result.AddError($"{option.Name}: found {number}; expected {expected}.");
    });

    /// <summary>The one argument; <c>null</c> where there is none or more than one.</summary>
    public static string? Text(SymbolResult? result) => result?.Tokens is [var token] ? token.Value : null;
}
