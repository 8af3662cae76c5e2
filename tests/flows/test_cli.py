"""The command line: help that teaches, tables on narrow terminals, exit codes, completion, and a light start."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import shlex
import signal
import struct
import subprocess
import sys
import termios
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import pytest
import typer
from rich.cells import cell_len

from flows import cli, cli_help
from flows.errors import Exit
from flows.extracting import extractor_version
from flows.settings import ROOT, Settings
from flows.snapshots import COUNTED
from scrapers.records import HarvestRun
from tests.flows.test_operators import unknown
from tests.warehouse.small import DAY
from warehouse.snapshots import publish_snapshot

COMMAND = str(Path(sys.executable).parent / "fazhi")
WORDS = tomllib.loads(cli_help.WORDS.read_text(encoding="utf-8"))
HEAVY = ("prefect", "dbt", "great_expectations", "pandas", "distributed", "matplotlib", "jieba")
NAME, SENTENCE = "虚构省虚构市人民政府", "全年共收到行政复议申请九百八十七件,其中受理\x1b[31m六百五十四件[dim]。"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published warehouse of one table with long Chinese text."""
    folder = tmp_path_factory.mktemp("cli")
    with duckdb.connect(str(folder / "side.duckdb")) as con:
        con.execute("create schema marts")
        con.execute(
            "create table marts.one (publisher varchar, report_year int, value double, sentence varchar, url varchar)"
        )
        for name in COUNTED:
            con.execute(f"create table marts.{name} (i int)")
        row = [NAME, 2031, 987.0, SENTENCE * 3, "http://gov.sample.invalid/zwgk/fzzf/ndbg/t20320329_11850.shtml"]
        con.executemany("insert into marts.one values (?, ?, ?, ?, ?)", [row, row])
    publish_snapshot(
        *(folder / "side.duckdb", folder / "warehouse.duckdb", folder / "snapshots"),
        fingerprint="of the tests",
        at=DAY,
        keep=5,
    )
    return folder


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("FAZHI", "PREFECT", "_", "COLUMNS", "LINES"))
    }
    return {**kept, "FAZHI_HOME": str(home), "TERM": "xterm-256color", **more}


def fazhi(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *words], env=environment(home, **more), capture_output=True, text=True, timeout=120, check=False
    )


def on_terminal(home: Path, width: int, *words: str, progress: bool = False, program: str = COMMAND) -> list[str]:
    """The lines that a terminal of that width is given, without their colours; progress: standard error's too."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    with subprocess.Popen(
        [program, *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs if progress else subprocess.DEVNULL,
        env=environment(home),
        cwd=ROOT,
    ) as process:
        os.close(theirs)
        found = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # the other side is closed
                break
            if not piece:
                break
            found += piece
    os.close(ours)
    assert process.returncode == 0
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", found.decode()).replace("\r", "").split("\n")


def commands(app: typer.Typer, above: str = "") -> Iterator[tuple[str, Any]]:
    for info in app.registered_commands:
        assert info.callback
        yield above + (info.name or info.callback.__name__.replace("_", "-")), info
    for group in app.registered_groups:
        yield str(group.name), group
        assert group.typer_instance
        yield from commands(group.typer_instance, f"{group.name} ")


def test_every_command_has_a_group_and_an_example_that_it_takes() -> None:
    known = dict(commands(cli.app))
    assert set(known) == set(WORDS["commands"])
    for name, (group, example) in WORDS["commands"].items():
        words = shlex.split(example.split(" > ")[0])
        assert words[0] == "fazhi" and " ".join(words[1:]).startswith(name), example
        assert unknown(words) is None, example
        assert known[name].epilog
        assert " " in name or known[name].rich_help_panel == WORDS["groups"][group]
    assert not [step for step in WORDS["first_steps"] if unknown(shlex.split(step))]


def test_help_shows_groups_first_steps_and_exit_codes(home: Path) -> None:
    said = fazhi(home, "--help", COLUMNS="200").stdout
    assert all(group in said for group in WORDS["groups"].values())
    assert all(step in said for step in WORDS["first_steps"])
    assert set(re.findall(r"(?:^|· |: )(\d+) ", said.split("Exit status")[1])) == {str(code.value) for code in Exit}
    assert 'Example: fazhi query --json "select' in fazhi(home, "query", "--help", COLUMNS="200").stdout


def test_version_names_release_and_extractor(home: Path) -> None:
    """The extractor's digest is the one that staging notes beside each document."""
    done = fazhi(home, "--version")
    assert (done.returncode, done.stdout) == (0, f"fazhi {version('fazhi')}, extractor {extractor_version()}\n")


@pytest.mark.parametrize("name", ["docs/cli.md", "docs/cli.zh.md"])
def test_the_guide_names_every_command_and_exit_code(name: str) -> None:
    guide = (ROOT / name).read_text(encoding="utf-8")
    assert {name for name, _ in commands(cli.app) if f"fazhi {name}" not in guide} == set()
    assert re.findall(r"^\| (\d+) \|", guide, re.MULTILINE) == [str(code.value) for code in Exit]


@pytest.mark.parametrize("name", ["docs/cli.md", "docs/cli.zh.md"])
def test_the_guide_lists_the_commands_that_print_json(name: str) -> None:
    guide = (ROOT / name).read_text(encoding="utf-8")
    (line,) = [line for line in guide.splitlines() if line.startswith("`--json`")]
    with_json = {
        name
        for name, info in commands(cli.app)
        if getattr(info, "callback", None) and "as_json" in info.callback.__annotations__
    }
    assert set(re.findall(r"`([a-z ]+)`", line.removeprefix("`--json`"))) == with_json


@pytest.mark.parametrize("width", [80, 40])
@pytest.mark.parametrize("words", [("query", "from marts.one"), ("snapshots",), ("--help",)])
def test_nothing_is_wider_than_the_terminal(home: Path, width: int, words: tuple[str, ...]) -> None:
    lines = on_terminal(home, width, *words)
    assert len(lines) > 5
    assert [line for line in lines if cell_len(line) > width] == []


def test_a_narrow_terminal_gets_whole_values_in_blocks(home: Path) -> None:
    lines = on_terminal(home, 40, "query", "from marts.one limit 1")
    assert next(line for line in lines if line.startswith("publisher")).rstrip().endswith(NAME)
    start = next(number for number, line in enumerate(lines) if line.startswith("sentence"))
    end = next(number for number, line in enumerate(lines) if line.startswith("url"))
    column = cell_len("report_year ")
    text = "".join(line[column:].strip() for line in lines[start:end])
    # what could work the terminal is shown as a sign, and what looks like markup is text
    assert text == (SENTENCE * 3).replace("\x1b", "\u241b")


def test_a_terminal_shows_that_it_works_and_a_pipe_does_not(home: Path) -> None:
    words = ("query", "select count(*) as n from marts.one")
    assert [line for line in on_terminal(home, 80, *words, progress=True) if re.search(r"query +0:00:0", line)]
    assert "query" not in fazhi(home, *words).stderr


def test_a_step_may_hold_a_bar_of_its_own(home: Path, tmp_path: Path) -> None:
    code = f"""
import pathlib, time
from flows.events import Events, track
with Events(pathlib.Path({str(tmp_path / "events.jsonl")!r})).step("one", "outer") as figures:
    for _ in track(range(3), "inner", 3):
        time.sleep(0.3)
    figures["done"] = 3
"""
    lines = on_terminal(home, 80, "-c", code, progress=True, program=sys.executable)
    assert [line for line in lines if "inner" in line and "/3" in line]
    assert [line for line in lines if "outer" in line and line.rstrip().endswith("done 3")]


def test_a_wide_one_gets_a_table(home: Path) -> None:
    lines = on_terminal(home, 80, "query", "select publisher, report_year, value from marts.one")
    (head,) = [line.split() for line in lines if "publisher" in line]
    assert head == ["publisher", "report_year", "value"]
    assert sum(line.split() == [NAME, "2031", "987.0"] for line in lines) == 2


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("query", "--json", "select 1 as one"), Exit.OK, ""),
        (("query", "selec 1"), Exit.ERROR, "syntax error"),
        (("query", "create table marts.two (i int)"), Exit.ERROR, "read-only"),
        (("query", "--format", "xml", "select 1"), Exit.USAGE, "--format xml: one of table"),
        (("query",), Exit.USAGE, "Missing argument"),
        (("search", "x", "--year", "20"), Exit.USAGE, "--year 20"),
        (("export", "--format", "dbf"), Exit.USAGE, "--format dbf: one of csv"),
        (("dictionary", "--lang", "fr"), Exit.USAGE, "--lang fr"),
        (("ingest",), Exit.USAGE, "give PATH"),
        (("no-such-command",), Exit.USAGE, "No such command"),
        (("build",), Exit.ERROR, "no archive yet"),
        (("rollback", "1999-01-01-01"), Exit.ERROR, "there is no snapshot"),
        (("parse", "absent.html"), Exit.ERROR, ""),
    ],
)
def test_exit_status(home: Path, words: tuple[str, ...], status: Exit, said: str) -> None:
    done = fazhi(home, *words, COLUMNS="200")
    assert (done.returncode, said in done.stderr) == (status, True), done.stderr


def test_another_writer_gives_its_own_status(home: Path) -> None:
    with (home / "write.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert fazhi(home, "rollback").returncode == Exit.LOCKED


def test_ctrl_c_ends_a_long_query() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _ASKS],
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # shells start jobs with it switched off
        cwd=ROOT,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "asked\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == Exit.STOPPED


# the question never ends by itself; it says so when DuckDB has it
_ASKS = """
import signal, sys, threading, time
signal.signal(signal.SIGINT, signal.default_int_handler)
import duckdb
from flows.querying import _asked
def tell():
    time.sleep(1)
    print("asked", flush=True)
threading.Thread(target=tell, daemon=True).start()
try:
    _asked(duckdb.connect(), "select count(*) from range(100000000) a, range(1000000) b")
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize("words", [["--help"], ["query", "--help"], ["query", "from marts.one"], ["snapshots"]])
def test_light_commands_load_nothing_heavy(home: Path, words: list[str]) -> None:
    code = (
        "import sys; from flows.cli import main\n"
        f"sys.argv = ['fazhi', *{words!r}]\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        f"print('loaded:', sorted({{name.split('.')[0] for name in sys.modules}} & set({HEAVY!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(home), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "loaded: []"


@pytest.mark.parametrize(
    ("shell", "more"),
    [
        ("bash", {"COMP_WORDS": "fazhi qu", "COMP_CWORD": "1"}),
        ("zsh", {"_TYPER_COMPLETE_ARGS": "fazhi qu"}),
        ("fish", {"_TYPER_COMPLETE_ARGS": "fazhi qu", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}),
    ],
)
def test_shells_complete_commands(home: Path, shell: str, more: dict[str, str]) -> None:
    script = fazhi(home, "--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert script.returncode == 0 and f"_FAZHI_COMPLETE=complete_{shell}" in script.stdout
    given = fazhi(home, _FAZHI_COMPLETE=f"complete_{shell}", **more).stdout
    assert "query" in given and "quack" in given and "rollback" not in given


def test_completion_is_installed_where_the_shell_looks(home: Path, tmp_path: Path) -> None:
    more = {"HOME": str(tmp_path), "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    assert fazhi(home, "--install-completion", "bash", **more).returncode == 0
    assert "fazhi" in (tmp_path / ".bashrc").read_text(encoding="utf-8")
    sourced = f"source {tmp_path}/.bash_completions/fazhi.sh && complete -p fazhi"
    done = subprocess.run(["bash", "-c", sourced], capture_output=True, text=True, timeout=60, check=True)
    assert "_fazhi_completion" in done.stdout


def test_json_of_a_run_says_what_scripts_ask(home: Path) -> None:
    from flows.building import Published
    from flows.pipeline import RunSummary
    from flows.summary_json import as_json

    at = datetime(2031, 5, 6, tzinfo=UTC)
    counts = {"requests": 3, "listed": 2, "new": 1, "changed": 0, "unchanged": 1, "gone": 0, "failed": 0}
    run = HarvestRun("r1", "s1", at, at, "incomplete", **counts, reasons='[{"url": "u", "reason": "http_500"}]')
    with duckdb.connect(str(home / "side2.duckdb")) as con:
        con.execute("create schema marts; create table marts.rpt_reconciliation as select 'fail' as verdict")
        con.execute("create table marts.fct_report as select 1 as i")
    publish_snapshot(
        *(home / "side2.duckdb", home / "run" / "warehouse.duckdb", home / "run" / "snapshots"),
        fingerprint="x",
        at=DAY,
        keep=5,
    )
    summary = RunSummary(runs=[run], published=Published(skipped=False, new_reports=1))
    said = json.loads(as_json(Settings(home / "run"), summary, Exit.SOURCES_FAILED))
    assert said["exit_status"] == 4
    assert said["sources"][0]["reasons"] == [{"url": "u", "reason": "http_500"}]
    published = said["published"]
    assert (published["snapshot_id"], published["is_new"], published["new_reports"]) == ("2031-05-06-01", True, 1)
    assert published["rows"]["fct_report"] == 1
    assert json.loads(as_json(Settings(home), RunSummary(runs=[run]), Exit.OK))["published"] is None
