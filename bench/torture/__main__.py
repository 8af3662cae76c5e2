"""`python -m bench.torture`: every fault against a sample warehouse, bounded in time; status 1 where an invariant broke."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.torture import clocks, disks, files, kills, portals, rivals
from bench.torture.ground import Broken, Ground
from flows.temporary_server import temporary_server

MINUTES = 15


def main() -> int:
    """Prepare the two states, strike, say what held."""
    parser = argparse.ArgumentParser(prog="python -m bench.torture", description=__doc__)
    parser.add_argument("--points", type=int, default=50, help="kills")
    parser.add_argument("--seed", type=int, default=9, help="the moments of the kills follow from it")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="no new fault is begun after so long")
    parser.add_argument("--only", nargs="*", choices=[*FAULTS, []], metavar="FAULT", help=", ".join(FAULTS))
    parser.add_argument("--folder", type=Path, help="where the homes lie; kept (default: a temporary folder)")
    given = parser.parse_args()
    os.environ.pop("PREFECT_API_URL", None)
    with tempfile.TemporaryDirectory(prefix="fazhi-torture-") as made:
        folder = given.folder or Path(made)
        with temporary_server(folder / "prefect") as api:
            started = time.monotonic()
            ground = Ground(folder, api, random.Random(given.seed), started + given.minutes * 60)
            ground.prepare()
            print(f"both states made in {time.monotonic() - started:.0f} s; steps {ground.seconds}", flush=True)
            for name in given.only or FAULTS:
                if ground.time_is_up:
                    print(f"{name}: not tried, the time is up", flush=True)
                    continue
                at, tried = time.monotonic(), len(ground.done)
                try:
                    said = FAULTS[name](ground, given.points)
                except Broken as error:
                    said, _ = "broke off", ground.broken.append(f"{name}: {error}")
                print(f"{name}: {said}; {len(ground.done) - tried} checks, {time.monotonic() - at:.0f} s", flush=True)
    print(f"{len(ground.done)} checks, {len(ground.broken)} broken")
    for line in ground.broken:
        print(f"BROKEN {line}")
    return 1 if ground.broken else 0


FAULTS: dict[str, Callable[[Ground, int], object]] = {
    "files": lambda ground, _: files.damage(ground),
    "rivals": lambda ground, _: f"{rivals.rival(ground)} reads meanwhile",
    "disks": lambda ground, _: f"full in {disks.fill(ground)}",
    "clocks": lambda ground, _: f"by {clocks.jump(ground)}",
    "portals": lambda ground, _: portals.misbehave(ground),
    "kills": lambda ground, points: f"{kills.strike(ground, points)} kills",  # last: it takes what time is left
}


if __name__ == "__main__":
    sys.exit(main())
