using System.Text;
using Stackmill.Shared.Lexing;

namespace Stackmill.Tests.Shared.Lexing;

/// <summary>Literals that few languages have, or that few programs use.</summary>
public sealed class RareLiteralTests
{
    /// <summary>The text with each literal or part of one in ‹…› and comments in ⟦…⟧, delimiters included.</summary>
    private static string Mark(string text, string language, out bool degraded)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var lexer = new Lexer();
        var marked = new StringBuilder();
        foreach (var span in lexer.Lex(bytes, language))
        {
            var part = Encoding.UTF8.GetString(bytes[span.Start..span.End]);
            marked.Append(span.Kind switch { SpanKind.String => $"‹{part}›", SpanKind.Comment => $"⟦{part}⟧", _ => part });
        }

        degraded = lexer.Degraded;
        return marked.ToString();
    }

    [Theory]
    [InlineData("Shell", "cat <<\"END OF FILE\"\n‹# a›\nEND OF FILE\nb ⟦# c⟧\n")]
    [InlineData("Shell", "cat << eof | tr a b\n‹# a›\neof\n⟦# c⟧\n")]
    [InlineData("Shell", "cat <<\\E-1; x\n‹# a›\nE-1\n⟦# c⟧\n")]
    [InlineData("Shell", "cat <<'---'\n‹# a›\n---\n⟦# c⟧\n")]
    [InlineData("Shell", "cat <<-E\n‹ E›\n\tE\n⟦# c⟧\n")]
    [InlineData("Shell", "x=$((1 << n)); y=$((1<<m))\n⟦# c⟧\n")]
    [InlineData("Shell", "cat <<<x\n⟦# c⟧\n")]
    [InlineData("HCL", "a = <<EOT\n‹# a›\n  EOT\nb = ‹\"›${f(‹\"x\"›)}‹\"› ⟦# c⟧\n")]
    [InlineData("HCL", "a = <<-eot\n‹  // a›\n  eot\n⟦// c⟧\n")]
    [InlineData("Dockerfile", "RUN <<EOF\n‹# a›\nEOF\n⟦# b⟧\nRUN <<-'A B'\n‹# c›\n\tA B\n")]
    [InlineData("Crystal", "x = <<-TEXT\n‹  # a›\n  TEXT\ny << z ⟦# b⟧\n")]
    [InlineData("Crystal", "x = <<-'TEXT'\n‹  # a›\n  TEXT\ny = ‹%w(# b)› ⟦# c⟧\n")]
    [InlineData("Racket", "(f #<<A B\n‹; a›\nA B\n  ) ⟦; b⟧\n")]
    [InlineData("Perl", "print <<\"A B\", 1;\n‹# a›\nA B\n⟦# b⟧\n")]
    [InlineData("Ruby", "x <<‹\"not this one\"›\n⟦# b⟧\n")]
    public void Here_documents_end_at_their_label(string language, string marked) => Check(language, marked);

    [Theory]
    [InlineData("SQL", "select ‹$$a -- it's$$›, ‹$t$b $$ c$t$›; ⟦-- d⟧\n")]
    [InlineData("SQL", "select $1, a$b$c, ‹'x'›; ⟦-- $$⟧\n")]
    [InlineData("SQL", "create function f() as $$ ⟦-- it's⟧\nbegin return ‹'a'› || ‹$q$b'$q$›; end $$ language plpgsql; ⟦-- d⟧\n")]
    [InlineData("SQL", "DO $b$ x ⟦-- don't⟧\n $b$; ⟦-- d⟧\n")]
    [InlineData("SQL", "create function f() as $$ import os # don‹'t\n ›$$ language plpython3u; ⟦-- d⟧\n")]
    [InlineData("SQL", "do language plpgsql\n$$ ⟦-- don't⟧\n $$; ⟦-- d⟧\n")]
    [InlineData("SQL", "DELIMITER $$\nselect ‹'a'› $$ ⟦-- it's⟧\nselect 1 $$\n")]
    [InlineData("PLSQL", "$IF $$debug $THEN x ⟦-- it's⟧\n$END y $$z ‹'a'›\n")]
    public void Dollars_quote_in_PostgreSQL(string language, string marked) => Check(language, marked);

    [Theory]
    [InlineData("CMake", "set(a ‹[[# b ]=] \"]]›) ⟦#[[ c ] d\n]]⟧ e ⟦# f⟧\n")]
    [InlineData("CMake", "set(a ‹[==[# ]] ]=] b]==]›) ⟦#[=[ ]] c ]=]⟧ e\n")]
    [InlineData("CMake", "⟦#[=======================================================================[.rst:\n\"\" ]=======================================================================]⟧ a ‹\"b\"›\n")]
    [InlineData("Lua", "x = ‹[====[ -- ]==] ]====]› ⟦--[====[ ]] ]====]⟧ y ⟦--[ z⟧\n")]
    [InlineData("OCaml", "let a = ‹{|b (* \" |}› ^ ‹{id|c |} d|id}› ⟦(* e *)⟧ and f 'a = ‹'\"'› and g' = ‹'\\''›\n")]
    [InlineData("OCaml", "let a = ‹{%sql id|(* \" |id}› ⟦(* e *)⟧ { b with c }\n")]
    [InlineData("Haskell", "a = ‹[sql|b -- \"|]› ⟦-- c⟧\nd = [x|x <- xs] ⟦-- |] e⟧\n")]
    [InlineData("Haskell", "a = [x|x<-xs, f' x == ‹'\"'›] ⟦-- c⟧\n")]
    [InlineData("R", "a <- ‹r\"---(b # )\" )--\")---\"› ⟦# c⟧\n")]
    public void Ends_repeat_what_the_opening_holds(string language, string marked) => Check(language, marked);

    [Theory]
    [InlineData("Elixir", "a = ‹~s(b # \")› <> ‹~w[c '# ]›a ⟦# d⟧\n")]
    [InlineData("Elixir", "a = ‹~S\"\"\"\n# \" #{b}\n\"\"\"› ⟦# d⟧\n")]
    [InlineData("Elixir", "a = ‹~r/\"# ›#{f(‹\"x\"›)}‹/›i ⟦# d⟧\n")]
    [InlineData("Elixir", "a = ‹~H\"\"\"\n<p>it's # b</p>\n\"\"\"› ⟦# d⟧\n")]
    [InlineData("Elixir", "a = ?\" ⟦# d⟧\nb = empty?(‹\"c\"›)\n")]
    [InlineData("Elixir", "a = ‹\"›#{f(‹\"x\"›)}‹ # b\"› ⟦# d⟧\n")]
    [InlineData("Groovy", "a = ‹/b\"/› + ‹$/c '// \n d/$› ⟦// e⟧\nf = g / h / ‹\"i\"›\n")]
    [InlineData("Perl", "$a =~ ‹s{b\"}›‹{c'}›g; ⟦# d⟧\n")]
    [InlineData("Perl", "$a =~ ‹s{\n  b{2} \" # x\n}›\n‹{c'}›g; ⟦# d⟧\n")]
    [InlineData("Perl", "‹tr/a\"/›‹b'/›; ‹y{a}›‹[']›; ‹m{\n\"}›x; $h{s}{y}; $s{‹\"a\"›}; ⟦# d⟧\n")]
    [InlineData("Perl", "‹s/it's/›‹it\"s/›g; @a = split ‹/'/›, $b / 2; if (‹/\"/›) { } ⟦# d⟧\n")]
    [InlineData("Perl", "$a->{b} //= ‹'/c'›; $d // ‹\"/\"›; ‹s/e/›‹/›; ⟦# f⟧\n")]
    [InlineData("Perl", "$a = ‹q{b {\n\"} c}› . ‹qq{d}› . ‹qw<e <f> '>›; ⟦# d⟧\n")]
    [InlineData("Scala", "a = s‹\"›${f(‹\"x\"›)}‹ b\"› + ‹\"${\"› + s‹\"\"\"c ›${d(‹\"e\"›)}‹\n\"\"\"› ⟦// f⟧\n")]
    [InlineData("Scala", "a = ‹'\"'› + 'sym + ‹\"\"\"b\\\"\"\"› ⟦/* /* */ */⟧ c\n")]
    [InlineData("Dart", "a = r‹'b\\'› + ‹'›${f(‹'c'›)}‹'› + r‹'''${\n'''› ⟦// d⟧\n")]
    [InlineData("Kotlin", "a = ‹\"›${f(‹\"x ›${g(‹\"y\"›)}‹\"›)}‹\"› ⟦// b⟧\n")]
    [InlineData("Swift", "a = ‹\"›\\(f(‹\"x\"›))‹\"› + ‹###\"b\"##c\"###› ⟦// d⟧\n")]
    [InlineData("Emacs Lisp", "(a ?\" ?\\\" ?; ?\\; ?\\\\ empty? ‹\"b\"›) ⟦; c⟧\n")]
    [InlineData("Scheme", "(a #\\\" #\\; #\\\\ ‹\"b\"›) ⟦; c⟧\n")]
    [InlineData("Clojure", "(a \\\" \\; \\newline ‹\"b\"›) ⟦; c⟧\n")]
    [InlineData("Erlang", "a($\", $\\\", $%, $$, ‹\"b\"›). ⟦% c⟧\n")]
    [InlineData("Ada", "a := ‹'\"'› & ‹'''›; b'Length; ‹\"c\"› ⟦-- d⟧\n")]
    [InlineData("XML", "<a>‹<![CDATA[<!-- b ]] ]]]>› ⟦<!-- c -->⟧</a>\n")]
    public void Other_forms_are_told_from_code_and_comments(string language, string marked) => Check(language, marked);

    [Theory]
    [InlineData("SQL", "select $$ a")]
    [InlineData("SQL", "do $$ a $b$ c")]
    [InlineData("HCL", "a = <<EOT\nb\n")]
    [InlineData("CMake", "set(a [==[ b ]=]")]
    [InlineData("CMake", "#[[ b")]
    [InlineData("Elixir", "~s(a")]
    [InlineData("Perl", "s{a}{b")]
    [InlineData("HTML", "<pre>a")]
    [InlineData("XML", "<![CDATA[ a ]]")]
    [InlineData("Racket", "#<<A\nb\n")]
    public void Forms_without_an_end_are_called_degraded(string language, string text)
    {
        Assert.Equal(text, string.Concat(Mark(text, language, out var degraded).Where(c => !"‹›⟦⟧".Contains(c))));
        Assert.True(degraded);
    }

    private static void Check(string language, string marked)
    {
        Assert.Equal(marked, Mark(string.Concat(marked.Where(c => !"‹›⟦⟧".Contains(c))), language, out var degraded));
        Assert.False(degraded);
    }
}
