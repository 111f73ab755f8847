"""Callbacks that push what happened to a Prometheus Pushgateway. They measure; what is not known is left out, and no task fails by them."""

from __future__ import annotations

import base64
import json
import logging
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from http.client import HTTPException
from pathlib import Path

from stackmill_steps import settings
from stackmill_steps.operators import exit_code
from stackmill_steps.plan import STAGES

JOB = "airflow_pipeline"
RUNNING, STOPPED, FAILED = 1, 0, -1

_LOG = logging.getLogger(__name__)
_PATIENCE_SECONDS = 10
_ERROR_TYPES = {1: "run", 2: "refused", 3: "shards", 4: "validation", 130: "stopped", 137: "killed", 143: "stopped"}
_STAGES = {stage.name: stage for stage in STAGES}


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Credentials must not go where the gateway, or who poses as it, sends us."""

    def redirect_request(self, *_):
        return None


_OPENER = urllib.request.build_opener(_NoRedirects)


def run_started(context) -> None:
    """The pipeline runs."""
    _push_pipeline(context, RUNNING)


def run_succeeded(context) -> None:
    """The pipeline has ended well."""
    _push_pipeline(context, STOPPED)


def run_failed(context) -> None:
    """The pipeline has failed."""
    _push_pipeline(context, FAILED)


def stage_started(context) -> None:
    """A stage runs."""
    _push({"stage": _stage_of(context)}, [("batch_status", "gauge", {}, RUNNING)])


def stage_succeeded(context) -> None:
    """A stage has ended well: its counts are those of its manifest or report."""
    stage = _stage_of(context)
    records, size = _counts(stage)
    _push({"stage": stage}, [
        ("batch_status", "gauge", {}, STOPPED),
        ("batch_records_processed", "gauge", {}, records),
        ("batch_bytes_processed", "gauge", {}, size),
        ("batch_duration_seconds", "gauge", {}, _seconds(context, stage)),
    ])


def task_retried(context) -> None:
    """A task has failed and is tried again: an error of its stage, which goes on."""
    stage = _stage_of(context)
    _push({"stage": stage}, _errors(context, stage))


def task_failed(context) -> None:
    """A task has failed for good, and its stage with it. Counts of an earlier run stay what they were."""
    stage = _stage_of(context)
    _push({"stage": stage}, [("batch_status", "gauge", {}, FAILED), ("batch_duration_seconds", "gauge", {}, _seconds(context, stage)), *_errors(context, stage)])
    _push_pipeline(context, FAILED)


def error_type(fault) -> str:
    """What went wrong, in one word of few: it becomes a label."""
    if (code := exit_code(fault)) is not None:
        return _ERROR_TYPES.get(code, f"exit_{code}")
    name = type(fault).__name__ if isinstance(fault, BaseException) else "unknown"
    return "timeout" if "Timeout" in name else name


def _push_pipeline(context, status: int) -> None:
    name = getattr(context.get("dag"), "dag_id", None) or "data_pipeline_dag"
    _push({"pipeline_name": name}, [("pipeline_status", "gauge", {}, status)])


def _stage_of(context) -> str:
    return context["ti"].task_id.split(".")[0]


def _seconds(context, stage: str) -> float | None:
    """Seconds since the first task of the stage began, however many tasks it has."""
    if stage not in _STAGES:
        return None
    try:
        started = context["ti"].xcom_pull(task_ids=first_task(stage), key="started")
    except Exception as fault:  # noqa: BLE001: what this raises differs between versions, and where the callback runs
        _LOG.warning("the start of stage %s is not known: %s", stage, type(fault).__name__)
        return None
    return time.time() - started if isinstance(started, (int, float)) else None


def first_task(stage: str) -> str:
    """The task that a stage begins with."""
    of = _STAGES[stage]
    return f"{stage}.{of.task_of(of.groups[0])}_tasks"


def _counts(stage: str) -> tuple[int | None, int | None]:
    if stage not in _STAGES:
        return None, None
    output = settings.load().output
    path = output / _STAGES[stage].output
    try:
        if path.suffix != ".json":
            books = json.loads((path / "_manifest.json").read_text(encoding="utf-8"))["books"]
            return books["in"], books["bytes_in"]
        report = json.loads(path.read_text(encoding="utf-8"))
        # The validation's report counts no bytes: it reads all of the corpus.
        books = json.loads((output / "data" / "corpus" / "_manifest.json").read_text(encoding="utf-8"))["books"]
        return report["total_files"], report.get("total_bytes", books["bytes_kept"])
    except (OSError, ValueError, KeyError) as fault:
        _LOG.warning("the counts of stage %s can't be read here (%s): they are not pushed", stage, type(fault).__name__)
        return None, None


def _errors(context, stage: str) -> list:
    """All errors of the stage so far, by type: a counter never falls, so it is counted in a file of the project."""
    path = settings.load().output / "logs" / "airflow_errors.tsv"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # One write of a short line: those of other workers are not torn.
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{stage}\t{error_type(context.get('exception'))}\n")
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as fault:
        _LOG.warning("errors can't be counted in %s (%s): they are not pushed", path, type(fault).__name__)
        return []
    counts = Counter(line.partition("\t")[2] for line in lines if line.startswith(f"{stage}\t"))
    return [("pipeline_errors_total", "counter", {"stage": stage, "error_type": kind}, count) for kind, count in sorted(counts.items())]


def _push(group: dict[str, str], metrics: list) -> None:
    """Adds metrics to a group; those that it has under other names stay."""
    gateway = os.environ.get("PUSHGATEWAY_URL", "")
    known = [metric for metric in metrics if metric[3] is not None]
    if not gateway or not known:
        return
    lines, seen = [], set()
    for name, kind, labels, value in known:
        if name not in seen:
            lines.append(f"# TYPE {name} {kind}")
            seen.add(name)
        shown = ",".join(f'{key}="{_escape(text)}"' for key, text in {**group, **labels}.items())
        lines.append(f"{name}{{{shown}}} {value}")
    try:
        request = _request(gateway, "".join(f"/{key}/{urllib.parse.quote(text, safe='')}" for key, text in group.items()), "\n".join(lines) + "\n")
        with _OPENER.open(request, timeout=_PATIENCE_SECONDS):
            pass
    except urllib.error.HTTPError as fault:
        _LOG.warning("the gateway refused the metrics of %s: %s", group, fault.code)
        fault.close()
    except (OSError, ValueError, HTTPException) as fault:
        # Only the kind: the text may hold the address with its password.
        _LOG.warning("the metrics of %s could not be pushed: %s", group, type(fault).__name__)


def _request(gateway: str, path: str, body: str) -> urllib.request.Request:
    address = urllib.parse.urlsplit(gateway if "://" in gateway else f"http://{gateway}")
    if address.scheme not in ("http", "https"):
        raise ValueError("PUSHGATEWAY_URL is no address of http or https.")
    user, _, host = address.netloc.rpartition("@")
    request = urllib.request.Request(
        urllib.parse.urlunsplit((address.scheme, host, f"{address.path.rstrip('/')}/metrics/job/{JOB}{path}", "", "")),
        data=body.encode(),
        headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        method="POST",
    )
    # What the program itself takes; a name and password in the address are the seed system's way.
    if given := os.environ.get("STACKMILL_PUSHGATEWAY_AUTHORIZATION"):
        request.add_header("Authorization", given)
    elif user:
        request.add_header("Authorization", "Basic " + base64.b64encode(urllib.parse.unquote(user).encode()).decode())
    return request


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
