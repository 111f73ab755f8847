#!/usr/bin/env python3
"""Writes samples/corpus, samples/expected.jsonl and samples/README.md anew; the same bytes every time.

    python3 samples/tools/make_samples.py
"""

import itertools
import json
import os
import pathlib
import shutil
import sys

sys.dont_write_bytecode = True

import catalog  # noqa: E402
import charsets  # noqa: E402
import copies  # noqa: E402
import personal  # noqa: E402
import plain  # noqa: E402
import shapes  # noqa: E402
from shingles import blob_id, jaccard, shingles  # noqa: E402

SAMPLES = pathlib.Path(__file__).resolve().parent.parent
CORPUS = SAMPLES / "corpus"
# Files that are not planted as copies must stay well below the threshold of 0.85.
MOST_ALIKE = 0.70


def main():
    for path, text in plain.files().items():
        catalog.plant(path, text, None, None)
    for module in (charsets, personal, shapes, copies):
        module.plant_all()
    files = sorted(catalog.PLANTED, key=lambda file: file["path"].encode())
    by_path = {file["path"]: file for file in files}
    assert len(by_path) == len(files), "a path is planted twice"
    choose_survivors(files)
    records = [record_of(file, by_path) for file in files]
    check_nothing_else_is_alike(files, by_path)
    write_corpus(files)
    lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    (SAMPLES / "expected.jsonl").write_bytes(lines.encode())
    (SAMPLES / "README.md").write_bytes(read_me(files, records).encode())
    print(f"{len(records)} entries, {sum(len(file['data'] or b'') for file in files)} bytes")


def choose_survivors(files):
    """Of equal files the one with the smallest id stays, and among equal ids the one whose path comes first."""
    groups = {}
    for file in files:
        if file["same"]:
            groups.setdefault(file["same"], []).append(file)
    for group in groups.values():
        kept = min(group, key=lambda file: (blob_id(file["data"]), file["path"].encode()))
        for file in group:
            if file is not kept:
                file.update(stage="deduplicate", reason="duplicate_exact", kept=kept["path"])


def record_of(file, by_path):
    path, data, reason = file["path"], file["data"], file["reason"]
    hidden = reason == "hidden" and path.count("/.") == 1 and not path.rsplit("/", 1)[1].startswith(".")
    named = path.rsplit("/", 1)[0] + "/" if hidden else path
    read = data is not None and reason not in ("hidden", "unsupported_extension", "empty", "too_small", "too_large", "binary", "undecodable")
    record = {
        "path": named,
        "bytes": None if data is None or hidden else len(data),
        "content_id": None if data is None or hidden else blob_id(data),
        "language": None if reason in ("hidden", "symbolic_link") else catalog.LANGUAGES.get(os.path.splitext(path)[1]),
        "stage": file["stage"],
        "verdict": "drop" if reason else "keep",
        "reason": reason,
        "encoding": file["encoding"] if read else None,
    }
    if read and file["also"]:
        record["encoding_also"] = list(file["also"])
    if file["redactions"]:
        record["redactions"] = file["redactions"]
    if file["contains"]:
        record["must_contain"] = file["contains"]
    if file["lacks"]:
        record["must_not_contain"] = file["lacks"]
    if reason == "duplicate_exact":
        record["duplicate_of"], record["similarity"] = file["kept"], 1.0
    if file["near"]:
        key = "duplicate_of" if reason == "duplicate_near" else "similar_to"
        record[key], record["similarity"] = file["near"], round(jaccard(data, by_path[file["near"]]["data"]), 4)
        limits_hold = record["similarity"] >= 0.85 if key == "duplicate_of" or file["kind"] == "Chain" else record["similarity"] <= 0.82
        assert limits_hold, (path, record["similarity"])
    if file["link"]:
        record["link"] = file["link"]
    record["kind"], record["flaw"] = file["kind"], file["flaw"]
    return record


def check_nothing_else_is_alike(files, by_path):
    """No two files that stay are alike, apart from the pairs whose similarity is stated."""
    kept = {}
    for file in files:
        if not file["reason"]:
            text = file["data"].decode("utf-8" if file["encoding"] == "utf-8" else {"utf-16le": "utf-16", "utf-16be": "utf-16", "utf-32le": "utf-32"}.get(
                file["encoding"], file["encoding"]) if file["data"][:1] in (b"\xff", b"\xfe") else file["encoding"])
            kept[file["path"]] = shingles(text.encode())
    for first, second in itertools.combinations(kept, 2):
        if second == by_path[first]["near"] or first == by_path[second]["near"]:
            continue
        shared = len(kept[first] & kept[second])
        alike = shared / max(1, len(kept[first]) + len(kept[second]) - shared)
        limit = 0.85 if by_path[first]["kind"] == by_path[second]["kind"] == "Chain" else MOST_ALIKE
        assert alike < limit, (first, second, alike)


def write_corpus(files):
    shutil.rmtree(CORPUS, ignore_errors=True)
    for file in files:
        target = CORPUS / file["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        if file["link"]:
            target.symlink_to(file["link"])
        else:
            target.write_bytes(file["data"])


def read_me(files, records):
    head = (pathlib.Path(__file__).parent / "readme_head.md").read_text(encoding="utf-8")
    rows = ["| file | flaw | fate |", "|---|---|---|"]
    kinds = list(dict.fromkeys(file["kind"] for file in catalog.PLANTED if file["kind"]))
    for kind in kinds:
        rows.append(f"| **{kind}** | | |")
        for record in records:
            if record["kind"] == kind:
                rows.append(f"| {_short(record['path'])} | {record['flaw']} | {_fate(record)} |")
    return head + "\n".join(rows) + "\n"


def _short(path):
    shown = path if len(path) <= 60 else path[:28] + "…" + path[-28:]
    return f"`{shown}`"


def _fate(record):
    if record["reason"]:
        fate = f"goes at {record['stage']}: `{record['reason']}`"
        if "duplicate_of" in record:
            fate += f" of {_short(record['duplicate_of'])}, similarity {record['similarity']:.4f}"
        return fate
    if "similar_to" in record:
        return f"stays; similarity {record['similarity']:.4f} to {_short(record['similar_to'])}"
    if "redactions" in record:
        return "stays; replaced: " + ", ".join(f"{count} × {kind}" for kind, count in record["redactions"].items())
    if record["kind"] == "Encoding":
        return f"stays, decoded from {record['encoding']}"
    return "stays"


if __name__ == "__main__":
    main()
