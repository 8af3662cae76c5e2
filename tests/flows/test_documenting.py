"""The guides and the dictionary say what is so: every query is run and compared, every description is in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import pytest
import yaml

from flows.documenting import DICTIONARIES, DOCS, GUIDES, dictionary, filled, in_language, models, write_pages
from flows.errors import FazhiError
from flows.settings import ROOT, Settings
from tests.flows.conftest import Fazhi

OUT_OF_DATE = "out of date: `make docs` writes it anew"


def blocks(language: str, guide: str) -> list[str]:
    return re.findall(rf"```{language}\n([^`]*)```", (DOCS / guide).read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", DICTIONARIES)
def test_the_dictionary_is_up_to_date(language: str) -> None:
    file = DOCS / DICTIONARIES[language]
    assert file.read_text(encoding="utf-8") == dictionary(language), f"{file.name} is {OUT_OF_DATE}"


def test_every_mart_and_column_is_described_in_both_languages() -> None:
    for model in models():
        for described in (model, *model["columns"]):
            english, chinese = (in_language(described["description"], language) for language in ("en", "zh"))
            assert re.search("[a-z]", english) and re.search("[\u4e00-\u9fff]", chinese), (
                f"{model['name']}: {described}"
            )
    with pytest.raises(FazhiError, match="English, a full stop, then Chinese"):
        in_language("Only English.", "en")


def test_every_mart_is_exported_and_in_the_guides() -> None:
    exposures = yaml.safe_load((ROOT / "dbt_project" / "models" / "exposures.yml").read_text(encoding="utf-8"))[
        "exposures"
    ]
    (exports,) = (item for item in exposures if item["name"] == "exports")
    marts = [model["name"] for model in models()]
    assert sorted(exports["depends_on"]) == [f"ref('{name}')" for name in marts]
    for guide in GUIDES:
        text = (DOCS / guide).read_text(encoding="utf-8")
        assert [name for name in marts if f"`{name}`" not in text] == []


def test_both_guides_ask_the_same_ten_questions() -> None:
    assert blocks("sql", GUIDES[0]) == blocks("sql", GUIDES[1])
    assert len(blocks("sql", GUIDES[0])) == 10


def test_results_are_written_under_their_queries(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        con.execute(
            "create schema marts; create table marts.facts as select 1.50 as a, null as b, 'x|y' as c, true as d"
        )
    guide = "Text.\n\n```sql\nselect a::double as a, b, c, d from facts;\n```\n\nMore | text.\n"
    expected = guide.replace(
        "```\n\nMore", "```\n\n| a | b | c | d |\n| --- | --- | --- | --- |\n| 1.5 |  | x\\|y | true |\n\nMore"
    )
    assert filled(guide, Settings(tmp_path)) == expected == filled(expected, Settings(tmp_path))
    assert filled(expected.replace("1.5", "2.5"), Settings(tmp_path)) == expected
    with pytest.raises(FazhiError, match="select nothing"):
        filled("```sql\nselect nothing\n```\n", Settings(tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("guide", GUIDES)
def test_every_query_gives_the_printed_result(undisturbed: tuple[Fazhi, str], guide: str) -> None:
    text = (DOCS / guide).read_text(encoding="utf-8")
    found = filled(text, Settings(undisturbed[0].home))
    for printed, now in zip(text.split("\n### "), found.split("\n### "), strict=True):
        assert printed == now, f"{guide} is {OUT_OF_DATE}"
    assert not re.search(r"\| --- \|\n\n", found), "a query without any row shows nothing"


@pytest.mark.slow
def test_the_python_example_runs(undisturbed: tuple[Fazhi, str], capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = blocks("python", GUIDES[0])
    exec(example.replace("data/", f"{undisturbed[0].home}/"))
    assert "count" in capsys.readouterr().out


@pytest.mark.slow
def test_dbt_documentation_is_one_page(tmp_path: Path) -> None:
    write_pages(tmp_path / "pages" / "index.html")
    page = (tmp_path / "pages" / "index.html").read_text(encoding="utf-8")
    # the page holds its data as JSON
    assert all(json.dumps(text)[1:-1] in page for text in ("fct_indicator_yearly", "行政区划代码", "search_index"))
    assert not re.search(r"""<(script|link)[^>]*(src|href)=["']?https?:""", page)
