"""The catalogue's rows by their own examples, its structure, and the mapping against hand-made gold."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from extraction.catalogue import PATH, THEMES, CatalogueError, Indicator, default_catalogue, load_catalogue
from extraction.indicators import map_indicators
from extraction.quantities import find_quantities
from extraction.types import Quantity

GOLD = Path(__file__).parent.parent / "fixtures" / "indicator_gold.jsonl"
CATALOGUE = default_catalogue()


def mapped(text: str) -> list[Quantity]:
    quantities = find_quantities(text, sections=[], report_year=2023)
    return map_indicators(quantities, body=text, sections=[], catalogue=CATALOGUE)


def rows() -> list[dict[str, str]]:
    with PATH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("indicator", CATALOGUE.indicators.values(), ids=lambda item: item.id)
def test_example_of_the_row(indicator: Indicator) -> None:
    found = [(q.indicator, q.value) for q in mapped(indicator.example)]
    assert (indicator.id, indicator.example_value) in found
    assert sum(name == indicator.id for name, _ in found) == 1


def test_size_and_themes() -> None:
    assert len(CATALOGUE.indicators) >= 150
    assert {item.theme for item in CATALOGUE.indicators.values()} == set(THEMES)


def test_names_and_definitions_are_given_in_both_languages_and_differ() -> None:
    table = rows()
    for column in ("indicator_id", "name_zh", "name_en"):
        values = [row[column] for row in table]
        assert len(set(values)) == len(values), column
    assert all(row["definition_zh"] and row["definition_en"] for row in table)


def test_components_share_unit_and_kind_with_their_total() -> None:
    for item in CATALOGUE.indicators.values():
        if item.total_id:
            total = CATALOGUE.indicators[item.total_id]
            assert (item.unit, item.kind) == (total.unit, total.kind), item.id
            assert not total.total_id, f"{item.id}: totals of totals are not summed"


def test_every_partition_has_several_parts_and_rates_name_both_sides() -> None:
    groups: dict[tuple[str, str], int] = {}
    ids = CATALOGUE.indicators
    for row in rows():
        if row["total_id"]:
            key = (row["total_id"], row["component_group"])
            groups[key] = groups.get(key, 0) + 1
            assert row["component_group"]
        if row["denominator_id"]:
            assert row["numerator_id"] in ids
            assert row["denominator_id"] in ids
            assert row["kind"] == "rate"
    assert all(number >= 2 for number in groups.values()), groups


def test_gold() -> None:
    right = wrong = missed = 0
    faults = []
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found = {quantity.char_start: quantity.indicator for quantity in mapped(row["text"])}
        for expected in row["expected"]:
            got, want = found.get(expected["char_start"]), expected["indicator"]
            right += got is not None and got == want
            wrong += got is not None and got != want
            missed += want is not None and got != want
            if got != want:
                faults.append(f"{expected['raw']} in {row['text'][:30]}: {got}, not {want}")
    assert right / (right + wrong) >= 0.97, faults
    assert right / (right + missed) >= 0.85, faults


@pytest.mark.parametrize(
    "text",
    [
        "力争行政机关负责人出庭应诉率达到100%",
        "行政机关负责人出庭应诉率提高5个百分点",
        "人均办理行政复议案件36件",
        "行政复议案件占全部案件的36%",
        "新建公园3座",
        "抓获网上逃犯37万浩无案件",
    ],
)
def test_goals_changes_shares_and_other_things_stay_unmapped(text: str) -> None:
    assert [quantity.indicator for quantity in mapped(text)] == [None]


def test_the_first_of_a_from_to_pair_is_not_the_years_value() -> None:
    assert [q.indicator for q in mapped("企业开办时间由3个工作日缩短至1个工作日")] == [None, "company_setup_days"]


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("theme", "nothing", "allowed: functions"),
        ("match_units", "nothing", "allowed: case"),
        ("match_all", "", "would match everything"),
        ("parent_id", "nothing", "no indicator_id"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused(tmp_path: Path, column: str, value: str, message: str) -> None:
    table = rows()[:1]
    table[0] |= {"parent_id": "", "total_id": "", column: value}
    path = tmp_path / "catalogue.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    with pytest.raises(CatalogueError, match=message):
        load_catalogue(path)


def test_an_indicator_twice_is_refused(tmp_path: Path) -> None:
    lines = PATH.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "catalogue.csv"
    path.write_text("\n".join([lines[0], lines[1], lines[1]]), encoding="utf-8")
    with pytest.raises(CatalogueError, match="stands twice"):
        load_catalogue(path)


def test_a_number_is_the_surer_the_nearer_its_words_stand() -> None:
    """Named in its own clause; completed from the list's head; mapped by a word of the sentence alone; not named."""
    received, accepted = mapped("收到行政复议申请36件\uff0c受理30件。")
    (told_before,) = mapped("法律援助工作扎实开展\uff0c挽回损失326万元。")
    (nameless,) = mapped("共126件。")
    assert (received.indicator, accepted.indicator) == ("recon_received", "recon_accepted")
    assert told_before.indicator == "legal_aid_recovered"
    assert received.confidence > accepted.confidence > told_before.confidence > nameless.confidence


@pytest.mark.parametrize(
    ("text", "indicators"),
    [
        ("罚没款86万元\uff0c其中食品案件12件\uff0c罚没款9万元", ["fines", None, None]),
        ("处理投诉126件\uff0c办结率99%\uff1b处理举报36件", [None, "complaints_rate", None]),
        ("全市收到行政复议申请862件\uff0c市本级听证18次", ["recon_received", None]),
        (
            "发生生产安全事故6起\uff0c死亡5人\uff1b发生交通事故36起\uff0c死亡12人",
            ["accidents", "accident_deaths", None, None],
        ),
        ("结合世界水日\uff0c开展现场宣传活动8场", [None]),
        ("建成公共法律服务中心1个、工作站15个", [None, None]),
        ("行政执法人员862名\uff0c其中持证执法人员820名", [None, "officers"]),
        ("发现违法用地84宗\uff0c立案查处57宗", [None, None]),
        ("“春雷”行动期间出动执法人员426人次", [None]),
        ("新设立立法联系点4个\uff0c总数达到16个", [None, "legislative_contact_points"]),
        ("罚没款86万元\uff0c案均罚没1.1万元", ["fines", None]),
        ("保留行政权力863项。其中\uff0c行政许可26项、行政处罚781项。", ["power_list_items", None, None]),
    ],
)
def test_parts_told_beside_a_whole_stay_unmapped(text: str, indicators: list[str | None]) -> None:
    assert [quantity.indicator for quantity in mapped(text)] == indicators


@pytest.mark.parametrize(
    ("publisher", "text", "indicators"),
    [
        ("青川市水务局", "查处水事违法案件14件\uff0c罚款37.5万元", ["cases_filed", "fines"]),
        ("青川市人民政府", "查处水事违法案件14件\uff0c罚款37.5万元", [None, None]),
        ("青川市农业农村局", "检查农资门店732家次\uff0c立案查处31起", [None, "cases_filed"]),
        ("青川市水务局", "发现违法行为86起\uff0c立案36起\uff0c罚款12万元", [None, "cases_filed", "fines"]),
        ("青川市城市管理局", "查处违法行为1260起\uff0c立案312件", [None, "cases_filed"]),
        ("青川市税务局", "受理行政复议申请12件\uff0c维持8件", ["recon_accepted", "recon_upheld"]),
        ("青川市水务局", "受理行政复议申请12件", [None]),
        ("青川市市场监督管理局", "检查药店126家次\uff0c立案3件\uff0c罚款2万元", [None, None, None]),
    ],
)
def test_the_field_of_a_department_is_its_whole(publisher: str, text: str, indicators: list[str | None]) -> None:
    found = find_quantities(text, sections=[], report_year=2023)
    named = map_indicators(found, body=text, sections=[], catalogue=CATALOGUE, publisher=publisher)
    assert [quantity.indicator for quantity in named] == indicators


def test_the_value_of_the_year_before_keeps_its_indicator_and_year() -> None:
    found = mapped("罚没款由上年的486万元降至352万元\uff1b不予处罚案件由57件增加到103件")
    assert [(q.indicator, q.period_year) for q in found] == [
        ("fines", 2022),
        ("fines", 2023),
        ("penalty_exempted", 2022),
        ("penalty_exempted", 2023),
    ]
