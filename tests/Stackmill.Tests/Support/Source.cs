using System.Text;

namespace Stackmill.Tests.Support;

/// <summary>Small source texts that pass every filter and are unlike one another.</summary>
internal static class Source
{
    /// <summary>A Python file of about 600 bytes; another number gives a file that shares nothing with it.</summary>
    public static string Python(int number)
    {
        var text = new StringBuilder();
        var random = new Random(number);
        for (var line = 0; line < 15; line++)
            text.Append("level_").Append(random.Next(1_000_000)).Append(" = measure(").Append(random.Next(1_000_000)).Append(", \"gate ").Append(random.Next(1_000_000)).Append("\")\n");
        return text.ToString();
    }
}
