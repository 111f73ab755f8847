#!/usr/bin/env python3
"""Real files with personal data and secrets planted into strings, comments and numbers: do they parse after redaction, and is nothing left in them?

    python3 bench/checks/redaction_parses.py WORK CORPUS... > result.json

WORK is a folder for files (and for npm's acorn, which finds the strings and comments of JavaScript); the CORPUS folders hold real source code. Every Python, JavaScript and
Java file that parses gets values of all kinds: those of planted_values.py, and the labelled lines of the tests; at the beginning, in the middle and at the end of
literals of every form, with and without escapes. What does not parse then gets other values, and at last none: every file that parses is a case. `stackmill inspect --stdin` redacts it with every rule on, in each style.
A fault is: a file that does not parse any more; a find in what was written (redacting it again must change nothing); with the numbered style, a place (code points) that does
not cut the input into the pieces that stand between the placeholders. Faults go to the error output; exit code 1 when there is one. Choices are by a fixed seed.
"""
import collections
import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
import tokenize
from pathlib import Path

from parsers import SUFFIXES, parse
from planted_values import BLOCKS, PERSONAL, SECRETS, card

ROOT = Path(__file__).resolve().parents[2]
LABELLED = ROOT / "tests/Stackmill.Tests/Preprocess/Redact/Labelled"
STYLES = ("numbered", "bigcode", "fake", "hash")
EVERYTHING = ["redaction.obfuscated_email=true", "redaction.name=true", "redaction.location=true", "redaction.hash_key=a key of sixteen bytes or more", "redaction.record_hash=true"]
MOST_VALUES = 30
MOST_BYTES = 2_000_000
BATCH = 400
PLACEHOLDER = re.compile(r"<[A-Z_]+_[0-9]+>|10[0-9]+")
JAVA = re.compile(r'"""[ \t\f]*\n(?:\\.|[^\\])*?"""|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|/\*.*?\*/|\b[1-9][0-9]*[lL]\b', re.S)
ACORN = r"""
const fs = require('fs'), acorn = require('acorn');
for (const path of fs.readFileSync(0, 'utf8').split('\n').filter(Boolean)) {
  const text = fs.readFileSync(JSON.parse(path), 'utf8');
  let slots = [];
  for (const sourceType of ['script', 'module']) {
    slots = [];
    try {
      acorn.parse(text, {ecmaVersion: 'latest', sourceType, allowHashBang: true, allowReturnOutsideFunction: true,
        onToken: t => { if (['string', 'template', 'num'].includes(t.type.label)) slots.push([t.type.label, t.start, t.end]); },
        onComment: (block, _, start, end) => slots.push([block ? 'block' : 'line', start, end])});
      break;
    } catch { slots = []; }
  }
  console.log(JSON.stringify(slots));
}
"""


class Slot:
    """A stretch that a value may be put into: where its text begins and ends, and what may not stand in it."""

    def __init__(self, start, end, form, banned="", escapes=False, lines=False, ascii_only=False, whole=False):
        self.start, self.end, self.form = start, end, form
        self.banned, self.escapes, self.lines, self.ascii_only, self.whole = banned, escapes, lines, ascii_only, whole


def python_slots(text):
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return
    for token in tokens:
        (row, column), (last, end) = token.start, token.end
        start, end = starts[row - 1] + column, starts[last - 1] + end
        if text[start:end] != token.string:
            return  # Other line ends than tokenize's.
        if token.type == tokenize.STRING:
            prefix = re.match(r"\w*", token.string).group().lower()
            quote = re.match(r"'''|\"\"\"|'|\"", token.string[len(prefix):]).group()
            yield Slot(start + len(prefix) + len(quote), end - len(quote), f"{prefix}{quote}", quote[0] + ("{}" if "f" in prefix else "") + ("\\" if "r" in prefix else ""), "r" not in prefix, len(quote) == 3, "b" in prefix, "f" in prefix)
        elif token.type == tokenize.COMMENT and row > 2:
            yield Slot(start + 1, end, "#")
        elif token.type == tokenize.NUMBER and re.fullmatch("[1-9][0-9]*", token.string):
            yield Slot(start, end, "number")


def javascript_slots(text, tokens):
    units = None
    if any(ord(c) > 0xFFFF for c in text):
        units = [0]
        for c in text:
            units.append(units[-1] + (2 if ord(c) > 0xFFFF else 1))
        units = {unit: i for i, unit in enumerate(units)}
    for kind, start, end in tokens:
        if units:
            start, end = units[start], units[end]
        if kind == "string":
            yield Slot(start + 1, end - 1, text[start], text[start], escapes=True)
        elif kind == "template":
            yield Slot(start, end, "`", "`$", escapes=True, lines=True)
        elif kind == "block":
            yield Slot(start + 2, end - 2, "/*", lines=True)
        elif kind == "line" and text.startswith("//", start):
            yield Slot(start + 2, end, "//")
        elif kind == "num" and re.fullmatch("[1-9][0-9]*", text[start:end]):
            yield Slot(start, end, "number")


def java_slots(text):
    for match in JAVA.finditer(text):
        start, end, first = match.start(), match.end(), match.group()[:3]
        if first == '"""':
            yield Slot(match.group().index("\n") + 1 + start, end - 3, '"""', '"', escapes=True, lines=True)
        elif first[0] == '"':
            yield Slot(start + 1, end - 1, '"', '"', escapes=True)
        elif first[:2] == "//":
            yield Slot(start + 2, end, "//")
        elif first[:2] == "/*":
            yield Slot(start + 2, end - 2, "/*", lines=True)
        elif first[0].isdigit():
            yield Slot(start, end - 1, "number")


def labelled():
    lines = []
    for name in ("personal", "secrets"):
        for line in (LABELLED / f"{name}.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            if row["text"].count("\u00ab") == 1:
                before, _, rest = row["text"].partition("\u00ab")
                value, _, after = rest.partition("\u00bb")
                lines.append((f"labelled {row['kind']}", (before, value, after)))
    return lines


class Planter:
    def __init__(self):
        self.rng = random.Random(20261126)
        self.lines = labelled()
        self.makers = list({**SECRETS, **PERSONAL}.items())
        self.blocks = list(BLOCKS.items())
        self.forms = collections.Counter()
        self.raw_share = 0.3

    def value(self, slot):
        rng = self.rng
        if slot.form == "number":
            return "credit card as a number", ("", card(rng), "")
        chance = rng.random()
        if chance < 0.12:
            kind, maker = rng.choice(self.blocks)
            return kind, maker(rng)
        if chance < 0.35:
            return rng.choice(self.lines)
        kind, maker = rng.choice(self.makers)
        return kind, maker(rng)

    def into(self, text, slot):
        """(offset, end, what stands there instead, kind, value as it is written), or None where it does not fit."""
        rng = self.rng
        kind, parts = self.value(slot)
        # Backslashes as they are, where the language takes them, are what a replacement may make an escape of.
        raw = rng.random() < self.raw_share
        if slot.escapes and not raw:
            parts = [p.replace("\\", "\\\\").replace("\n", "\n" if slot.lines and rng.random() < 0.5 else "\\n") for p in parts]
        if slot.escapes and not slot.ascii_only and rng.random() < 0.3 and slot.banned[:1] in ('"', "'"):
            parts = [p.replace(slot.banned[0], "\\" + slot.banned[0]) for p in parts]
        before, value, after = parts
        whole = before + value + after
        banned = slot.banned if not slot.escapes else slot.banned.replace("\\", "")
        if any(re.search(r"(?<!\\)" + re.escape(c), whole) for c in banned) or "*/" in whole or (slot.ascii_only and not whole.isascii()) or (not slot.lines and "\n" in whole):
            return None
        if slot.form == "number":
            return slot.start, slot.end, whole, kind, value
        where = rng.choice(("begin", "middle", "end", "instead"))
        if where == "middle":
            at = rng.randint(slot.start, slot.end)
            where = "begin" if slot.whole or "\\" in text[max(slot.start, at - 12):at] else where
        gap = rng.choice((" ", " ", "", ", ", ": "))
        if where == "begin" or slot.form in ("//", "#") and where == "instead":
            return slot.start, slot.start, (" " if slot.form in ("//", "#") else "") + whole + gap, kind, value
        if where == "end":
            at = slot.end
            return (at, at, gap + whole, kind, value) if not text[slot.start:at].endswith("\\") or slot.form == "/*" else None
        if where == "middle":
            return at, at, gap + whole + gap, kind, value
        return slot.start, slot.end, whole, kind, value

    def plant(self, text, slots):
        slots = [s for s in slots if s.end >= s.start]
        chosen = sorted(self.rng.sample(slots, min(MOST_VALUES, len(slots))), key=lambda s: s.start)
        values, made, copied = [], [], 0
        for slot in chosen:
            edit = self.into(text, slot)
            if edit is None or edit[0] < copied:
                continue
            self.forms[slot.form] += 1
            made += [text[copied:edit[0]], edit[2]]
            copied = edit[1]
            values.append(edit[3:])
        return "".join(made) + text[copied:], values


def inspect(texts, style, paths, settings=()):
    command = [ROOT / "stackmill", "inspect", "--stdin"]
    for setting in [*EVERYTHING, f"redaction.style={style}", *settings]:
        command += ["--set", setting]
    answers = []
    for first in range(0, len(texts), BATCH):
        lines = "".join(json.dumps({"id": i, "path": paths[i].name, "text": texts[i]}) + "\n" for i in range(first, min(first + BATCH, len(texts))))
        run = subprocess.run(command, input=lines.encode("utf-8"), stdout=subprocess.PIPE, check=True)
        answers += [json.loads(line) for line in run.stdout.splitlines()]
    if len(answers) != len(texts):
        sys.exit(f"stackmill answered for {len(answers)} of {len(texts)} files")
    return answers


def places_fit(text, answer):
    """True when the pieces of the text between the finds stand in the content, in their order, with what replaces one find between two of them."""
    content, ends, end = answer["content"], {0}, 0
    for find in answer["redactions"] or []:
        piece = text[end:find["start"]]
        starts = {at + len(piece) for at in ends if content.startswith(piece, at)}
        if find["start"] < end:
            return False
        end = find["start"] + find["length"]
        lines = text[find["start"]:end].count("\n")
        marks = [mark for mark in (PLACEHOLDER.match(content, at) for at in starts) if mark]
        ends = {mark.end() + more for mark in marks for more in {0, lines}}
    return any(content[at:] == text[end:] for at in ends)


def tell(fault, path, detail=""):
    print(f"{fault}: {path} {detail}", file=sys.stderr)


def write(folder, texts, paths):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    names = [folder / f"{i}{path.suffix}" for i, path in enumerate(paths)]
    for name, text in zip(names, texts):
        name.write_bytes(text.encode("utf-8"))
    return names


def tokens_of(work, names):
    lines = "\n".join(json.dumps(str(name)) for name in names)
    run = subprocess.run(["node", "-e", ACORN], input=lines, cwd=work, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def read(language, roots):
    paths, texts = [], []
    for root in roots:
        for path in sorted(Path(root).rglob("*")):
            if path.suffix in SUFFIXES[language] and path.is_file() and path.stat().st_size <= MOST_BYTES:
                try:
                    text = path.read_bytes().decode("utf-8")
                except UnicodeDecodeError:
                    continue
                if "\0" not in text and "\r" not in text:
                    paths.append(path)
                    texts.append(text)
    return paths, texts


def check(language, work, roots):
    paths, texts = read(language, roots)
    names = write(work / "files", texts, paths)
    parses = parse(language, names)
    if parses is None:
        sys.exit(f"the parser of {language} is not installed")
    planter = Planter()
    tokens = tokens_of(work, names) if language == "JavaScript" else None
    planted = {}
    waiting = [i for i, good in enumerate(parses) if good]
    result = {"files": len(paths), "parsed_before": len(waiting)}
    # A backslash as it is, or a value in a place with a meaning, may break a file: then it gets other values without such, and at last none.
    for planter.raw_share in (0.3, 0, 0, 0):
        for i in waiting:
            slots = list(python_slots(texts[i]) if language == "Python" else java_slots(texts[i]) if language == "Java" else javascript_slots(texts[i], tokens[i]))
            planted[i] = planter.plant(texts[i], slots)
        parses = parse(language, write(work / "files", [planted[i][0] for i in waiting], [paths[i] for i in waiting]))
        waiting = [i for i, good in zip(waiting, parses) if not good]
    result["parsed_with_planted_values"] = len(planted) - len(waiting)
    planted.update({i: (texts[i], []) for i in waiting})
    cases = [(paths[i], *planted[i]) for i in sorted(planted)]
    paths, texts = [c[0] for c in cases], [c[1] for c in cases]
    result["values"] = sum(len(c[2]) for c in cases)
    result["bytes"] = sum(len(t.encode("utf-8")) for t in texts)
    result["forms"] = dict(planter.forms.most_common())
    for style in STYLES:
        result[style] = one_style(language, work, style, paths, texts, cases)
    return result


def one_style(language, work, style, paths, texts, cases):
    # Without cleaning, all that is other than before is redaction's doing; two styles are looked at behind it too, as in a run.
    uncleaned = ["stages.whitespace_cleanup=false", "stages.malformed_cleaning=false", "decoding.repair_mojibake=false"]
    answers = inspect(texts, style, paths, uncleaned if style in ("numbered", "fake") else [])
    contents = [a["content"] for a in answers]
    parses = parse(language, write(work / "files", contents, paths))
    again = inspect(contents, style, paths, uncleaned)
    faults = collections.Counter()
    kinds, gone = collections.Counter(), collections.Counter()
    for i, answer in enumerate(answers):
        if not parses[i]:
            faults["broken"] += 1
            shutil.copy(work / "files" / f"{i}{paths[i].suffix}", work / f"broken-{style}-{i}{paths[i].suffix}")
            (work / f"broken-{style}-{i}.before{paths[i].suffix}").write_bytes(texts[i].encode("utf-8"))
            tell(f"{style}: broken", paths[i], f"case {i}")
        if again[i]["redactions"]:
            faults["found_again"] += 1
            (work / f"again-{style}-{i}.before{paths[i].suffix}").write_bytes(texts[i].encode("utf-8"))
            tell(f"{style}: found again", paths[i], f"case {i}: {[(r['rule'], contents[i][max(0, r['start'] - 60):r['start'] + r['length'] + 30]) for r in again[i]['redactions'][:3]]}")
        if again[i]["content"] != contents[i]:
            faults["changed_again"] += 1
            tell(f"{style}: changed again", paths[i], f"case {i}")
        if style == "numbered" and not places_fit(texts[i], answer):
            faults["places"] += 1
            (work / f"places-{style}-{i}.before{paths[i].suffix}").write_bytes(texts[i].encode("utf-8"))
            tell(f"{style}: places", paths[i], f"case {i}")
        for kind, value in cases[i][2]:
            kinds[kind] += 1
            gone[kind] += value not in contents[i]
    return {"redactions": sum(len(a["redactions"] or []) for a in answers), "broken": faults["broken"], "found_again": faults["found_again"], "changed_again": faults["changed_again"],
            **({"wrong_places": faults["places"]} if style == "numbered" else {}),
            "planted_values_gone": round(sum(gone.values()) / max(1, sum(kinds.values())), 4),
            **({"gone_by_kind": {k: f"{gone[k]}/{n}" for k, n in sorted(kinds.items())}} if style == "numbered" else {})}


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    work, roots = Path(sys.argv[1]).resolve(), sys.argv[2:]
    work.mkdir(parents=True, exist_ok=True)
    if not (work / "node_modules/acorn").exists():
        subprocess.run(["npm", "install", "--no-fund", "--no-audit", "acorn@8"], cwd=work, stdout=sys.stderr, check=True)
    begun = time.monotonic()
    languages = os.environ.get("LANGUAGES", ",".join(SUFFIXES)).split(",")
    result = {"what": "files that parse, with personal data and secrets planted into strings, comments and numbers, after redaction with every rule on",
              "command": "python3 bench/checks/redaction_parses.py WORK CORPUS...",
              "parsers": {"Python": sys.version.split()[0], "JavaScript": subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip(),
                          "Java": subprocess.run(["javac", "-version"], capture_output=True, text=True, check=True).stdout.strip()},
              "languages": {language: check(language, work, roots) for language in languages}}
    result["faults"] = sum(style[key] for language in result["languages"].values() for style in map(language.get, STYLES) for key in ("broken", "found_again", "changed_again", "wrong_places") if key in style)
    result["seconds"] = round(time.monotonic() - begun)
    json.dump(result, sys.stdout, indent=1)
    print()
    sys.exit(1 if result["faults"] else 0)


main()
