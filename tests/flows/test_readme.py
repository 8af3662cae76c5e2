"""The queries of the READMEs run on the sample warehouse and answer something; both languages show the same ones."""

from __future__ import annotations

import re

import pytest

from flows.settings import ROOT
from tests.flows.conftest import Fazhi

SQL = re.compile(r"```sql\n(.*?)```", re.DOTALL)


def queries(name: str) -> list[str]:
    return SQL.findall((ROOT / name).read_text(encoding="utf-8"))


def test_both_languages_show_the_same_queries() -> None:
    assert queries("README.md") == queries("README.zh.md")
    assert len(queries("README.md")) == 3


@pytest.mark.slow
@pytest.mark.parametrize("number", range(3))
def test_query_answers_something(undisturbed: tuple[Fazhi, str], number: int) -> None:
    assert undisturbed[0].rows(queries("README.md")[number].strip().rstrip(";"))
