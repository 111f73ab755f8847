using System.Text;
using Stackmill.Shared.Licenses;

namespace Stackmill.Tests.Shared.Licenses;

public sealed class LicenseFilesTests
{
    [Theory]
    [InlineData("LICENSE", LicenseFileKind.License, "")]
    [InlineData("a/b/LICENSE.md", LicenseFileKind.License, "a/b")]
    [InlineData("Licence.txt", LicenseFileKind.License, "")]
    [InlineData("LICENSE-APACHE", LicenseFileKind.License, "")]
    [InlineData("LICENSE.Apache-2.0", LicenseFileKind.License, "")]
    [InlineData("MIT-LICENSE.txt", LicenseFileKind.License, "")]
    [InlineData("COPYING", LicenseFileKind.License, "")]
    [InlineData("COPYING.LESSER", LicenseFileKind.License, "")]
    [InlineData("COPYING3", LicenseFileKind.License, "")]
    [InlineData("UNLICENSE", LicenseFileKind.License, "")]
    [InlineData("LICENSES/MIT.txt", LicenseFileKind.License, "")]
    [InlineData("a/LICENSES/GPL-3.0-or-later.txt", LicenseFileKind.License, "a")]
    [InlineData("NOTICE", LicenseFileKind.Notice, "")]
    [InlineData("COPYRIGHT.txt", LicenseFileKind.Notice, "")]
    [InlineData("package.json", LicenseFileKind.Manifest, "")]
    [InlineData("x/Cargo.toml", LicenseFileKind.Manifest, "x")]
    [InlineData("x/Thing.nuspec", LicenseFileKind.Manifest, "x")]
    [InlineData("license.py", LicenseFileKind.None, "")]
    [InlineData("LicenseManager.java", LicenseFileKind.None, "")]
    [InlineData("licensing.md", LicenseFileKind.None, "")]
    [InlineData("README.md", LicenseFileKind.None, "")]
    [InlineData("src/main.py", LicenseFileKind.None, "src")]
    [InlineData("LICENSES/tool.py", LicenseFileKind.None, "")]
    internal void Licence_files_are_known_by_their_names(string path, LicenseFileKind kind, string folder)
    {
        Assert.Equal(kind, LicenseFiles.Of(path, out var found));
        Assert.Equal(folder, found);
    }

    [Theory]
    [InlineData("package.json", """{"name": "x", "license": "MIT"}""", "MIT")]
    [InlineData("package.json", """{"license": {"type": "BSD-3-Clause", "url": "MIT"}}""", "BSD-3-Clause")]
    [InlineData("package.json", """{"licenses": [{"type": "MIT", "url": "x"}, {"type": "GPL-2.0", "url": "y"}]}""", "MIT GPL-2.0-only")]
    [InlineData("package.json", """{"license": "(MIT OR Apache-2.0)", "dependencies": {"license": "GPL-3.0"}}""", "MIT Apache-2.0")]
    [InlineData("package.json", """{"license": "SEE LICENSE IN LICENSE.md"}""", "")]
    [InlineData("package.json", """{"license": "UNLICENSED"}""", "LicenseRef-unlicensed")]
    [InlineData("package.json", """{"license": "Company internal"}""", "LicenseRef-unknown")]
    [InlineData("package.json", """{"license": "Apache 2.0"}""", "Apache-2.0")]
    [InlineData("package.json", """{"name": "x"}""", "")]
    [InlineData("package.json", """{"license": "MIT", """, "MIT")]
    [InlineData("package.json", "no json", "")]
    [InlineData("composer.json", """{"license": ["LGPL-2.1-only", "GPL-3.0-or-later"]}""", "LGPL-2.1-only GPL-3.0-or-later")]
    [InlineData("Cargo.toml", "[package]\nname = \"x\"\nlicense = \"MIT/Apache-2.0\"\n\n[dependencies]\nlicense = \"GPL-3.0\"\n", "MIT Apache-2.0")]
    [InlineData("Cargo.toml", "[package]\nlicense-file = \"LICENSE\"\n", "")]
    [InlineData("pyproject.toml", "[project]\nlicense = {text = \"BSD-2-Clause\"}\n", "BSD-2-Clause")]
    [InlineData("pyproject.toml", "[project]\nlicense = {file = \"LICENSE\"}\nclassifiers = [\n  \"License :: OSI Approved :: MIT License\",\n]\n", "MIT")]
    [InlineData("setup.cfg", "[metadata]\nname = x\nlicense = GPLv3+\n", "GPL-3.0-or-later")]
    [InlineData("pom.xml", "<project><name>Foo</name><licenses><license><name>The Apache Software License, Version 2.0</name></license></licenses></project>", "Apache-2.0")]
    [InlineData("pom.xml", "<project><name>MIT</name></project>", "")]
    [InlineData("x.nuspec", "<metadata><license type=\"expression\">MIT</license></metadata>", "MIT")]
    public void Manifests_name_their_licence(string name, string text, string ids) =>
        Assert.Equal(ids, string.Join(' ', LicenseManifests.Ids(name, Encoding.UTF8.GetBytes(text))));
}
