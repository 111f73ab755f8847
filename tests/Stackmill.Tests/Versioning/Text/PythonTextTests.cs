using System.Text;
using Stackmill.Tests.Support;
using Stackmill.Versioning.Text;

namespace Stackmill.Tests.Versioning.Text;

/// <summary>Texts that DVC hashes are those of Python.</summary>
public sealed class PythonTextTests
{
    [Theory]
    [InlineData(0.001, "0.001")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(1e-5, "1e-05")]
    [InlineData(1.5e-7, "1.5e-07")]
    [InlineData(1e22, "1e+22")]
    [InlineData(1e16, "1e+16")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(123456789.123456789, "123456789.12345679")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(4.111111111111111, "4.111111111111111")]
    public void Floats_are_laid_out_as_Python_does(double value, string expected) => Assert.Equal(expected, PythonNumber.Repr(value));

    [Fact]
    public void A_directory_of_hostile_names_has_the_bytes_that_DVC_gave_it()
    {
        var bytes = File.ReadAllBytes(Path.Combine(GoldenFile.Folder, "dvc/names/79a51525b073ec1dae94fe9727b0e2a6.dir"));
        var list = (List<object?>)DataFile.Value(Encoding.UTF8.GetString(bytes), "names.json")!;
        var paths = list.Cast<DataMap>().Select(m => (string)m["relpath"]!).ToList();

        Assert.Equal(25, paths.Count);
        Assert.Equal(paths, paths.Order(StringComparer.Ordinal).Order(CodePointOrder.Instance));
        Assert.NotEqual(paths, paths.Order(StringComparer.Ordinal));
        Assert.Equal(bytes, Encoding.UTF8.GetBytes(PythonJson.Write(list)));
    }

    [Theory]
    [InlineData("yes", "yes")]
    [InlineData("1:30", "1:30")]
    [InlineData("014", "14")]
    [InlineData("0o14", "12")]
    [InlineData("0x10", "16")]
    [InlineData("1_000", "1000")]
    [InlineData("1e3", "1000.0")]
    [InlineData(".5", "0.5")]
    [InlineData("nan", "nan")]
    [InlineData("._", "._")]
    [InlineData("+", "+")]
    [InlineData("-.inf", "-inf")]
    public void Plain_words_stand_for_what_they_do_in_YAML_1_2(string word, string expected)
    {
        var value = YamlScalar.Resolve(word);

        Assert.Equal(expected, value is double number ? PythonNumber.Repr(number) : value!.ToString());
    }
}
