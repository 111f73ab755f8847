using System.Text;
using Stackmill.Preprocess;

namespace Stackmill.Tests.Preprocess;

/// <summary>Cleaning and redaction keep copyright lines, with the names in them.</summary>
public sealed class CopyrightLineTests
{
    [Theory]
    [InlineData("# Copyright (c) 2020 Jane Doe")]
    [InlineData("# Copyright 1998-2004, 2010 Jane Q. Doe and others. All rights reserved.")]
    [InlineData("# Copyright \u00a9 1987, 1993, 1994 The Regents of the University of California.")]
    [InlineData("# (c) 2001-2019 Example GmbH, M\u00fcnchen")]
    [InlineData("# SPDX-FileCopyrightText: 2019-2024 Jane Doe")]
    [InlineData("# SPDX-License-Identifier: MIT")]
    [InlineData("# Portions Copyright (C) 2003, 2004, 2005, 2006, 2007, 2008, 2009 Free Software Foundation, Inc.")]
    [InlineData("# 51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA.")]
    public void Copyright_lines_come_out_as_they_went_in(string line)
    {
        var text = $"#!/usr/bin/env python\n{line}\n{line}\nimport os\nprint(os.name)\n";
        var options = new PreprocessOptions();
        options.Stages.Tokenization = false;
        var result = new TextPipeline(options, null).Process(Encoding.UTF8.GetBytes(text), null, "Python");
        Assert.True(result.Verdict.IsKept);
        Assert.Equal(text, Encoding.UTF8.GetString(result.Content.Span));
    }

    [Fact]
    public void Of_a_copyright_line_with_an_address_only_the_address_is_replaced()
    {
        var options = new PreprocessOptions();
        options.Stages.Tokenization = false;
        var result = new TextPipeline(options, null).Process(Encoding.UTF8.GetBytes("# Copyright (c) 2020 Jane Doe <jane.doe@smithworks.net>\nx = 1\n"), null, "Python");
        var text = Encoding.UTF8.GetString(result.Content.Span);
        Assert.StartsWith("# Copyright (c) 2020 Jane Doe <", text, StringComparison.Ordinal);
        Assert.DoesNotContain("jane.doe@smithworks.net", text, StringComparison.Ordinal);
    }
}
