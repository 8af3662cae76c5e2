"""Bytes of one file in, one Document out: read → identify → sections → quantities → indicators. No network."""

from __future__ import annotations

from extraction.catalogue import default_catalogue
from extraction.errors import Unreadable
from extraction.identify import identify
from extraction.indicators import map_indicators
from extraction.quantities import find_quantities
from extraction.read import read_page
from extraction.sections import find_sections
from extraction.types import Document


def parse_bytes(
    data: bytes,
    *,
    url: str | None = None,
    name: str | None = None,
    media_type: str | None = None,
    charset: str | None = None,
) -> Document:
    """Parse one fetched or local file.

    name: file name, used only for its suffix; media_type, charset: of the HTTP header where there was one.
    Never raises on bad input: a file that cannot be read gives a Document with `error`.
    """
    try:
        page = read_page(data, url=url, name=name, media_type=media_type, charset=charset)
    except Unreadable as error:
        return Document(path=name, url=url, media_type=media_type, error=str(error))
    sections = find_sections(page.body)
    identity = identify(page, sections)
    quantities = map_indicators(
        find_quantities(page.body, sections=sections, report_year=identity.report_year),
        body=page.body,
        sections=sections,
        catalogue=default_catalogue(),
        publisher=identity.publisher,
    )
    fields = page.fields
    return Document(
        path=name,
        url=url,
        media_type=page.media_type,
        charset=page.charset,
        genre=identity.genre,
        title=_value(fields, "title"),
        publisher=identity.publisher,
        source=_value(fields, "source"),
        index_no=_value(fields, "index_no"),
        document_no=_value(fields, "document_no"),
        site_id=_value(fields, "site_id"),
        region_code=identity.region_code,
        region_name=identity.region_name,
        report_year=identity.report_year,
        published_on=_value(fields, "published_on"),
        signed_on=identity.signed_on,
        body=page.body,
        sections=tuple(sections),
        quantities=tuple(quantities),
        attachments=page.attachments,
        derived_from={key: item.source for key, item in fields.items()} | dict(identity.derived_from),
        warnings=page.warnings + identity.warnings,
    )


def _value(fields: object, key: str) -> str | None:
    item = fields.get(key)  # type: ignore[attr-defined]
    return item.value if item else None
