#!/bin/bash
# What 'stackmill data repro' takes where nothing has changed: a folder of 10,000 files that a stage copies, so that 20,000 are looked at.
# Usage: data_repro.sh FOLDER (new or empty). Prints seconds of five runs, and user and system seconds of the processors.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1/in"
cd "$1"
i=0
while [ "$i" -lt 10000 ]; do
    echo "file $i" >"in/f$i.txt"
    i=$((i + 1))
done
cat >dvc.yaml <<'YAML'
stages:
  copy:
    cmd: cp -r in out
    deps:
    - in
    outs:
    - out
YAML
git init -q .
"$root/stackmill" init --dvc >/dev/null 2>&1 || mkdir -p .dvc
"$root/stackmill" data repro >/dev/null
TIMEFORMAT='%R s, processors %U + %S s'
for _ in 1 2 3 4 5; do
    time dotnet "$root/artifacts/app/$(cat "$root/artifacts/app/current")/Stackmill.Cli.dll" data repro -q
done
time "$root/stackmill" data repro -q
