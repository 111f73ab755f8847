using System.Text;
using Stackmill.Shared.Licenses;

namespace Stackmill.Tests.Shared.Licenses;

/// <summary>Tags and statements in source files, and what only looks like them.</summary>
public sealed class LicenseHeaderTests
{
    private static readonly LicenseDetector Detector = new();

    private static string Ids(string text)
    {
        lock (Detector)
            return string.Join(' ', Detector.OfSource(Encoding.UTF8.GetBytes(text)).Select(m => m.Id).Distinct());
    }

    [Theory]
    [InlineData("// SPDX-License-Identifier: MIT\n", "MIT")]
    [InlineData("/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */\nint x;", "GPL-2.0-only Linux-syscall-note")]
    [InlineData("# SPDX-License-Identifier: (Apache-2.0 OR MIT)\n", "Apache-2.0 MIT")]
    [InlineData("<!-- SPDX-License-Identifier: ISC -->\n<html>", "ISC")]
    [InlineData("dnl SPDX-License-Identifier: GPL-3.0-or-later\n", "GPL-3.0-or-later")]
    [InlineData("\" SPDX-License-Identifier: Vim\n", "Vim")]
    [InlineData("-- SPDX-License-Identifier: BSD-3-Clause\r\nselect 1;", "BSD-3-Clause")]
    [InlineData("// SPDX-License-Identifier: Nonsense\n", "LicenseRef-unknown")]
    [InlineData("/**\n * @license MIT\n */", "MIT")]
    [InlineData("// License: Apache-2.0\n", "Apache-2.0")]
    [InlineData("# License: GPLv3+\n", "GPL-3.0-or-later")]
    [InlineData("__license__ = \"BSD\"\n", "BSD-3-Clause")]
    public void Tags_are_read(string text, string ids) => Assert.Equal(ids, Ids(text));

    [Theory]
    [InlineData("/*\n * Licensed under the Apache License, Version 2.0 (the \"License\");\n * you may not use this file except in compliance with the License.\n */", "Apache-2.0")]
    [InlineData("# Licensed to the Apache Software Foundation (ASF) under one\n# or more contributor license agreements. The ASF licenses this file\n# to you under the Apache License, Version 2.0 (the\n# \"License\"); you may not use this file except in compliance", "Apache-2.0")]
    [InlineData("/* This program is free software; you can redistribute it and/or modify\n * it under the terms of the GNU General Public License as published by\n * the Free Software Foundation; either version 2 of the License, or\n * (at your option) any later version. */", "GPL-2.0-or-later")]
    [InlineData("// This program is free software: you can redistribute it and/or modify it under the terms of the GNU General Public License as published by the Free Software Foundation, version 3 of the License.", "GPL-3.0-only")]
    [InlineData("/* This program is free software; you can redistribute it and/or modify it under the terms of version 2 of the GNU General Public License as published by the FSF. */", "GPL-2.0-only")]
    [InlineData("; This library is free software; you can redistribute it and/or\n; modify it under the terms of the GNU Lesser General Public\n; License as published by the Free Software Foundation; either\n; version 2.1 of the License, or (at your option) any later version.", "LGPL-2.1-or-later")]
    [InlineData("# you can redistribute it and/or modify it under the terms of the GNU Affero General Public License as published by the Free Software Foundation, either version 3 of the License, or (at your option) any later version.", "AGPL-3.0-or-later")]
    [InlineData("/* This Source Code Form is subject to the terms of the Mozilla Public\n * License, v. 2.0. If a copy of the MPL was not distributed with this\n * file, You can obtain one at http://mozilla.org/MPL/2.0/. */", "MPL-2.0")]
    [InlineData("// Use of this source code is governed by an MIT license\n// that can be found in the LICENSE file.", "MIT")]
    [InlineData("//          Distributed under the Boost Software License, Version 1.0.\n", "BSL-1.0")]
    [InlineData("/*!\n * jQuery Thing v1.2\n * Copyright 2011, Jo\n * Dual licensed under the MIT or GPL Version 2 licenses.\n */", "GPL-2.0-only MIT")]
    [InlineData("/* Copyright 2011-2016 Twitter, Inc. Licensed under MIT (https://example.org/LICENSE) */", "MIT")]
    [InlineData("/* Released under the MIT license */", "MIT")]
    [InlineData(" * All rights reserved. This program and the accompanying materials are made available under the terms of the Eclipse Public License v1.0 which accompanies it", "EPL-1.0")]
    [InlineData("-- This work is licensed under the Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International License.", "CC-BY-NC-SA-4.0")]
    [InlineData("-- This work is licensed under a Creative Commons Attribution 4.0 International License.", "CC-BY-4.0")]
    [InlineData("# This work is licensed under CC BY-NC-ND 3.0", "CC-BY-NC-ND-3.0")]
    [InlineData("# This file has been released into the public domain.", "LicenseRef-public-domain")]
    [InlineData("# This module is free software; you may use it under the same terms as Perl itself.", "Artistic-1.0-Perl GPL-1.0-or-later")]
    [InlineData("/* Use of this software is governed by the Business Source License included in the file LICENSE */", "BUSL-1.1")]
    [InlineData("/* This file is licensed under the Server Side Public License, version 1. */", "SSPL-1.0")]
    public void Statements_are_read(string text, string ids) => Assert.Equal(ids, Ids(text));

    [Theory]
    [InlineData("The GPL is a copyleft licence, and the MIT licence is not; many projects moved from one to the other.")]
    [InlineData("// We compared the MIT license and the Apache license for the report.")]
    [InlineData("# unlike React, which is under the MIT license, this has none")]
    [InlineData("const licenses = [\"MIT\", \"GPL-3.0\", \"Apache-2.0\"];")]
    [InlineData("if (pkg.license === 'MIT') { allow(pkg); }")]
    [InlineData("    license = choose(\"MIT\")\n    check_license(license)")]
    [InlineData("print(\"SPDX-License-Identifier: MIT\")")]
    [InlineData("// Copyright (c) 2020 Jane Doe. All rights reserved.")]
    [InlineData("// This file is not licensed under the MIT license.")]
    [InlineData("/* Use of this source code is governed by a BSD-style\n * license that can be found in the LICENSE file. */")]
    [InlineData("requires android.permission INTERNET; Permission to read is granted at run time")]
    [InlineData("the public domain name system resolves them")]
    [InlineData("driver_license_number = models.CharField(max_length=20)  # driving licence")]
    [InlineData("")]
    public void Mentions_are_no_licences(string text) => Assert.Equal("", Ids(text));

    [Fact]
    public void A_statement_says_where_it_stands()
    {
        const string text = "#!/bin/sh\n# é\n# SPDX-License-Identifier: MIT\necho\n";
        var match = Assert.Single(Detector.OfSource(Encoding.UTF8.GetBytes(text)));
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal("SPDX-License-Identifier: MIT", Encoding.UTF8.GetString(bytes.AsSpan(match.Start, match.Length)));
        Assert.Equal(1, match.Score);
    }

    [Fact]
    public void Licences_are_found_at_the_begin_and_end_of_long_files_and_not_sought_in_their_midst()
    {
        var filler = string.Concat(Enumerable.Repeat("x = x + 1;\n", 20_000));
        Assert.Equal("MIT", Ids("// SPDX-License-Identifier: MIT\n" + filler));
        Assert.Equal("MIT", Ids(filler + "// SPDX-License-Identifier: MIT\n"));
        Assert.Equal("", Ids(filler + "// SPDX-License-Identifier: MIT\n" + filler));
    }
}
