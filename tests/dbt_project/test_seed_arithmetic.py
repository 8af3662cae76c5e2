"""The sums and rates that the reference reports hold, read and checked: each with the right verdict."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from flows import extracting, harvesting
from flows.building import load_context
from flows.settings import Settings
from scrapers.archive import Archive
from tests.extracted import extract_into
from warehouse.dbt import build
from warehouse.staging import open_staging

TEXTS = Path(__file__).parents[3] / "shared" / "seeds"

# what is checked, the numbers as printed, the verdict; the stated one first
KNOWN = {
    ("sentence_parts", ("108件", "57件", "35件", "13件", "3件"), "pass"),
    ("sentence_parts", ("108件", "37件", "71件"), "pass"),
    ("sentence_parts", ("48件", "2件", "3件", "7件", "36件"), "pass"),
    ("sentence_parts", ("28件", "18件", "6件", "4件"), "pass"),
    ("sentence_rate", ("99.93%", "11594件", "11601件"), "explained"),
    ("sentence_rate", ("97.2%", "247条", "254条"), "pass"),
    ("sentence_rate", ("100%", "75件"), "pass"),
    ("sentence_rate", ("100%", "2件", "10件"), "pass"),
    ("implied_previous", ("11.46%", "363件"), "pass"),
    ("implied_previous", ("20%", "24件"), "pass"),
    ("percent_range", ("119.8%",), "pass"),
    ("percent_range", ("106.88%",), "pass"),
}


@pytest.mark.slow
@pytest.mark.skipif(not TEXTS.is_dir(), reason=f"the reference reports are not at {TEXTS}")
def test_sums_and_rates_of_the_reference_reports(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    harvesting.ingest_files(settings, sorted(TEXTS.glob("*.txt")))
    with Archive(settings.archive, read_only=True) as archive, open_staging(settings.staging) as staging:
        captures = extracting.pending(archive, staging)
    with open_staging(settings.staging) as staging:
        extract_into(staging, settings.archive, captures)
    load_context(settings)
    side = tmp_path / "side.duckdb"
    build(staging=settings.staging, side=side, work=settings.work, unit_tests=False)
    with duckdb.connect(str(side), read_only=True) as con:
        rows = con.execute(
            'select kind, list_filter(from_json(inputs, \'[{"raw": "varchar"}]\').list_transform(lambda i: i.raw),'
            " lambda raw: raw is not null), verdict from marts.rpt_reconciliation"
        ).fetchall()
    found = {(kind, tuple(raws), verdict) for kind, raws, verdict in rows}
    assert KNOWN - found == set()
    assert [row for row in found if row[2] in ("fail", "unusual")] == []
