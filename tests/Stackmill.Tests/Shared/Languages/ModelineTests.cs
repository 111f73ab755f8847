using System.Text;
using Stackmill.Shared.Languages;

namespace Stackmill.Tests.Shared.Languages;

public sealed class ModelineTests
{
    [Theory]
    [InlineData("-*- ruby -*-", "Ruby")]
    [InlineData("// -*-C++-*-", "C++")]
    [InlineData("/* -*- mode: c; indent-tabs-mode: nil -*- */", "C")]
    [InlineData("# -*- coding: utf-8; Mode: Python -*-", "Python")]
    [InlineData("# -*- coding: utf-8 -*-", null)]
    [InlineData("# -*- mode: ruby", null)]
    [InlineData("-*- no-such-mode -*-", null)]
    [InlineData("# vim: set ft=ruby :", "Ruby")]
    [InlineData("# vim: ft=ruby", "Ruby")]
    [InlineData("/* vim: set filetype=cpp ts=4: */", "C++")]
    [InlineData("# vim:ts=4:sw=4:ft=sh:", "Shell")]
    [InlineData("vim600: ft=perl", "Perl")]
    [InlineData("vim>702: syntax=perl", "Perl")]
    [InlineData("# ex: ft=perl", "Perl")]
    [InlineData("# vi: ft=python", "Python")]
    [InlineData("# vim: set ft=ruby", null)]
    [InlineData("# vim: titlestring=\\ ft=sh", null)]
    [InlineData("avim: ft=ruby", null)]
    [InlineData("ex: ft=perl", null)]
    [InlineData("# vim: noft=ruby", null)]
    [InlineData("# vim: ft=no_such", null)]
    public void Modes_of_lines(string line, string? language) => Assert.Equal(language, Modeline.Of(Encoding.UTF8.GetBytes(line + "\n"))?.Name);

    [Theory]
    [InlineData(0, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(95, true)]
    [InlineData(94, false)]
    [InlineData(99, true)]
    public void Only_the_first_and_last_five_lines_are_looked_at(int line, bool isSeen)
    {
        var lines = Enumerable.Repeat("text", 100).ToArray();
        lines[line] = "# vim: ft=ruby";
        Assert.Equal(isSeen, Modeline.Of(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n")) is not null);
    }

    [Fact]
    public void An_archive_of_Vim_scripts_does_not_speak_for_itself() =>
        Assert.Null(Modeline.Of("\" Vimball\nUseVimball\n\" vim: ft=ruby\n"u8));
}
