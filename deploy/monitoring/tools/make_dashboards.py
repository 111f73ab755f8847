#!/usr/bin/env python3
"""Writes grafana/dashboards/*.json. A panel is one line here; its place on the grid is worked out.

    python3 deploy/monitoring/tools/make_dashboards.py [--check]

--check writes nothing, and fails when a file differs.
"""

import json
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "grafana" / "dashboards"
SOURCE = {"type": "prometheus", "uid": "stackmill-prometheus"}
COLUMNS = 24


def thresholds(*steps):
    return {"mode": "absolute", "steps": [{"color": color, "value": value} for value, color in steps]}


PLAIN = thresholds((None, "green"))
LOAD = thresholds((None, "green"), (70, "orange"), (85, "red"))
BAD = thresholds((None, "green"), (1, "red"))
STATUS = [{"type": "value", "options": {
    "-1": {"text": "failed", "color": "red", "index": 0},
    "0": {"text": "stopped", "color": "blue", "index": 1},
    "1": {"text": "running", "color": "green", "index": 2},
}}]


def panel(kind, title, width, height, *queries, unit="short", steps=PLAIN, low=None, high=None, mappings=None, stack=False, about=""):
    """queries are pairs of an expression and its legend."""
    defaults = {"unit": unit, "thresholds": steps, "mappings": mappings or []}
    if low is not None:
        defaults["min"] = low
    if high is not None:
        defaults["max"] = high
    if kind == "timeseries":
        defaults["custom"] = {"fillOpacity": 10, "showPoints": "never", "stacking": {"mode": "normal" if stack else "none"}}
    made = {
        "type": kind, "title": title, "description": about, "datasource": SOURCE,
        "gridPos": {"w": width, "h": height, "x": 0, "y": 0},
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "targets": [
            {"refId": chr(ord("A") + i), "datasource": SOURCE, "expr": expr, "legendFormat": legend,
             "instant": kind in ("stat", "gauge", "bargauge", "table"), "range": kind not in ("stat", "gauge", "bargauge", "table"),
             "format": "table" if kind == "table" else "time_series", "exemplar": kind == "timeseries" and "_bucket" in expr}
            for i, (expr, legend) in enumerate(queries)],
        "options": {},
    }
    if kind in ("stat", "gauge", "bargauge"):
        made["options"] = {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}}
        if kind == "stat":
            made["options"]["colorMode"] = "background" if mappings else "value"
        if kind == "bargauge":
            made["options"] |= {"orientation": "horizontal", "displayMode": "basic"}
    if kind == "timeseries":
        made["options"] = {"legend": {"displayMode": "table", "placement": "right", "calcs": ["lastNotNull", "max"]}, "tooltip": {"mode": "multi", "sort": "desc"}}
    return made


def row(title, *panels):
    return (title, panels)


def variable(name, label, query, multi=True):
    return {
        "type": "query", "name": name, "label": label, "datasource": SOURCE, "definition": query, "query": {"query": query, "refId": name},
        "refresh": 2, "sort": 1, "multi": multi, "includeAll": True, "allValue": ".*", "current": {"selected": True, "text": ["All"], "value": ["$__all"]}, "hide": 0,
    }


def dashboard(uid, title, about, variables, *rows, since="now-6h"):
    panels, at, number = [], 0, 1
    for heading, inside in rows:
        panels.append({"type": "row", "title": heading, "collapsed": False, "panels": [], "id": number, "gridPos": {"w": COLUMNS, "h": 1, "x": 0, "y": at}})
        at, number, left, tallest = at + 1, number + 1, 0, 0
        for one in inside:
            place = one["gridPos"]
            if left + place["w"] > COLUMNS:
                at, left, tallest = at + tallest, 0, 0
            place["x"], place["y"], one["id"] = left, at, number
            left, tallest, number = left + place["w"], max(tallest, place["h"]), number + 1
            panels.append(one)
        at += tallest
    return {
        "uid": uid, "title": title, "description": about, "tags": ["stackmill"], "schemaVersion": 39, "version": 1, "editable": False, "graphTooltip": 1,
        "refresh": "15s", "time": {"from": since, "to": "now"}, "timezone": "utc", "templating": {"list": variables}, "annotations": {"list": []},
        "links": [{"type": "dashboards", "title": "Stackmill", "tags": ["stackmill"], "asDropdown": False, "includeVars": True, "keepTime": True}], "panels": panels,
    }


PIPELINE = variable("pipeline", "Pipeline", "label_values(pipeline_status, pipeline_name)")
STAGE = variable("stage", "Stage", "label_values(stackmill_stage_records, stage)")

DASHBOARDS = {
    "pipeline.json": dashboard(
        "stackmill-pipeline", "Stackmill: pipeline", "Status, machine, errors and volume; below, each stage.", [PIPELINE, STAGE],
        row("Pipeline",
            panel("stat", "Pipeline status", 6, 6, ('max by (pipeline_name) (pipeline_status{pipeline_name=~"$pipeline"})', "{{pipeline_name}}"), mappings=STATUS),
            panel("gauge", "CPU", 6, 6, ("max(system_cpu_usage_percent)", "CPU"), unit="percent", steps=LOAD, low=0, high=100),
            panel("gauge", "Memory", 6, 6, ("max(system_memory_usage_percent)", "memory"), unit="percent", steps=LOAD, low=0, high=100),
            panel("gauge", "Disk", 6, 6, ("max(system_disk_usage_percent)", "disk"), unit="percent", steps=LOAD, low=0, high=100),
            panel("timeseries", "Resources over time", 24, 7, ("max(system_cpu_usage_percent)", "CPU"), ("max(system_memory_usage_percent)", "memory"), ("max(system_disk_usage_percent)", "disk"), unit="percent", low=0, high=100),
            panel("timeseries", "Errors by stage (1 h)", 12, 8, ("sum by (stage, error_type) (increase(pipeline_errors_total[1h]))", "{{stage}}: {{error_type}}"), low=0),
            panel("timeseries", "Data volume by stage (5 min)", 12, 8, ("sum by (stage) (rate(data_volume_bytes_total[5m]))", "{{stage}}"), unit="Bps", low=0)),
        row("Stages: $stage",
            panel("bargauge", "Progress", 8, 8, ('max by (stage) (stackmill_stage_progress_ratio{stage=~"$stage"})', "{{stage}}"), unit="percentunit", low=0, high=1),
            panel("stat", "Time left", 8, 8, ('max by (stage) (stackmill_stage_eta_seconds{stage=~"$stage"})', "{{stage}}"), unit="s"),
            panel("timeseries", "Tasks", 8, 8, ('sum by (state) (stackmill_stage_tasks{stage=~"$stage"})', "{{state}}"), low=0, stack=True, about="Waiting tasks are the depth of the queue."),
            panel("timeseries", "Throughput: records", 12, 8, ('sum by (stage) (rate(stackmill_records_seen_total{stage=~"$stage"}[$__rate_interval]))', "{{stage}}"), unit="rps", low=0),
            panel("timeseries", "Throughput: bytes", 12, 8, ('sum by (stage) (rate(data_volume_bytes_total{stage=~"$stage"}[$__rate_interval]))', "{{stage}}"), unit="Bps", low=0),
            panel("timeseries", "Time of a stage, 95 %", 12, 8, ('histogram_quantile(0.95, sum by (stage, le) (increase(pipeline_processing_seconds_bucket{stage=~"$stage"}[6h])))', "{{stage}}"), unit="s", low=0),
            panel("timeseries", "Time of a task, 95 %", 12, 8, ('histogram_quantile(0.95, sum by (stage, le) (increase(stackmill_task_seconds_bucket{stage=~"$stage"}[15m])))', "{{stage}}"), unit="s", low=0, about="The points are exemplars: run and task."),
            panel("timeseries", "Records by outcome", 12, 8, ('sum by (outcome) (rate(stackmill_records_total{stage=~"$stage"}[$__rate_interval]))', "{{outcome}}"), unit="rps", low=0),
            panel("timeseries", "Rejects by reason", 12, 8, ('sum by (stage, reason) (rate(stackmill_records_dropped_total{stage=~"$stage"}[$__rate_interval]))', "{{stage}}: {{reason}}"), unit="rps", low=0),
            panel("bargauge", "Rejects of the last run", 12, 8, ('topk(15, max by (stage, reason) (stackmill_stage_dropped_records{stage=~"$stage"}))', "{{stage}}: {{reason}}")),
            panel("table", "Books", 12, 8, ('max by (stage, outcome) (stackmill_stage_records{stage=~"$stage"})', ""))),
        row("Runs and process",
            panel("stat", "Last success", 6, 5, ('max by (pipeline_name) (stackmill_run_last_success_timestamp_seconds{pipeline_name=~"$pipeline"}) * 1000', "{{pipeline_name}}"), unit="dateTimeFromNow"),
            panel("stat", "Exit code", 6, 5, ('max by (pipeline_name) (stackmill_run_exit_code{pipeline_name=~"$pipeline"})', "{{pipeline_name}}"), steps=BAD),
            panel("stat", "Version", 6, 5, ("max by (version, runtime) (stackmill_build_info)", "{{version}} on {{runtime}}")),
            panel("stat", "Begun", 6, 5, ('max by (pipeline_name) (stackmill_run_start_timestamp_seconds{pipeline_name=~"$pipeline"}) * 1000', "{{pipeline_name}}"), unit="dateTimeFromNow"),
            panel("timeseries", "Memory of the process", 8, 7, ("sum by (instance) (process_resident_memory_bytes{job!~\"node|prometheus\"})", "{{instance}}"), ("sum by (instance) (stackmill_gc_heap_bytes)", "{{instance}} heap"), unit="bytes", low=0),
            panel("timeseries", "Processor time of the process", 8, 7, ("sum by (instance) (rate(process_cpu_seconds_total{job!~\"node|prometheus\"}[$__rate_interval]))", "{{instance}}"), low=0),
            panel("timeseries", "Share of time in garbage collection", 8, 7, ("sum by (instance) (rate(stackmill_gc_pause_seconds_total[$__rate_interval]))", "{{instance}}"), unit="percentunit", low=0))),
    "acquisition.json": dashboard(
        "stackmill-acquisition", "Stackmill: acquisition", "Rows that are filtered, and contents that are fetched.", [PIPELINE],
        row("Download",
            panel("timeseries", "Rate of download", 12, 8, ("sum(rate(stackmill_download_bytes_total[$__rate_interval]))", "bytes"), unit="Bps", low=0),
            panel("timeseries", "Requests", 12, 8, ("sum(rate(stackmill_download_requests_total[$__rate_interval]))", "requests"), ("sum(rate(stackmill_download_contents_total[$__rate_interval]))", "contents"), unit="rps", low=0),
            panel("timeseries", "Tried again and refused for load", 12, 8, ("sum(rate(stackmill_download_retries_total[$__rate_interval]))", "tried again"), ("sum(rate(stackmill_download_throttled_total[$__rate_interval]))", "refused for load"), unit="rps", low=0),
            panel("timeseries", "Requests at once", 12, 8, ("max(stackmill_download_requests_limit)", "limit"), ("max(stackmill_download_contents_under_way)", "under way"), low=0),
            panel("stat", "Contents fetched", 6, 5, ("sum(stackmill_download_contents_total)", "contents")),
            panel("stat", "Bytes fetched", 6, 5, ("sum(stackmill_download_bytes_total)", "bytes"), unit="bytes"),
            panel("stat", "Contents given up", 6, 5, ("sum(stackmill_download_lost_total)", "contents"), steps=BAD),
            panel("stat", "Share of requests refused", 6, 5, ("sum(stackmill_download_throttled_total) / (sum(stackmill_download_requests_total) > 0)", "refused"), unit="percentunit")),
        row("Hub",
            panel("timeseries", "Requests to the Hub", 12, 8, ('sum by (host, outcome) (rate(stackmill_hub_requests_total[$__rate_interval])) or vector(0)', "{{host}}: {{outcome}}"), ("sum(rate(stackmill_hub_retries_total[$__rate_interval])) or vector(0)", "tried again"), unit="rps", low=0),
            panel("timeseries", "Rate from the Hub", 12, 8, ("sum(rate(stackmill_hub_bytes_total[$__rate_interval])) or vector(0)", "bytes"), unit="Bps", low=0)),
        row("Stages",
            panel("bargauge", "Progress", 8, 7, ('max by (stage) (stackmill_stage_progress_ratio{stage=~"metadata|contents|organize"})', "{{stage}}"), unit="percentunit", low=0, high=1),
            panel("stat", "Time left", 8, 7, ('max by (stage) (stackmill_stage_eta_seconds{stage=~"metadata|contents|organize"})', "{{stage}}"), unit="s"),
            panel("table", "Books", 8, 7, ('max by (stage, outcome) (stackmill_stage_records{stage=~"metadata|contents|organize"})', "")),
            panel("timeseries", "Errors by type (1 h)", 12, 8, ('sum by (stage, error_type) (increase(pipeline_errors_total{stage=~"metadata|contents|organize"}[1h]))', "{{stage}}: {{error_type}}"), low=0),
            panel("bargauge", "Rejects by reason", 12, 8, ('topk(15, max by (stage, reason) (stackmill_stage_dropped_records{stage=~"metadata|contents|organize"}))', "{{stage}}: {{reason}}")))),
    "quality.json": dashboard(
        "stackmill-quality", "Stackmill: quality over runs", "What the corpus is, and how that changes from run to run; from pushed states.", [PIPELINE, STAGE],
        row("Kept and dropped",
            panel("timeseries", "Share of records dropped", 12, 8, ('stage:drop_ratio:current{stage=~"$stage"}', "{{stage}}"), unit="percentunit", low=0, high=1),
            panel("timeseries", "Change against the day before", 12, 8, ('stage:drop_ratio:current{stage=~"$stage"} - stage:drop_ratio:avg1d{stage=~"$stage"}', "{{stage}}"), unit="percentunit", about="The alert DropRateJump fires above 20 %."),
            panel("timeseries", "Dropped by reason", 24, 9, ('max by (stage, reason) (stackmill_stage_dropped_records{stage=~"$stage"})', "{{stage}}: {{reason}}"), low=0, stack=True),
            panel("timeseries", "Records kept", 12, 8, ('max by (stage) (stackmill_stage_records{stage=~"$stage",outcome="kept"})', "{{stage}}"), low=0),
            panel("timeseries", "Content kept", 12, 8, ('max by (stage) (stackmill_stage_content_bytes{stage=~"$stage",outcome="kept"})', "{{stage}}"), unit="bytes", low=0)),
        row("Personal data, duplicates, tokens",
            panel("bargauge", "Redactions by kind", 8, 9, ("topk(15, max by (kind) (stackmill_redactions_total))", "{{kind}}")),
            panel("bargauge", "Duplicates by kind", 8, 9, ("max by (kind) (stackmill_duplicates_total)", "{{kind}}")),
            panel("timeseries", "Tokens counted", 8, 9, ("max by (stage) (stackmill_tokens_total)", "{{stage}}"), low=0)),
        row("Effort",
            panel("timeseries", "Time of stages", 12, 8, ('max by (stage) (batch_duration_seconds{stage=~"$stage"})', "{{stage}}"), unit="s", low=0, stack=True),
            panel("timeseries", "Records of stages", 12, 8, ('max by (stage) (batch_records_processed{stage=~"$stage"})', "{{stage}}"), low=0),
            panel("timeseries", "Records a second", 12, 8, ('max by (stage) (batch_records_processed{stage=~"$stage"}) / (max by (stage) (batch_duration_seconds{stage=~"$stage"}) > 0)', "{{stage}}"), unit="rps", low=0),
            panel("stat", "Notifications that were not taken", 24, 5, ('sum by (channel) (stackmill_notifications_total{outcome="failed"}) or vector(0)', "{{channel}}"), steps=BAD),
            panel("timeseries", "Age of the last push", 12, 8, ("time() - max by (job, instance) (push_time_seconds)", "{{instance}}"), unit="s", low=0)),
        since="now-30d"),
}


def main():
    check, wrong = "--check" in sys.argv[1:], []
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in DASHBOARDS.items():
        text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
        path = FOLDER / name
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                wrong.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    if wrong:
        sys.exit(f"written by another version of this script: {', '.join(wrong)}; run it without --check")


if __name__ == "__main__":
    main()
