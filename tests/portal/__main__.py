"""A farm in a process of its own: prints one JSON line with sources and what is to be found, ends with its input.

`python -m tests.portal --sites 200 --articles 30 --fault-share 0.05`. A line `log` on its input is answered with one
JSON line of the requests since the last one; `plant` sets all faults on again.
"""

from __future__ import annotations

import argparse
import json
import sys

from tests.portal.farm import plant, replant
from tests.portal.server import PortalServer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.portal", description=__doc__)
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("--articles", type=int, default=30)
    parser.add_argument("--fault-share", type=float, default=0.0)
    parser.add_argument("--publishers", type=int, default=3)
    options = parser.parse_args()
    with PortalServer() as portal:
        farmed = plant(
            portal,
            options.sites,
            articles=options.articles,
            fault_share=options.fault_share,
            publishers=options.publishers,
        )
        told = {
            "sources": [portal.source(item.site) for item in farmed],
            "reports": {item.site.key: item.report_urls for item in farmed},
            "faults": {item.site.key: item.fault for item in farmed if item.fault},
        }
        print(json.dumps(told, ensure_ascii=False), flush=True)
        for line in sys.stdin:  # whoever started us closes it
            if line.strip() == "plant":
                replant(portal, farmed)
            seen = [[item.at, item.host, item.path, item.query, item.headers.get("Referer")] for item in portal.log]
            print(json.dumps(seen), flush=True)
            portal.clear_log()


if __name__ == "__main__":
    main()
