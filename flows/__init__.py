"""Prefect flows and the `fazhi` command: the only place that knows all the others."""
