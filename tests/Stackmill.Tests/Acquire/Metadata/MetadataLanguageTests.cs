using Stackmill.Acquire.Metadata;

namespace Stackmill.Tests.Acquire.Metadata;

public sealed class MetadataLanguageTests
{
    [Theory]
    [InlineData("C#", "C#")]
    [InlineData("C-Sharp", "C#")]
    [InlineData("python", "Python")]
    [InlineData("cpp", "C++")]
    [InlineData("F-Sharp", "F#")]
    [InlineData("-Sharp", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Names_of_the_datasets_are_understood(string? name, string? language) => Assert.Equal(language, MetadataLanguage.Find(name)?.Name);
}
