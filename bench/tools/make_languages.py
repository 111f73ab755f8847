#!/usr/bin/env python3
"""Writes src/Stackmill/Shared/Languages/languages.tsv, the table of languages, from linguist's languages.yml.

    python3 bench/tools/make_languages.py LANGUAGES_YML VERSION > src/Stackmill/Shared/Languages/languages.tsv

Debian's package ruby-github-linguist has the file at
/usr/lib/*/rubygems-integration/*/gems/github-linguist-VERSION/lib/linguist/languages.yml. Needs python3-yaml.

A line is: name, folder, type, extensions, file names, interpreters, aliases, group. Lists are separated by blanks, aliases by '|'.
"""
import sys

import yaml

# Folders that other rules would make ugly or alike; the first three are as old as the program and never change.
FOLDERS = {"C++": "cpp", "C#": "csharp", "F#": "fsharp", "F*": "fstar", "Q#": "qsharp", "Graphviz (DOT)": "graphviz-dot"}

# What linguist's table lacks, or had not yet in this version.
EXTENSIONS = {"C++": ["cppm"], "JSON": ["ndjson"]}
FILE_NAMES = {"JSON": [".prettierrc"], "JSON with Comments": [".eslintrc"]}


def folder(name):
    kept = "".join(c.lower() if c.isascii() and c.isalnum() else "p" if c == "+" else "-" for c in name)
    return FOLDERS.get(name, kept)


def unique(values):
    return list(dict.fromkeys(values))


def main():
    source, version = sys.argv[1:]
    with open(source, encoding="utf-8") as file:
        languages = yaml.safe_load(file)
    print(f"# Made by bench/tools/make_languages.py from languages.yml of linguist {version} (github-linguist/linguist, MIT licence).")
    print("# name\tfolder\ttype\textensions\tfile names\tinterpreters\taliases\tgroup")
    for name in sorted(languages):
        entry = languages[name]
        extensions = unique([e[1:].lower() for e in entry.get("extensions", [])] + EXTENSIONS.get(name, []))
        aliases = unique(a.lower() for a in entry.get("aliases", []))
        columns = [
            name,
            folder(name),
            entry["type"],
            " ".join(extensions),
            " ".join(unique(entry.get("filenames", []) + FILE_NAMES.get(name, []))),
            " ".join(unique(entry.get("interpreters", []))),
            "|".join(a for a in aliases if a != "-".join(name.lower().split())),
            entry.get("group", "") if entry.get("group", "") != name else "",
        ]
        if any("\t" in c or "\n" in c for c in columns):
            sys.exit(f"the entry of {name} holds a tab or a line end")
        print("\t".join(columns).rstrip("\t"))


main()
