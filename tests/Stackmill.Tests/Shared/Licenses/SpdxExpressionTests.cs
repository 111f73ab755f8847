using CsCheck;
using Stackmill.Shared.Licenses;

namespace Stackmill.Tests.Shared.Licenses;

public sealed class SpdxExpressionTests
{
    [Theory]
    [InlineData("MIT", "MIT")]
    [InlineData("mit", "MIT")]
    [InlineData("MIT OR Apache-2.0", "MIT Apache-2.0")]
    [InlineData("(MIT AND (BSD-3-Clause or ISC))", "MIT BSD-3-Clause ISC")]
    [InlineData("MIT/Apache-2.0", "MIT Apache-2.0")]
    [InlineData("GPL-2.0", "GPL-2.0-only")]
    [InlineData("GPL-2.0+", "GPL-2.0-or-later")]
    [InlineData("GPL-3.0-only+", "GPL-3.0-or-later")]
    [InlineData("EPL-1.0+", "EPL-1.0")]
    [InlineData("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only Classpath-exception-2.0")]
    [InlineData("GPL-2.0-with-classpath-exception", "GPL-2.0-only Classpath-exception-2.0")]
    [InlineData("Apache-2.0 WITH LLVM-exception", "Apache-2.0 LLVM-exception")]
    [InlineData("LicenseRef-Own AND DocumentRef-x:LicenseRef-Other", "LicenseRef-Own LicenseRef-Other")]
    [InlineData("MIT AND MIT", "MIT")]
    [InlineData("Proprietary", "LicenseRef-unknown")]
    [InlineData("NONE", "")]
    public void Expressions_name_their_licences_in_the_case_and_form_of_today(string text, string ids) =>
        Assert.Equal(ids, string.Join(' ', SpdxExpression.Ids(text, strict: false)!));

    [Theory]
    [InlineData("")]
    [InlineData("MIT OR")]
    [InlineData("OR MIT")]
    [InlineData("(MIT")]
    [InlineData("MIT)")]
    [InlineData("MIT Apache-2.0")]
    [InlineData("MIT WITH (ISC)")]
    [InlineData("MIT WITH")]
    [InlineData("%s")]
    [InlineData("<id>")]
    [InlineData("LicenseRef-")]
    public void What_is_no_expression_names_nothing(string text) => Assert.Null(SpdxExpression.Ids(text, strict: false));

    [Fact]
    public void Strict_reading_takes_no_id_that_the_list_lacks() => Assert.Null(SpdxExpression.Ids("Proprietary", strict: true));

    [Fact]
    public void Any_text_is_read_without_a_fault_and_nesting_has_an_end()
    {
        string[] parts = ["MIT", "(", ")", " ", "OR", "AND", "WITH", "+", "/", "GPL-2.0", "x", "\0", ":", " OR ", " WITH "];
        var expressions = 0;
        Gen.Int[0, parts.Length - 1].Array[0, 12].Sample(
            chosen =>
            {
                if (SpdxExpression.Ids(string.Concat(chosen.Select(c => parts[c])), strict: false) is { } ids)
                {
                    Interlocked.Increment(ref expressions);
                    Assert.Equal(ids.Distinct(), ids);
                }
            },
            iter: 2000);
        Assert.True(expressions > 10, $"only {expressions} of the texts were expressions");
        Assert.Null(SpdxExpression.Ids(new string('(', 100_000) + "MIT" + new string(')', 100_000), strict: false));
        Assert.Equal(["MIT"], SpdxExpression.Ids(new string('(', 20) + "MIT" + new string(')', 20), strict: false));
    }
}
