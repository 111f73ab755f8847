using Stackmill.Core.Model;
using Stackmill.Core.Stages;

namespace Stackmill.Tests.Conventions;

/// <summary>Drops files that lie in a folder of generated code.</summary>
internal sealed class GeneratedFolderFilter : IFileFilter
{
    public string Id => "generated-folder";

    public int Version => 1;

    public string Summary => "Drops files that lie in a folder named generated.";

    public IReadOnlyList<string> Reasons => ["generated_folder"];

    public IReadOnlyList<FilterSample> Samples =>
    [
        new(new("src/generated.py", "Python", 2000), null),
        new(new("src/generated/api.py", "Python", 2000), "generated_folder"),
    ];

    public Verdict Check(in FileFacts file) =>
        $"/{file.Path}".Contains("/generated/", StringComparison.Ordinal) ? Verdict.Drop("generated_folder") : Verdict.Keep;
}
