"""From source code to a training corpus: the plan of a run, a task for each of its parts.

The groups of the plan are mapped over at run time, so that the DAG fits inputs of any size. What installations set is in
stackmill_steps/settings.py; docs/airflow.md tells how to use it.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

from stackmill_steps import metrics, plan, settings
from stackmill_steps.compat import DAG, Asset, Param, TaskGroup, get_current_context, task
from stackmill_steps.operators import Runner

SETTINGS = settings.load()
RUNNER = Runner(SETTINGS)

# A group without tasks is skipped, and what comes after it is done all the same; what follows a failure is not.
DEFAULTS = {
    "owner": "data-platform",
    "pool": SETTINGS.pool,
    "trigger_rule": "none_failed",
    "retries": SETTINGS.retries,
    "retry_delay": timedelta(seconds=SETTINGS.retry_seconds),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=30),
    "execution_timeout": timedelta(hours=SETTINGS.task_hours),
    "on_failure_callback": metrics.task_failed,
    "on_retry_callback": metrics.task_retried,
}

PARAMS = {
    "input": Param(
        SETTINGS.input or None, type=["null", "string"], pattern="^[^\\n]*$", title="Input",
        description="Folder, file, archive, Git repository or address to read, as 'stackmill run --input' takes it. Empty: what stackmill.yaml names.",
    ),
    "slots": Param(
        0, type="integer", minimum=0, maximum=100_000, title="Tasks of a group",
        description="Number of tasks that divide the shards of a stage. 0: one a shard, at most 1,000.",
    ),
    "settings": Param(
        [], type=["null", "array"], items={"type": "string", "pattern": "^[a-z][a-z0-9_.]*=[^\\n]*$"}, title="Configuration",
        description="Keys over those of stackmill.yaml, e.g. similarity_threshold=0.9. No secrets: a plan refuses them.",
    ),
}


def batches_of(stage: plan.Stage, group: str, planned):
    """The task that tells what a group's tasks are, once what comes before them is done."""
    first = group == stage.groups[0]

    @task(task_id=f"{stage.task_of(group)}_tasks")
    def batches(known: dict) -> list:
        numbers = plan.batches(known, group, SETTINGS.map_length)
        if first and numbers:
            context = get_current_context()
            context["ti"].xcom_push(key="started", value=time.time())
            metrics.stage_started(context)
        return [RUNNER.form(plan.task_arguments(SETTINGS.output, group, number, known["id"])) for number in numbers]

    return batches(planned)


def steps_of(stage: plan.Stage, planned) -> tuple:
    """The tasks of a stage, one group after another; gives the first and the last."""
    with TaskGroup(stage.name):
        first = last = None
        for group in stage.groups:
            end = {"on_success_callback": metrics.stage_succeeded, "outlets": [Asset(f"file://{SETTINGS.output}/{stage.output}")]} if group == stage.finish else {}
            if group.endswith(".finish"):
                words = plan.task_arguments(SETTINGS.output, group, "0", "{{ ti.xcom_pull(task_ids='plan.read')['id'] }}")
                begin = step = RUNNER.step(stage.task_of(group), RUNNER.form(words), **end)
            else:
                begin = batches_of(stage, group, planned)
                step = RUNNER.steps(stage.task_of(group), begin, max_active_tis_per_dagrun=SETTINGS.max_parallel, **end)
            if last is not None:
                last >> begin
            first, last = (begin if first is None else first), step
    return first, last


with DAG(
    dag_id="data_pipeline_dag",
    description="Acquires, organises, cleans, deduplicates, validates and exports source code for training.",
    doc_md=__doc__,
    schedule=SETTINGS.schedule,
    start_date=datetime(2025, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    # Runs share the project folder.
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=SETTINGS.run_hours),
    default_args=DEFAULTS,
    params=PARAMS,
    tags=["stackmill", "data"],
    on_success_callback=metrics.run_succeeded,
    on_failure_callback=metrics.run_failed,
) as dag:
    with TaskGroup("plan"):

        @task(task_id="arguments", on_execute_callback=metrics.run_started)
        def plan_arguments():
            """What the run's parameters make of 'stackmill plan'."""
            return RUNNER.form(plan.arguments(SETTINGS.output, dict(get_current_context()["params"])))

        write = RUNNER.step("write", plan_arguments())

        @task(task_id="read")
        def plan_read() -> dict:
            """Id and counts of the plan."""
            return plan.read(SETTINGS.output)

        read = plan_read()
        write >> read

    ends: dict[str, tuple] = {}
    for stage in plan.STAGES:
        ends[stage.name] = steps_of(stage, read)
        for need in stage.needs:
            ends[need][1] >> ends[stage.name][0]
