"""The run that the events of a task are children of, for OpenLineage."""

from __future__ import annotations

import logging
import os
import uuid

VARIABLE = "OPENLINEAGE_PARENT_ID"

_LOG = logging.getLogger(__name__)


def parent_id(ti) -> str:
    """Namespace, job and run of a task as one word; those of Airflow's own events, where its provider is installed."""
    try:
        from airflow.providers.openlineage.plugins.macros import lineage_parent_id
    except ImportError:
        return _own(ti)
    try:
        return lineage_parent_id(ti)
    except Exception as fault:  # noqa: BLE001: what the provider raises differs between its versions, and no task fails by its lineage
        _LOG.warning("Airflow's provider of OpenLineage does not name the run of %s (%s): one is made of its names", ti.task_id, type(fault).__name__)
        return _own(ti)


def _own(ti) -> str:
    # The provider's own order: its section of the configuration, then the variable of OpenLineage's clients.
    namespace = os.environ.get("AIRFLOW__OPENLINEAGE__NAMESPACE") or os.environ.get("OPENLINEAGE_NAMESPACE") or "default"
    job = f"{ti.dag_id}.{ti.task_id}"
    # Each try is a run of its own; the same one has the same name wherever it is asked for.
    run = uuid.uuid5(uuid.NAMESPACE_URL, "\n".join((namespace, job, str(ti.run_id), str(ti.map_index), str(ti.try_number))))
    return f"{namespace}/{job}/{run}"
