using Stackmill.Core.Options;

namespace Stackmill.Organize.Licenses;

/// <summary>Section <c>licenses</c>: how licences are recognised.</summary>
internal sealed class LicenseOptions
{
    /// <summary>Value of <see cref="Detect"/> for files whose source tells nothing.</summary>
    public const string Missing = "missing";

    /// <summary>Value of <see cref="Detect"/> for all files.</summary>
    public const string Always = "always";

    /// <summary>Value of <see cref="Detect"/> for no file.</summary>
    public const string Never = "never";

    [Option("detect", "Which files get detected_licenses and license_type from licence files, manifests and headers: those whose source tells no licence, all, or none.", Values = [Missing, Always, Never])]
    public string Detect { get; set; } = Missing;

    [Option("headers", "Look for licences in each file too, beside the licence files and manifests of its folders.")]
    public bool Headers { get; set; } = true;
}
