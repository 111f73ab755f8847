using System.Text;
using CsCheck;
using Stackmill.Shared.Licenses;

namespace Stackmill.Tests.Shared.Licenses;

/// <summary>Whole texts of licences, as they are and altered.</summary>
public sealed class LicenseTextTests
{
    private static readonly IReadOnlyList<LicenseText> Texts = LicenseText.Load();

    private static readonly LicenseDetector Detector = new();

    private static List<string> Ids(string text)
    {
        lock (Detector)
            return [.. Detector.OfLicenseFile(Encoding.UTF8.GetBytes(text)).Select(m => m.Id).Distinct()];
    }

    private static string TextOf(string id) => Texts.First(t => t.Ids[0] == id).Text;

    private static List<string> SourceIds(string text)
    {
        lock (Detector)
            return [.. Detector.OfSource(Encoding.UTF8.GetBytes(text)).Select(m => m.Id).Distinct()];
    }

    [Theory]
    [InlineData("Permission is hereby granted", "Permission is hereby not granted", "")]
    [InlineData("", "", "This software may not be used by military organizations.")]
    public void A_denial_at_the_begin_of_a_text_or_behind_it_makes_it_another(string from, string to, string behind)
    {
        var text = TextOf("MIT");
        text = text[text.IndexOf("Permission is hereby", StringComparison.Ordinal)..];
        Assert.Equal(["MIT"], SourceIds("/*\n" + text + "\n*/"));
        Assert.Equal(["LicenseRef-modified-MIT"], SourceIds("/*\n" + (from.Length == 0 ? text : text.Replace(from, to, StringComparison.Ordinal)) + "\n\n" + behind + "\n*/"));
    }

    [Theory]
    [InlineData("// SPDX-License-Identifier: MIT AND AND GPL-2.0-only\n")]
    [InlineData("// SPDX-License-Identifier: MIT OR (Apache-2.0\n")]
    [InlineData("/*\n * SPDX-License-Identifier: MIT OR\n *   Apache-2.0\n */\n")]
    public void A_tag_that_is_no_expression_tells_of_unknown_terms(string text) => Assert.Equal([LicenseRefs.Unknown], SourceIds(text));

    [Fact]
    public void Of_a_thousand_altered_texts_98_in_100_are_recognised_and_none_is_wrongly_permissive()
    {
        var random = new Random(20_261_125);
        var licences = Texts.Where(t => LicenseList.KindOf(t.Ids[0]) != LicenseKind.Exception).ToList();
        Assert.True(licences.Count > 600, $"only {licences.Count} texts were seen");
        var (wrong, permissive) = (new List<string>(), new List<string>());
        for (var i = 0; i < 1000; i++)
        {
            var text = licences[i % licences.Count];
            var ids = Ids(AlteredText.Of(text.Text, random));
            if (ids.Count != 1 || ids[0] != text.Ids[0])
                wrong.Add($"{text.Ids[0]}: {string.Join('+', ids)}");
            if (LicenseTypes.Of(ids) == LicenseTypes.Permissive && !LicenseTypes.IsPermissive(text.Ids[0]))
                permissive.Add($"{text.Ids[0]}: {string.Join('+', ids)}");
        }

        Assert.Empty(permissive);
        Assert.True(wrong.Count <= 20, string.Join('\n', wrong));
    }

    [Fact]
    public void Exceptions_are_recognised_beside_the_licence_that_they_name()
    {
        foreach (var text in Texts.Where(t => LicenseList.KindOf(t.Ids[0]) == LicenseKind.Exception))
            Assert.Contains(text.Ids[0], Ids(text.Text));
    }

    [Fact]
    public void Several_licences_in_one_file_are_all_found_with_their_places()
    {
        var (mit, apache, bsd) = (TextOf("MIT"), TextOf("Apache-2.0"), TextOf("BSD-3-Clause"));
        var file = Encoding.UTF8.GetBytes($"{mit}\n\n--- third party ---\n\nlibfoo\n{apache}\n\nlibbar\nCopyright 2001 Bar\n{bsd}\n\n{mit}\n");
        var found = Detector.OfLicenseFile(file);
        Assert.Equal(["MIT", "Apache-2.0", "BSD-3-Clause", "MIT"], found.Select(f => f.Id));
        Assert.All(found, f => Assert.InRange(f.Score, 0.95, 1));
        Assert.All(found.Zip(found.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
        Assert.Contains("Permission is hereby granted", Encoding.UTF8.GetString(file.AsSpan(found[3].Start, found[3].Length)), StringComparison.Ordinal);
    }

    [Fact]
    public void Words_that_are_broken_at_line_ends_are_whole()
    {
        var text = TextOf("MIT").Replace("distribute", "dis-\ntribute", StringComparison.Ordinal).Replace("following", "fol-\n lowing", StringComparison.Ordinal);
        Assert.Equal(["MIT"], Ids(text));
        Assert.Equal(["MIT"], SourceIds("# " + text.Replace("\n", "\n# ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Texts_in_comments_of_source_files_are_found()
    {
        var header = "/*\n" + string.Concat(TextOf("BSD-2-Clause").Split('\n').Select(l => $" * {l}\n")) + " */\n";
        Assert.Equal(["BSD-2-Clause"], SourceIds(header + string.Concat(Enumerable.Repeat("int f(int a) { return a + 1; }\n", 5000))));
        Assert.Equal(["Zlib"], SourceIds(TextOf("Zlib") + "\nint x;\n"));
        Assert.Equal(["LGPL-3.0-only"], Ids(Texts.Last(t => t.Ids[0] == "LGPL-3.0-only").Text));
    }

    [Theory]
    [InlineData("for any purpose with or without fee", "for any non-commercial purpose without fee", "ISC")]
    [InlineData("without restriction", "for non-commercial purposes only", "MIT")]
    [InlineData("subject to the following conditions", "subject to the following conditions, and not for military use", "MIT")]
    [InlineData("sublicense, and/or sell copies of the Software", "and sublicense copies of the Software", "MIT")]
    [InlineData("are permitted provided", "are permitted for evaluation provided", "BSD-2-Clause")]
    public void A_permissive_text_that_was_made_to_allow_less_is_not_permissive(string old, string changed, string id)
    {
        var text = TextOf(id).Replace("\n\n", "\r", StringComparison.Ordinal).Replace('\n', ' ').Replace("\r", "\n\n", StringComparison.Ordinal);
        var altered = text.Replace(old, changed, StringComparison.Ordinal);
        Assert.NotEqual(text, altered);
        Assert.Equal(LicenseTypes.NonPermissive, LicenseTypes.Of(Ids(altered)));
        Assert.NotEqual(LicenseTypes.Permissive, LicenseTypes.Of(SourceIds(altered)));
    }

    [Theory]
    [InlineData("The Software may not be used for commercial purposes.")]
    [InlineData("This license is granted for academic use only.")]
    [InlineData("Commercial use requires a separate license from the author.")]
    [InlineData("\"Commons Clause\" License Condition v1.0\n\nThe Software is provided to you by the Licensor under the License, as defined below, subject to the following condition. Without limiting other conditions in the License, the grant of rights under the License will not include, and the License does not grant to you, the right to Sell the Software.")]
    [InlineData("Non-commercial use only!")]
    public void What_stands_beside_a_permissive_text_and_allows_less_makes_it_not_permissive(string addition)
    {
        foreach (var id in (string[])["MIT", "Apache-2.0", "BSD-3-Clause"])
        {
            Assert.Equal(LicenseTypes.NonPermissive, LicenseTypes.Of(Ids($"{addition}\n\n{TextOf(id)}")));
            Assert.Equal(LicenseTypes.NonPermissive, LicenseTypes.Of(Ids($"{TextOf(id)}\n\n{addition}")));
        }

        Assert.NotEqual(LicenseTypes.Permissive, LicenseTypes.Of(SourceIds($"// Licensed under the MIT license.\n// {addition.ReplaceLineEndings("\n// ")}\nint x;")));
    }

    [Fact]
    public void A_contract_before_the_licences_of_parts_is_not_permissive()
    {
        const string contract = "END USER AGREEMENT\n\nBy installing this program you agree to be bound by this agreement between you, the licensee, and Example Corp. "
            + "The licensee shall keep one copy on one machine. The licensee shall give no copy to any third party, and shall not take the program apart. Example Corp. may "
            + "terminate this agreement on any breach of it. On termination the licensee shall remove all copies. This agreement is governed by the law of the place "
            + "where Example Corp. has its seat, and its courts have jurisdiction. Parts of the program come from others, whose terms follow below for information alone.\n\n";
        foreach (var id in (string[])["MIT", "Apache-2.0", "BSD-3-Clause", "ISC"])
            Assert.Equal(LicenseTypes.NonPermissive, LicenseTypes.Of(Ids(contract + TextOf(id))));
    }

    [Fact]
    public void Freedom_for_commercial_and_other_use_is_no_restriction() =>
        Assert.Equal(["MIT"], Ids($"This may be used for commercial and non-commercial purposes.\n\n{TextOf("MIT")}"));

    [Theory]
    [InlineData("MIT", "MIT")]
    [InlineData("MIT License\n", "MIT")]
    [InlineData("GNU GENERAL PUBLIC LICENSE v3\n", "GPL-3.0-only")]
    [InlineData("Apache License, Version 2.0\nhttp://www.apache.org/licenses/LICENSE-2.0\n", "Apache-2.0")]
    [InlineData("See https://opensource.org/licenses/MIT\n", "MIT")]
    [InlineData("https://creativecommons.org/licenses/by-nc/4.0/\n", "CC-BY-NC-4.0")]
    [InlineData("Copyright 2020 Example Corp. All rights reserved.\n", "")]
    [InlineData("Copyright 2020 Example Corp.\n\nYou are granted a personal right to look at this code. Any copying, in whole or part, needs a written agreement with Example Corp.\n", "LicenseRef-unknown")]
    [InlineData("This software is made available under the terms of either of the licenses found in LICENSE.APACHE or LICENSE.BSD. Contributions are made under both.", "")]
    [InlineData("", "")]
    public void Short_licence_files_name_a_licence_or_are_unknown_terms_or_nothing(string text, string ids) => Assert.Equal(ids, string.Join(' ', Ids(text)));

    [Fact]
    public void Licence_files_of_Windows_editors_are_read()
    {
        var text = TextOf("MIT");
        Assert.Equal(["MIT"], Detector.OfLicenseFile([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)]).Select(m => m.Id));
        Assert.Equal(["MIT"], Detector.OfLicenseFile([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)]).Select(m => m.Id));
    }

    [Fact]
    public void Random_and_cut_texts_give_places_inside_the_file_and_never_a_fault()
    {
        var texts = Texts.Select(t => t.Text).ToArray();
        Gen.Select(Gen.Int[0, texts.Length - 1], Gen.Int[0, texts.Length - 1], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Byte.Array[0, 40]).Sample((a, b, from, to, noise) =>
        {
            var first = Encoding.UTF8.GetBytes(texts[a]);
            var second = Encoding.UTF8.GetBytes(texts[b]);
            byte[] bytes = [.. first[(int)(from * first.Length)..], .. noise, .. second[..(int)(to * second.Length)], .. noise];
            foreach (var match in new LicenseDetector().OfLicenseFile(bytes).Concat(new LicenseDetector().OfSource(bytes)))
            {
                Assert.InRange(match.Start, 0, bytes.Length);
                Assert.InRange(match.End, match.Start, bytes.Length);
                Assert.InRange(match.Score, 0, 1);
            }
        }, iter: 30, threads: 1);
    }

    [Fact]
    public void The_same_text_gives_the_same_licences_whatever_was_looked_at_before()
    {
        var fresh = Texts.Take(40).Select(t => string.Join('+', new LicenseDetector().OfLicenseFile(Encoding.UTF8.GetBytes(t.Text)))).ToList();
        var used = new LicenseDetector();
        foreach (var text in Texts.Reverse().Take(60))
            used.OfLicenseFile(Encoding.UTF8.GetBytes(text.Text));
        Assert.Equal(fresh, Texts.Take(40).Select(t => string.Join('+', used.OfLicenseFile(Encoding.UTF8.GetBytes(t.Text)))));
    }
}
