"""One at a time, who is behind first, and nobody waits for one that is away."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from scrapers.floor import Floor, Worker

MOST_S = 10.0


def begun(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + MOST_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_one_works_at_a_time_and_all_come_to_an_end() -> None:
    floor, lock = Floor(), threading.Lock()
    working, most, rounds = 0, 0, 0

    def work() -> None:
        nonlocal working, most, rounds
        worker = Worker(floor)
        with worker.at_work():
            for _ in range(20):
                with lock:
                    working += 1
                    most = max(most, working)
                    rounds += 1
                time.sleep(0.0005)
                with lock:
                    working -= 1
                with worker.away():
                    time.sleep(0.0005)

    for thread in [begun(work) for _ in range(12)]:
        thread.join(MOST_S)
        assert not thread.is_alive()
    assert most == 1 and rounds == 240


def test_who_is_behind_is_called_first_then_who_had_fewer_turns_then_who_came_first() -> None:
    floor, called = Floor(), []

    def waiting(name: str, behind: float, turns: int) -> threading.Thread:
        def work() -> None:
            floor.take(behind, turns)
            called.append(name)
            floor.leave()

        before = len(floor._waiting)
        thread = begun(work)
        until(lambda: len(floor._waiting) > before)
        return thread

    floor.take(0)
    asking = (("busy", 0, 3), ("early", 0, 1), ("paused 2 s", 2, 5), ("late", 0, 1), ("paused 9 s", 9, 4))
    threads = [waiting(*each) for each in asking]
    floor.leave()
    for thread in threads:
        thread.join(MOST_S)
    assert called == ["paused 9 s", "paused 2 s", "early", "late", "busy"]


def test_a_worker_says_how_often_it_had_its_turn_and_how_far_it_is_behind() -> None:
    told = []

    class Told(Floor):
        def take(self, behind: float, turns: int = 0) -> None:
            told.append((behind, turns))
            super().take(behind, turns)

    worker = Worker(Told())
    with worker.at_work():
        for behind in (0.0, 2.5):
            worker.behind = behind
            with worker.away():
                pass
    assert told == [(0.0, 0), (0.0, 1), (2.5, 2)]


def test_a_worker_that_fails_or_is_interrupted_leaves_the_floor() -> None:
    floor = Floor()
    with pytest.raises(ValueError, match="of the site"), Worker(floor).at_work():
        raise ValueError("of the site")
    worker = Worker(floor)
    with pytest.raises(ValueError, match="of the wire"), worker.at_work(), worker.away():
        raise ValueError("of the wire")
    floor.take(0)
    floor.leave()


def test_who_gives_up_waiting_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted:
        def __init__(self) -> None:
            self.asked = 0

        def acquire(self) -> bool:
            self.asked += 1
            if self.asked > 1:
                raise KeyboardInterrupt
            return True

        def release(self) -> None:
            raise AssertionError("nobody waits any more")

    floor = Floor()
    floor.take(0)
    with monkeypatch.context() as patched:
        patched.setattr("scrapers.floor.threading.Lock", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            floor.take(1)
    floor.leave()
    floor.take(0)
    floor.leave()


def test_away_without_work_is_nothing() -> None:
    floor = Floor()
    with Worker(floor).away():
        floor.take(0)
    floor.leave()
