using CsCheck;
using Stackmill.Datasets.ObjectStorage;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Datasets.ObjectStorage;

public sealed class KeyPathsTests
{
    [Theory]
    [InlineData("p/../x")]
    [InlineData("p/a/../../x")]
    [InlineData("p//x")]
    [InlineData("p/./x")]
    [InlineData("p/a\\..\\x")]
    [InlineData("p/a/")]
    [InlineData("p/a\nb")]
    public void Keys_that_would_lead_elsewhere_are_refused_with_a_reason(string key)
    {
        var paths = new KeyPaths("p/");
        Assert.Null(paths.Assign(new RemoteObject(key, 7, "t")));
        var refused = Assert.Single(paths.Refused);
        Assert.Equal((key, 7), (refused.Key, refused.Length));
        Assert.NotEmpty(refused.Reason);
    }

    [Fact]
    public void Markers_of_folders_are_counted_and_hold_nothing()
    {
        var paths = new KeyPaths("p/");
        Assert.Null(paths.Assign(new RemoteObject("p/", 0, "t")));
        Assert.Null(paths.Assign(new RemoteObject("p/a/", 0, "t")));
        Assert.Equal((2, 0), (paths.FolderMarkers, paths.Refused.Count));
    }

    [Fact]
    public void Every_key_has_a_file_of_its_own_inside_the_folder_or_is_refused()
    {
        using var folder = new TempFolder();
        string[] parts = ["a", "b", "..", ".", "", "a.b", "\\", "ü", "\u0000", "n" + new string('x', 255)];
        Gen.Int[0, parts.Length - 1].Select(i => parts[i]).Array[1, 4].Select(p => string.Join('/', p)).HashSet[1, 20].Sample(
            keys =>
            {
                var paths = new KeyPaths("");
                var assigned = keys.Order(StringComparer.Ordinal).Select(k => (Key: k, Path: paths.Assign(new RemoteObject(k, 1, "t")))).ToList();
                Assert.Equal(keys.Count, assigned.Count(a => a.Path is not null) + paths.Refused.Count);
                foreach (var (key, path) in assigned.Where(a => a.Path is not null))
                {
                    Assert.Equal(key, path);
                    var full = Path.GetFullPath(folder[path!]);
                    Assert.Equal(folder[path!], full);
                    // As a file system would: no file is another's folder.
                    Assert.DoesNotContain(assigned, a => a.Path is not null && a.Path.StartsWith(path + "/", StringComparison.Ordinal));
                }
            },
            iter: 2_000);
    }
}
