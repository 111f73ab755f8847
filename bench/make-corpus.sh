#!/usr/bin/env bash
# Collects a benchmark corpus of real code from what a Debian machine has or its packages give.
#
#   bench/make-corpus.sh DIR
#
# DIR gets python/, java/, include/ and npm/: about 100 MB in about 10,000 files. Files are taken in the
# C locale's order of their paths until a part's limit is reached, so that two machines with the same package
# versions make the same corpus. DIR.corpus (beside DIR, not in it) records the totals and marks DIR as finished.
#
# Needs: bash, GNU find, awk, tar, unzip, python3; npm for the JavaScript packages. Where the machine has no
# readable src.zip of a JDK or too small a Python library, Debian packages are downloaded with apt-get and
# unpacked (not installed) into a temporary folder; that needs an up-to-date package list (apt-get update).
set -euo pipefail
export LC_ALL=C

# The recipe's version: raise it when the choice of files changes, so that an older corpus is made anew.
recipe=1

# Limits per part, in bytes. Together they stay near 100 MB with no language above a third.
python_limit=31000000 python_least=25000000
java_limit=28000000   java_least=20000000
include_limit=22000000 include_least=8000000
npm_limit=20000000    npm_least=6000000
least_files=5000      least_bytes=70000000
# One npm package gives at most this much, so that no single project is the JavaScript of the corpus.
npm_package_limit=1700000

# Extensions of the languages that Stackmill takes by default.
extensions='py|pyi|pyw|java|c|h|cc|cpp|cxx|hh|hpp|hxx|js|jsx|mjs|cjs|ts|tsx|mts|cts|go|rs|cs|rb|php|sh|bash|sql|html|htm|css|md|json|yaml|yml'

# Exact versions: a later release would make another corpus.
npm_packages=(
  chart.js@4.4.3 d3@7.9.0 date-fns@3.6.0 eslint@8.57.0 express@4.19.2 jquery@3.7.1 lodash@4.17.21
  mathjs@12.4.3 moment@2.30.1 rxjs@7.8.1 three@0.160.1 underscore@1.13.6 vue@3.4.27 webpack@5.91.0
)

fail() {
  printf 'make-corpus: %s\n' "$*" >&2
  exit 1
}

[ $# -eq 1 ] || { printf 'usage: bench/make-corpus.sh DIR\n' >&2; exit 2; }
[ -n "$1" ] || fail 'DIR is empty; give the folder to make'
for tool in find awk tar unzip python3; do
  command -v "$tool" > /dev/null || fail "'$tool' was not found on PATH; apt-get install ${tool/#awk/gawk}"
done

target=$(realpath -m -- "$1")
mark=$target.corpus
if [ -d "$target" ] && [ -f "$mark" ] && [ "$(head -n 1 "$mark")" = "recipe $recipe" ]; then
  cat "$mark"
  printf 'already made: %s\n' "$target"
  exit 0
fi
if [ -e "$target" ] && [ ! -f "$mark" ]; then
  [ -d "$target" ] && [ -z "$(ls -A "$target")" ] ||
    fail "$target exists and was not made by this script; name a new folder, or remove it yourself"
fi

mkdir -p -- "$(dirname "$target")"
work=$(mktemp -d "$target.making.XXXXXX")
trap 'rm -rf -- "$work"' EXIT
made=$work/corpus
mkdir -p "$made"

# take FROM INTO LIMIT: copies supported files of FROM (no links, no caches, no installed third-party packages)
# into INTO, in path order, until the next file would pass LIMIT bytes.
take() {
  local from=$1 into=$2 limit=$3 list=$work/list
  mkdir -p "$into"
  find "$from" -mindepth 1 -regextype posix-extended \
      \( -name site-packages -o -name __pycache__ -o -name '.*' \) -prune -o \
      -type f -iregex ".*\.($extensions)" -printf '%P\t%s\n' |
    sort -t $'\t' -k 1,1 |
    awk -F '\t' -v limit="$limit" 'sum + $2 > limit { full = 1 } !full { sum += $2; printf "%s%c", $1, 0 }' > "$list"
  tar -C "$from" --null --verbatim-files-from -T "$list" -cf - | tar -C "$into" -xf -
}

bytes_in() { find "$1" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum + 0 }'; }
files_in() { find "$1" -type f -printf '.' | wc -c; }

# unpacked PACKAGE: downloads a Debian package and prints the folder that it is unpacked into.
unpacked() {
  local folder=$work/deb-$1
  command -v apt-get > /dev/null || fail "$1 is needed and apt-get was not found; this script knows Debian only"
  mkdir -p "$folder/root"
  # apt's own sandbox user cannot write into a folder of mode 700.
  (cd "$folder" && apt-get -o APT::Sandbox::User=root download "$1" > apt.log 2>&1) ||
    fail "apt-get download $1 failed: $(tail -n 1 "$folder/apt.log"); run apt-get update first"
  dpkg-deb -x "$folder"/*.deb "$folder/root"
  printf '%s\n' "$folder/root"
}

# Python: the standard library of python3 with its tests; Debian splits the tests into a package of their own.
python_library=$(python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
[ -d "$python_library" ] || fail "python3 names '$python_library' as its library, and that folder is not there"
take "$python_library" "$made/python/stdlib" "$python_limit"
if [ "$(bytes_in "$made/python")" -lt "$python_least" ]; then
  version=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  root=$(unpacked "libpython$version-testsuite")
  take "$root/usr/lib" "$made/python/testsuite" $((python_limit - $(bytes_in "$made/python")))
fi
if [ "$(bytes_in "$made/python")" -lt "$python_least" ] && [ -d /usr/lib/python3/dist-packages ]; then
  take /usr/lib/python3/dist-packages "$made/python/dist-packages" $((python_limit - $(bytes_in "$made/python")))
fi

# Java: module java.base of OpenJDK 17's sources.
archive=
for candidate in /usr/lib/jvm/openjdk-17/lib/src.zip /usr/lib/jvm/openjdk-17/src.zip /usr/lib/jvm/java-17-openjdk-*/lib/src.zip; do
  if [ -r "$candidate" ]; then archive=$candidate; break; fi
done
if [ -z "$archive" ]; then
  root=$(unpacked openjdk-17-source)
  archive=$(find "$root" -name src.zip -type f | head -n 1)
  [ -n "$archive" ] || fail 'the package openjdk-17-source holds no src.zip; looked everywhere in it'
fi
mkdir "$work/java"
unzip -q "$archive" 'java.base/*' -d "$work/java" || fail "$archive holds no readable java.base; reinstall openjdk-17-source"
take "$work/java" "$made/java" "$java_limit"

# C and C++: the headers that are installed.
[ -d /usr/include ] || fail '/usr/include is not there; apt-get install build-essential'
take /usr/include "$made/include" "$include_limit"

# JavaScript and TypeScript: named packages, then the global npm folder.
command -v npm > /dev/null || fail "'npm' was not found on PATH; apt-get install npm"
mkdir -p "$work/npm"
for package in "${npm_packages[@]}"; do
  left=$((npm_limit - $( [ -d "$made/npm" ] && bytes_in "$made/npm" || echo 0)))
  [ "$left" -gt "$npm_package_limit" ] || left=$(( left > 0 ? left : 0 ))
  [ "$left" -lt "$npm_package_limit" ] || left=$npm_package_limit
  name=${package%@*}
  mkdir "$work/npm/$name"
  (cd "$work/npm/$name" && npm pack --silent --ignore-scripts "$package" > pack.log 2>&1) ||
    fail "npm pack $package failed: $(tail -n 1 "$work/npm/$name/pack.log")"
  tar -C "$work/npm/$name" -xzf "$work/npm/$name"/*.tgz
  take "$work/npm/$name/package" "$made/npm/$name" "$left"
done
global=$(npm root --global --silent 2> /dev/null)
left=$((npm_limit - $(bytes_in "$made/npm")))
if [ -d "$global/npm" ] && [ "$left" -gt 0 ]; then take "$global/npm" "$made/npm/npm" "$left"; fi

for part in python java include npm; do
  variable=${part}_least
  size=$(bytes_in "$made/$part")
  [ "$size" -ge "${!variable}" ] ||
    fail "$part has $size bytes and at least ${!variable} are expected; install more of it (python3, openjdk-17-source, build-essential, npm)"
done
files=$(files_in "$made")
bytes=$(bytes_in "$made")
[ "$files" -ge "$least_files" ] && [ "$bytes" -ge "$least_bytes" ] ||
  fail "found $files files and $bytes bytes; at least $least_files files and $least_bytes bytes are expected"

chmod -R u+rwX,go+rX "$made"
rm -rf -- "$target"
mv -- "$made" "$target"
{
  printf 'recipe %s\n' "$recipe"
  printf '%-8s %8s %14s\n' part files bytes
  for part in python java include npm; do
    printf '%-8s %8d %14d\n' "$part" "$(files_in "$target/$part")" "$(bytes_in "$target/$part")"
  done
  printf '%-8s %8d %14d\n' total "$files" "$bytes"
} > "$mark"
cat "$mark"
