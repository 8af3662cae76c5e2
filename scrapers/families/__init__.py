"""CMS families, the most particular first; `generic` is the last and takes whatever is left."""

from __future__ import annotations

from scrapers.families.base import Family, ListError, PageRequest
from scrapers.families.boda import Boda
from scrapers.families.column_index import ColumnIndex
from scrapers.families.generic import Generic
from scrapers.families.gkmlpt import Gkmlpt
from scrapers.families.jpaas import Jpaas
from scrapers.families.jpage import Jpage
from scrapers.families.paged_content import PagedContent
from scrapers.families.trs import Trs
from scrapers.families.ucap import Ucap

FAMILIES: tuple[Family, ...] = (
    *(Jpage(), Jpaas(), Gkmlpt(), PagedContent(), ColumnIndex(), Boda(), Ucap(), Trs()),
    Generic(),
)

__all__ = ["FAMILIES", "Family", "ListError", "PageRequest", "family_of"]


def family_of(html: str, named: str = "auto") -> Family:
    """The family named in the registry, or the first that recognises the page."""
    for family in FAMILIES:
        if family.name == named or (named == "auto" and family.detect(html)):
            return family
    return FAMILIES[-1]
