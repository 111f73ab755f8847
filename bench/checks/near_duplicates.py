#!/usr/bin/env python3
"""Checks near-deduplication against brute force: exact Jaccard similarity of all pairs.

Usage: near_duplicates.py INPUT REPORT [THRESHOLD]
INPUT is the deduplicated dataset's input as JSON lines in one file or folder:
    stackmill export --input PROJECT/data/processed --output INPUT --format jsonl
REPORT is deduplication_report.json of a run over the same dataset. THRESHOLD is 0.85 unless told.

A token is a run of ASCII letters, digits, '_' and bytes above 127, or any other single byte but white space; a
shingle is five tokens in a row. Prints: pairs at and above the threshold, of which one file was removed or both were
removed (recall), removed files whose similarity to the file kept for them is below the threshold, or differs from the
report's, and groups without a kept file. Exit code 1 when recall is below 0.98 or anything else is wrong.
"""
import glob
import json
import os
import re
import sys

TOKEN = re.compile(rb"[A-Za-z0-9_\x80-\xff]+|[^\sA-Za-z0-9_\x80-\xff]")


def shingles(text):
    tokens = TOKEN.findall(text.encode())
    return frozenset(hash(tuple(tokens[i:i + 5])) for i in range(len(tokens) - 4))


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    threshold = float(sys.argv[3]) if len(sys.argv) == 4 else 0.85
    files = [sys.argv[1]] if os.path.isfile(sys.argv[1]) else sorted(glob.glob(sys.argv[1] + "/**/*.jsonl", recursive=True))
    sets = {}
    for path in files:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                name = (record["repo_name"] + "/" if record["repo_name"] else "") + record["path"]
                sets[name] = shingles(record["content"])
    if len(sets) < 100:
        sys.exit(f"only {len(sets)} files in {sys.argv[1]}: too few to say anything; expected the JSON lines export of a dataset")
    with open(sys.argv[2], encoding="utf-8") as file:
        report = json.load(file)
    removed = {entry["file"]: (group["kept"], entry["kind"], entry["similarity"]) for group in report["groups"] for entry in group["removed"]}
    wrong = sum(group["kept"] in removed for group in report["groups"])
    below = differing = 0
    for name, (kept, kind, similarity) in removed.items():
        if kind != "near":
            continue
        a, b = sets[name], sets[kept]
        exact = len(a & b) / len(a | b)
        below += exact < threshold
        differing += abs(exact - similarity) > 1e-9
    # Longest first: a pair can only reach the threshold when the sizes do.
    order = sorted((name for name in sets if sets[name]), key=lambda name: -len(sets[name]))
    pairs = found = 0
    for i, one in enumerate(order):
        a = sets[one]
        for other in order[i + 1:]:
            b = sets[other]
            if len(b) < threshold * len(a):
                break
            common = len(a & b)
            if common >= threshold * (len(a) + len(b) - common):
                pairs += 1
                found += one in removed or other in removed
    recall = found / pairs if pairs else 1.0
    print(f"{len(sets)} files, {len(removed)} removed; {pairs} pairs at or above {threshold}: recall {recall:.4f}")
    print(f"removed below the threshold {below}, similarity differs {differing}, groups whose kept file is removed {wrong}")
    sys.exit(0 if recall >= 0.98 and not (below or differing or wrong) else 1)


main()
