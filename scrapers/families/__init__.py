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
    """The family named in the registry, or the first that recognises the page.

    A page that is plainly of another family than the named one is read as what it is: portals are rebuilt.
    """
    wanted = next((family for family in FAMILIES if family.name == named), FAMILIES[-1])
    if named != "auto" and wanted.detect(html):
        return wanted
    found = next(family for family in FAMILIES if family.detect(html))
    return wanted if found is FAMILIES[-1] else found
