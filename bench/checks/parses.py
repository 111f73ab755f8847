#!/usr/bin/env python3
"""Checks that every Python, JavaScript and Java file that parsed before `stackmill` parses after it.

Usage: parses.py CORPUS EXPORT
CORPUS is the folder that the run read; EXPORT is its processed dataset as plain files:
    stackmill export --input PROJECT/data/processed --output EXPORT --format files
JavaScript is parsed by node's own compiler (scripts and modules), Java by javac's parser; what is not installed is left out, and said so.
Exit code 1 when a file broke.
"""
import os
import sys

from parsers import SUFFIXES, parse


def pairs(corpus, export, language):
    root = os.path.join(export, language.lower())
    for folder, _, names in sorted(os.walk(root)):
        for name in sorted(names):
            after = os.path.abspath(os.path.join(folder, name))
            before = os.path.abspath(os.path.join(corpus, os.path.relpath(after, root)))
            # A shortened name has no file of that name in the corpus.
            if name.endswith(SUFFIXES[language]) and os.path.exists(before):
                yield before, after


def differ(found):
    count = 0
    for before, after in found:
        with open(before, "rb") as one, open(after, "rb") as two:
            count += one.read() != two.read()
    return count


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    corpus, export = sys.argv[1:]
    broken = seen = 0
    for language in SUFFIXES:
        found = list(pairs(corpus, export, language))
        before, after = (parse(language, [pair[i] for pair in found]) for i in (0, 1))
        if before is None:
            print(f"{language}: not checked, its parser is not installed")
            continue
        wrong = [pair[1] for pair, one, two in zip(found, before, after) if one and not two]
        print(f"{language}: {len(found)} files, {differ(found)} changed, {sum(before)} parsed before, {sum(after)} after, {len(wrong)} broken")
        for path in wrong:
            print(f"  broken: {path}")
        seen, broken = seen + len(found), broken + len(wrong)
    if seen == 0:
        sys.exit(f"no file of {export} has its original below {corpus}")
    sys.exit(1 if broken else 0)


main()
