namespace Stackmill.Preprocess.Redact.Rules;

/// <summary>Names of persons where files say who made them: author tags, copyright lines, and trailers of commit messages. Organisations stay.</summary>
internal static class NameRules
{
    private const int LongestHead = 60;
    private const int MostNames = 8;

    public static Rule Author { get; } = new("author-name", RedactionKind.Name, "Name of a person in an author tag", RuleAnchor.LiteralAnyCase, MatchAuthor)
    {
        Specificity = 12,
        Confidence = 0.75,
        Literals = ["@author", "\\author", "author:", "authors:", "author\"", "author'", "author__", "written by ", "created by ", "maintainer:", "maintained by ", "developed by "],
        Positives =
        [
            " * @author «Jane Doe»", "# Author: «Jane Doe» <", "__author__ = '«Jane Doe»'", "{\"author\": \"«Sindre Roe»\"}", " * @author «田中太郎»", "# Author: «Иван Петров»", "/* @author «mrdoob» */", "# Written by «Ken Poe», 2003", "// \\author «Ada Roe»",
            "Maintainer: «Jan van der Berg» <", "@author «J. R. Hartley»", "# Author:	«Anne O'Neil»", " * @author «Alain BASTY»",
        ],
        Negatives =
        [
            "author: String", "@author the Eclipse Foundation", "@author Oracle Corporation", "Author: Unknown", "Author: ${author}", "author = Author(name)", "authority: Foo Bar", "created by Google", "@author", "Authors: see AUTHORS", "'--author', help='Author name'", "@author Contributors", "\"author\": \"xxx\"",
            "@authorization Foo Bar", "written by hand", "@author JSR-51 Expert Group", "@author TO" + "DO", "Author: the team",
        ],
    };

    public static Rule Copyright { get; } = new("copyright-name", RedactionKind.Name, "Name of a person in a copyright line", RuleAnchor.LiteralAnyCase, MatchCopyright)
    {
        Specificity = 12,
        Confidence = 0.75,
        Literals = ["copyright", "(c) "],
        Positives =
        [
            "Copyright (c) 2014 «Jane Doe»", "// Copyright 2010-2015, 2017 «John Q. Public»", " * Copyright (C) 1999, 2001-2003 by «Hans Müller» <", "(c) 2011 «Jan van der Berg»", "Copyright © 2020 «Jean-Luc Picard»", "Copyright(c) 2009-2013 «TJ Holowaychuk»", "# Copyright (c) 2008 «Anne O'Neil». All rights reserved.",
            "Copyright (c) «José Valim» 2012", "Copyright (c) 2018-present, «Evan Poe»",
        ],
        Negatives =
        [
            "Copyright (c) 2014 Google Inc.", "Copyright 2019 The Go Authors. All rights reserved.", "Copyright (C) 2009 Free Software Foundation, Inc.", "copyright notice and this", "Copyright (c) Meta Platforms, Inc.", "Copyright OpenJS Foundation and other contributors", "Copyright (c) <year> <name>", "Copyright (c) YEAR NAME",
            "Copyright (c) 2010, Oracle and/or its affiliates.", "Copyright (c) 2015-present, Jupyter Development Team", "Copyright Holder Shall Not", "(c) Some Words", "Copyright 1987, 1998  The Open Group", "Copyright (c) 1995  XFree86 Inc.",
        ],
    };

    public static Rule Trailer { get; } = new("trailer-name", RedactionKind.Name, "Name of a person in a trailer of a commit message", RuleAnchor.LiteralAnyCase, MatchTrailer)
    {
        Specificity = 12,
        Confidence = 0.8,
        Literals = ["signed-off-by:", "co-authored-by:", "reviewed-by:", "acked-by:", "tested-by:", "reported-by:", "suggested-by:", "helped-by:", "co-developed-by:", "committed-by:", "approved-by:", "pair-programmed-with:"],
        Positives = ["Signed-off-by: «Jane Doe» <>", "Reviewed-by: «Ivan Petrov»", "Co-authored-by: «Ana María López» <", "Acked-by: «Łukasz Nowak»", "Tested-by: «Prince» <"],
        Negatives = ["Signed-off-by: NAME", "Reviewed-by: the committee", "Sorted-by: Last Name", "Co-authored-by: ${name}", "Signed-off-by: Your Name", "Signed-off-by: dependabot[bot]", "Reviewed-by: Kernel Team"],
    };

    private static void MatchAuthor(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        int i = at;
        bool tag = text[at] is (byte)'@' or (byte)'\\';
        i += tag ? 1 : 0;
        if (!tag && (Shapes.IsWord(Shapes.At(text, at - 1)) && !Shapes.StartsWord(text, at) && Shapes.At(text, at - 1) != '_'))
            return;
        bool by = false;
        int head = i;
        while (i - head < 24 && (Shapes.IsLetter(Shapes.At(text, i)) || (Shapes.At(text, i) == ' ' && !by && !tag)))
        {
            by |= Shapes.At(text, i) == ' ';
            i++;
        }
        // "@authorization" is none.
        if (tag && i - head is not (6 or 7))
            return;
        // "author", "authors", "written by": then signs until the name.
        int word = i;
        bool sign = by || tag;
        while (i - word < 16 && Shapes.At(text, i) is (byte)' ' or (byte)'\t' or (byte)':' or (byte)'=' or (byte)'"' or (byte)'\'' or (byte)'_' or (byte)'-' or (byte)'(' or (byte)'{' or (byte)'[')
        {
            sign |= text[i] is (byte)':' or (byte)'=';
            i++;
        }
        sink.Count(i - at);
        if (!sign || i == word && !by)
            return;
        Names(rule, text, i, tag ? 1 : 2, sink);
        if (tag)
            Handle(rule, text, i, sink);
    }

    // One word in lower case, as people sign on the web.
    private static void Handle(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        int run = Shapes.Run(text, at, Shapes.Base64Url, 32);
        if (run is < 3 or > 31 || Shapes.IsDigit(text[at]) || text.Slice(at, run).IndexOfAnyInRange((byte)'a', (byte)'z') < 0 || PersonName.IsGeneric(text.Slice(at, run)))
            return;
        int i = at + run;
        while (i - at < 40 && Shapes.At(text, i) is (byte)' ' or (byte)'*' or (byte)'/' or (byte)'\r')
            i++;
        if (Shapes.At(text, i) is 0 or (byte)'\n' or (byte)'<' && char.IsAsciiLetterLower((char)text[at]))
            sink.Add(rule, at, at + run);
    }

    private static void MatchCopyright(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        bool sign = text[at] == '(';
        bool year = false;
        int i = at + (sign ? 4 : "copyright".Length);
        if (Shapes.IsWord(Shapes.At(text, at - 1)) || (!sign && Shapes.IsWord(Shapes.At(text, i))))
            return;
        bool alone = sign;
        while (i - at < LongestHead)
        {
            ReadOnlySpan<byte> rest = text[Math.Min(i, text.Length)..];
            if (rest.StartsWith("(c)"u8) || rest.StartsWith("(C)"u8))
                (sign, i) = (true, i + 3);
            else if (rest.StartsWith("©"u8))
                (sign, i) = (true, i + 2);
            else if (rest.StartsWith("&copy;"u8))
                (sign, i) = (true, i + 6);
            else if (rest.StartsWith("–"u8))
                i += 3;
            else if (rest.StartsWith("by "u8) || rest.StartsWith("By "u8))
                i += 3;
            else if (rest.StartsWith("present"u8) || rest.StartsWith("Present"u8))
                i += 7;
            else if (Shapes.Run(text, i, DigitScan.Digits, 5) is var run && run is 2 or 4)
                (year, i) = (true, i + run);
            else if (Shapes.At(text, i) is (byte)' ' or (byte)'\t' or (byte)',' or (byte)':' or (byte)'-' or (byte)';')
                i++;
            else
                break;
        }
        sink.Count(i - at + 1);
        if (i - at >= LongestHead || (alone ? !year : !year && !sign && !YearFollows(text, i)) || Shapes.IsAlphanumeric(Shapes.At(text, i - 1)))
            return;
        Names(rule, text, i, 2, sink);
    }

    private static bool YearFollows(ReadOnlySpan<byte> text, int at)
    {
        int end = PersonName.End(text, at, 2);
        int i = end;
        while (end > 0 && i - end < 3 && Shapes.At(text, i) is (byte)' ' or (byte)',' or (byte)'(')
            i++;
        return end > 0 && Shapes.Run(text, i, DigitScan.Digits, 5) == 4;
    }

    private static void MatchTrailer(Rule rule, ReadOnlySpan<byte> text, int at, CandidateSink sink)
    {
        if (Shapes.IsWord(Shapes.At(text, at - 1)) && !Shapes.StartsWord(text, at))
            return;
        int i = text[at..].IndexOf((byte)':') + at + 1;
        int gap = i;
        while (i - gap < 4 && Shapes.At(text, i) is (byte)' ' or (byte)'\t')
            i++;
        sink.Count(i - at);
        int end = PersonName.End(text, i, 1);
        if (end > 0 && (text[i..end].IndexOfAny((byte)' ', (byte)'.') > 0 || text[i] >= 0x80 || text[end..].StartsWith(" <"u8)))
            Names(rule, text, i, 1, sink);
    }

    // Names with commas, "and" or "&" between.
    private static void Names(Rule rule, ReadOnlySpan<byte> text, int at, int fewest, CandidateSink sink)
    {
        for (int names = 0; names < MostNames; names++)
        {
            int end = PersonName.End(text, at, fewest);
            sink.Count(end < 0 ? 8 : (end - at) * 2);
            if (end < 0)
                return;
            sink.Add(rule, at, end);
            fewest = 2;
            ReadOnlySpan<byte> rest = text[end..];
            at = end + (rest.StartsWith(", and "u8) ? 6 : rest.StartsWith(" and "u8) ? 5 : rest.StartsWith(", "u8) || rest.StartsWith("; "u8) ? 2 : rest.StartsWith(" & "u8) ? 3 : 0);
            if (at == end)
                return;
        }
    }
}
