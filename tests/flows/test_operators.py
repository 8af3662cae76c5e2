"""The operator's and contributor's guides: every command, file and variable in them is there; backup and restore work."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest
import typer.main

from flows.cli import app
from flows.settings import ROOT
from tests.flows.conftest import Fazhi, differences

GUIDES = ("docs/operators.md", "docs/operators.zh.md", "CONTRIBUTING.md")
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#]+?)\)")
FILE = re.compile(r"(?:docs|flows|tests|scrapers|warehouse|expectations|dbt_project|extraction)/[\w./-]+")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(name: str) -> list[list[str]]:
    """Every `fazhi …` of a guide, in its blocks and its lines, as words."""
    lines = [line.split("  #")[0] for block in BLOCK.findall(text(name)) for line in block.splitlines()]
    found = [shlex.split(line) for line in [*lines, *SPAN.findall(BLOCK.sub("", text(name)))] if "fazhi " in line]
    return [words for words in found if words[0] == "fazhi" and len(words) > 1]


def unknown(words: list[str]) -> str | None:
    """The first word of a command line that the program does not know as command or option."""
    command: Any = typer.main.get_command(app)
    rest = words[1:]
    while rest and hasattr(command, "commands"):
        if rest[0] not in command.commands:
            return rest[0]
        command = command.commands[rest.pop(0)]
    options = {name for item in command.params for name in item.opts}
    return next((word for word in rest if word.startswith("--") and word not in options), None)


@pytest.mark.parametrize("name", GUIDES)
def test_every_command_exists(name: str) -> None:
    given = commands(name)
    assert len(given) >= 4
    assert {" ".join(words): unknown(words) for words in given if unknown(words)} == {}


def test_unknown_commands_are_seen() -> None:
    assert unknown(["fazhi", "sources", "remove", "x"]) == "remove"
    assert unknown(["fazhi", "run", "--quickly"]) == "--quickly"


@pytest.mark.parametrize("name", GUIDES)
def test_every_file_that_is_named_exists(name: str) -> None:
    folder = (ROOT / name).parent
    links = {link for link in LINK.findall(text(name)) if "://" not in link}
    assert {link for link in links if not (folder / link).exists()} == set()
    named = {item.rstrip(".") for span in SPAN.findall(text(name)) for item in FILE.findall(span) if "NAME" not in item}
    assert {item for item in named if not (ROOT / item).exists()} == set()


def test_both_languages_show_the_same_commands() -> None:
    assert BLOCK.findall(text(GUIDES[0])) == BLOCK.findall(text(GUIDES[1]))


def test_schedules_in_the_guide_are_those_that_are_deployed() -> None:
    deployed = text("prefect.yaml")
    for cron, told in {
        '"0 2 * 1-5 1"': "Mondays 02:00 from January to May",
        '"0 2 1 6-12 *"': "the 1st of the month 02:00",
        '"0 2 20 2,5,8,11 *"': "20 February, May, August, November 02:00",
        '"30 4 * * *"': "every night 04:30",
    }.items():
        assert cron in deployed
        assert told in text(GUIDES[0])


@pytest.mark.slow
def test_backup_taken_under_a_reader_restores_to_the_same_tables(
    undisturbed: tuple[Fazhi, str], prefect_api: str, tmp_path: Path
) -> None:
    """The guide's own commands, as they stand there; a changed byte in the copy is found."""
    saved, again = (
        next(block for block in BLOCK.findall(text(GUIDES[0])) if begin in block)
        for begin in ("-cf fazhi", "-xf fazhi")
    )
    original, restored = undisturbed[0], Fazhi(tmp_path / "restored", prefect_api)
    with duckdb.connect(str(original.warehouse), read_only=True) as reader:
        assert reader.execute("select count(*) from marts.fct_report").fetchone()
        done = shell(saved, original, tmp_path)
        assert reader.execute("select count(*) from marts.fct_report").fetchone()
    assert done.returncode == 0, done.stderr
    done = shell(again, restored, tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all whole" in done.stderr
    assert differences(restored, original) == {}
    assert restored("snapshots").stdout.count("published") == original("snapshots").stdout.count("published")
    assert not (restored.home / "prefect").exists()
    path = max((restored.home / "archive").glob("*.warc.gz"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes(data)
    result = restored("archive", "verify")
    assert result.returncode == 1
    assert path.name in result.stderr
    assert "backup" in result.stderr
    examined = restored("doctor")
    assert examined.returncode == 1
    assert "archive parts" in examined.stderr


def shell(script: str, home: Fazhi, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a block of the guide in bash."""
    path = f"{Path(home.command[0]).parent}:{home.environment['PATH']}"
    environment = {**home.environment, "PATH": path, "COLUMNS": "200"}
    return subprocess.run(
        ["bash", "-euc", script], env=environment, cwd=folder, capture_output=True, text=True, timeout=420, check=False
    )
