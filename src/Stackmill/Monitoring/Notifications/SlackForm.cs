using System.Text.Json.Nodes;

namespace Stackmill.Monitoring.Notifications;

/// <summary>The form of Slack's incoming webhooks: a text for notices on screens, and blocks of plain text, in which no name of a file can make a link, a mention or a format.</summary>
internal static class SlackForm
{
    // Limits of a header block and of a section block.
    private const int MostHeader = 150;
    private const int MostSection = 3000;
    private const int MostSections = 10;

    /// <summary>The body of a request.</summary>
    public static JsonObject Body(Message message)
    {
        var blocks = new JsonArray { new JsonObject { ["type"] = "header", ["text"] = Plain(Cut(message.Subject, MostHeader).First()) } };
        foreach (var part in Cut(message.Text, MostSection).Take(MostSections))
            blocks.Add(new JsonObject { ["type"] = "section", ["text"] = Plain(part) });
        return new JsonObject { ["text"] = Escape(message.Subject), ["mrkdwn"] = false, ["blocks"] = blocks };
    }

    /// <summary>The three characters that begin what Slack reads as more than text.</summary>
    public static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static JsonObject Plain(string escaped) => new() { ["type"] = "plain_text", ["text"] = escaped, ["emoji"] = false };

    // Parts that are not longer than the limit when they are escaped; none of them is empty, which would be refused.
    private static IEnumerable<string> Cut(string text, int most)
    {
        var part = new System.Text.StringBuilder();
        foreach (var rune in (text.Length == 0 ? " " : text).EnumerateRunes())
        {
            var escaped = Escape(rune.ToString());
            if (part.Length + escaped.Length > most)
            {
                yield return part.ToString();
                part.Clear();
            }

            part.Append(escaped);
        }

        if (part.Length > 0)
            yield return part.ToString();
    }
}
