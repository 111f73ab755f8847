#!/usr/bin/env python3
"""How often a file in a legacy encoding is read right, and how often uchardet and chardet read it right.

    python3 bench/checks/encodings.py fetch DATA                # Debian packages with texts in some 45 languages, 150 MB
    python3 bench/checks/encodings.py make DATA test > test.jsonl
    python3 bench/checks/encodings.py make DATA tune > tune.jsonl
    stackmill-bench encodings test.jsonl --json                 # what Stackmill makes of them (bench/Stackmill.Bench)
    /usr/bin/python3 bench/checks/encodings.py others DATA test.jsonl   # Debian's Python: what uchardet and python3-chardet make of them

A case is real text of one language in one encoding: alone as a comment (`line`), as three or ten lines of comments and code, or as a file of
code with comments (`file`); or a whole real file in that language (`real`: DokuWiki's language files, element-ui's, Vim's tutors). The code comes
from the packages that bench/checks/languages.py fetches into the same DATA. `tune` draws on the catalogues installed on the machine and `test` on manual pages,
KDE's catalogues and the real files; the letter models (bench/tools/make_letters.py) are made from LibreOffice's, so that no text is in two of
the three. Choices are by hash, so that the same packages give the same cases.

What counts is the text. Characters that vendors map differently from the same bytes (the wave dash of Japanese) are equal for all.
"""
import base64
import bz2
import codecs
import gettext
import glob
import gzip
import hashlib
import json
import re
import subprocess
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path

PACKAGES = """kdevelop-l10n krita-l10n kile-l10n cinnamon-l10n manpages-de manpages-fr manpages-ru manpages-ja manpages-zh manpages-pl manpages-es manpages-it manpages-cs manpages-hu
manpages-ro manpages-pt-br manpages-nl manpages-da manpages-sv manpages-el manpages-uk uchardet""".split()
LANGUAGES = """de fr es pt it sv da nb fi nl is ca pl cs sk hu ro hr sl tr lt lv et ru uk be bg sr mk el he ar th ja zh-cn zh-tw ko vi eo cy ga""".split()

WEST = "de fr es pt it sv da nb fi nl is ca".split()
CENTRAL = "pl cs sk hu ro hr sl".split()
CYRILLIC = "ru uk be bg sr mk".split()
UNICODE = "de pl ru el th ja zh-cn ko".split()
# Encoding by Python's name, and the languages that were written in it.
ENCODINGS = {
    "utf-8": UNICODE, "utf-8-sig": UNICODE, "utf-16-le": UNICODE, "utf-16-be": UNICODE, "utf-32-le": UNICODE, "utf-32-be": UNICODE,
    "utf-16-le+bom": UNICODE, "utf-16-be+bom": UNICODE, "utf-32-le+bom": UNICODE, "utf-32-be+bom": UNICODE,
    "cp1250": CENTRAL, "cp1251": CYRILLIC, "cp1252": WEST, "cp1253": ["el"], "cp1254": ["tr"], "cp1255": ["he"], "cp1256": ["ar"],
    "cp1257": ["lt", "lv", "et"], "cp1258": ["vi"],
    "iso8859-1": WEST, "iso8859-2": CENTRAL, "iso8859-3": ["eo"], "iso8859-4": ["lt", "lv", "et"], "iso8859-5": CYRILLIC, "iso8859-6": ["ar"],
    "iso8859-7": ["el"], "iso8859-8": ["he"], "iso8859-9": ["tr"], "iso8859-10": ["is", "sv", "da", "nb", "fi", "et", "lt", "lv"], "iso8859-11": ["th"],
    "iso8859-13": ["lt", "lv", "et", "pl"], "iso8859-14": ["cy", "ga", "fr"], "iso8859-15": WEST,
    "iso8859-16": ["pl", "hu", "hr", "sl", "ro", "fr", "de", "it"],
    "koi8-r": ["ru", "bg"], "koi8-u": ["uk", "ru"], "cp866": ["ru", "bg"], "cp855": ["ru", "bg", "sr", "mk"],
    "mac-roman": WEST, "mac-cyrillic": CYRILLIC,
    "gb18030": ["zh-cn", "zh-tw"], "gbk": ["zh-cn"], "gb2312": ["zh-cn"], "cp950": ["zh-tw"], "euc-jp": ["ja"], "cp932": ["ja"],
    "iso2022-jp": ["ja"], "iso2022-kr": ["ko"], "iso-2022-cn": ["zh-cn"], "euc-kr": ["ko"], "cp949": ["ko"], "tis-620": ["th"], "johab": ["ko"],
}
COUNTS = {"line": 8, "three": 4, "ten": 4, "file": 3, "real": 2}
SAME = str.maketrans("～∥－￠￡￢―￣‧", "〜‖−¢£¬—‾•")
WIDEST = {"gb2312": "gb18030", "gbk": "gb18030", "euc-kr": "cp949", "uhc": "cp949", "shift_jis": "cp932", "big5": "cp950"}
CODES = {"cs-CZ": "cs", "nb-NO": "nb", "no": "nb", "pt-br": "pt", "pt_BR": "pt", "ru-RU": "ru", "sv-SE": "sv", "tr-TR": "tr", "ua": "uk", "zh-CN": "zh-cn", "zh-TW": "zh-tw", "zh_CN": "zh-cn",
         "zh_TW": "zh-tw", "zh": "zh-cn", "zh_cn": "zh-cn", "zh_tw": "zh-tw", "el_GR": "el"}


def order(text):
    return hashlib.sha256(text.encode()).hexdigest()


def fetch(data):
    packages, out = data / "debs", data / "x"
    packages.mkdir(parents=True, exist_ok=True)
    names = PACKAGES + [f"libreoffice-l10n-{language}" for language in LANGUAGES] + [f"libreoffice-help-{language}" for language in ("ja", "zh-cn", "zh-tw", "ko")]
    for name in names:
        if not glob.glob(f"{packages}/{name}_*.deb"):
            subprocess.run(["apt-get", "download", name], cwd=packages, check=False, capture_output=True)
        for package in glob.glob(f"{packages}/{name}_*.deb"):
            (out / name).mkdir(parents=True, exist_ok=True)
            subprocess.run(["dpkg-deb", "-x", package, out / name], check=True)


def language_of(code):
    code = CODES.get(code, code)
    return code if code in LANGUAGES else CODES.get(code.split("_")[0].split("-")[0], code.split("_")[0].split("-")[0])


def catalogue(path):
    try:
        with open(path, "rb") as file:
            found = gettext.GNUTranslations(file)._catalog
    except (OSError, ValueError, IndexError):
        # An empty or odd catalogue: there are others.
        return
    for key, text in found.items():
        # The header and texts that were not translated say nothing of the language.
        if key and text and text != key:
            yield from text.split("\n")


def manual(path):
    try:
        text = gzip.open(path, "rt", encoding="utf-8").read()
    except (OSError, UnicodeDecodeError):
        return
    for line in text.split("\n"):
        if not line.startswith((".", "'")):
            yield re.sub(r"\\f.|\\[&|,/ ^]", "", line).replace("\\-", "-").replace("\\", "")


def clean(line):
    line = re.sub(r"<[^>]*>|[&~]|%\S+|\$\{[^}]*\}", "", line).strip()
    return unicodedata.normalize("NFC", line)


def lines_of(data, part):
    """Lines by language."""
    found = defaultdict(set)
    if part == "tune":
        for path in glob.glob("/usr/share/locale/*/LC_MESSAGES/*.mo"):
            found[language_of(path.split("/")[4])].update(map(clean, catalogue(path)))
    else:
        for path in glob.glob(f"{data}/x/[ck]*-l10n/usr/share/locale/*/LC_MESSAGES/*.mo"):
            found[language_of(path.split("/locale/")[1].split("/")[0])].update(map(clean, catalogue(path)))
        for path in glob.glob(f"{data}/x/manpages-*/usr/share/man/*/man*/*.gz"):
            found[language_of(path.split("/man/")[1].split("/")[0])].update(map(clean, manual(path)))
        for language, texts in real_files(data).items():
            if language in ("he", "vi", "th", "cy", "ga", "eo", "be", "mk", "is", "lv", "ar"):
                for text in texts:
                    found[language].update(clean(match) for match in re.findall(r"= '([^'\n]{4,})'|: '([^'\n]{4,})'", text) for match in match if match)
    return {language: sorted((line for line in lines if 6 <= len(line) <= 100), key=order) for language, lines in found.items()}


def real_files(data):
    found = defaultdict(list)
    other = data / "x"
    paths = [(path, path.split("/lang/")[1].split("/")[0]) for path in glob.glob(f"{other}/dokuwiki/usr/share/dokuwiki/inc/lang/*/lang.php")]
    paths += [(path, Path(path).stem) for path in glob.glob(f"{other}/npm-element-ui-*/package/src/locale/lang/*.js")]
    paths += [(path, Path(path).name.split(".")[1]) for path in glob.glob(f"{other}/vim-runtime/usr/share/vim/vim*/tutor/tutor.*.utf-8")]
    for path, code in sorted(paths):
        try:
            found[language_of(code)].append(Path(path).read_bytes()[:60_000].decode("utf-8", "ignore"))
        except OSError:
            continue
    return found


def carriers(data):
    """Files of code in plain ASCII, and how their comments begin."""
    other = data / "x"
    found = []
    for pattern, mark in [("linux-libc-dev/**/*.h", "//"), ("python3-numpy/**/*.py", "#"), ("npm-rxjs-*/**/*.ts", "//"), ("phpmyadmin/**/*.php", "//"), ("erlang-src/**/*.erl", "%"), ("rake/**/*.rb", "#"),
                          ("postgresql-15/**/*.sql", "--"), ("fpc-source*/**/*.pas", "//"), ("swi-prolog-nox/**/*.pl", "%"), ("librust-serde-dev/**/*.rs", "//")]:
        for path in sorted(glob.glob(f"{other}/{pattern}", recursive=True), key=lambda p: order(p[len(str(other)):]))[:40]:
            text = Path(path).read_bytes()
            if text.isascii() and 1000 < len(text) < 60_000:
                found.append((text.decode().replace("\r", "").split("\n"), mark))
    return found


def encode(text, name, language):
    if name.endswith("+bom"):
        marks = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE, "utf-32-le": codecs.BOM_UTF32_LE, "utf-32-be": codecs.BOM_UTF32_BE}
        return marks[name[:-4]] + text.encode(name[:-4])
    if name == "iso-2022-cn":
        made = subprocess.run(["iconv", "-f", "utf-8", "-t", "iso-2022-cn"], input=text.encode(), capture_output=True)
        if made.returncode or re.search(rb"\x1b\$[^)]|\x1b\$\)[^A]", made.stdout):
            raise UnicodeError
        return made.stdout
    return text.encode(name)


def as_written(text, name, language):
    """How the language was written in that encoding, before Unicode had today's letters."""
    if language == "ro" and name != "iso8859-16" and not name.startswith("utf"):
        return text.translate(str.maketrans("șțȘȚ", "şţŞŢ"))
    if language == "ro":
        return text.translate(str.maketrans("şţŞŢ", "șțȘȚ"))
    if name == "cp1258":
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
    return text


def make(data, part):
    lines, real, codes = lines_of(data, part), real_files(data), carriers(data)
    for name, languages in ENCODINGS.items():
        for language in languages:
            needs = not name.startswith("utf")
            usable = []
            for line in lines.get(language, ()):
                line = as_written(line, name, language)
                try:
                    encode(line, name, language)
                except UnicodeError:
                    continue
                if not line.isascii() or not needs:
                    usable.append(line)
                if len(usable) >= 1000:
                    break
            if len(usable) < 20:
                print(f"too few lines of {language} in {name}", file=sys.stderr)
                continue
            usable.sort(key=lambda line: order(f"second draw {name} {line}"))
            taken, carrier = 0, int(order(f"second draw {name} {language}"), 16)
            for kind, count in COUNTS.items():
                if kind == "real" and part == "tune":
                    continue
                for number in range(count):
                    code, mark = codes[(carrier := carrier + 1) % len(codes)]
                    if kind == "line":
                        text, used = f"{mark} {usable[taken % len(usable)]}\n", 1
                    elif kind in ("three", "ten"):
                        used = 2 if kind == "three" else 5
                        start = carrier % max(1, len(code) - 5)
                        text = "".join(f"{mark} {usable[(taken + i) % len(usable)]}\n{code[start + i]}\n" for i in range(used))
                    elif kind == "file":
                        parts, used = [], 0
                        for i, row in enumerate(code[:400]):
                            if i % 12 == carrier % 12:
                                parts.append(f"{mark} {usable[(taken + used) % len(usable)]}")
                                used += 1
                            parts.append(row)
                        text = "\n".join(parts)
                    else:
                        files, used = real.get(language, []), 0
                        if number >= len(files):
                            continue
                        text = as_written(files[number], name, language)
                        if needs:
                            # Of a whole file, the lines that this encoding can hold.
                            kept = []
                            for row in text.split("\n"):
                                try:
                                    encode(row, name, language)
                                    kept.append(row)
                                except UnicodeError:
                                    pass
                            text = "\n".join(kept)
                        if text.isascii() and needs:
                            continue
                    taken += used
                    try:
                        raw = encode(text, name, language)
                    except UnicodeError:
                        continue
                    print(json.dumps({"encoding": name, "language": language, "kind": kind, "raw": base64.b64encode(raw).decode(), "text": text}))


def same(one, other):
    return one.translate(SAME) == other.translate(SAME)


def decoded(raw, name):
    """With the widest encoding that goes by the name, as browsers do: the tools say GB2312 of all that Windows calls so."""
    try:
        text = raw.decode(WIDEST.get((name or "").lower(), name))
        return text[1:] if text.startswith("\ufeff") else text
    except (LookupError, UnicodeError, TypeError):
        return None


def others(data, file):
    import chardet
    cases = [json.loads(line) for line in open(file)]
    folder = data / "cases"
    folder.mkdir(exist_ok=True)
    for index, case in enumerate(cases):
        (folder / f"{index:06}").write_bytes(base64.b64decode(case["raw"]))
    tool = next(iter(glob.glob(f"{data}/x/uchardet/usr/bin/uchardet")), "uchardet")
    guesses = {}
    for start in range(0, len(cases), 500):
        paths = [str(folder / f"{index:06}") for index in range(start, min(start + 500, len(cases)))]
        answer = subprocess.run([tool, *paths], capture_output=True, text=True, check=True).stdout.splitlines()
        guesses.update({int(line.split(": ")[0][-6:]): line.split(": ")[1] for line in answer})
    right = defaultdict(lambda: [0, 0, 0])
    for index, case in enumerate(cases):
        raw = base64.b64decode(case["raw"])
        theirs = [guesses.get(index), chardet.detect(raw)["encoding"]]
        for key in ("all", "kind " + case["kind"], "encoding " + case["encoding"]):
            right[key][0] += 1
            for tool_index, name in enumerate(theirs):
                text = decoded(raw, name)
                right[key][1 + tool_index] += text is not None and same(text, case["text"])
    print(json.dumps({key: {"cases": n, "uchardet": round(u / n, 4), "chardet": round(c / n, 4)} for key, (n, u, c) in right.items()}, indent=1))


def main():
    command, data, *rest = sys.argv[1:]
    if command == "fetch":
        fetch(Path(data))
    elif command == "make":
        make(Path(data), rest[0])
    elif command == "others":
        others(Path(data), rest[0])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
