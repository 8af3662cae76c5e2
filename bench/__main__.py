"""`python -m bench [PART…]`: measures the parts, writes each into results.json as soon as it is done, then the table."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from typing import Any

from bench import options, results
from bench.machine import Stolen, machine, noise, revision, versions
from bench.parts import NAMES, part


def main() -> int:
    """The exit status is 1 where a part could not be measured; the others are, all the same."""
    asked = options.read(sys.argv[1:], list(NAMES))
    failed = []
    for letter in asked.parts:
        module = part(letter)
        print(f"{letter}. {module.TITLE} …", flush=True)
        entry: dict[str, Any] = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "revision": revision(),
            "machine": machine(),
        }
        before, start, stolen = noise(), time.monotonic(), Stolen()
        try:
            figures = module.measure(asked)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - one part's fault must not cost the others
            print(f"{letter}: not measured: {type(error).__name__}: {error}", file=sys.stderr)
            failed.append(letter)
            continue
        entry |= {"seconds": round(time.monotonic() - start, 1), "versions": versions(), "options": asked.told()}
        entry |= {"noise": {"stolen": stolen.share(), "before": before, "after": noise()}, "figures": figures}
        results.merge(asked.out, letter, entry)
        print(module.table(figures), flush=True)
    results.write_table(asked.docs, results.read(asked.out))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
