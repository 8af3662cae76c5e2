"""The battery's own judgement: what is doubled, between two states or told badly is seen as such."""

from __future__ import annotations

import random
import time
from pathlib import Path

import duckdb
import pytest

from bench.torture import record
from bench.torture.ground import STEPS, Ground, doubled, tells
from bench.torture.kills import points_of
from tests.flows.conftest import Fazhi

COLUMNS = {
    "fct_report": "report_id varchar",
    "fct_quantity": "report_id varchar, char_start integer, char_end integer",
    "fct_indicator_yearly": "publisher_id varchar, indicator_id varchar, report_year integer",
}


def publish(home: Path, *reports: str) -> None:
    home.mkdir(exist_ok=True)
    (home / "warehouse.duckdb").unlink(missing_ok=True)
    with duckdb.connect(str(home / "warehouse.duckdb")) as con:
        con.execute("create schema marts")
        for table, columns in COLUMNS.items():
            con.execute(f"create table marts.{table} ({columns})")
        for report in reports:
            con.execute("insert into marts.fct_report values (?)", [report])


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    found = Ground(tmp_path, "http://127.0.0.1:9/api", random.Random(1), time.monotonic() + 60)
    publish(found.old.home, "a")
    publish(found.new.home, "a", "b")
    return found


@pytest.mark.parametrize(
    ("reports", "state"),
    [(("a",), "old"), (("b", "a"), "new"), (("b",), "neither"), (("a", "b", "b"), "neither"), ((), "neither")],
)
def test_between_two_states_is_seen(ground: Ground, reports: tuple[str, ...], state: str) -> None:
    fazhi = Fazhi(ground.folder / "other", ground.api)
    publish(fazhi.home, *reports)
    assert ground.old_or_new("test", fazhi) == state
    assert bool(ground.broken) == (state == "neither")


def test_which_run_of_a_day_saw_it_counts_unless_the_day_is_another(ground: Ground) -> None:
    publish(ground.new.home, "a", "2031-05-06-02")
    fazhi = Fazhi(ground.folder / "other", ground.api)
    publish(fazhi.home, "a", "2031-05-07-01")
    assert ground.old_or_new("test", fazhi, any_run=True) == "new" and not ground.broken
    assert ground.old_or_new("test", fazhi) == "neither"


def test_a_torn_file_is_seen(ground: Ground) -> None:
    fazhi = Fazhi(ground.folder / "other", ground.api)
    publish(fazhi.home, "a")
    fazhi.warehouse.write_bytes(fazhi.warehouse.read_bytes()[:5000])
    assert ground.old_or_new("test", fazhi) == "unreadable" and ground.broken


def test_what_stands_twice_is_named(ground: Ground) -> None:
    publish(ground.new.home, "a", "b", "b")
    assert doubled(ground.new) == ["fct_report: [('b', 2)]"]
    assert doubled(ground.old) == []


def test_messages_are_judged(ground: Ground) -> None:
    tells(
        ground,
        "good",
        "staging.duckdb cannot be read: `fazhi build --from-archive`",
        "staging.duckdb",
        "--from-archive",
    )
    assert not ground.broken
    tells(ground, "bad", "Traceback (most recent call last):\n  KeyError", "--from-archive")
    assert len(ground.broken) == 2


def test_homes_are_copies_of_the_old_state(ground: Ground) -> None:
    assert ground.copy("copied").rows("from marts.fct_report") == [("a",)]
    assert ground.copy("copied", of="new").rows("select count(*) from marts.fct_report") == [(2,)]


def test_a_kind_that_is_struck_again_takes_its_own_row(tmp_path: Path) -> None:
    page, out = tmp_path / "page.md", tmp_path / "faults.json"
    page.write_text(f"before\n{record.MARKS[0]}\nold\n{record.MARKS[1]}\nafter\n", "utf-8")
    record.keep({"files": record.row("9 files", 40, 3, 10.2), "clocks": record.row("by hand", 9, 0, 5)}, out, page)
    record.keep({"files": record.row("9 files", 41, 0, 10.2)}, out, page)
    text = page.read_text("utf-8")
    assert text.startswith("before\n") and text.endswith("\nafter\n") and "old" not in text
    assert "| files | 9 files | 41 | 0 | 10 |" in text and "| clocks | by hand | 9 | 0 | 5 |" in text


def test_a_second_sitting_is_added_to_the_first(tmp_path: Path) -> None:
    page, out = tmp_path / "page.md", tmp_path / "faults.json"
    page.write_text("\n".join(record.MARKS), "utf-8")
    first, second = record.row("42 kills", 160, 0, 7784), record.row("8 kills", 30, 1, 600)
    record.keep({"kills": {**first, "revision": "abc"}}, out, page, add=True)
    kept = record.keep({"kills": {**second, "revision": "def"}}, out, page, add=True)["kills"]
    assert kept == {**second, "struck": "50 kills", "checks": 190, "broken": 1, "seconds": 8384, "revision": "abc, def"}


def test_points_that_were_left_are_those_of_the_whole_battery(ground: Ground) -> None:
    again = Ground(ground.folder, ground.api, random.Random(1), ground.ends_at)
    points = points_of(ground, 21)
    assert points == points_of(again, 21) != points_of(again, 21)
    assert {step: [at[0] for at in points].count(step) for step in STEPS} == dict.fromkeys(STEPS, 3)
    assert all(0 <= share < 1 for _, share in points)
