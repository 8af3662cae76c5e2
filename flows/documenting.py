"""The models' descriptions and a published warehouse in, the data dictionary and the guides' query results out.

`python -m flows.documenting` writes docs/ anew; `--check` only says what would change; `--pages FILE` writes dbt's own
documentation as one static page.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import yaml

from flows.errors import FazhiError
from flows.settings import ROOT, Settings
from warehouse.connect import connect_read_only

DOCS = ROOT / "docs"
GUIDES = ("analysts.md", "analysts.zh.md")
DICTIONARIES = {"en": "dictionary.md", "zh": "dictionary.zh.md"}
# a query, and the table under it that shows what it gives
_WORKED = re.compile(r"(```sql\n(?P<sql>[^`]*)```\n)(?:\n(?:\|[^\n]*\n)+)?")
_WORDS = {
    "en": {
        "title": "Data dictionary",
        "note": "Written by `make docs` from `dbt_project/models/marts/*.yml`; the same texts are column comments in the "
        "database. 中文版：[dictionary.zh.md](dictionary.zh.md).",
        "head": ("column", "type", "meaning", "rules"),
        **{"key": "key", "not_null": "never null", "values": "one of", "to": "refers to"},
    },
    "zh": {
        "title": "数据字典",
        "note": "由 `make docs` 根据 `dbt_project/models/marts/*.yml` 生成；数据库的列注释为同一内容。"
        "English: [dictionary.md](dictionary.md).",
        "head": ("列", "类型", "含义", "约束"),
        **{"key": "主键", "not_null": "非空", "values": "取值", "to": "引用"},
    },
}


def models() -> list[dict[str, Any]]:
    """The mart models as their .yml files describe them, by name."""
    files = sorted((ROOT / "dbt_project" / "models" / "marts").glob("*.yml"))
    found = [model for file in files for model in yaml.safe_load(file.read_text(encoding="utf-8")).get("models", [])]
    return sorted(found, key=lambda model: str(model["name"]))


def in_language(description: str, language: str) -> str:
    """One language of an `English. 中文。` description. Raises FazhiError where one of them is missing."""
    english, _, chinese = " ".join(description.split()).rpartition(". ")
    if not english or not re.search("[\u4e00-\u9fff]", chinese):
        raise FazhiError(f"a description must be English, a full stop, then Chinese: {description!r}")
    return f"{english}." if language == "en" else chinese


def dictionary(language: str) -> str:
    """The data dictionary as Markdown, in `en` or `zh`."""
    words = _WORDS[language]
    lines = [f"# {words['title']}", "", str(words["note"]), ""]
    for table in tables(language):
        lines += [f"## {table['table']}", "", table["meaning"], ""]
        lines += _table(words["head"], [_described(column, words) for column in table["columns"]])
        lines.append("")
    return "\n".join(lines)


def tables(language: str) -> list[dict[str, Any]]:
    """What the dictionary says, as records: each table with its columns."""
    return [
        {
            "table": model["name"],
            "meaning": in_language(model["description"], language),
            "columns": [_column(column, language) for column in model["columns"]],
        }
        for model in models()
    ]


def _column(column: dict[str, Any], language: str) -> dict[str, Any]:
    """key: tells rows apart; values: the only ones there are; refers_to: columns that hold each of its values."""
    found = column.get("data_tests", [])
    tests = [item for item in found if isinstance(item, dict)]
    to = [item["relationships"]["arguments"] for item in tests if "relationships" in item]
    return {
        **{"name": column["name"], "type": column["data_type"]},
        "meaning": in_language(column["description"], language),
        "key": "unique" in found,
        "never_null": {"type": "not_null"} in column.get("constraints", []),
        "values": [
            value
            for item in tests
            if "accepted_values" in item
            for value in item["accepted_values"]["arguments"]["values"]
        ],
        "refers_to": [f"{item['to'].split(chr(39))[1]}.{item['field']}" for item in to],
    }


def _described(column: dict[str, Any], words: dict[str, Any]) -> tuple[str, ...]:
    rules = [words["key"]] if column["key"] else [words["not_null"]] if column["never_null"] else []
    if column["values"]:
        rules.append(f"{words['values']} " + ", ".join(f"`{value}`" for value in column["values"]))
    rules += [f"{words['to']} `{name}`" for name in column["refers_to"]]
    return f"`{column['name']}`", column["type"], column["meaning"], "; ".join(map(str, rules))


def filled(text: str, settings: Settings) -> str:
    """A guide with the present result under each of its SQL queries. Raises FazhiError naming a query that fails."""
    with connect_read_only(settings.warehouse, settings.search) as con:

        def answered(match: re.Match[str]) -> str:
            try:
                result = con.execute(match["sql"])
            except duckdb.Error as error:
                raise FazhiError(f"this query of the guide fails: {error}\n{match['sql']}") from None
            names = [column[0] for column in result.description or []]
            return match[1] + "\n" + "\n".join(_table(names, [map(_cell, row) for row in result.fetchall()])) + "\n"

        return _WORKED.sub(answered, text)


def _table(head: Any, rows: Any) -> list[str]:
    lines = [tuple(head), ("---",) * len(tuple(head)), *map(tuple, rows)]
    return ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def written(settings: Settings) -> Iterator[tuple[Path, str]]:
    """Each generated or filled file of docs/ with the text that it should have."""
    for language, name in DICTIONARIES.items():
        yield DOCS / name, dictionary(language)
    for name in GUIDES:
        yield DOCS / name, filled((DOCS / name).read_text(encoding="utf-8"), settings)


def write_pages(target: Path) -> None:
    """dbt's documentation of all models as one page that needs no server and no network. Raises FazhiError."""
    with tempfile.TemporaryDirectory() as folder:
        profile = {"type": "duckdb", "path": ":memory:", "schema": "marts", "threads": 1}
        text = yaml.safe_dump({"fazhi": {"target": "docs", "outputs": {"docs": profile}}})
        (Path(folder) / "profiles.yml").write_text(text, encoding="utf-8")
        options: list[str | Path] = ["--project-dir", ROOT / "dbt_project", "--profiles-dir", folder]
        options += ["--target-path", Path(folder) / "target", "--log-path", Path(folder) / "logs"]
        done = subprocess.run(
            [Path(sys.executable).with_name("dbt"), "docs", "generate", "--static", "--empty-catalog", *options],
            env={**os.environ, "DO_NOT_TRACK": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise FazhiError(f"dbt could not write its documentation:\n{done.stdout}{done.stderr}")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(Path(folder) / "target" / "static_index.html", target)


def main() -> int:
    """Write docs/ from the warehouse in FAZHI_HOME, which should hold the sample portal."""
    parser = argparse.ArgumentParser(prog="python -m flows.documenting", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit status 1 where a file would change")
    parser.add_argument("--pages", type=Path, metavar="FILE", help="only write dbt's documentation to FILE")
    arguments = parser.parse_args()
    if arguments.pages:
        write_pages(arguments.pages)
        print(arguments.pages)
        return 0
    changed = [
        (path, text)
        for path, text in written(Settings.from_environment())
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path, text in changed:
        print(f"{path.relative_to(ROOT)}: {'out of date' if arguments.check else 'written'}")
        if not arguments.check:
            path.write_text(text, encoding="utf-8")
    return int(arguments.check and bool(changed))


if __name__ == "__main__":
    sys.exit(main())
