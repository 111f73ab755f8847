"""The names of Airflow that the DAG uses, from where 3.x and 2.10 keep them."""

try:
    from airflow.sdk import DAG, Asset, Param, TaskGroup, get_current_context, task
except ImportError:  # Airflow 2
    from airflow import DAG
    from airflow.datasets import Dataset as Asset
    from airflow.decorators import task
    from airflow.models.param import Param
    from airflow.operators.python import get_current_context
    from airflow.utils.task_group import TaskGroup

try:
    from airflow.sdk.exceptions import AirflowFailException
except ImportError:  # before 3.2
    from airflow.exceptions import AirflowFailException

__all__ = ["DAG", "AirflowFailException", "Asset", "Param", "TaskGroup", "bash_operator", "get_current_context", "task"]


def bash_operator():
    """The class that runs commands of a shell; only asked for when it is used, as the others are."""
    try:
        from airflow.providers.standard.operators.bash import BashOperator
    except ImportError:  # Airflow 2 without the provider
        from airflow.operators.bash import BashOperator
    return BashOperator
