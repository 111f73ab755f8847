using System.Text.Json;
using Stackmill.Shared.Licenses;

namespace Stackmill.Runs;

/// <summary>The licences of a single file, as <c>inspect</c> tells them: what the file itself says, not what its repository does.</summary>
internal sealed class InspectedLicenses
{
    private readonly LicenseDetector _detector = new();

    /// <summary>The licences that a file says.</summary>
    /// <param name="path">Its path; licence files and manifests are known by their names.</param>
    /// <param name="text">Its decoded text.</param>
    public IReadOnlyList<LicenseMatch> Of(string path, ReadOnlySpan<byte> text)
    {
        switch (LicenseFiles.Of(path, out _))
        {
            case LicenseFileKind.License or LicenseFileKind.Notice:
                return _detector.OfLicenseFile(text);
            case LicenseFileKind.Manifest:
                var length = text.Length;
                return [.. LicenseManifests.Ids(Path.GetFileName(path), text).Select(id => new LicenseMatch(id, 1, 0, length)), .. _detector.OfSource(text)];
            default:
                return _detector.OfSource(text);
        }
    }

    /// <summary>Writes them, with places in code points of the text.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<LicenseMatch> licenses, ReadOnlySpan<byte> text)
    {
        json.WriteStartArray("licenses");
        var (bytes, points) = (0, 0);
        foreach (var license in licenses.OrderBy(l => l.Start).ToList())
        {
            points += CodePoints(text[bytes..license.Start]);
            bytes = license.Start;
            json.WriteStartObject();
            json.WriteString("id", license.Id);
            json.WriteNumber("score", license.Score);
            json.WriteNumber("start", points);
            json.WriteNumber("length", CodePoints(text.Slice(license.Start, license.Length)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("license_type", LicenseTypes.Of(licenses.Select(l => l.Id)));
    }

    private static int CodePoints(ReadOnlySpan<byte> text)
    {
        var count = 0;
        foreach (var b in text)
            count += (b & 0xC0) != 0x80 ? 1 : 0;
        return count;
    }
}
