using Stackmill.Runs.Cluster;

namespace Stackmill.Tests.Runs.Cluster;

public sealed class ImageNameTests
{
    private static readonly string Hash = new('a', 64);

    [Fact]
    public void Names_that_a_cluster_takes_are_taken()
    {
        foreach (var image in (string[])
            [
                "a:1", "registry.example.org/stackmill:0.1.0", "Registry.example.org:5000/team/stack_mill/x--y__z:V1_0-rc.1", "localhost:5000/stackmill:1", "localhost/stackmill:_1", $"stackmill@sha256:{Hash}", $"reg/x:latest@sha256:{Hash}",
                "[::1]:5000/x:1", "UPPER/x:1", $"x:{new string('t', 128)}",
            ])
            Assert.True(ImageName.Problem(image) is null, $"{image}: {ImageName.Problem(image)}");
    }

    [Fact]
    public void Names_that_a_cluster_refuses_or_that_may_change_are_told_without_being_repeated()
    {
        foreach (var (image, why) in ((string, string)[])
            [
                ("Registry.example.org/Stack:1", "no registry takes its path"), ("Stack:1", "no registry takes its path"), ("reg/x@sha256:abc", "no digest"), ($"reg/x@sha256:{Hash.ToUpperInvariant()}", "no digest"), ("https://reg/x:1", "scheme"),
                ($"reg/x:{new string('t', 129)}", "tag"), ("reg/x:", "tag"), ("reg/x:-1", "tag"), ("user:hunter2@reg/x:1", "no digest"), ("reg/x:latest", "tomorrow"), ("reg/x", "tomorrow"), ("reg.org:99999/x:1", "no registry"), ("reg.org:/x:1", "no registry"),
                ("reg//x:1", "no registry"), ("/x:1", "no registry"), ("reg/x/:1", "no registry"), ("reg/x..y:1", "no registry"), ("reg/x___y:1", "no registry"), ("reg/.x:1", "no registry"), ("-r.org/x:1", "no registry"), ("", "no registry"), ($"{new string('x', 256)}:1", "no registry"), ("x:1\n", "tag"),
            ])
        {
            var problem = ImageName.Problem(image);
            Assert.Contains(why, problem, StringComparison.Ordinal);
            Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
        }
    }
}
