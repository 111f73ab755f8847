using System.Text;
using Stackmill.Deduplicate;
using Stackmill.Shared.Languages;
using Stackmill.Shared.Lexing;

namespace Stackmill.Tests.Deduplicate;

public sealed class KeywordsTests
{
    [Fact]
    public void Every_language_of_the_table_is_linguists_and_one_that_the_lexer_knows()
    {
        Assert.True(Keywords.Named.Count() > 70, $"only {Keywords.Named.Count()} languages were seen");
        foreach (var name in Keywords.Named.Where(n => n != "JSX"))
        {
            Assert.Equal(name, LanguageTable.Find(name)?.Name);
            Assert.True(SyntaxTable.Find(name) is not null, $"the lexer does not know {name}");
        }
    }

    [Fact]
    public void Every_keyword_is_found_and_nothing_else_is()
    {
        Assert.True(Keywords.Languages.Count() > 80, $"only {Keywords.Languages.Count()} languages were seen");
        foreach (var language in Keywords.Languages)
        {
            var keywords = Keywords.Of(language)!;
            Assert.True(keywords.Words.Count >= 14, $"{language} has {keywords.Words.Count} keywords");
            foreach (var word in keywords.Words)
            {
                Assert.InRange(word.Length, 1, Keywords.Longest);
                Assert.True(word.All(c => c == '_' || char.IsAsciiLetterOrDigit(c)) && !char.IsAsciiDigit(word[0]), word);
                Assert.False(keywords.IsIdentifier(Encoding.ASCII.GetBytes(word)), word);
                Assert.Equal(!keywords.IsAnyCase && !keywords.Words.Contains(word.ToUpperInvariant()), keywords.IsIdentifier(Encoding.ASCII.GetBytes(word.ToUpperInvariant())));
                Assert.True(keywords.IsIdentifier(Encoding.ASCII.GetBytes(word + "_0z")), word);
            }

            Assert.False(keywords.IsIdentifier("42"u8));
            Assert.False(keywords.IsIdentifier("("u8));
            Assert.True(keywords.IsIdentifier("größe"u8));
        }
    }

    [Theory]
    [InlineData("C", "while", true)]
    [InlineData("C", "class", false)]
    [InlineData("C++", "class", true)]
    [InlineData("C++", "while", true)]
    [InlineData("SQL", "SELECT", true)]
    [InlineData("SQL", "select", true)]
    [InlineData("Python", "lambda", true)]
    [InlineData("Python", "LAMBDA", false)]
    [InlineData("TypeScript", "readonly", true)]
    public void Words_are_keywords_of_their_languages(string language, string word, bool isKeyword) =>
        Assert.Equal(isKeyword, !Keywords.Of(language)!.IsIdentifier(Encoding.ASCII.GetBytes(word)));

    [Theory]
    [InlineData("Shell")]
    [InlineData("Makefile")]
    [InlineData("Assembly")]
    [InlineData("JSON")]
    [InlineData("YAML")]
    [InlineData("HTML")]
    [InlineData("Markdown")]
    [InlineData("")]
    public void Nothing_is_blanked_where_words_are_commands_data_or_prose(string language) => Assert.Null(Keywords.Of(language));

    [Fact]
    public void A_programming_language_without_a_line_of_its_own_has_the_words_of_all()
    {
        Assert.DoesNotContain("ANTLR", Keywords.Named);
        var all = Keywords.Of("ANTLR")!;
        Assert.Superset(Keywords.Of("C")!.Words.ToHashSet(), all.Words.ToHashSet());
        Assert.Superset(Keywords.Of("Python")!.Words.ToHashSet(), all.Words.ToHashSet());
    }
}
