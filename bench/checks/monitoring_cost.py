#!/usr/bin/env python3
"""What it costs to watch a run: processor time (user and system) of the same run with everything on and with everything off.

    python3 bench/checks/monitoring_cost.py CORPUS [--files 100000] [--pairs 5] [--work DIR] [--out FILE] -- stackmill

CORPUS is a folder of real source files, which are cut at line ends and, where there are too few, taken again with another first line. On means: served metrics, a
metrics file, pushes, metrics, traces and logs by OTLP, records of runs; and, where --on names it, a notification at the end. All of it goes to one server of this
script, a process of its own whose time does not count. Pairs take turns in which of the two is first. Times are those that the system counts for the process (wait4), so that what else the machine does shows little.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import Process, Queue
from pathlib import Path

# Real files are longer on average: those of the corpus used here have 12 kB.
PIECE = 8000
SUFFIXES = {".py", ".java", ".js", ".ts", ".c", ".h", ".cpp", ".hpp", ".go", ".rb"}


def cut(corpus, target, count):
    """Writes so many files of at most about PIECE bytes each; the same ones each time."""
    made = 0
    sources = sorted(p for p in corpus.rglob("*") if p.suffix in SUFFIXES and p.is_file() and not p.is_symlink())
    for turn, source in ((turn, source) for turn in range(1000) for source in sources):
        lines = source.read_bytes().splitlines(keepends=True)
        piece, size = [f"// {turn}\n".encode()] if turn else [], 0
        for number, line in enumerate(lines):
            piece.append(line)
            size += len(line)
            if size < PIECE and number + 1 < len(lines):
                continue
            if size >= 200:
                folder = target / f"r{made % 100:02d}" / f"d{made // 100 % 50:02d}"
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"f{made:06d}{source.suffix}").write_bytes(b"".join(piece))
                made += 1
                if made == count:
                    return made
            piece, size = [], 0
    return made


def serve(ports):
    """Takes all that comes and counts it by the first part of its path."""

    class Sink(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            length = int(self.headers.get("Content-Length") or 0)
            if length:
                self.rfile.read(length)
            elif self.headers.get("Transfer-Encoding") == "chunked":
                while size := int(self.rfile.readline(), 16):
                    self.rfile.read(size + 2)
                self.rfile.readline()
            name = "/".join(self.path.split("/")[:3])
            counts[name] = counts.get(name, 0) + 1
            self.reply(b"")

        def do_GET(self):
            self.reply(json.dumps(counts).encode())

        def reply(self, body):
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    counts = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Sink)
    ports.put(server.server_address[1])
    server.serve_forever()


def run(command, environment):
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{said.decode()}")
    return used.ru_utime + used.ru_stime


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--on", default="served,file,push,otlp,records", help="what is on: served, file, push, otlp, records, webhook")
    parser.add_argument("--work", type=Path, default=Path("monitoring-cost"))
    parser.add_argument("--out", type=Path)
    parser.add_argument("program", nargs="+")
    given = parser.parse_args()
    corpus = given.work / "input"
    if not corpus.exists():
        cut(given.corpus, corpus, given.files)
    files = sum(len(names) for _, _, names in os.walk(corpus))

    ports = Queue()
    sink = Process(target=serve, args=(ports,), daemon=True)
    sink.start()
    address = f"http://127.0.0.1:{ports.get()}"
    plain = {k: v for k, v in os.environ.items() if not k.startswith("OTEL_") and k != "PUSHGATEWAY_URL"}
    project = given.work / "project"
    base = [*given.program, "run", "--input", str(corpus), "--output", str(project), "--workers", "2", "--quiet", "--json"]
    parts = {
        "served": ["--metrics-port", "0"],
        "file": ["--metrics-file", str(given.work / "m.prom")],
        "push": ["--pushgateway", address],
        "otlp": ["--set", f"monitoring.otlp.endpoint={address}"],
        "records": [],
        "webhook": ["--set", "notifications.webhook.url_variable=COST_HOOK"],
    }
    on = given.on.split(",")
    none = ["--set", "monitoring.retained_runs=0"]
    kinds = {
        "off": (none, plain),
        "on": ([word for part in on for word in parts[part]] + ([] if "records" in on else none), {**plain, "COST_HOOK": f"{address}/hook/x"}),
    }
    seconds = {"off": [], "on": []}
    for pair in range(given.pairs + 1):
        for kind in ("off", "on") if pair % 2 == 0 else ("on", "off"):
            shutil.rmtree(project, ignore_errors=True)
            more, environment = kinds[kind]
            used = run(base + more, environment)
            # The first pair warms the caches of files.
            if pair > 0:
                seconds[kind].append(round(used, 2))
            print(f"{'warm-up' if pair == 0 else pair} {kind}: {used:.2f} s", flush=True)
    from urllib.request import urlopen

    received = json.load(urlopen(address))
    sink.terminate()
    shutil.rmtree(project, ignore_errors=True)

    median = {kind: statistics.median(values) for kind, values in seconds.items()}
    ratios = [100 * (on / off - 1) for on, off in zip(seconds["on"], seconds["off"])]
    result = {
        "what": "processor time (user and system) of a whole run that is watched, against the same run with all of it off",
        "on": on,
        "command": "python3 bench/checks/monitoring_cost.py CORPUS --files %d --pairs %d -- ./stackmill" % (given.files, given.pairs),
        "files": files,
        "input_bytes": sum(p.stat().st_size for p in corpus.rglob("*") if p.is_file()),
        "workers": 2,
        "processors": os.cpu_count(),
        "machine": platform.machine(),
        "off_seconds": seconds["off"],
        "on_seconds": seconds["on"],
        "median_off_seconds": median["off"],
        "median_on_seconds": median["on"],
        "more_by_medians_percent": round(100 * (median["on"] / median["off"] - 1), 2),
        "more_median_of_pairs_percent": round(statistics.median(ratios), 2),
        "requests_received_in_all_runs": received,
    }
    text = json.dumps(result, indent=2) + "\n"
    if given.out:
        given.out.write_text(text)
    print(text)


if __name__ == "__main__":
    main()
