#!/usr/bin/env python3
"""Makes src/Stackmill/Preprocess/Decode/letters.bin: how often letters follow one another in each language.

    python3 bench/checks/encodings.py fetch DATA
    python3 bench/tools/make_letters.py DATA

Counted over the translations of LibreOffice's texts and, in Chinese, Japanese and Korean, of its help
(Debian's libreoffice-l10n and -help packages), of which only these numbers are kept. All
numbers are -8 times the natural logarithm of a probability, at most 255. The file is a zlib stream; docs/encodings.md says what it holds.
"""
import glob
import gettext
import math
import re
import struct
import sys
import unicodedata
import zlib
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "src/Stackmill/Preprocess/Decode/letters.bin"
LANGUAGES = """de fr es pt it sv da nb fi nl is ca pl cs sk hu ro hr sl tr lt lv et cy ga eo vi ru uk be bg sr mk el he ar th ja zh-cn zh-tw ko""".split()
IDEOGRAPHIC = {"ja", "zh-cn", "zh-tw", "ko"}
FOLDERS = {"zh-cn": "zh_CN", "zh-tw": "zh_TW"}
MOST = 2_000_000
MOST_LETTERS = 150
MOST_IDEOGRAPHS = 4500
MOST_PAIRS = 12_000
SMOOTHING = 4


def quantised(probability):
    return min(255, max(0, round(-8 * math.log(probability))))


def texts(data, language):
    folder = FOLDERS.get(language, language)
    for package in [language, "pt-br"] if language == "pt" else [language]:
        for path in sorted(glob.glob(f"{data}/x/libreoffice-l10n-{package}/usr/lib/libreoffice/program/resource/*/LC_MESSAGES/*.mo")):
            assert folder.split("_")[0] in path
            with open(path, "rb") as file:
                for key, text in sorted(gettext.GNUTranslations(file)._catalog.items(), key=str):
                    if key and text != key and not str(key).endswith("\x04" + text):
                        text = unicodedata.normalize("NFC", re.sub(r"<[^>]*>|~|%\S+|\$\S+", "", text))
                        yield as_in_1258(text) if language == "vi" else text
                        if language == "ro":
                            # Half is written as before Unicode had the letters with commas.
                            yield text.translate(str.maketrans("șțȘȚ", "şţŞŢ"))


def help_texts(data, language):
    """Of the ideographic languages the catalogues hold too little: LibreOffice's help too."""
    for path in sorted(glob.glob(f"{data}/x/libreoffice-help-{language}/usr/share/libreoffice/help/*/text/**/*.html", recursive=True)):
        text = Path(path).read_text("utf-8", "ignore")
        body = text[text.find("<body"):]
        yield unicodedata.normalize("NFC", re.sub(r"\s+", " ", re.sub(r"<(script|style).*?</\1>|<[^>]*>|&\w+;", " ", body, flags=re.S)))


def as_in_1258(text):
    parts = []
    for letter in text:
        try:
            letter.encode("cp1258")
            parts.append(letter)
        except UnicodeError:
            apart = unicodedata.normalize("NFD", letter)
            tone = [mark for mark in apart if mark in "\u0300\u0301\u0303\u0309\u0323"]
            parts.append(unicodedata.normalize("NFC", "".join(c for c in apart if c not in tone)) + "".join(tone))
    return "".join(parts)


def folded(character):
    low = character.lower()
    return low if len(low) == 1 else character


def is_letter(character):
    return unicodedata.category(character)[0] == "L" or unicodedata.category(character) in ("Mn", "Mc")


def alphabet(language, text):
    text = "".join(map(folded, text))
    counted = Counter(c for c in text if c > "\x7f" and is_letter(c) and ord(c) < 0x2600)
    total = sum(counted.values())
    letters = [c for c, n in counted.most_common(MOST_LETTERS) if n > max(3, total * 5e-5)]
    classes = {chr(97 + i): 1 + i for i in range(26)} | {c: 27 + i for i, c in enumerate(letters)}
    size = 27 + len(letters)
    row = [0, 0] + [classes.get(c, 0) for c in text]
    ones, twos, threes, pairs = Counter(row), Counter(zip(row, row[1:])), Counter(zip(row, row[1:], row[2:])), Counter()
    firsts = Counter()
    for (a, b), n in twos.items():
        firsts[a] += n
    for (a, b, c), n in threes.items():
        pairs[a, b] += n
    one = [(ones[c] + 0.5) / (len(row) + 0.5 * size) for c in range(size)]

    def two(b, c):
        return (twos[b, c] + SMOOTHING * one[c]) / (firsts[b] + SMOOTHING)

    body = bytes(quantised(two(b, c)) for b in range(size) for c in range(size))
    body += bytes(quantised(SMOOTHING / (pairs[a, b] + SMOOTHING)) for a in range(size) for b in range(size))
    kept = sorted((a * size + b) * size + c for (a, b, c), n in threes.items() if n > 1 and max(a, b, c) >= 27)
    body += struct.pack("<I", len(kept))
    before, keys, values = 0, bytearray(), bytearray()
    for key in kept:
        step, before = key - before, key
        while step >= 0x80:
            keys.append(step & 0x7F | 0x80)
            step >>= 7
        keys.append(step)
        a, b, c = key // size // size, key // size % size, key % size
        values.append(quantised((threes[a, b, c] + SMOOTHING * two(b, c)) / (pairs[a, b] + SMOOTHING)))
    return letters, body + bytes(keys) + bytes(values)


def ideographs(language, text):
    counted = Counter(c for c in text if "\u3040" <= c <= "\uffff" and c != "\u30fc" and is_letter(c) or c in "ー々")
    letters = [c for c, _ in counted.most_common(MOST_IDEOGRAPHS) if c <= "\uffff"]
    total = sum(counted.values()) + len(letters)
    index = {c: i for i, c in enumerate(letters)}
    body = bytes(quantised((counted[c] + 0.5) / total) for c in letters)
    # How much likelier a letter is behind its neighbour than by itself, of the pairs that are frequent.
    pairs = Counter((a, b) for a, b in zip(text, text[1:]) if a in index and b in index)
    kept = sorted(((index[a] << 16 | index[b], min(64, round(8 * math.log(n * total / counted[a] / counted[b])))) for (a, b), n in pairs.most_common(MOST_PAIRS)))
    kept = [(key, gain) for key, gain in kept if gain > 4]
    body += struct.pack("<I", len(kept)) + b"".join(struct.pack("<I", key) for key, _ in kept) + bytes(gain for _, gain in kept)
    return letters, body


def main():
    data = Path(sys.argv[1])
    made = bytearray([len(LANGUAGES)])
    for language in LANGUAGES:
        text = "\n".join(texts(data, language))
        if language in IDEOGRAPHIC:
            text += "\n".join(help_texts(data, language))[:MOST]
        letters, body = (ideographs if language in IDEOGRAPHIC else alphabet)(language, text)
        print(f"{language}: {len(text)} characters, {len(letters)} letters, {len(body)} bytes", file=sys.stderr)
        made += bytes([len(language)]) + language.encode() + struct.pack("<BH", language in IDEOGRAPHIC, len(letters)) + "".join(letters).encode("utf-16-le") + body
    TARGET.write_bytes(zlib.compress(bytes(made), 9))
    print(f"{len(made)} bytes, {TARGET.stat().st_size} packed", file=sys.stderr)


if __name__ == "__main__":
    main()
