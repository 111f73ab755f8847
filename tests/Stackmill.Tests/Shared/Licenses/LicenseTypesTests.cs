using Stackmill.Shared.Licenses;

namespace Stackmill.Tests.Shared.Licenses;

public sealed class LicenseTypesTests
{
    [Theory]
    [InlineData("", "no_license")]
    [InlineData("MIT", "permissive")]
    [InlineData("MIT Apache-2.0 CC0-1.0 Unlicense", "permissive")]
    [InlineData("MIT GPL-3.0-only", "non_permissive")]
    [InlineData("LLVM-exception", "no_license")]
    [InlineData("Apache-2.0 LLVM-exception", "permissive")]
    [InlineData("GPL-2.0-only Classpath-exception-2.0", "non_permissive")]
    [InlineData("LicenseRef-scancode-dco-1.1", "no_license")]
    [InlineData("MIT LicenseRef-scancode-generic-cla", "permissive")]
    [InlineData("LicenseRef-public-domain", "permissive")]
    [InlineData("LicenseRef-unknown", "non_permissive")]
    [InlineData("LicenseRef-modified-MIT", "non_permissive")]
    [InlineData("CC-BY-4.0", "permissive")]
    [InlineData("CC-BY-NC-4.0", "non_permissive")]
    [InlineData("JSON", "non_permissive")]
    [InlineData("eCos-2.0", "non_permissive")]
    public void The_type_follows_from_all_ids_that_are_licences(string ids, string type) =>
        Assert.Equal(type, LicenseTypes.Of(ids.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void No_known_restricting_licence_is_on_the_list_of_permissive_ones()
    {
        string[] never = ["GPL", "LGPL", "AGPL", "SSPL", "BUSL", "CC-BY-NC", "CC-BY-SA", "CC-BY-ND", "MPL", "EPL", "CDDL", "EUPL", "OSL", "PolyForm", "Elastic", "RPL", "Parity", "CPAL", "QPL", "Hippocratic", "FSL", "SUL"];
        var ids = LicenseList.All.Select(a => a.Id).ToList();
        Assert.True(ids.Count > 700, $"only {ids.Count} ids were seen");
        Assert.True(ids.Count(LicenseTypes.IsPermissive) > 300);
        foreach (var name in never)
        {
            var family = ids.Where(i => i.StartsWith(name + "-", StringComparison.Ordinal)).ToList();
            Assert.NotEmpty(family);
            Assert.All(family, id => Assert.False(LicenseTypes.IsPermissive(id), id));
        }
    }
}
