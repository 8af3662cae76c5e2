"""`python -m bench.torture`: every fault against a sample warehouse, bounded in time.

Status 0: all was tried and held; 1: an invariant broke; 2: what was tried held, but the time ended before the rest.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from bench.torture import clocks, disks, files, kills, portals, record, rivals
from bench.torture.ground import Ground
from flows.temporary_server import temporary_server

MINUTES = 60


def main() -> int:
    """Prepare the two states, strike, say what held."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.torture", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, default=50, help="kills (default: %(default)s, most of the time)")
    parser.add_argument(
        "--numbers",
        type=int,
        nargs="*",
        default=[],
        metavar="N",
        help="kill at these points alone, such as an earlier run had no time for; --record adds them to its row",
    )
    parser.add_argument("--seed", type=int, default=9, help="the moments of the kills follow from it")
    parser.add_argument(
        "--minutes", type=float, default=MINUTES, help="no new fault is begun after so long (default: %(default)s)"
    )
    parser.add_argument("--only", nargs="*", choices=[*FAULTS, []], metavar="FAULT", help=", ".join(FAULTS))
    parser.add_argument(
        "--folder", type=Path, help="where the homes lie; kept, and used again (default: a temporary folder)"
    )
    parser.add_argument(
        "--record", action="store_true", help="write what came of it into bench/faults.json and docs/benchmarks.md"
    )
    given = parser.parse_args()
    os.environ.pop("PREFECT_API_URL", None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the server is stopped then too
    with tempfile.TemporaryDirectory(prefix="fazhi-torture-") as made:
        folder = given.folder or Path(made)
        with temporary_server(Path(made) / "prefect") as api:
            ground = Ground(folder, api, random.Random(given.seed), time.monotonic() + given.minutes * 60)
            started = time.monotonic()
            ground.prepare()
            print(f"both states made in {time.monotonic() - started:.0f} s; steps {ground.seconds}", flush=True)
            rows = {}
            for name in given.only or FAULTS:
                rows[name] = _strike(ground, name, given.points, given.numbers)
                if given.record:
                    record.keep({name: rows[name]}, add=name == "kills" and bool(given.numbers))
    print(f"\n{record.table(rows)}")
    for kind, lines in (("BROKEN", ground.broken), ("NOT TRIED, the time was up:", ground.untried)):
        for line in lines:
            print(f"{kind} {line}")
    return 1 if ground.broken else 2 if ground.untried else 0


def _strike(ground: Ground, name: str, points: int, numbers: list[int]) -> record.Row:
    """One kind of fault; returns its row of the table."""
    at, tried, broken = time.monotonic(), len(ground.done), len(ground.broken)
    said: object = "not tried"
    if not ground.time_is_up(name):
        try:
            said = FAULTS[name](ground, points, numbers)
        except Exception as error:  # noqa: BLE001 - one kind's end is a finding, not the battery's end
            said = "broke off"
            ground.broken.append(f"{name} broke off: {type(error).__name__}: {error}")
            traceback.print_exc()
    row = record.row(str(said), len(ground.done) - tried, len(ground.broken) - broken, time.monotonic() - at)
    print(record.table({name: row}), flush=True)
    return row


FAULTS: dict[str, Callable[[Ground, int, list[int]], object]] = {
    "files": lambda ground, *_: f"{files.damage(ground)} damaged files",
    "rivals": lambda ground, *_: f"{rivals.rival(ground)} reads meanwhile",
    "disks": lambda ground, *_: f"full in {', '.join(disks.fill(ground))}",
    "clocks": lambda ground, *_: f"by {clocks.jump(ground)}",
    "portals": lambda ground, *_: portals.misbehave(ground),
    "kills": lambda ground, *points: f"{kills.strike(ground, *points)} kills",  # last: it takes what time is left
}


if __name__ == "__main__":
    sys.exit(main())
