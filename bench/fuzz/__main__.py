"""`PYTHON -m bench.fuzz [TARGET…] --minutes 3`: atheris over each target; what breaks stays in the folder, status 1.

PYTHON has atheris and what the product needs (`make fuzz`). A target breaks by an exception that is not the product's own,
by more than 2 s of processor time, by a hang, or by memory beyond the limit.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

LONGEST_S = 2.0
HANGS_S = 30
MEMORY_MB = 500
LONGEST_INPUT = 16_384


class Slow(Exception):
    """An input took longer than it may."""


def fuzz(name: str, folder: Path, minutes: float, memory_mb: int) -> int:
    """One target, each in a process of its own; its status."""
    command = [sys.executable, "-m", "bench.fuzz", name, "--here", "--folder", str(folder)]
    command += ["--minutes", str(minutes), "--memory", str(memory_mb)]
    return subprocess.run(command, check=False).returncode


def _here(name: str, folder: Path, minutes: float, memory_mb: int) -> None:
    import atheris

    with atheris.instrument_imports(include=["extraction", "scrapers", "flows.parsing"]):
        from bench.fuzz.targets import TARGETS
    target = TARGETS[name]
    corpus, found = folder / name / "corpus", folder / name / "found"
    for path in (corpus, found):
        path.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds()):
        (corpus / f"seed-{number:03}").write_bytes(seed)
        target.run(seed)  # what is loaded once is no input's fault

    def one(data: bytes) -> None:
        start = time.process_time()
        target.run(data)
        taken = time.process_time() - start
        if taken > LONGEST_S:
            raise Slow(f"{taken:.1f} s of processor time for {len(data):,} bytes")

    limits = [f"-max_total_time={minutes * 60:.0f}", f"-timeout={HANGS_S}", f"-rss_limit_mb={memory_mb}"]
    limits += [f"-max_len={LONGEST_INPUT}", f"-artifact_prefix={found}/", "-print_final_stats=1", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *limits, str(corpus)], one)
    atheris.Fuzz()


def main() -> int:
    """Each target in turn."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="default: all")
    parser.add_argument("--minutes", type=float, default=3.0, help="for each target")
    parser.add_argument("--memory", type=int, default=MEMORY_MB, help="MB that the process may have")
    parser.add_argument("--folder", type=Path, default=Path("build/fuzz"), help="what was tried and what broke")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.here:
        _here(given.targets[0], given.folder, given.minutes, given.memory)
        return 0
    from bench.fuzz.targets import TARGETS

    unknown = sorted(set(given.targets) - set(TARGETS))
    if unknown:
        parser.error(f"no target {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    chosen = given.targets or list(TARGETS)
    broken = [name for name in chosen if fuzz(name, given.folder, given.minutes, given.memory)]
    for name in broken:
        print(f"{name}: broke; the input lies in {given.folder / name / 'found'}")
    print(f"{len(chosen)} targets, {len(broken)} broke")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
