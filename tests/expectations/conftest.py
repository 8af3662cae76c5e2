"""The warehouse tests' build, for the gates too."""

from tests.warehouse.conftest import built, project

__all__ = ["built", "project"]
