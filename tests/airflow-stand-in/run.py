"""Loads the DAG of a folder with the stand-in, runs it where that is asked for, and writes what was seen as JSON."""

from __future__ import annotations

import argparse
import http.server
import importlib
import json
import os
import sys
import threading
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).parent))
import stand_in  # noqa: E402: beside this file


class Gateway(http.server.BaseHTTPRequestHandler):
    """Keeps what is pushed."""

    pushes: list[dict] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.pushes.append({"path": self.path, "body": body, "authorization": self.headers.get("Authorization")})
        self.send_response(200)
        self.end_headers()

    def log_message(self, format, *arguments):
        """Nothing: the report has it."""


def describe(task) -> dict:
    return {
        "id": task.task_id, "operator": type(task).__name__, "base": type(task).__mro__[2].__name__, "upstream": sorted(task.upstream), "mapped": task.expanded is not None, "pool": task.pool,
        "trigger_rule": task.trigger_rule, "retries": task.retries, "backoff": task.retry_exponential_backoff, "hours": task.execution_timeout.total_seconds() / 3600,
        "parallel": task.max_active_tis_per_dagrun, "outlets": [asset.uri for asset in task.outlets or ()], "fails_loudly": task.on_failure_callback is not None,
        "options": {name: getattr(task, name) for name in sorted(task.own - {"function", "arguments", "private_environment"}) if name != (task.expanded or ("",))[0]} if not hasattr(task, "function") else {},
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("dags", type=Path)
    parser.add_argument("report", type=Path)
    parser.add_argument("--airflow", type=int, choices=(2, 3), default=3)
    parser.add_argument("--run", metavar="PARAMS", help="run the DAG with these parameters (JSON)")
    parser.add_argument("--gateway", choices=("none", "up", "down"), default="none")
    parser.add_argument("--lineage", choices=("none", "provider", "faulty"), default="none")
    given = parser.parse_args()

    server = None
    if given.gateway != "none":
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway)
        os.environ["PUSHGATEWAY_URL"] = f"http://pusher:secret%21word@127.0.0.1:{server.server_port}/base/"
        if given.gateway == "down":
            server.server_close()
        else:
            threading.Thread(target=server.serve_forever, daemon=True).start()
    stand_in.install(given.airflow, given.lineage)
    sys.path.insert(0, str(given.dags))
    dag = importlib.import_module("data_pipeline_dag").dag
    report = {
        "dag_id": dag.dag_id, "schedule": dag.schedule, "catchup": dag.catchup, "owner": dag.default_args["owner"], "params": {name: param.schema for name, param in dag.params.items()},
        "stages": [vars(stage) for stage in importlib.import_module("stackmill_steps.plan").STAGES], "tasks": [describe(task) for task in dag.ordered()],
    }
    if given.run is not None:
        run = stand_in.DagRun(dag, json.loads(given.run))
        report |= {"state": run.execute(), "states": run.states, "delays": run.delays, "callback_errors": run.callback_errors, "outlets_made": run.outlets, "pushes": Gateway.pushes}
    given.report.write_text(json.dumps(report, indent=1, default=lambda value: f"result of {value.operator.task_id}"), encoding="utf-8")


if __name__ == "__main__":
    main()
