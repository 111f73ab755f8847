#!/usr/bin/env python3
"""Compares code and comment lines with those of `cloc` on real files, by language.

Usage: lines.py [--most N] STACKMILL FOLDER...
STACKMILL is the command that inspects, such as ./stackmill. Of each language N files (200 unless told) are taken, in the order of a hash
of their paths. Cleaning is off, so that both count the same text. A file agrees when code and comment lines each differ by at most 1.
Exit code 1 when a language of those that must agree has less than 95 % of its files in agreement.
"""
import argparse
import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile

SUFFIXES = {
    ".py": "Python", ".c": "C", ".cpp": "C++", ".cc": "C++", ".java": "Java", ".js": "JavaScript", ".ts": "TypeScript", ".go": "Go", ".rs": "Rust",
    ".rb": "Ruby", ".sh": "Bourne Shell", ".pm": "Perl", ".lua": "Lua", ".php": "PHP", ".hs": "Haskell", ".erl": "Erlang", ".css": "CSS",
}
# cloc's name and linguist's where they differ: only files that both take for the same language are compared.
NAMES = {"Bourne Shell": "Shell"}
MUST_AGREE = ["Python", "C", "C++", "Java", "JavaScript", "TypeScript", "Go", "Rust", "Lua", "CSS"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=200)
    parser.add_argument("stackmill")
    parser.add_argument("folders", nargs="+")
    options = parser.parse_args()
    chosen = {}
    for folder in options.folders:
        for root, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(root, name)
                kind = SUFFIXES.get(os.path.splitext(name)[1])
                if kind and not os.path.islink(path) and 0 < os.path.getsize(path) < 300_000:
                    chosen.setdefault(kind, []).append(path)
    paths = []
    for kind in chosen:
        chosen[kind].sort(key=lambda p: hashlib.sha256(p.encode("utf-8", "surrogateescape")).digest())
        paths += chosen[kind][:options.most]
    with tempfile.NamedTemporaryFile("w", errors="surrogateescape") as listing:
        listing.write("\n".join(paths) + "\n")
        listing.flush()
        answer = subprocess.run(["cloc", "--by-file", "--json", "--skip-uniqueness", "--quiet", "--list-file", listing.name], capture_output=True, check=True)
    theirs = json.loads(answer.stdout)
    requests = b""
    for path in paths:
        with open(path, "rb") as file:
            requests += json.dumps({"id": path, "path": os.path.basename(path), "base64": base64.b64encode(file.read()).decode()}).encode() + b"\n"
    flags = ["--set", "stages.malformed_cleaning=false", "--set", "stages.whitespace_cleanup=false", "--set", "stages.pii_removal=false", "--set", "stages.tokenization=false"]
    answer = subprocess.run([*options.stackmill.split(), "inspect", "--stdin", *flags], input=requests, stdout=subprocess.PIPE, check=True)
    results = {}
    for line in answer.stdout.splitlines():
        ours = json.loads(line)
        measures, counted = ours.get("measures"), theirs.get(ours.get("id"))
        if not measures or not counted or NAMES.get(counted["language"], counted["language"]) != ours["language"]:
            continue
        difference = max(abs(counted["code"] - measures["num_code_lines"]), abs(counted["comment"] - measures["num_comment_lines"]))
        results.setdefault(counted["language"], []).append((difference, ours["id"]))
    failed = [language for language in MUST_AGREE if language not in results]
    for language, files in sorted(results.items()):
        good = sum(1 for difference, _ in files if difference <= 1)
        print(f"{language}: {good} of {len(files)} files agree ({100 * good / len(files):.1f} %); worst: {max(files)}")
        if language in MUST_AGREE and good < 0.95 * len(files):
            failed.append(language)
    print("not in agreement, or without files:", ", ".join(failed) or "none")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
