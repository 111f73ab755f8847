"""What an installation sets, by variables of the environment. No secret is among them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

OPERATORS = ("bash", "docker", "kubernetes")


@dataclass(frozen=True)
class Settings:
    """The settings, checked: a wrong one is an import error of the DAG, which the web page shows."""

    repo: Path
    output: Path
    command: str
    operator: str
    image: str
    pod_template: str
    pool: str
    schedule: str | None
    input: str
    retries: int
    retry_seconds: int
    task_hours: int
    run_hours: int
    max_parallel: int
    map_length: int


def load(environment=os.environ) -> Settings:
    """Reads the settings."""
    repo = environment.get("AIRFLOW_REPO_DIR", "")
    if not repo.startswith("/"):
        raise ValueError(f"AIRFLOW_REPO_DIR is {repo!r}; expected the absolute path of the folder with stackmill.yaml, on storage that all workers see.")
    operator = environment.get("STACKMILL_OPERATOR", "bash")
    if operator not in OPERATORS:
        raise ValueError(f"STACKMILL_OPERATOR is {operator!r}; expected one of {', '.join(OPERATORS)}.")
    image = environment.get("STACKMILL_IMAGE", "")
    if operator != "bash" and not image:
        raise ValueError(f"STACKMILL_OPERATOR is {operator}, and STACKMILL_IMAGE is not set; expected an image with a tag or digest.")
    template = environment.get("STACKMILL_POD_TEMPLATE", "")
    if operator == "kubernetes" and not template.startswith("/"):
        raise ValueError(f"STACKMILL_POD_TEMPLATE is {template!r}; expected the absolute path of a pod template, e.g. a copy of pod-template.yaml.")

    def number(name: str, default: int, least: int, most: int) -> int:
        text = environment.get(name) or str(default)
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"{name} is {text!r}; expected a whole number from {least} to {most}.")
        return int(text)

    return Settings(
        repo=Path(repo),
        output=Path(environment.get("STACKMILL_OUTPUT") or repo),
        command=environment.get("STACKMILL_COMMAND") or "stackmill",
        operator=operator,
        image=image,
        pod_template=template,
        pool=environment.get("STACKMILL_POOL") or "default_pool",
        schedule=environment.get("STACKMILL_SCHEDULE") or None,
        input=environment.get("STACKMILL_INPUT", ""),
        retries=number("STACKMILL_RETRIES", 3, 0, 100),
        retry_seconds=number("STACKMILL_RETRY_SECONDS", 30, 1, 86_400),
        task_hours=number("STACKMILL_TASK_HOURS", 12, 1, 8_760),
        run_hours=number("STACKMILL_RUN_HOURS", 168, 1, 8_760),
        max_parallel=number("STACKMILL_MAX_PARALLEL", 16, 1, 100_000),
        # Below Airflow's own limit, [core] max_map_length, which is 1024.
        map_length=number("STACKMILL_MAP_LENGTH", 1_000, 1, 100_000),
    )
