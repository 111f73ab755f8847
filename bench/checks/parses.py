#!/usr/bin/env python3
"""Checks that every Python and JavaScript file that parsed before `stackmill` parses after it.

Usage: parses.py CORPUS EXPORT
CORPUS is the folder that the run read; EXPORT is its processed dataset as plain files:
    stackmill export --input PROJECT/data/processed --output EXPORT --format files
JavaScript is parsed by node's own compiler (scripts and modules); without node it is left out, and said so.
Exit code 1 when a file broke.
"""
import ast
import json
import os
import shutil
import subprocess
import sys
import warnings

NODE = r"""
const fs = require('fs'), vm = require('vm');
const parses = (text) => {
  const source = text.replace(/^\uFEFF/, '').replace(/^#!.*/, '');
  try { new vm.Script(source); return true; } catch { }
  try { new vm.SourceTextModule(source); return true; } catch { return false; }
};
for (const line of fs.readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const [before, after] = JSON.parse(line);
  console.log(JSON.stringify([after, parses(fs.readFileSync(before, 'utf8')), parses(fs.readFileSync(after, 'utf8'))]));
}
"""


def pairs(corpus, export, language, suffixes):
    root = os.path.join(export, language)
    for folder, _, names in sorted(os.walk(root)):
        for name in sorted(names):
            after = os.path.join(folder, name)
            before = os.path.join(corpus, os.path.relpath(after, root))
            # A shortened name has no file of that name in the corpus.
            if name.endswith(suffixes) and os.path.exists(before):
                yield before, after


def python_parses(path):
    with open(path, "rb") as file:
        content = file.read()
    try:
        ast.parse(content)
        return True
    except (SyntaxError, ValueError):
        return False


def report(language, results, changed):
    broken = [path for path, before, after in results if before and not after]
    print(f"{language}: {len(results)} files, {changed} changed, "
          f"{sum(r[1] for r in results)} parsed before, {sum(r[2] for r in results)} after, {len(broken)} broken")
    for path in broken:
        print(f"  broken: {path}")
    return len(broken)


def differ(found):
    count = 0
    for before, after in found:
        with open(before, "rb") as one, open(after, "rb") as two:
            count += one.read() != two.read()
    return count


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    warnings.simplefilter("ignore")
    corpus, export = sys.argv[1:]
    found = list(pairs(corpus, export, "python", (".py", ".pyi", ".pyw")))
    if not found:
        sys.exit(f"no Python file of {export} has its original below {corpus}")
    broken = report("Python", [(a, python_parses(b), python_parses(a)) for b, a in found], differ(found))
    if shutil.which("node"):
        found = list(pairs(corpus, export, "javascript", (".js", ".mjs", ".cjs")))
        lines = "\n".join(json.dumps(pair) for pair in found)
        run = subprocess.run(["node", "--experimental-vm-modules", "--no-warnings", "-e", NODE], input=lines, capture_output=True, text=True, check=True)
        broken += report("JavaScript", [json.loads(line) for line in run.stdout.splitlines()], differ(found))
    else:
        print("JavaScript: not checked, there is no node")
    sys.exit(1 if broken else 0)


main()
