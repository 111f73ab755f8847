"""Writes the licence data that the program embeds, from packages of the npm registry.

    npm pack spdx-license-list@6.12.0 spdx-license-ids@3.0.24 spdx-exceptions@2.5.0 @blueoak/list@15.0.0
    for f in *.tgz; do mkdir -p unpacked/${f%.tgz}; tar xzf $f -C unpacked/${f%.tgz}; done
    python3 bench/licenses/make_license_data.py unpacked src/Stackmill/Shared/Licenses/Data

Neither building nor running the program needs this script or a network. It writes

- licenses.tsv: every SPDX id, what stands in its place when it is deprecated, its kind, the source of the kind, its name;
- texts.jsonl.zst: each different licence text once, with the ids that have it.

The packages are CC0-1.0, except spdx-exceptions, which is CC-BY-3.0 and of which only the ids are taken.
"""

import json
import pathlib
import re
import subprocess
import sys

# SPDX ids in ScanCode's categories Permissive and Public Domain that Blue Oak does not rate. ScanCode counts JSON among
# them; it is left out here, because it restricts what the software may be used for.
SCANCODE = """
Abstyles Adobe-Display-PostScript Adobe-Glyph Adobe-Utopia Apache-2.0 App-s2p BSD-2-Clause-first-lines
BSD-2-Clause-pkgconf-disclaimer BSD-3-Clause-acpica BSD-3-Clause-flex BSD-4.3RENO BSD-4.3TAHOE
BSD-Advertising-Acknowledgement BSD-Attribution-HPND-disclaimer BSD-Inferno-Nettverk BSD-Source-beginning-file
BSD-Systemics BSD-Systemics-W3Works Bitstream-Charter Bitstream-Vera Boehm-GC Boehm-GC-without-fee
Brian-Gladman-2-Clause Brian-Gladman-3-Clause CC-BY-1.0 CC-BY-2.0 CC-BY-2.5 CC-BY-2.5-AU CC-BY-3.0 CC-BY-3.0-AT
CC-BY-3.0-AU CC-BY-3.0-DE CC-BY-3.0-IGO CC-BY-3.0-NL CC-BY-3.0-US CC-BY-4.0 CC-PDDC CC-PDM-1.0 CDLA-Permissive-1.0
CDLA-Permissive-2.0 CERN-OHL-P-2.0 CMU-Mach CMU-Mach-nodoc Catharon Cornell-Lossless-JPEG CryptoSwift DEC-3-Clause
EPICS EUDatagrid FBM FSFAP-no-warranty-disclaimer FSFULLRSD FSFULLRWD Ferguson-Twofish Furuseth GD Graphics-Gems
Gutmann HDF5 HP-1986 HP-1989 HPND-DEC HPND-INRIA-IMAG HPND-Intel HPND-Kevlin-Henney HPND-MIT-disclaimer
HPND-Markus-Kuhn HPND-Netrek HPND-Pbmplus HPND-SMC HPND-UC HPND-UC-export-US HPND-doc HPND-doc-sell
HPND-export-US-acknowledgement HPND-export-US-modify HPND-export2-US HPND-merchantability-variant
HPND-sell-MIT-disclaimer-xserver HPND-sell-variant HPND-sell-variant-MIT-disclaimer
HPND-sell-variant-MIT-disclaimer-rev HaskellReport ISC-Veillard Inner-Net-2.0 JPNIC Latex2e LOOP
Lucida-Bitmap-Fonts MIT-Click MIT-Festival MIT-Khronos-old MIT-STK MMIXware MPEG-SSG Mackerras-3-Clause
Mackerras-3-Clause-acknowledgment Martin-Birgmeier Minpack NCBI-PD NIST-PD NIST-PD-TNT NIST-PD-fallback NTIA-PD OAR
OpenSSL-standalone PADL PDDL-1.0 Python-2.0.1 SAX-PD SAX-PD-2.0 SGI-OpenGL SGP4 SL SSH-OpenSSH SSLeay-standalone
SchemeReport Soundex Sun-PPP Sun-PPP-2000 TTWL TTYP0 TermReadKey UMich-Merit URT-RLE Unicode-3.0
Unlicense-libtelnet Unlicense-libwhirlpool Vixie-Cron WTFNMFPL Widget-Workshop WordNet X11-distribute-modifications-variant
X11-swapped Xdebug-1.03 Zeeff dtoa gtkbook jove libpng-1.6.35 libselinux-1.0 libutil-David-Nugent lsof metamail
mpi-permissive pkgconf radvd softSurfer ssh-keyscan swrule threeparttable ulem w3m xkeyboard-config-Zinoviev xzoom
""".split()

# What SPDX names in place of ids that it has withdrawn, beside the endings that the GNU licences got.
REPLACED = {
    "BSD-2-Clause-FreeBSD": "BSD-2-Clause-Views", "BSD-2-Clause-NetBSD": "BSD-2-Clause", "StandardML-NJ": "SMLNJ",
    "bzip2-1.0.5": "bzip2-1.0.6", "eCos-2.0": "GPL-2.0-or-later eCos-exception-2.0",
    "wxWindows": "LGPL-2.0-or-later WxWindows-exception-3.1",
    "GPL-2.0-with-GCC-exception": "GPL-2.0-only GCC-exception-2.0",
    "GPL-2.0-with-autoconf-exception": "GPL-2.0-only Autoconf-exception-2.0",
    "GPL-2.0-with-bison-exception": "GPL-2.0-only Bison-exception-2.2",
    "GPL-2.0-with-classpath-exception": "GPL-2.0-only Classpath-exception-2.0",
    "GPL-2.0-with-font-exception": "GPL-2.0-only Font-exception-2.0",
    "GPL-3.0-with-GCC-exception": "GPL-3.0-only GCC-exception-3.1",
    "GPL-3.0-with-autoconf-exception": "GPL-3.0-only Autoconf-exception-3.0",
}


def load(folder, pattern, name):
    found = [p for p in pathlib.Path(folder).glob(pattern + "*/package") if p.is_dir()]
    if len(found) != 1:
        sys.exit(f"expected one unpacked {pattern} in {folder}, found {len(found)}; see the head of this script")
    version = json.loads((found[0] / "package.json").read_text())["version"]
    return found[0], version, json.loads((found[0] / name).read_text()) if name else None


def replacement(spdx_id):
    if spdx_id in REPLACED:
        return REPLACED[spdx_id]
    if spdx_id.endswith("+"):
        return spdx_id[:-1] + "-or-later"
    return spdx_id + "-only" if re.match(r"(A|L)?GPL-|GFDL-", spdx_id) else ""


def rank(spdx_id, deprecated):
    variant = re.search(r"invariants|-RFN|-no-RFN|-or-later|\+|-exception", spdx_id) is not None
    return (spdx_id in deprecated, variant, not spdx_id.endswith("-only"), len(spdx_id), spdx_id)


def pieces(spdx_id, text):
    """The id and text to compare with: of a licence with an exception, the exception; of LGPL-3.0, also its own part."""
    target = REPLACED.get(spdx_id, "")
    if " " in target:
        text = re.sub(r"(?is)^\s*insert .{0,80}?(?:license )?text here\s*", "", text)
        if re.search(r"(?i)terms and conditions for copying", text):
            return []
        return [(target.split(" ")[1], text)]
    found = [(spdx_id, text)]
    if spdx_id in ("BSD-3-Clause", "BSD-4-Clause"):
        # The list's templates allow this older form of the clause on names as well.
        other, count = re.subn(r"Neither the name of [^.]*? may be used", "The name of the author may not be used", text)
        if count != 1:
            sys.exit(f"the text of {spdx_id} has no clause on names")
        found.append((spdx_id, re.sub(r"THE COPYRIGHT HOLDERS? (AND|OR) CONTRIBUTORS", "THE AUTHOR", other)))
    if spdx_id == "LGPL-3.0-only":
        second = [m.start() for m in re.finditer(r"GNU GENERAL PUBLIC LICENSE", text)]
        if not second or second[0] < 3000:
            sys.exit("the text of LGPL-3.0-only is not its own part followed by the GPL's")
        found.append((spdx_id, text[:second[0]]))
    return found


def main():
    folder, target = sys.argv[1], pathlib.Path(sys.argv[2])
    texts, text_version, _ = load(folder, "spdx-license-list-", None)
    ids_folder, ids_version, ids = load(folder, "spdx-license-ids-", "index.json")
    deprecated = set(json.loads((ids_folder / "deprecated.json").read_text()))
    _, exceptions_version, exceptions = load(folder, "spdx-exceptions-", "index.json")
    _, blueoak_version, ratings = load(folder, "blueoak-list-", "index.json")
    rated = {entry["id"]: rating["name"] for rating in ratings for entry in rating["licenses"]}
    listed = {p.stem: json.loads(p.read_text()) for p in sorted((texts / "licenses").glob("*.json"))}
    extra = {i for i in listed if i.endswith("+")}
    known = set(ids) | deprecated | extra
    unknown = [i for i in SCANCODE if i not in known] + [i for i in rated if i not in known]
    if unknown:
        sys.exit(f"these ids are not on the SPDX list: {', '.join(unknown)}")

    lines = [
        f"# npm: spdx-license-list {text_version}, spdx-license-ids {ids_version}, spdx-exceptions {exceptions_version}, @blueoak/list {blueoak_version}; made by bench/licenses/make_license_data.py",
        "# id\treplaced_by\tkind\tsource of the kind\tname",
    ]
    for spdx_id in sorted(known):
        stands_for = replacement(spdx_id) if spdx_id in deprecated | extra else ""
        source = f"Blue Oak {rated[spdx_id]}" if spdx_id in rated else "ScanCode" if spdx_id in SCANCODE else ""
        kind = "permissive" if source else "other"
        lines.append("\t".join([spdx_id, stands_for, kind, source, listed.get(spdx_id, {}).get("name", "")]))
    for spdx_id in sorted(set(exceptions) - known):
        lines.append("\t".join([spdx_id, "", "exception", "", ""]))
    (target / "licenses.tsv").write_text("\n".join(lines) + "\n")

    groups = {}
    for spdx_id, entry in listed.items():
        # What another id stands for has its text there, at most with another title.
        if spdx_id in deprecated | extra and replacement(spdx_id) and " " not in replacement(spdx_id):
            continue
        for name, text in pieces(spdx_id, entry["licenseText"]):
            words = " ".join(re.findall(r"\w+", text.lower()))
            group = groups.setdefault(words, {"text": text, "ids": []})
            if name not in group["ids"]:
                group["ids"].append(name)
    out = []
    for group in groups.values():
        group["ids"].sort(key=lambda i: rank(i, deprecated | extra))
        out.append(json.dumps({"ids": group["ids"], "text": group["text"]}, ensure_ascii=False))
    out.sort()
    packed = subprocess.run(["zstd", "-q", "--ultra", "-22", "-c"], input=("\n".join(out) + "\n").encode(), stdout=subprocess.PIPE, check=True).stdout
    (target / "texts.jsonl.zst").write_bytes(packed)
    print(f"{len(known)} ids, {len(out)} texts, {len(packed)} bytes")


main()
