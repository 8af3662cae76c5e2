"""Every CMS family that the tests imitate, by name: a Site in, its Routes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scrapers.sample.families import boda, generic, jpage, trs
from scrapers.sample.site import Routes, Site
from tests.portal.families import column_index, gkmlpt, jpaas, paged_content, ucap, variants

FAMILIES: Mapping[str, Callable[[Site], Routes]] = {
    "trs": trs.build,
    "trs_from_1": variants.trs_from_1,
    "trs_stub": variants.trs_stub,
    "jpage": jpage.build,
    "jpage_encrypted": variants.jpage_encrypted,
    "jpaas": jpaas.build,
    "boda": boda.build,
    "ucap": ucap.build,
    "gkmlpt": gkmlpt.build,
    "generic": generic.build,
    "column_index": column_index.build,
    "paged_content": paged_content.build,
}
COMPLETE = tuple(name for name in FAMILIES if name not in {"trs_stub", "jpage_encrypted"})
"""Families on whose sites every article can be reached through the list."""
