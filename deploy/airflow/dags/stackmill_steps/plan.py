"""The plan of a run: the stages that the DAG knows, what a plan says of them, and the batches that are mapped over."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Stage:
    """A stage: its name in the DAG and in metrics, its groups in order, what its counts are read from, what comes before it."""

    name: str
    groups: tuple[str, ...]
    output: str
    needs: tuple[str, ...] = ()

    @property
    def finish(self) -> str:
        """The group whose end is the stage's."""
        return self.groups[-1]

    def task_of(self, group: str) -> str:
        """Name of a group's task below the stage's."""
        last = group.rsplit(".", 1)[-1]
        return last if "." in group or self.name == "acquisition" else "shards"


# Every group that a plan may have. Which of them it has is up to the configuration: the others have no tasks, and are skipped.
STAGES = (
    Stage("acquisition", ("metadata", "contents"), "data/contents"),
    Stage("organize", ("organize", "organize.finish"), "data/staged", ("acquisition",)),
    Stage("preprocessing", ("preprocess", "preprocess.finish"), "data/processed", ("organize",)),
    Stage(
        "deduplication",
        tuple(
            f"deduplicate.{step}"
            for step in (
                "signatures", "repositories", "order", "buckets", "parts", "needed", "contents", "decisions", "containment", "windows", "frequent", "keep", "finish",
            )
        ),
        "data/corpus",
        ("preprocessing",),
    ),
    Stage("validation", ("validate", "validate.finish"), "reports/schema_validation_report.json", ("deduplication",)),
    Stage("statistics", ("statistics", "statistics.finish"), "reports/data_statistics.json", ("deduplication",)),
    # After the validation: what it finds keeps the release from being made, and the statistics not.
    Stage("export", ("export", "export.finish"), "data/release", ("validation",)),
)


def arguments(output: Path, params: dict) -> list[str]:
    """Arguments of 'stackmill plan' from the parameters of a run."""
    words = ["plan", "--output", str(output), "--slots", str(params["slots"]), "--quiet"]
    if params["input"]:
        words += ["--input", params["input"]]
    for setting in params["settings"] or ():
        words += ["--set", setting]
    if any("\n" in word for word in words):
        raise ValueError("a parameter holds the end of a line; expected one line each.")
    return words


def read(output: Path) -> dict:
    """Id and counts of the plan in a project, once it is sure that the DAG does all of it in the right order."""
    plan = json.loads((output / "plan" / "plan.json").read_text(encoding="utf-8"))
    before: dict[str, set[str]] = {}
    stages = {stage.name: stage for stage in STAGES}
    for stage in STAGES:
        done = {group for need in stage.needs for group in before[stages[need].finish] | {stages[need].finish}}
        for group in stage.groups:
            before[group] = set(done)
            done.add(group)
    for group in plan["groups"]:
        if group["group"] not in before:
            raise ValueError(f"the plan has a group {group['group']!r}, which this DAG does not know. Deploy the DAG of the same version as the program ({plan['program']}).")
        if missing := set(group["needs"]) - before[group["group"]]:
            raise ValueError(f"the plan's group {group['group']!r} needs {', '.join(sorted(missing))}, which this DAG does not do before it. Deploy the DAG of the same version as the program ({plan['program']}).")
    return {"id": plan["id"], "counts": {group["group"]: group["count"] for group in plan["groups"]}}


def batches(plan: dict, group: str, most: int) -> list[str]:
    """Numbers of a group's tasks, as 'stackmill task --index' takes them: one each, or ranges where there are more than can be mapped."""
    count = plan["counts"].get(group, 0)
    size = max(1, -(-count // most))
    return [str(first) if size == 1 else f"{first}-{min(first + size, count) - 1}" for first in range(0, count, size)]


def task_arguments(output: Path, group: str, index: str, plan_id: str) -> list[str]:
    """Arguments of 'stackmill task'."""
    return ["task", group, "--index", index, "--output", str(output), "--plan", plan_id, "--quiet"]
