"""A stand-in for Airflow, for machines without it: the names that the DAG uses, strict about what they are given, and a run of a DAG.

It is no Airflow. It has no scheduler, no database and no web page; it holds what a DAG declares, and does the tasks one after another in
this process with the trigger rules, retries, mapping, templates and callbacks that Airflow documents. Containers and pods are processes here.
"""

from __future__ import annotations

import copy
import os
import re
import shlex
import subprocess
import sys
import types

MOST_MAPPED = 1024
BASE = {
    "task_id", "owner", "pool", "trigger_rule", "retries", "retry_delay", "retry_exponential_backoff", "max_retry_delay", "execution_timeout", "outlets",
    "max_active_tis_per_dagrun", "map_index_template", "on_failure_callback", "on_retry_callback", "on_success_callback", "on_execute_callback",
}
_state = types.SimpleNamespace(dag=None, groups=[], context=None)


class AirflowException(Exception):
    """A task fails, and is tried again."""


class AirflowFailException(AirflowException):
    """A task fails for good."""


class AirflowSkipException(AirflowException):
    """A task is skipped."""


class AirflowTaskTimeout(BaseException):
    """A task has taken too long; no Exception, as in Airflow."""


class Asset:
    """What a task makes."""

    def __init__(self, uri: str):
        if not re.fullmatch(r"file:///\S+", uri):
            raise ValueError(f"no address of a file: {uri}")
        self.uri = uri


class Param:
    """A parameter with its JSON Schema, as far as the DAG uses it."""

    def __init__(self, default=None, description=None, **schema):
        if unknown := set(schema) - {"type", "pattern", "title", "minimum", "maximum", "items"}:
            raise TypeError(f"the stand-in does not know {unknown} of a JSON Schema")
        self.default, self.description, self.schema = default, description, schema
        check(default, schema)


def check(value, schema) -> None:
    """Fails when a value does not fit."""
    kinds = {"null": type(None), "string": str, "integer": int, "array": list}
    allowed = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if isinstance(value, bool) or not isinstance(value, tuple(kinds[kind] for kind in allowed)):
        raise ValueError(f"{value!r} is none of {allowed}")
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        raise ValueError(f"{value!r} does not match {schema['pattern']}")
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        raise ValueError(f"{value!r} is out of range")
    for item in value if isinstance(value, list) else ():
        check(item, schema.get("items", {}))


class DAG:
    """A DAG: an unknown argument is an error."""

    def __init__(self, dag_id, *, description, doc_md, schedule, start_date, catchup, max_active_runs, dagrun_timeout, default_args, params, tags, on_success_callback, on_failure_callback):
        self.__dict__.update({name: value for name, value in locals().items() if name != "self"})
        self.tasks: dict[str, BaseOperator] = {}
        if unknown := set(default_args) - BASE:
            raise TypeError(f"unknown in default_args: {unknown}")

    def __enter__(self):
        _state.dag = self
        return self

    def __exit__(self, *_):
        _state.dag = None

    def ordered(self) -> list[BaseOperator]:
        """The tasks, each after those before it; a cycle is an error."""
        done: dict[str, BaseOperator] = {}
        while len(done) < len(self.tasks):
            ready = [task for name, task in self.tasks.items() if name not in done and task.upstream <= set(done)]
            if not ready:
                raise AirflowException(f"a cycle among {set(self.tasks) - set(done)}")
            done.update({task.task_id: task for task in ready})
        return list(done.values())


class TaskGroup:
    """A prefix of the tasks inside it."""

    def __init__(self, group_id):
        self.group_id = group_id

    def __enter__(self):
        _state.groups.append(self.group_id)
        return self

    def __exit__(self, *_):
        _state.groups.pop()


class XComArg:
    """The result of a task, before there is one."""

    def __init__(self, operator):
        self.operator = operator

    def __rshift__(self, other):
        return self.operator >> other


def node(item) -> BaseOperator:
    return item.operator if isinstance(item, XComArg) else item


class BaseOperator:
    """A task."""

    template_fields: tuple[str, ...] = ()
    own: frozenset[str] = frozenset()

    def __init__(self, **given):
        if unknown := set(given) - BASE - self.own:
            raise TypeError(f"{type(self).__name__} does not take {sorted(unknown)}")
        values = {**dict.fromkeys(BASE | self.own), **_state.dag.default_args, **given}
        values["task_id"] = ".".join([*_state.groups, values["task_id"]])
        self.__dict__.update(values)
        self.upstream, self.expanded = set(), None
        if self.task_id in _state.dag.tasks:
            raise AirflowException(f"two tasks are called {self.task_id}")
        if not re.fullmatch(r"[\w.-]{1,250}", self.task_id):
            raise AirflowException(f"no name of a task: {self.task_id}")
        _state.dag.tasks[self.task_id] = self
        self._depend(given)

    def _depend(self, value) -> None:
        if isinstance(value, XComArg):
            self.upstream.add(value.operator.task_id)
        elif isinstance(value, dict):
            for item in value.values():
                self._depend(item)
        elif isinstance(value, (list, tuple)):
            for item in value:
                self._depend(item)

    @classmethod
    def partial(cls, **given):
        """What all tasks of a mapping share."""
        return types.SimpleNamespace(expand=lambda **mapped: cls._expand(given, mapped))

    @classmethod
    def _expand(cls, given, mapped):
        if len(mapped) != 1 or set(mapped) & set(given) or not all(isinstance(value, XComArg) for value in mapped.values()):
            raise TypeError("the stand-in maps over one result of a task, which is not among the shared arguments")
        operator = cls(**given)
        operator.expanded = next(iter(mapped.items()))
        operator._depend(mapped)
        return operator

    def __rshift__(self, other):
        node(other).upstream.add(self.task_id)
        return other


class BashOperator(BaseOperator):
    """A command of bash."""

    template_fields = ("bash_command", "env", "cwd")
    own = frozenset({"bash_command", "env", "append_env", "cwd"})

    def execute(self, context, **_):
        environment = {**os.environ, **(self.env or {})} if self.append_env else self.env
        code = process(self, ["bash", "-c", self.bash_command], environment, self.cwd)
        if code == 99:
            raise AirflowSkipException("Bash command returned exit code 99. Skipping.")
        if code:
            raise AirflowException(f"Bash command failed. The command returned a non-zero exit code {code}.")


class DockerOperator(BaseOperator):
    """A container: here a process with the variables that the container would have, and those that .NET needs."""

    template_fields = ("image", "command", "environment")
    own = frozenset({"image", "command", "mounts", "working_dir", "user", "environment", "private_environment", "auto_remove", "mount_tmp_dir"})

    def execute(self, context, **_):
        if code := contained(self, self.command, {**(self.environment or {}), **self.private_environment}, self.working_dir):
            raise AirflowException(f"Docker container failed: {{'StatusCode': {code}}}")


class KubernetesPodOperator(BaseOperator):
    """A pod: here a process."""

    template_fields = ("image", "arguments", "pod_template_file")
    own = frozenset({"image", "arguments", "name", "pod_template_file", "on_finish_action", "get_logs", "env_vars"})

    def execute(self, context, **_):
        if code := contained(self, self.arguments, {each.name: each.value for each in self.env_vars or ()}, os.environ["AIRFLOW_REPO_DIR"]):
            raise AirflowException(f"Pod {self.name} returned a failure.\nremote_pod: {{'state': {{'terminated': {{'exit_code': {code}, 'reason': 'Error'}}}}}}")


class PythonOperator(BaseOperator):
    """A function."""

    template_fields = ("arguments",)
    own = frozenset({"function", "arguments"})

    def execute(self, context, **_):
        return self.function(*self.arguments)


def task(*, task_id, **options):
    """Makes a function one whose call is a task."""
    return lambda function: lambda *arguments: XComArg(PythonOperator(task_id=task_id, function=function, arguments=list(arguments), **options))


def get_current_context():
    if _state.context is None:
        raise RuntimeError("no task runs")
    return _state.context


def contained(operator, arguments, variables, folder) -> int:
    if not isinstance(arguments, list) or not all(isinstance(word, str) for word in arguments):
        raise TypeError(f"no list of words: {arguments!r}")
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME") or name.startswith("DOTNET")}
    return process(operator, [*shlex.split(os.environ["STAND_IN_ENTRYPOINT"]), *arguments], {**kept, **variables}, folder)


def process(operator, words, environment, folder) -> int:
    limit = operator.execution_timeout.total_seconds() if operator.execution_timeout else None
    with subprocess.Popen(words, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=sys.stderr) as running:
        try:
            return running.wait(limit)
        except subprocess.TimeoutExpired:
            running.kill()
            raise AirflowTaskTimeout(f"Timeout, task {operator.task_id}") from None


class TaskInstance:
    """One try of a task."""

    def __init__(self, run, operator, index):
        self.run, self.task_id, self.map_index, self.try_number = run, operator.task_id, index, 1
        self.dag_id, self.run_id = run.dag.dag_id, "manual__2026-01-01T00:00:00+00:00"

    def xcom_push(self, key, value):
        self.run.xcoms[self.task_id, key] = value

    def xcom_pull(self, task_ids, key="return_value"):
        return self.run.xcoms.get((task_ids, key))


class DagRun:
    """One run of a DAG, task after task."""

    def __init__(self, dag, params):
        if unknown := set(params) - set(dag.params):
            raise ValueError(f"the DAG has no parameters {unknown}")
        self.dag, self.xcoms, self.states, self.delays, self.callback_errors, self.outlets = dag, {}, {}, {}, [], []
        self.params = {name: params.get(name, param.default) for name, param in dag.params.items()}
        for name, param in dag.params.items():
            check(self.params[name], param.schema)

    def execute(self) -> str:
        for operator in self.dag.ordered():
            before = [max(self.states[name], key=["skipped", "success", "upstream_failed", "failed"].index) if self.states[name] else "skipped" for name in operator.upstream]
            if any(state in ("failed", "upstream_failed") for state in before):
                self.states[operator.task_id] = ["upstream_failed"]
            elif operator.trigger_rule != "none_failed" and "skipped" in before:
                self.states[operator.task_id] = ["skipped"]
            else:
                self.states[operator.task_id] = self._instances(operator)
        failed = any(state in ("failed", "upstream_failed") for states in self.states.values() for state in states)
        context = {"dag": self.dag, "params": self.params}
        self._call(self.dag.on_failure_callback if failed else self.dag.on_success_callback, context)
        return "failed" if failed else "success"

    def _instances(self, operator) -> list[str]:
        if operator.expanded is None:
            return [self._try(copy.copy(operator), -1)]
        name, over = operator.expanded
        values = self.xcoms[over.operator.task_id, "return_value"]
        if len(values) > MOST_MAPPED:
            return ["failed"]
        states = []
        for index, value in enumerate(values):
            instance = copy.copy(operator)
            setattr(instance, name, value)
            states.append(self._try(instance, index, name))
        return states or ["skipped"]

    def _try(self, operator, index, mapped=None) -> str:
        ti = TaskInstance(self, operator, index)
        context = {"ti": ti, "task_instance": ti, "task": operator, "dag": self.dag, "params": self.params}
        for field in operator.template_fields:
            # What is mapped over comes from a task, and is no template.
            if field != mapped:
                setattr(operator, field, self._render(getattr(operator, field), context))
        while True:
            _state.context = context
            try:
                self._call(operator.on_execute_callback, context)
                # As Airflow calls it: with a word of its own beside the context.
                result = operator.execute(context=context, **{f"{type(operator).__name__}__sentinel": object()})
            except AirflowSkipException:
                return "skipped"
            except (Exception, AirflowTaskTimeout) as fault:
                print(f"{operator.task_id}[{index}] try {ti.try_number}: {type(fault).__name__}: {fault}", file=sys.stderr)
                context["exception"] = fault
                if isinstance(fault, AirflowFailException) or ti.try_number > operator.retries:
                    self._call(operator.on_failure_callback, context)
                    return "failed"
                factor = 2 ** (ti.try_number - 1) if operator.retry_exponential_backoff else 1
                self.delays.setdefault(operator.task_id, []).append(min(operator.retry_delay * factor, operator.max_retry_delay).total_seconds())
                self._call(operator.on_retry_callback, context)
                ti.try_number += 1
                continue
            finally:
                _state.context = None
            if index < 0 and result is not None:
                ti.xcom_push("return_value", result)
            self.outlets += [asset.uri for asset in operator.outlets or ()]
            self._call(operator.on_success_callback, context)
            return "success"

    def _render(self, value, context):
        if isinstance(value, XComArg):
            return self.xcoms[value.operator.task_id, "return_value"]
        if isinstance(value, str):
            return re.sub(r"\{\{(.*?)\}\}", lambda match: str(eval(match.group(1).strip(), {}, dict(context))), value)
        if isinstance(value, dict):
            return {key: self._render(item, context) for key, item in value.items()}
        return [self._render(item, context) for item in value] if isinstance(value, list) else value

    def _call(self, callback, context) -> None:
        if callback is None:
            return
        try:
            callback(context)
        except Exception as fault:
            self.callback_errors.append(f"{callback.__name__}: {type(fault).__name__}: {fault}")


def parent_of(fault: bool):
    """What the provider of OpenLineage has for a task; with a fault, as a version that can't name it."""
    if fault:
        return lambda ti: ti.logical_date
    return lambda ti: f"of-the-provider/{ti.dag_id}.{ti.task_id}/01a20520-4179-7c6d-b204-b4b9a040c0fb"


def install(version: int, lineage: str) -> None:
    """Puts the names where a version of Airflow has them, and nowhere else."""
    names = {
        "airflow.providers.docker.operators.docker": {"DockerOperator": DockerOperator},
        "airflow.providers.cncf.kubernetes.operators.pod": {"KubernetesPodOperator": KubernetesPodOperator},
        "airflow.exceptions": {"AirflowException": AirflowException, "AirflowFailException": AirflowFailException},
        "kubernetes.client": {"models": types.SimpleNamespace(V1EnvVar=types.SimpleNamespace)},
        "docker.types": {"Mount": lambda *, source, target, type: {"source": source, "target": target, "type": type}},
    }
    if lineage != "none":
        names["airflow.providers.openlineage.plugins.macros"] = {"lineage_parent_id": parent_of(lineage == "faulty")}
    if version == 3:
        names["airflow.sdk"] = {"DAG": DAG, "Asset": Asset, "Param": Param, "TaskGroup": TaskGroup, "get_current_context": get_current_context, "task": task}
        names["airflow.providers.standard.operators.bash"] = {"BashOperator": BashOperator}
    else:
        names |= {
            "airflow": {"DAG": DAG}, "airflow.datasets": {"Dataset": Asset}, "airflow.decorators": {"task": task}, "airflow.models.param": {"Param": Param},
            "airflow.operators.python": {"get_current_context": get_current_context}, "airflow.operators.bash": {"BashOperator": BashOperator},
            "airflow.utils.task_group": {"TaskGroup": TaskGroup},
        }
    for path, content in names.items():
        parts = path.split(".")
        for depth in range(1, len(parts) + 1):
            # A path of its own makes a module one that others may lie in.
            module = sys.modules.setdefault(".".join(parts[:depth]), types.ModuleType(".".join(parts[:depth])))
            module.__path__ = []
        sys.modules[path].__dict__.update(content)
