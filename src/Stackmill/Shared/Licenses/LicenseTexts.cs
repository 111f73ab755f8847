using System.Reflection;
using System.Text.Json;
using Stackmill.Core.Faults;
using ZstdSharp;

namespace Stackmill.Shared.Licenses;

/// <summary>The text of one licence or exception.</summary>
/// <param name="Ids">The ids that have this text; the first is the one to give.</param>
/// <param name="Text">The text.</param>
internal sealed record LicenseText(IReadOnlyList<string> Ids, string Text)
{
    /// <summary>Name of the resource with the texts.</summary>
    public const string Resource = "Stackmill.Shared.Licenses.Data.texts.jsonl.zst";

    /// <summary>All texts, each once.</summary>
    public static IReadOnlyList<LicenseText> Load()
    {
        using var packed = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new RunFaultException($"The texts of licences {Resource} are missing. Reinstall Stackmill; its package brings them along.");
        using var reader = new StreamReader(new DecompressionStream(packed));
        var texts = new List<LicenseText>();
        while (reader.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            texts.Add(new LicenseText([.. json.RootElement.GetProperty("ids").EnumerateArray().Select(i => i.GetString()!)], json.RootElement.GetProperty("text").GetString()!));
        }

        return texts;
    }
}
