"""A seed in, a made report of a random division and its truth out, in the form of the cases of identity_*.jsonl.

What decides the region (the name itself where one division alone bears it, a parent in title, text, sign-off or site's
name, the site's code) is drawn at random; where nothing decides, the truth is null.
"""

from __future__ import annotations

import csv
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

HERE = Path(__file__).parent
SEED = HERE.parents[2] / "dbt_project" / "seeds" / "divisions.csv"
PROSE: dict[str, list[str]] = tomllib.loads((HERE / "identity_prose.toml").read_text("utf-8"))
EVIDENCE = ("name", "name", "title", "site name", "site code", "sign-off", "parent in text", "none")


@dataclass(frozen=True, slots=True)
class Division:
    code: str
    name: str
    full_name: str
    parents: tuple[str, ...]  # from the nearest up
    alone: bool  # no other division of that year bears the name


class Gazetteer:
    """The divisions of each year, from the seed."""

    def __init__(self) -> None:
        with SEED.open(encoding="utf-8") as file:
            self._rows = [row for row in csv.DictReader(file) if row["level"] != "country"]
        self._years: dict[int, list[Division]] = {}

    def of(self, year: int) -> list[Division]:
        if year not in self._years:
            rows = [r for r in self._rows if int(r["valid_from"]) <= year <= int(r["valid_to"] or 9999)]
            by_code = {row["region_code"]: row for row in rows}
            borne = Counter(row["name"] for row in rows)
            self._years[year] = [
                Division(
                    row["region_code"], row["name"], row["full_name"], _parents(row, by_code), borne[row["name"]] == 1
                )
                for row in rows
            ]
        return self._years[year]


def _parents(row: dict[str, str], by_code: dict[str, dict[str, str]]) -> tuple[str, ...]:
    names = []
    while (parent := by_code.get(row["parent_code"])) is not None:
        names.append(parent["name"])
        row = parent
    return tuple(names)


GAZETTEER = Gazetteer()


def make_case(seed: int) -> dict[str, Any]:
    """One report; the same seed gives the same case."""
    chance = Random(f"identity/{seed}")
    year = chance.randint(2014, 2023)
    division = chance.choice(GAZETTEER.of(year))
    evidence = chance.choice(EVIDENCE) if division.parents else "name"
    if evidence in ("title", "parent in text") and len(division.parents) < 1:
        evidence = "name"
    kind = chance.choice(("government", "department", "department"))
    body = division.name + (_government(division) if kind == "government" else chance.choice(PROSE["functions"]))
    prefix = "".join(reversed(division.parents[: chance.randint(1, len(division.parents))])) if division.parents else ""
    full = prefix + body
    known = {"y": year, "n": year + 1, "body": body, "place": division.name}
    nameless = evidence in ("site name", "sign-off") and chance.random() < 0.5
    if evidence == "title":
        known |= {"body": full, "place": prefix + division.name}
    titles = PROSE["nameless_titles"] if nameless else PROSE[f"{kind}_titles"]
    plain = evidence == "sign-off" or not division.name.endswith(
        ("市", "县", "区")
    )  # committees have other names there
    if plain or division.name.endswith("地区"):
        titles = [item for item in titles if not item.startswith("中共")]
    title = chance.choice(titles).format(**known)
    joint = title.startswith("中共")
    named = body if not nameless else _first_person(chance, body)
    text = [chance.choice(PROSE["openings"]).format(self=named, **known)]
    if evidence == "parent in text":
        text.append(chance.choice(PROSE["parents"]).format(parent=division.parents[0]))
    elif chance.random() < 0.3:
        other = chance.choice([item for item in GAZETTEER.of(year) if item.alone and item.parents])
        text.append(chance.choice(PROSE["travels"]).format(other=other.parents[-1] + other.name))
    day = f"{year + 1}-{chance.randint(1, 4):02}-{chance.randint(1, 28):02}"
    case: dict[str, Any] = {
        "id": f"made-{seed:04}",
        "why": f"{evidence}{', name in the title' if not nameless else ', no name in the title'}",
        "form": chance.choice(("text", "html")),
        "title": title,
        "line": chance.choice(PROSE["lines"]).format(day=day, source=chance.choice(("", "本站", "办公室"))),
        "text": text,
        "filler": kind,
    }
    signed = None
    if evidence == "sign-off" or chance.random() < 0.3:
        signed = f"{year + 1}-01-{chance.randint(4, 28):02}"
        signer = full if evidence == "sign-off" else body
        case["sign"] = (
            [signer, f"{year + 1}年1月{int(signed[-2:])}日"] if not joint else [f"{year + 1}年1月{int(signed[-2:])}日"]
        )
    if evidence == "site name":
        case["site"] = full if kind == "department" else prefix + division.name + _government(division)
    if evidence == "site code":
        case["form"], case["meta"] = "html", {"SiteIDCode": f"{division.code}00{chance.randint(10, 99)}"}
    decided = division.alone or evidence not in ("name", "none")
    accepted = [body, *("".join(reversed(division.parents[:n])) + body for n in range(1, len(division.parents) + 1))]
    accepted += [division.parents[-1] + body] if division.parents else []
    if joint:
        accepted = [
            f"{party}{mark}{item}" for party in _parties(division, prefix) for mark in (" ", "、") for item in accepted
        ]
    case["want"] = {
        "genre": "annual_report",
        "publisher": accepted,
        "region_code": division.code if decided else None,
        "region_name": division.full_name if decided else None,
        "report_year": year,
        "published_on": day,
        "signed_on": signed,
    }
    return case


def _government(division: Division) -> str:
    return "行政公署" if division.name.endswith(("地区", "盟")) else "人民政府"


def _first_person(chance: Random, body: str) -> str:
    if body.endswith(("人民政府", "行政公署")):
        unit = {"省": "我省", "市": "我市", "县": "我县", "区": "我区", "旗": "我旗", "州": "我州", "盟": "我盟"}
        return unit.get(body[-5], "我们")
    return {"局": "我局", "会": "我委"}.get(body[-1], "我单位")


def _parties(division: Division, prefix: str) -> tuple[str, ...]:
    return (f"中共{division.name}委", f"中共{prefix}{division.name}委")
