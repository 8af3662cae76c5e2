"""The bundled sample portal: four small government sites of different content systems, served on the loopback.

Everything on it is fictional: provinces, cities, bodies, figures and documents (示例数据，纯属虚构). It is what a run
without a source registry harvests, so that the whole way from portal to warehouse can be seen without the network.

`python -m scrapers.sample --port 8000` serves it for looking.
"""

from __future__ import annotations

from typing import Any

from scrapers.sample.bank import load
from scrapers.sample.portal import SamplePortal

__all__ = ["SamplePortal", "sample_sources"]


def sample_sources(portal: SamplePortal) -> tuple[dict[str, Any], ...]:
    """Registry entries for the running portal, with the fields of a source's YAML file.

    The urls hold the sites' fixed names; `resolve` alone knows the port, so documents keep their identity.
    """
    return tuple(
        {
            "id": f"sample-{row['key']}",
            "name": f"{row['name']}（示例）",
            "region_code": row["region_code"],
            "start_urls": [portal.start_urls[row["key"]]],
            "family": "auto",
            "expect": row["expect"],
            "delay_s": 0.01,
            "status": "active",
            "verified": "never",
            "local": True,
            "is_sample": True,
            "resolve": {f"{row['key']}.sample.invalid": portal.address},
        }
        for row in load("sites")["site"]
    )
