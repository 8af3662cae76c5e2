"""One module a content system: a Site in, its Routes out, laid out and paged as that system does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scrapers.sample.families import boda, generic, jpage, trs
from scrapers.sample.site import Routes, Site

FAMILIES: Mapping[str, Callable[[Site], Routes]] = {
    "trs": trs.build,
    "jpage": jpage.build,
    "boda": boda.build,
    "generic": generic.build,
}


def build(site: Site) -> Routes:
    return FAMILIES[site.family](site)
