#!/usr/bin/env python3
"""Compares functions, classes, imports and complexity with those of real parsers, on real files.

Usage: complexity.py [--most N] [--typescript FOLDER] [--show N] STACKMILL FOLDER...
STACKMILL is the command that inspects, such as ./stackmill. Python files are parsed by the module `ast` of the Python that runs this; with
--typescript, which names a folder where `npm install typescript@5` was run, JavaScript and TypeScript by that package. Of each language N files
(1,000 unless told) are taken, in the order of a hash of their paths; files that the parser refuses are left out. A file agrees when the number of its
functions, the sum of their complexities and the highest are all the same. Exit code 1 when a language has less than 95 % of its files in agreement.
"""
import argparse
import ast
import base64
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import warnings

SUFFIXES = {".py": "Python", ".js": "JavaScript", ".mjs": "JavaScript", ".ts": "TypeScript", ".tsx": "TypeScript"}
LANGUAGES = {"Python": ["Python"], "JavaScript": ["JavaScript", "JSX"], "TypeScript": ["TypeScript", "TSX"]}
KEYS = ["functions", "total", "max", "classes", "imports"]


class Counter(ast.NodeVisitor):
    """The rule of docs/measures.md: words that are paths count for the innermost function that holds them."""

    def __init__(self):
        self.stack = []
        self.found = dict.fromkeys(KEYS, 0)

    def branch(self, count=1):
        if self.stack:
            self.stack[-1] += count

    def function(self, node):
        for decorator in node.decorator_list:
            self.visit(decorator)
        self.stack.append(1)
        for field, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else [value]:
                if field != "decorator_list" and isinstance(child, ast.AST):
                    self.visit(child)
        own = self.stack.pop()
        self.found["functions"] += 1
        self.found["total"] += own
        self.found["max"] = max(self.found["max"], own)

    visit_FunctionDef = visit_AsyncFunctionDef = function

    def generic_visit(self, node):
        if isinstance(node, (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler)):
            self.branch()
        elif isinstance(node, ast.comprehension):
            self.branch(1 + len(node.ifs))
        elif isinstance(node, ast.match_case):
            self.branch(1 + (node.guard is not None))
        elif isinstance(node, ast.BoolOp):
            self.branch(len(node.values) - 1)
        elif isinstance(node, (ast.Try, ast.TryStar)):
            self.branch(1 if node.finalbody else 0)
        elif isinstance(node, ast.ClassDef):
            self.found["classes"] += 1
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            self.found["imports"] += 1
        super().generic_visit(node)


def by_python(paths):
    for path in paths:
        counter = Counter()
        try:
            with open(path, "rb") as file, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                counter.visit(ast.parse(file.read()))
        except (SyntaxError, ValueError, RecursionError):
            continue
        yield path, counter.found


def by_typescript(paths, folder):
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "complexity.js")
    answer = subprocess.run(["node", script, os.path.abspath(folder)], input="\n".join(paths).encode("utf-8", "surrogateescape"), stdout=subprocess.PIPE, check=True)
    for line in answer.stdout.splitlines():
        found = json.loads(line)
        if "broken" not in found:
            yield found.pop("path"), found


def ours(command, paths):
    with tempfile.TemporaryFile() as requests:
        for path in paths:
            with open(path, "rb") as file:
                requests.write(json.dumps({"id": path, "path": os.path.basename(path), "base64": base64.b64encode(file.read()).decode()}).encode() + b"\n")
        requests.seek(0)
        switches = ["malformed_cleaning", "whitespace_cleanup", "pii_removal", "tokenization"]
        flags = [f for s in switches for f in ("--set", f"stages.{s}=false")]
        answer = subprocess.run([*command.split(), "inspect", "--stdin", *flags], stdin=requests, stdout=subprocess.PIPE, check=True)
    for line in answer.stdout.splitlines():
        found = json.loads(line)
        measures = found.get("measures")
        if measures and "num_functions" in measures:
            count = measures["num_functions"]
            yield found["id"], found["language"], {
                "functions": count, "classes": measures["num_classes"], "imports": measures["num_imports"],
                "total": round(measures.get("complexity_mean", 0) * count), "max": measures.get("complexity_max", 0),
            }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--most", type=int, default=1000)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--typescript")
    parser.add_argument("stackmill")
    parser.add_argument("folders", nargs="+")
    options = parser.parse_args()
    chosen = {}
    for folder in options.folders:
        for root, _, names in os.walk(folder):
            for name in names:
                path = os.path.join(root, name)
                kind = SUFFIXES.get(os.path.splitext(name)[1])
                if kind and not os.path.islink(path) and 0 < os.path.getsize(path) < 300_000 and path.isprintable():
                    chosen.setdefault(kind, []).append(path)
    report, failed = {}, []
    for kind, paths in sorted(chosen.items()):
        if kind != "Python" and not options.typescript:
            continue
        paths.sort(key=lambda p: hashlib.sha256(p.encode("utf-8", "surrogateescape")).digest())
        paths = paths[:options.most]
        theirs = dict(by_python(paths) if kind == "Python" else by_typescript(paths, options.typescript))
        compared, agree, same, functions, shown = 0, 0, dict.fromkeys(KEYS, 0), 0, 0
        for path, language, mine in ours(options.stackmill, theirs):
            if language not in LANGUAGES[kind]:
                continue
            their = theirs[path]
            compared += 1
            functions += their["functions"]
            for key in KEYS:
                same[key] += mine[key] == their[key]
            good = all(mine[key] == their[key] for key in ["functions", "total", "max"])
            agree += good
            if not good and shown < options.show:
                shown += 1
                print(path, {k: (mine[k], their[k]) for k in KEYS if mine[k] != their[k]}, file=sys.stderr)
        report[kind] = {"files": compared, "functions": functions, "agree": agree, "agree_percent": round(100 * agree / max(1, compared), 2),
                        "same_percent": {k: round(100 * v / max(1, compared), 2) for k, v in same.items()}}
        if compared == 0 or agree < 0.95 * compared:
            failed.append(kind)
    print(json.dumps(report, indent=2))
    return 1 if failed or not report else 0


if __name__ == "__main__":
    sys.exit(main())
