using System.Text;
using CsCheck;
using Stackmill.Core.Model;
using Stackmill.Datasets;
using Stackmill.Tests.Support;

namespace Stackmill.Tests.Datasets;

public sealed class SafeNamesTests
{
    private static readonly string[] Reserved = ["CON", "PRN", "AUX", "NUL", "COM1", "LPT9", "COM²", "CONIN$"];

    // Parts that some system refuses, or that clash with one another, joined at random.
    private static readonly Gen<string> Part = Gen.OneOf(
        Gen.OneOf("a", "A", "b", "src", "Src", "x.py", "X.py", "x.PY", "aux", "aux.test.py", "con .py", "nul.c", "com¹.py", "..", ".", "", "a.", "a ", " ", "~", "é.py", "K.py", "k.py"),
        Gen.OneOf("a:b.py", "a?b", "a\\b.py", "a\0b.py", "tab\t.py", "a.p?y", "a.py ", "x." + new string('e', 40), "C:", "LPT1"),
        Gen.Select(Gen.OneOf("x", "字", "😀", "."), Gen.Int[60, 300], (c, n) => string.Concat(Enumerable.Repeat(c, n)) + ".py"),
        Gen.String[Gen.Char['\u0001', '\u07FF'], 0, 12].Select(s => s.Replace('/', '_')));

    private static readonly Gen<CodeRecord> AnyRecord = Gen.Select(Gen.OneOf("", "", "o/r", "O/R", "../up", "/abs", "x.py"), Part.Array[1, 4], Gen.Int[0, 2], Gen.OneOf("Python", "C++", "C")).Select((repo, parts, content, language) =>
        TestDatasets.Record(string.Join('/', parts), new string('x', content), language, repo));

    private static CodeRecord At(string path, string content = "x", string repo = "") => TestDatasets.Record(path, content, repo: repo);

    // Written anew from the rules of the systems, so that the class does not judge itself.
    private static void AssertPortable(string name)
    {
        foreach (var part in name.Split('/'))
        {
            Assert.False(part is "" or "." or "..", name);
            Assert.False(part.EndsWith('.') || part.EndsWith(' '), name);
            Assert.DoesNotContain(part, c => c < 32 || "<>:\"|?*\\".Contains(c));
            Assert.True(Encoding.UTF8.GetByteCount(part) <= 255, name);
            Assert.DoesNotContain(part.Split('.')[0].TrimEnd(' ').ToUpperInvariant(), Reserved);
        }
    }

    [Fact]
    public void All_names_are_portable_distinct_without_case_and_no_file_is_another_ones_folder() =>
        AnyRecord.Array[0, 30].Sample(records =>
        {
            var names = new SafeNames();
            var assigned = records.Select(names.Assign).ToList();
            Assert.All(assigned, AssertPortable);
            Assert.Equal(assigned.Count, assigned.Distinct(StringComparer.OrdinalIgnoreCase).Count());
            var folders = assigned.SelectMany(Parents).ToHashSet(StringComparer.OrdinalIgnoreCase);
            Assert.DoesNotContain(assigned, folders.Contains);
            for (var i = 0; i < records.Length; i++)
                Assert.StartsWith(LanguageFolder.Of(records[i].Language) + "/", assigned[i]);
        }, iter: 2000);

    [Fact]
    public void The_same_records_in_the_same_order_get_the_same_names() =>
        AnyRecord.Array[0, 20].Sample(records =>
        {
            var (first, second) = (new SafeNames(), new SafeNames());
            Assert.Equal(records.Select(first.Assign), records.Select(second.Assign));
        }, iter: 300);

    [Fact]
    public void Names_that_are_not_plain_have_at_most_180_characters() =>
        AnyRecord.Array[0, 20].Sample(records =>
        {
            var names = new SafeNames();
            foreach (var record in records)
            {
                var name = names.Assign(record);
                if (name != LanguageFolder.Of(record.Language) + "/" + record.DisplayPath)
                    Assert.InRange(name.Split('/')[^1].Length, 1, SafeNames.MaxShortened);
            }
        }, iter: 500);

    [Theory]
    [InlineData("src/main.py")]
    [InlineData("a b/ü 字/😀.py")]
    [InlineData(".github/x.py")]
    [InlineData("console.py")]
    [InlineData("auxiliary/nulls.py")]
    [InlineData("com10.py")]
    public void An_ordinary_path_stays_as_it_is(string path) => Assert.Equal("python/" + path, new SafeNames().Assign(At(path)));

    [Fact]
    public void A_path_with_its_repository_stays_as_it_is() => Assert.Equal("python/o/r/a.py", new SafeNames().Assign(At("a.py", repo: "o/r")));

    [Theory]
    [InlineData("aux.py")]
    [InlineData("dir/NUL")]
    [InlineData("nul/a.py")]
    [InlineData("aux.test.py")]
    [InlineData("com¹.py")]
    [InlineData("a:b.py")]
    [InlineData("a\0b.py")]
    [InlineData("a./b.py")]
    [InlineData("a.p?y")]
    [InlineData("/etc/passwd.py")]
    [InlineData("../x.py")]
    [InlineData("C:\\x.py")]
    public void What_a_system_can_not_hold_is_shortened_with_a_hash(string path)
    {
        var name = new SafeNames().Assign(At(path));
        AssertPortable(name);
        Assert.Matches("^python/[^/]*~[0-9a-f]{16}[^/]*$", name);
    }

    [Fact]
    public void A_name_of_exactly_255_bytes_stays_and_one_more_is_shortened()
    {
        var longest = string.Concat(Enumerable.Repeat("字", 84)) + ".py";
        Assert.Equal(255, Encoding.UTF8.GetByteCount(longest));
        Assert.Equal("python/" + longest, new SafeNames().Assign(At(longest)));
        var name = new SafeNames().Assign(At("x" + longest));
        Assert.Contains("~", name);
        Assert.EndsWith(".py", name);
    }

    [Fact]
    public void Names_that_differ_in_case_only_and_a_file_where_a_folder_is_needed_are_told_apart()
    {
        var names = new SafeNames();
        Assert.Equal("python/a.py", names.Assign(At("a.py")));
        Assert.Matches("^python/A~[0-9a-f]{16}.py$", names.Assign(At("A.py")));
        Assert.Matches("^python/b~[0-9a-f]{16}$", names.Assign(At("a.py/b")));
        Assert.Equal("python/dir/x", names.Assign(At("dir/x")));
        Assert.Matches("^python/DIR~[0-9a-f]{16}$", names.Assign(At("DIR")));
    }

    [Fact]
    public void The_same_record_many_times_gets_numbers()
    {
        var names = new SafeNames();
        var all = Enumerable.Range(0, 5).Select(_ => names.Assign(At("a.py"))).ToList();
        Assert.Equal(5, all.Distinct().Count());
        Assert.EndsWith("-2.py", all[2]);
        Assert.EndsWith("-4.py", all[4]);
    }

    private static IEnumerable<string> Parents(string path)
    {
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
            yield return path[..slash];
    }
}
