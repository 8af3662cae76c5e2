"""Serve the sample portal until interrupted, for looking at it in a browser."""

from __future__ import annotations

import argparse
from threading import Event

from scrapers.sample.portal import SamplePortal


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scrapers.sample", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="port on 127.0.0.1 (0: a free one)")
    with SamplePortal(parser.parse_args().port) as portal:
        print(f"http://127.0.0.1:{portal.port}/  (Ctrl-C ends it)")
        try:
            Event().wait()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
