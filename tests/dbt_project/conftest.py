"""The warehouse tests' project, for the models' tests too."""

from tests.warehouse.conftest import built, project

__all__ = ["built", "project"]
