"""How a task runs the program: in a shell on the worker, in a container of Docker, or in a pod of Kubernetes."""

from __future__ import annotations

import os
import re

from stackmill_steps import lineage
from stackmill_steps.compat import AirflowFailException, bash_operator
from stackmill_steps.settings import Settings

# Handed on to containers of Docker where they are set; pods get theirs from a Secret by the pod template.
HANDED_ON = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_ENDPOINT_URL_S3", "HF_TOKEN")

# Refused as it is, errors found by the validation, stopped by a person: another try changes nothing.
FINAL = (2, 4, 130)

_EXIT_CODE = re.compile(r"(?:exit[_ ]code|StatusCode)['\"]?[:\s]*(-?\d+)", re.IGNORECASE)


def exit_code(fault: BaseException | None) -> int | None:
    """Exit code of the program in the message of an operator; a pod also names those of its helpers, which are 0."""
    code = next((int(code) for code in _EXIT_CODE.findall(str(fault or "")) if int(code)), None)
    # Python's way to say that a signal has ended a process, in the way of shells.
    return 128 - code if code is not None and code < 0 else code


class TaskOfPlan:
    """Tells the program which run its own is part of, and ends a task at once when another try would end as this one did."""

    def execute(self, context, **kwargs):
        self.add_variable(lineage.VARIABLE, lineage.parent_id(context["ti"]))
        try:
            return super().execute(context, **kwargs)
        except Exception as fault:
            # Which class it is differs between versions and operators; the exit code in it does not.
            if exit_code(fault) in FINAL and not isinstance(fault, AirflowFailException):
                raise AirflowFailException(str(fault)) from fault
            raise


class Runner:
    """Makes the operators of one kind. They take a list of arguments in the form that `form` gives it."""

    def __init__(self, settings: Settings):
        kind = settings.operator
        self._key, base, self._options, add = getattr(self, f"_{kind}")(settings)

        class StackmillOperator(TaskOfPlan, base):
            """A task of the plan."""

            add_variable = add

        self._class = StackmillOperator
        self._is_bash = kind == "bash"

    def form(self, arguments: list[str]) -> dict[str, str] | list[str]:
        """Arguments as the operator takes them."""
        # Metrics are the callbacks': tasks that push on their own would take each other's place in one group.
        return {"STACKMILL_ARGUMENTS": "\n".join(arguments), "PUSHGATEWAY_URL": ""} if self._is_bash else arguments

    def step(self, task_id: str, formed, **options):
        """One task."""
        return self._class(task_id=task_id, **self._options, **{self._key: formed}, **options)

    def steps(self, task_id: str, formed, **options):
        """Tasks, one for each list of arguments that another task gives."""
        return self._class.partial(task_id=task_id, **self._options, **options).expand(**{self._key: formed})

    @staticmethod
    def _bash(settings: Settings):
        # In place of the shell, so that a signal reaches the program, which ends after the records in work.
        script = f'mapfile -t arguments <<< "$STACKMILL_ARGUMENTS"\nexec {settings.command} "${{arguments[@]}}"'

        def add(operator, name, value):
            operator.env = {**(operator.env or {}), name: value}

        return "env", bash_operator(), {"bash_command": script, "append_env": True, "cwd": str(settings.repo)}, add

    @staticmethod
    def _docker(settings: Settings):
        from airflow.providers.docker.operators.docker import DockerOperator
        from docker.types import Mount

        def add(operator, name, value):
            operator.environment = {**(operator.environment or {}), name: value}

        folders = sorted({str(settings.repo), str(settings.output)})
        return "command", DockerOperator, {
            "image": settings.image,
            "mounts": [Mount(source=folder, target=folder, type="bind") for folder in folders],
            "working_dir": str(settings.repo),
            # The owner of the project, who is no root.
            "user": os.environ.get("STACKMILL_USER", "1654:1654"),
            "private_environment": {name: os.environ[name] for name in HANDED_ON if os.environ.get(name)},
            "auto_remove": "success",
            "mount_tmp_dir": False,
        }, add

    @staticmethod
    def _kubernetes(settings: Settings):
        from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
        from kubernetes.client import models

        def add(operator, name, value):
            operator.env_vars = [*(operator.env_vars or ()), models.V1EnvVar(name=name, value=value)]

        return "arguments", KubernetesPodOperator, {
            "image": settings.image,
            "name": "stackmill",
            "pod_template_file": settings.pod_template,
            "on_finish_action": "delete_succeeded_pod",
            "get_logs": True,
        }, add
