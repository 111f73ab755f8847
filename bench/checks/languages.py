#!/usr/bin/env python3
"""How often the language of a file is named right, and as linguist names it.

    python3 bench/checks/languages.py fetch DATA            # Debian and npm packages into DATA/x (some 500 MB; 3 GB unpacked)
    python3 bench/checks/languages.py labelled DATA > labelled.tsv
    python3 bench/checks/languages.py sample DATA 1000 > sample.txt
    python3 bench/checks/languages.py score labelled.tsv [--json]
    python3 bench/checks/languages.py agree sample.txt [--json]

`labelled` states a language by what a package is (the tests of the Fortran compiler are Fortran), never by a detector: rows are path
and language. `score` asks `stackmill inspect` of each file. `agree` asks linguist too, by Debian's ruby-github-linguist, and prints
every file on which the two differ. Files are chosen by a hash of their path below DATA, so that the same packages give the same files.
"""
import base64
import fnmatch
import hashlib
import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 300_000
PER_RULE = 40

DEBIAN = """agda-stdlib asymptote autoconf bison cl-alexandria cl-ppcre cl-unicode cmake-data docbook-xml docbook-xsl dokuwiki elpa-haskell-mode
elpa-magit erlang-src fish-common flex fpc-source-3.2.2 gcc-12-source gforth-common ghdl-common golang-1.19-src groff guile-3.0-libs haxe
libboost1.74-dev libcoq-stdlib libeigen3-dev libgnustep-base-dev libphobos2-ldc-shared-dev libprotobuf-dev librust-serde-dev librust-syn-dev
linux-libc-dev lua-penlight nlohmann-json3-dev ocaml octave-signal octave-statistics phpmyadmin postgresql-15 povray-includes
puppet-module-puppetlabs-apache puppet-module-puppetlabs-stdlib python3-numpy python3-pyopencl qtbase5-examples qttools5-examples r-base-core rake
rpcsvc-proto scilab-data swi-prolog-nox tcllib texlive-latex-base vim-runtime yosys""".split()

NPM = """rxjs typescript react-native-svg react-native-webview react-native-fs react-native-maps @react-native-async-storage/async-storage @capacitor/ios
@capacitor/android @openzeppelin/contracts bootstrap stylus svelte vue@2 element-ui three @types/node npm handlebars eslint prettier highlight.js""".split()

# What the files of a package are, because of what the package is. Paths are below DATA/x; '*' crosses folders.
LABELS = """
agda-stdlib/*.agda|Agda
asymptote/*.asy|Asymptote
bison/*.yy|Yacc
cl-*/*.lisp|Common Lisp
cmake-data/*.cmake|CMake
cmake-data/*.rst|reStructuredText
cmake-data/*/CMakeLists.txt|CMake
docbook-xml/*.mod|XML
docbook-xsl/*.xsl|XSLT
docbook-xsl/*.svg|SVG
dokuwiki/*/inc/*.php|PHP
dokuwiki/*/lib/*.css|CSS
dokuwiki/*/lang/*.txt|Text
elpa-magit/*.el|Emacs Lisp
elpa-haskell-mode/*.el|Emacs Lisp
erlang-src/*.erl|Erlang
erlang-src/*.hrl|Erlang
erlang-src/*.java|Java
erlang-src/*/erts/*.c|C
fish-common/*.fish|fish
flex/*.lex|Lex
flex/*.l|Lex
fpc-source-3.2.2/*.pas|Pascal
fpc-source-3.2.2/*.pp|Pascal
fpc-source-3.2.2/*.inc|Pascal
gcc-src/*/gcc/testsuite/objc*/*.m|Objective-C
gcc-src/*/gcc/testsuite/obj-c++*/*.mm|Objective-C++
gcc-src/*/gcc/testsuite/gfortran.dg/*.f90|Fortran Free Form
gcc-src/*/gcc/testsuite/gfortran.dg/*.f|Fortran
gcc-src/*/gcc/testsuite/gfortran.fortran-torture/*.f|Fortran
gcc-src/*/gcc/testsuite/gcc.dg/*.c|C
gcc-src/*/gcc/testsuite/g++.dg/*.C|C++
gcc-src/*/gcc/testsuite/gnat.dg/*.adb|Ada
gcc-src/*/gcc/testsuite/gnat.dg/*.ads|Ada
gcc-src/*/gcc/ada/*.ads|Ada
gcc-src/*/gcc/ada/*.adb|Ada
gcc-src/*/gcc/config/*.md|GCC Machine Description
gcc-src/*/gcc/config/*.h|C
gcc-src/*/libphobos/*.d|D
gcc-src/*/libstdc++-v3/testsuite/*.cc|C++
gcc-src/*/libstdc++-v3/include/ext/*.hpp|C++
gcc-src/*/libgcc/config/*.S|Unix Assembly
gcc-src/*/libgo/*.go|Go
gcc-src/*/gcc/po/*.po|Gettext Catalog
gcc-src/*/gcc/*.awk|Awk
gcc-src/*/gcc/cp/*.cc|C++
gcc-src/*/libiberty/*.c|C
gcc-src/gcc-12.?.?/include/*.h|C
gcc-src/*/configure.ac|M4Sugar
gcc-src/*/Makefile.am|Makefile
gcc-src/*/Makefile.in|Makefile
gforth-common/*.fs|Forth
ghdl-common/*.vhdl|VHDL
golang-1.19-src/*.go|Go
golang-1.19-src/*/runtime/*.s|Unix Assembly
groff/*/contrib/*.ms|Roff
guile-3.0-libs/*.scm|Scheme
haxe/*.hx|Haxe
libboost1.74-dev/*.hpp|C++
libboost1.74-dev/*.ipp|C++
libboost1.74-dev/*/boost/[a-oq-z]*/*.h|C++
libcoq-stdlib/*.v|Coq
libeigen3-dev/*.h|C++
libgnustep-base-dev/*.h|Objective-C
libphobos2-ldc-shared-dev/*.d|D
libprotobuf-dev/*.h|C++
libprotobuf-dev/*.proto|Protocol Buffer
librust-*/*.rs|Rust
librust-*/*.toml|TOML
linux-libc-dev/*.h|C
lua-penlight/*.lua|Lua
nlohmann-json3-dev/*.cpp|C++
nlohmann-json3-dev/*.hpp|C++
ocaml/*.ml|OCaml
ocaml/*.mli|OCaml
octave-*/*.m|MATLAB
phpmyadmin/*.php|PHP
phpmyadmin/*.twig|Twig
phpmyadmin/*.scss|SCSS
postgresql-15/*/extension/*.sql|SQL or PLpgSQL
povray-includes/*.inc|POV-Ray SDL
puppet-module-*/*.pp|Puppet
puppet-module-*/*.rb|Ruby
puppet-module-*/*.erb|HTML+ERB
python3-numpy/*.py|Python
python3-numpy/*.pyi|Python
python3-numpy/*.f90|Fortran Free Form
python3-pyopencl/*.cl|OpenCL
qtbase5-examples/*.pro|QMake
qtbase5-examples/*.cpp|C++
qtbase5-examples/*.h|C++
qtbase5-examples/*.ui|XML
qttools5-examples/*.ts|XML
r-base-core/*/demo*/*.R|R
rake/*.rb|Ruby
rpcsvc-proto/*.x|RPC
scilab-data/*.sci|Scilab
scilab-data/*.sce|Scilab
scilab-data/*.tst|Scilab
scilab-data/*.xml|XML
swi-prolog-nox/*.pl|Prolog
tcllib/*.tcl|Tcl
texlive-latex-base/*.tex|TeX
texlive-latex-base/*.sty|TeX
texlive-latex-base/*.cls|TeX
vim-runtime/*.vim|Vim Script
vim-runtime/*/doc/*.txt|Vim Help File
yosys/*.v|Verilog
npm-rxjs-*/*/src/*.ts|TypeScript
npm-typescript-*/*.d.ts|TypeScript
npm-types-node-*/*.ts|TypeScript
npm-react-native-*/*.tsx|TSX
npm-react-native-*/*.java|Java
npm-react-native-*/*.kt|Kotlin
npm-react-native-*/ios/*.m|Objective-C
npm-react-native-*/*.mm|Objective-C++
npm-capacitor-ios-*/*.swift|Swift
npm-capacitor-ios-*/*.m|Objective-C
npm-capacitor-android-*/*.java|Java
npm-openzeppelin-*/*.sol|Solidity
npm-bootstrap-*/*.scss|SCSS
npm-bootstrap-*/*.js|JavaScript
npm-element-ui-*/*.vue|Vue
npm-three-*/*.js|JavaScript
npm-vue-*/*.ts|TypeScript
npm-svelte-*/*.js|JavaScript
npm-highlight*/*.css|CSS
npm-npm-*/*/man/*.1|Roff Manpage
npm-npm-*/*/man/*.7|Roff Manpage
npm-npm-*/*.md|Markdown
npm-npm-*/*.py|Python
npm-npm-*/*package.json|JSON
npm-npm-*/*/docs/*.html|HTML
""".split("\n")


def order(path):
    return hashlib.sha256(str(path).encode()).hexdigest()


def is_text(path):
    """Files that linguist would call binary, empty or too long to read whole say nothing."""
    try:
        if path.is_symlink() or not path.is_file() or not 0 < path.stat().st_size <= LARGEST:
            return False
        return b"\0" not in path.read_bytes()
    except OSError:
        return False


def fetch(data):
    packages, out = data / "packages", data / "x"
    packages.mkdir(parents=True, exist_ok=True)
    for name in DEBIAN:
        subprocess.run(["apt-get", "download", name], cwd=packages, check=False, capture_output=True)
    for name in NPM:
        subprocess.run(["npm", "pack", name], cwd=packages, check=False, capture_output=True)
    for package in sorted(packages.iterdir()):
        name = package.name.split("_")[0] if package.suffix == ".deb" else "npm-" + package.stem
        (out / name).mkdir(parents=True, exist_ok=True)
        command = ["dpkg-deb", "-x", package, out / name] if package.suffix == ".deb" else ["tar", "xzf", package, "-C", out / name]
        subprocess.run(command, check=True)
    for archive in out.glob("gcc-12-source/usr/src/gcc-12/gcc-*.tar.xz"):
        (out / "gcc-src").mkdir(exist_ok=True)
        subprocess.run(["tar", "xf", archive, "-C", out / "gcc-src"], check=True)


def files_of(data):
    top = data / "x"
    for folder, _, names in os.walk(top):
        for name in names:
            path = Path(folder) / name
            yield path, str(path.relative_to(top))


def labelled(data):
    rules = [line.split("|") for line in LABELS if line]
    found = defaultdict(list)
    for path, relative in files_of(data):
        for pattern, label in rules:
            if fnmatch.fnmatchcase(relative, pattern):
                found[pattern, label].append((order("label " + relative), path))
                break
    for (_, label), paths in found.items():
        chosen = 0
        for _, path in sorted(paths):
            if chosen == PER_RULE:
                break
            if is_text(path):
                print(f"{path}\t{label}")
                chosen += 1


def sample(data, count):
    """Files of the packages, and of this machine's /usr and /etc, at most 12 of each ending: common endings would be all there is otherwise."""
    pool = [(order("sample " + relative), path) for path, relative in files_of(data)]
    for top in ("/usr/share", "/usr/lib", "/etc", "/usr/bin", "/usr/include"):
        for folder, _, names in os.walk(top):
            pool += [(order(f"sample {folder}/{name}"), Path(folder) / name) for name in names]
    seen, chosen = Counter(), 0
    for _, path in sorted(pool):
        ending = path.suffix.lower()
        if chosen == count:
            break
        if seen[ending] < (60 if ending == "" else 12) and is_text(path):
            seen[ending] += 1
            chosen += 1
            print(path)


def stackmill(paths):
    """Languages and reasons by path."""
    requests = "".join(json.dumps({"id": i, "path": str(p), "base64": base64.b64encode(Path(p).read_bytes()).decode()}) + "\n" for i, p in enumerate(paths))
    answers = subprocess.run([ROOT / "stackmill", "inspect", "--stdin"], input=requests, capture_output=True, text=True, check=True).stdout
    by_id = {a["id"]: a for a in map(json.loads, answers.splitlines())}
    return {p: (by_id[i]["language"], by_id[i]["language_reason"]) for i, p in enumerate(paths)}


LINGUIST = """
require 'linguist'
STDIN.each_line(chomp: true) do |path|
  language = Linguist::FileBlob.new(path).language
  puts "#{path}\\t#{language && language.name}"
end
"""


def linguist(paths):
    answers = subprocess.run(["ruby", "-e", LINGUIST], input="".join(f"{p}\n" for p in paths), capture_output=True, text=True, check=True).stdout
    return {line.split("\t")[0]: line.split("\t")[1] or None for line in answers.splitlines()}


def report(name, right, total, wrong, as_json):
    if as_json:
        print(json.dumps({"check": name, "files": total, "right": right, "share": round(right / total, 4), "wrong": wrong}, indent=1))
        return
    for row in wrong:
        print("\t".join(str(value) for value in row.values()))
    print(f"{right} of {total} files: {100 * right / total:.2f} %")


def score(file, as_json):
    rows = [line.rstrip("\n").split("\t") for line in open(file)]
    found = stackmill([path for path, _ in rows])
    wrong = [{"path": path, "label": label, "stackmill": found[path][0], "reason": found[path][1]} for path, label in rows if found[path][0] not in label.split(" or ")]
    report(f"labelled set, {len(set(label for _, label in rows))} languages", len(rows) - len(wrong), len(rows), wrong, as_json)


def agree(file, as_json):
    paths = [line.rstrip("\n") for line in open(file)]
    theirs, ours = linguist(paths), stackmill(paths)
    wrong = [{"path": p, "linguist": theirs[p], "stackmill": ours[p][0], "reason": ours[p][1]} for p in paths if ours[p][0] != theirs[p]]
    report("agreement with linguist", len(paths) - len(wrong), len(paths), wrong, as_json)


def main():
    command, argument, *rest = sys.argv[1:]
    as_json = "--json" in rest
    if command == "fetch":
        fetch(Path(argument))
    elif command == "labelled":
        labelled(Path(argument))
    elif command == "sample":
        sample(Path(argument), int(rest[0]))
    elif command == "score":
        score(argument, as_json)
    elif command == "agree":
        agree(argument, as_json)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
