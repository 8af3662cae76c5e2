"""Calls come when they are due, in their order, unless they are withdrawn."""

from __future__ import annotations

import threading

from scrapers.deadlines import Deadlines


def test_calls_come_in_order_and_withdrawn_ones_do_not() -> None:
    deadlines, came, done = Deadlines(), [], threading.Event()
    deadlines.at(0.15, lambda: came.append("late"))
    deadlines.at(0.05, lambda: came.append("early"))
    never = deadlines.at(0.1, lambda: came.append("never"))
    deadlines.at(0.2, done.set)
    deadlines.withdraw(never)
    deadlines.withdraw(never)
    assert done.wait(10)
    assert came == ["early", "late"]
    again = threading.Event()
    deadlines.at(0, again.set)
    assert again.wait(10)


def test_many_at_once_need_one_thread() -> None:
    deadlines, before = Deadlines(), threading.active_count()
    numbers = [deadlines.at(60, lambda: None) for _ in range(1000)]
    assert threading.active_count() == before + 1
    for number in numbers:
        deadlines.withdraw(number)
    assert deadlines._queue == []
