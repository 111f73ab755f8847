"""What the DAG is made of: settings, the plan, operators, metrics."""
