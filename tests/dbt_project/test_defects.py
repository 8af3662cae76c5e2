"""Deliberate defects in staging data that is otherwise sound: each is caught by the check that is named for it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from expectations.gates import run_gate
from tests.warehouse.conftest import staged
from tests.warehouse.made import N, Rows, n
from warehouse.dbt import build

ACCEPTED, CONCLUDED, UPHELD, REVOKED = (
    f"reconsideration_{name}" for name in ("accepted", "concluded", "upheld", "revoked")
)
CASES: dict[tuple[str, str], list[str | N]] = {
    # the parts of a sentence exceed their total
    ("sentence_parts", "fail"): ["查处案件", n("50件"), "，其中食品类", n("32件"), "、药品类", n("20件"), "。"],
    # a rate that its two counts do not give
    ("sentence_rate", "fail"): ["受理投诉", n("200件"), "，办结", n("150件"), "，办结率", n("85%"), "。"],
    # a share above all
    ("percent_range", "fail"): ["群众满意率达", n("140%"), "。"],
    # no whole number of the year before gives that change
    ("implied_previous", "fail"): [
        "备案文件",
        n("24件"),
        "，同比增长",
        n("13%", kind="change_rate", direction="up"),
        "。",
    ],
    # a part, sentences away, that exceeds its total
    ("catalogue_parts", "fail"): ["审结复议案件", n("40件", CONCLUDED), "。\n维持", n("45件", UPHELD), "。"],
    # a rate that numerator and denominator elsewhere do not give
    ("catalogue_rate", "fail"): [
        "调解纠纷",
        n("200件", "mediation_total"),
        "。\n调解成功",
        n("150件", "mediation_success"),
        "。\n调解成功率",
        n("91%", "mediation_success_rate"),
        "。",
    ],
}
# a body's yearly numbers, and the verdict on its last year
SERIES: dict[tuple[str, str], tuple[float, ...]] = {
    ("unit_slip", "fail"): (41, 40, 42, 43, 410000),
    ("history_jump", "unusual"): (41, 40, 42, 43, 1300),
    ("peer_outlier", "unusual"): (2400, 2500, 2450, 2600, 2550),
}
VARIABLES = {"least_peers": 5}


def _reports() -> Rows:
    rows = Rows()
    rows.add_source("liudu", "柳渡区人民政府", "980122", first_year=2023)
    numbers = iter("甲乙丙丁戊己庚辛壬癸子丑寅卯")
    for (kind, _), pieces in CASES.items():
        rows.add_report(_body(kind), "980122", 2023, *pieces)
    ordinary = {f"ordinary{number}": (41.0, 40.0, 42.0, 43.0, 44.0) for number in range(4)}
    series = ordinary | {kind: values for (kind, _), values in SERIES.items()}
    for kind, values in series.items():
        body = _body(kind) if kind not in ordinary else f"柳渡区{next(numbers)}局"
        for year, value in enumerate(values, start=2019):
            rows.add_report(body, "980122", year, f"{body}{year}年受理复议申请", n(f"{value:g}件", ACCEPTED), "。")
    # a change that the year before's own report contradicts
    for year, raw, change in ((2022, "100件", None), (2023, "150件", "25%")):
        stated: list[str | N] = ["，同比增长", n(change, kind="change_rate", direction="up")] if change else []
        rows.add_report(_body("stated_change"), "980122", year, "撤销案件", n(raw, REVOKED), *stated, "。")
    # two values of equal right for one indicator
    twice = ("受理复议申请", n("30件", ACCEPTED), "。\n受理复议申请", n("33件", ACCEPTED), "。")
    rows.add_report(_body("conflicting"), "980122", 2023, *twice)
    # last year's text under this year's title
    old = [f"开展第{number}项专项整治并建立相应的长效管理工作机制。" for number in range(30)]
    for year in (2022, 2023):
        rows.add_report(
            _body("text_handed_in_again"), "980122", year, *old, *([] if year == 2022 else ["另附说明一份。"])
        )
    return rows


def _body(kind: str) -> str:
    letters = "子丑寅卯辰巳午未申酉戌亥"
    names = [*(kind for kind, _ in CASES), *(kind for kind, _ in SERIES)]
    names += ["stated_change", "conflicting", "text_handed_in_again"]
    return f"柳渡区{letters[names.index(kind)]}字局"


@pytest.mark.slow
def test_each_defect_is_caught_by_its_check(tmp_path: Path, project: Path) -> None:
    side = tmp_path / "side.duckdb"
    staging = staged(tmp_path / "staging.duckdb", _reports())
    build(staging=staging, side=side, work=tmp_path / "work", project=project, unit_tests=False, variables=VARIABLES)
    with duckdb.connect(str(side), read_only=True) as con:
        found = con.execute(
            "select distinct kind, verdict, publisher, report.report_year from marts.rpt_reconciliation as checked"
            " inner join marts.fct_report as report using (report_id) where verdict in ('fail', 'unusual')"
        ).fetchall()
        flagged = con.execute(
            "select distinct quality_flag, publisher from marts.fct_indicator_yearly inner join marts.fct_report"
            " using (report_id)"
        ).fetchall()
        again = con.execute(
            "select report_id, relation from marts.rpt_near_duplicate where similarity > 0.8"
        ).fetchall()
    wanted = {(kind, verdict, _body(kind), 2023) for kind, verdict in [*CASES, *SERIES]}
    # numbers that are always far from the peers' are so in every year
    wanted |= {("peer_outlier", "unusual", _body("peer_outlier"), year) for year in range(2019, 2023)}
    wanted |= {("peer_outlier", "unusual", _body(kind), 2023) for kind in ("unit_slip", "history_jump")}
    wanted.add(("stated_change", "fail", _body("stated_change"), 2023))
    assert set(found) == wanted
    assert ("conflicting", _body("conflicting")) in flagged
    assert ("unusual", _body("history_jump")) in flagged
    assert ("failed_check", _body("unit_slip")) in flagged
    assert [relation for _, relation in again] == ["other_year"]

    gate = run_gate("marts", side, tmp_path / "reports")
    failed = {check.name: check.severity for check in gate.checks if not check.passed}
    # the repeated text is long, and no number was read in it
    assert failed == {"text_handed_in_again": "warning", "report_has_quantities": "warning"}
