#!/usr/bin/env python3
"""Scores the recognition of licences by `stackmill inspect` on 1,000 altered texts of the SPDX list.

Usage: licenses.py STACKMILL [--count N] [--seed N] [--out RESULT.json]
STACKMILL is the program. Texts come from src/Stackmill/Shared/Licenses/Data/texts.jsonl.zst (zstd must be installed); each is
altered by a seeded choice: other names and years, wrapped to another width, white space, comment marks of nine languages,
capitals, curly quotes, HTML, a heading or a copyright line before it. Right is the one id of the text; a text whose id
is not permissive and that is called permissive is counted apart. Beside them, permissive texts with one restriction put in
(non-commercial use, evaluation, Commons Clause …): none may be called permissive.
Exit code 1 below 98 % or with any wrong permissive.
"""
import argparse
import json
import os
import random
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "../../src/Stackmill/Shared/Licenses/Data")
NAMES = ["Jane Q. Doe", "ACME Corporation", "the Foo Project Authors", "José Ñandú <jose@example.org>", "Example Ltd. and contributors", "王小明", "O'Brien & Sons"]
COMMENTS = ["", "", "", " * ", "# ", "// ", "    ", "> ", ";; ", "-- ", "% ", "dnl ", "\t"]
YEAR_LINE = re.compile(r"(?im)^\s*copyright\s+(?:\(c\)|©)?\s*(?:[<\[{(]?(?:year|yyyy)[>\]})]?|(?:19|20)\d\d)[^\n]{0,60}$")
RESTRICTIONS = [
    "The Software may not be used for commercial purposes.", "For non-commercial use only.", "This license is granted for evaluation purposes only.",
    "Commercial use requires a separate license from the author.", "\"Commons Clause\" License Condition v1.0", "Academic use only.",
]


def wrap(text, width, comment, rng):
    lines = []
    for paragraph in text.split("\n"):
        line = comment
        for word in paragraph.split():
            if len(line) > len(comment) and len(line) + len(word) > width:
                lines.append(line)
                line = comment
            line += word + ("  " if rng.random() < 0.07 else " ")
        lines.append(line if rng.random() < 0.5 else line.rstrip())
    return rng.choice(["\n", "\r\n"]).join(lines)


def alter(text, rng):
    text = YEAR_LINE.sub(lambda _: f"Copyright (c) {rng.randint(1985, 2026)} {rng.choice(NAMES)}", text)
    text = wrap(text, rng.randint(40, 130), rng.choice(COMMENTS), rng)
    kind = rng.randrange(7)
    if kind == 0:
        text = text.upper()
    elif kind == 1:
        text = "<html><body><pre>\n" + text.replace('"', "&quot;") + "\n</pre></body></html>\n"
    elif kind == 2:
        text = text.replace('"', "\u201c").replace("'", "\u2019")
    elif kind == 3:
        text = "# License\n\n" + text
    elif kind == 4:
        text = f"Copyright \u00a9 {rng.randint(1990, 2019)}-{rng.randint(2020, 2026)} {rng.choice(NAMES)}. All rights reserved.\n\n" + text
    return text


def load():
    kinds = {}
    with open(os.path.join(DATA, "licenses.tsv"), encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                spdx_id, _, kind, _, _ = line.rstrip("\n").split("\t")
                kinds[spdx_id] = kind
    packed = subprocess.run(["zstd", "-dc", os.path.join(DATA, "texts.jsonl.zst")], stdout=subprocess.PIPE, check=True).stdout
    texts = [json.loads(line) for line in packed.decode().splitlines()]
    return kinds, [t for t in texts if kinds[t["ids"][0]] != "exception"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out")
    args = parser.parse_args()
    rng = random.Random(args.seed)
    kinds, texts = load()
    chosen = [texts[i % len(texts)] for i in range(args.count)]
    asked = [(t["ids"][0], alter(t["text"], rng)) for t in chosen]
    permissive = [t for t in texts if kinds[t["ids"][0]] == "permissive"]
    restricted = []
    for text in permissive:
        parts = [text["text"], rng.choice(RESTRICTIONS)]
        rng.shuffle(parts)
        restricted.append((text["ids"][0], alter("\n\n".join(parts), rng)))
    lines = [json.dumps({"id": i, "path": "LICENSE", "text": text}) for i, (_, text) in enumerate(asked + restricted)]
    answers = subprocess.run([args.program, "inspect", "--stdin"], input=("\n".join(lines) + "\n").encode(), stdout=subprocess.PIPE, check=True).stdout
    answers = [json.loads(line) for line in answers.decode().splitlines()]
    if len(answers) != len(lines):
        sys.exit(f"{len(lines)} texts were asked and {len(answers)} answered")
    wrong, wrongly_permissive = [], []
    for (expected, _), answer in zip(asked, answers):
        ids = sorted({found["id"] for found in answer["licenses"]})
        if ids != [expected]:
            wrong.append(f"{expected}: {' + '.join(ids)}")
        if answer["license_type"] == "permissive" and kinds[expected] != "permissive":
            wrongly_permissive.append(f"{expected}: {' + '.join(ids)}")
    unseen = [expected for (expected, _), answer in zip(restricted, answers[len(asked):]) if answer["license_type"] == "permissive"]
    result = {
        "command": "python3 bench/checks/licenses.py ./stackmill" + "".join(f" --{k} {v}" for k, v in (("count", args.count), ("seed", args.seed))),
        "texts": len(asked), "different_texts": len(texts), "right": len(asked) - len(wrong), "right_percent": round(100 * (len(asked) - len(wrong)) / len(asked), 2),
        "wrongly_permissive": wrongly_permissive, "wrong": sorted(set(wrong)), "restricted_texts": len(restricted), "restricted_called_permissive": unseen,
    }
    print(json.dumps(result, indent=2))
    if args.out:
        with open(args.out, "w", encoding="utf-8") as out:
            out.write(json.dumps(result, indent=2) + "\n")
    sys.exit(0 if result["right_percent"] >= 98 and not wrongly_permissive and not unseen else 1)


main()
