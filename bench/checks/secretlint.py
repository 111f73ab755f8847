#!/usr/bin/env python3
"""Recall and false alarms of Stackmill beside secretlint's recommended preset, on real files with planted values.

    python3 bench/checks/secretlint.py WORK CORPUS > result.json

WORK is a folder into which npm installs secretlint and @secretlint/secretlint-rule-preset-recommend (once); CORPUS is a folder of real source code.
Both look at the same files twice: as they are, where every find is one to be judged by hand (both lists go to the error output, without the value), and with values planted into
strings and comments. A planted value counts as found when a find covers it. Values are made here from the published forms of providers, for all
kinds that either tool names; choices are by a fixed seed. Stackmill is asked through `stackmill inspect --stdin`.
"""
import json
import random
import re
import subprocess
import sys
from pathlib import Path

from planted_values import SECRETS as KINDS

ROOT = Path(__file__).resolve().parents[2]
STRINGS = {".py": re.compile(r'(?m)^[ \t]*\w+ = (["\'])(\w[\w .:/-]{3,60})\1[ \t]*$'), ".js": re.compile(r'(?m)^[ \t]*(?:const|let|var) \w+ = (["\'])(\w[\w .:/-]{3,60})\1;?[ \t]*$'),
           ".java": re.compile(r'(?m)^[ \t]*[\w ]+ = (")(\w[\w .:/-]{3,60})";[ \t]*$')}
COMMENTS = {".py": re.compile(r"(?m)^[ \t]*# \w.*$"), ".js": re.compile(r"(?m)^[ \t]*// \w.*$"), ".java": re.compile(r"(?m)^[ \t]*// \w.*$")}


def plant(corpus, rng):
    """Files with values in a string and in a comment: (path, text, [(kind, start, end)])."""
    kinds = list(KINDS)
    files = [p for p in sorted(corpus.rglob("*")) if p.suffix in STRINGS and p.is_file() and p.stat().st_size < 60_000]
    rng.shuffle(files)
    n = 0
    for path in files:
        text = path.read_text("utf-8", "replace")
        slots = [(m.start(2), m.end(2)) for m in list(STRINGS[path.suffix].finditer(text))[:1]] + [(m.end(), m.end()) for m in list(COMMENTS[path.suffix].finditer(text))[:1]]
        if not slots:
            continue
        values = []
        for start, end in sorted(slots, reverse=True):
            kind = kinds[n % len(kinds)]
            before, value, after = KINDS[kind](rng)
            before = before if end > start else " " + before
            text = text[:start] + before + value + after + text[end:]
            grown = len(before) + len(value) + len(after) - (end - start)
            values = [(k, s + grown, e + grown) for k, s, e in values]
            values.append((kind, start + len(before), start + len(before) + len(value)))
            n += 1
        yield path, text, values
        if n >= 1500:
            return


def stackmill(files):
    lines = "".join(json.dumps({"id": str(i), "path": str(p), "text": t}) + "\n" for i, (p, t) in enumerate(files))
    run = subprocess.run([ROOT / "stackmill", "inspect", "--stdin"], input=lines.encode(), stdout=subprocess.PIPE, check=False)
    found = {}
    for line in run.stdout.splitlines():
        answer = json.loads(line)
        found[int(answer["id"])] = [(m["start"], m["start"] + m["length"], m["rule"]) for m in answer.get("redactions") or [] if m["kind"] == "key"]
    if len(found) != len(files):
        sys.exit(f"stackmill answered for {len(found)} of {len(files)} files")
    return found


def secretlint(work, files):
    folder = work / "files"
    folder.mkdir(exist_ok=True)
    names = []
    for i, (path, text) in enumerate(files):
        names.append(folder / f"{i}{path.suffix}")
        names[-1].write_bytes(text.encode())
    found = {i: [] for i in range(len(files))}
    for first in range(0, len(names), 200):
        # It ends before a pipe has taken all that it printed.
        (work / "answers.json").unlink(missing_ok=True)
        run = subprocess.run(["npx", "secretlint", "--secretlintrc", ".secretlintrc.json", "--no-glob", "--no-maskSecrets", "--format", "json", "--output", "answers.json", *map(str, names[first:first + 200])], cwd=work, stdout=subprocess.PIPE, check=False)
        if run.returncode not in (0, 1):
            sys.exit(f"secretlint ended with {run.returncode}")
        answers = json.loads((work / "answers.json").read_text("utf-8"))
        if len(answers) != len(names[first:first + 200]):
            sys.exit(f"secretlint answered for {len(answers)} of {len(names[first:first + 200])} files")
        for entry in answers:
            text = files[int(Path(entry["filePath"]).stem)][1]
            for message in entry["messages"]:
                # Its places are in units of UTF-16.
                start, end = (len(text.encode("utf-16-le")[:2 * n].decode("utf-16-le", "ignore")) for n in message["range"])
                found[int(Path(entry["filePath"]).stem)].append((start, end, message["ruleId"].split("rule-")[-1]))
    for name in names:
        name.unlink()
    return found


def main():
    work, corpus = Path(sys.argv[1]), Path(sys.argv[2])
    work.mkdir(parents=True, exist_ok=True)
    if not (work / "node_modules/.bin/secretlint").exists():
        subprocess.run(["npm", "install", "--no-fund", "--no-audit", "secretlint", "@secretlint/secretlint-rule-preset-recommend"], cwd=work, stdout=sys.stderr, check=True)
    (work / ".secretlintrc.json").write_text('{"rules": [{"id": "@secretlint/secretlint-rule-preset-recommend"}]}')
    version = json.loads((work / "node_modules/secretlint/package.json").read_text())["version"]
    planted = list(plant(corpus, random.Random(20261126)))
    clean = [(p, p.read_text("utf-8", "replace")) for p, _, _ in planted]
    tools = {"stackmill": stackmill, "secretlint": lambda files: secretlint(work, files)}
    result = {"planted": sum(len(v) for _, _, v in planted), "files": len(planted), "kinds": len(KINDS), "secretlint_version": version}
    for name, tool in tools.items():
        hits, by_kind, extra = 0, {}, 0
        before = tool(clean)
        for i, places in before.items():
            for start, end, rule in places:
                print(f"{name} {rule} {clean[i][0]}: {clean[i][1][max(0, start - 50):start]}[{end - start} characters]".replace("\n", " "), file=sys.stderr)
        found = tool([(p, t) for p, t, _ in planted])
        for i, (_, _, values) in enumerate(planted):
            for kind, start, end in values:
                hit = any(s < end and e > start and s <= start and e >= end for s, e, _ in found[i])
                hits += hit
                seen = by_kind.setdefault(kind, [0, 0])
                seen[0] += hit
                seen[1] += 1
            extra += sum(1 for s, e, _ in found[i] if not any(s < end and e > start for _, start, end in values))
        result[name] = {"found": hits, "recall": round(hits / result["planted"], 4), "finds_in_unplanted_files": sum(map(len, before.values())), "finds_beside_planted_values": extra,
                        "recall_by_kind": {k: f"{a}/{b}" for k, (a, b) in sorted(by_kind.items())},
                        "unplanted_rules": sorted({r for f in before.values() for _, _, r in f})}
    json.dump(result, sys.stdout, indent=2)
    print()


main()
