using System.Text;
using Stackmill.Shared.Languages;

namespace Stackmill.Tests.Shared.Languages;

public sealed class ShebangTests
{
    [Theory]
    [InlineData("#!/bin/sh\n", "sh", "Shell")]
    [InlineData("#! /usr/bin/perl -w\n", "perl", "Perl")]
    [InlineData("#!/usr/bin/env ruby\r\n", "ruby", "Ruby")]
    [InlineData("#!/usr/bin/env -S -i PATH=/bin A=b python3.11 -u\n", "python3", "Python")]
    [InlineData("#!/usr/bin/python2.7", "python2", "Python")]
    [InlineData("#!/usr/bin/lua5.3\n", "lua5", "Lua")]
    [InlineData("#!/usr/bin/env node\n", "node", "JavaScript")]
    [InlineData("#!/bin/sh\n# the next line restarts\nexec tclsh \"$0\" \"$@\"\n", "tclsh", "Tcl")]
    [InlineData("#!/bin/sh\nexec echo a\n", "sh", "Shell")]
    [InlineData("#!/usr/bin/osascript\n", "osascript", "AppleScript")]
    [InlineData("#!/usr/bin/osascript -l JavaScript\n", "", null)]
    [InlineData("#!/no/such/program\n", "program", null)]
    [InlineData("#!/usr/bin/env\n", "", null)]
    [InlineData("#!\n", "", null)]
    [InlineData("#!", "", null)]
    [InlineData(" #!/bin/sh\n", "", null)]
    public void Interpreters_of_first_lines(string text, string interpreter, string? language)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(interpreter, Encoding.UTF8.GetString(Shebang.Interpreter(bytes)));
        Assert.Equal(language, Shebang.Of(bytes).FirstOrDefault()?.Name);
    }
}
