"""Many small sites on one server, of all complete families, some of them faulty: for benchmarks and long tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from scrapers.sample.site import Site
from tests.portal import faults
from tests.portal.families import COMPLETE
from tests.portal.faults import Fault
from tests.portal.server import PortalServer
from tests.portal.sites import make_site

PASSING: dict[str, Callable[[], Fault]] = {
    "busy": lambda: faults.status(503),
    "too_many_requests": lambda: faults.status(429, Retry_After="1"),
    "reset": faults.reset,
    "truncated": faults.truncated,
    "bad_gateway": lambda: faults.status(502),
}
"""Faults that a patient client gets over: each strikes twice, after three requests that went well."""


@dataclass(frozen=True, slots=True)
class Farmed:
    """A site of the farm, the name of its fault (None: sound), what a harvest of it ought to store."""

    site: Site
    fault: str | None
    report_urls: tuple[str, ...]


def plant(
    portal: PortalServer, count: int, *, articles: int = 30, fault_share: float = 0.05, publishers: int = 3
) -> list[Farmed]:
    """Add `count` sites named farm-0 … to the portal; which are faulty depends on the count alone.

    publishers: how many bodies' reports a site carries, up to four of each: a column of yearly reports is mostly a
    region's, not one body's.
    """
    faulty = Random(f"farm|{count}").sample(range(count), round(count * fault_share))
    farmed = []
    for number in range(count):
        family = COMPLETE[number % len(COMPLETE)]
        made = make_site(family, key=f"farm-{number}", seed=number, articles=articles, publisher_count=publishers)
        site = portal.add(made)
        fault = list(PASSING)[faulty.index(number) % len(PASSING)] if number in faulty else None
        farmed.append(Farmed(site, fault, tuple(portal.report_urls(site))))
    replant(portal, farmed)
    return farmed


def replant(portal: PortalServer, farmed: list[Farmed]) -> None:
    """Set the faults on anew, as if nobody had come yet."""
    for item in farmed:
        if item.fault:
            portal.mend(item.site)
            portal.fail(item.site, PASSING[item.fault](), times=2, skip=3)
