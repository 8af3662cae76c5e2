"""The search index: right words, right scores, updates that equal a fresh index, and what a kill leaves."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import duckdb
import pytest

from warehouse import search_index, search_units
from warehouse.errors import NoWarehouse, WarehouseError
from warehouse.search_index import Indexed, begin_index, update_index
from warehouse.searching import search
from warehouse.segmenting import words

HEAD = "前言。"
SECTIONS = {
    "一、复议": "办理行政复议案件48件，行政复议纠错率为12.5%。",
    "二、执法": "开展综合行政执法检查1200次，其中网络检查30次。",
    "三、普法": "举办普法讲座20场，参加群众ABC社区居民3000人次。",
}
REPORTS = {
    "a": ("青禾省柳渡区人民政府", "980122", 2022, SECTIONS),
    "b": ("青禾省柳渡区人民政府", "980122", 2023, {"一、纠错": "纠错率下降，纠错率为3%。"}),
    "c": ("云岭省白塔市司法局", "970100", 2023, {"一、执法": SECTIONS["二、执法"], "二、其他": "无。"}),
}
Reports = dict[str, tuple[str, str, int, dict[str, str]]]
QUERIES = ("行政复议 纠错率", "行政复议纠错率", "检查", "abc", "执法 普法", "12.5%", "没有的词")


def warehouse(path: Path, reports: Reports) -> Path:
    """The columns of a published warehouse that searching reads; every sentence with a digit holds one quantity."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        con.execute("use marts")
        con.execute(
            "create table fct_report (report_id varchar, publisher varchar, region_code varchar, region_name varchar, "
            "report_year integer, title varchar, url varchar, body varchar, body_sha256 varchar, body_chars integer)"
        )
        con.execute(
            "create table fct_report_section (report_id varchar, section_no integer, heading varchar, part varchar, "
            "char_start integer)"
        )
        con.execute(
            "create table fct_quantity (quantity_id varchar, report_id varchar, sentence varchar, sentence_start integer, "
            "subject varchar, indicator_id varchar, value double, unit varchar, raw varchar, quality_flag varchar, "
            "section_heading varchar, part varchar)"
        )
        con.execute("create table dim_indicator as select 'rate' as indicator_id, '行政复议纠错率' as name_zh")
        for report_id, (publisher, region, year, sections) in reports.items():
            body, rows, sentences = HEAD, [], []
            for number, (heading, text) in enumerate(sections.items()):
                rows.append((report_id, number, heading, "achievements", len(body) + 1))
                body += f"\n{heading}\n"
                if any(map(str.isdigit, text)):
                    sentences.append((len(body), text, heading))
                body += text
            values = (report_id, publisher, region, publisher[:3], year, "报告", f"https://{report_id}.invalid/", body)
            con.execute("insert into fct_report values (?, ?, ?, ?, ?, ?, ?, ?, md5(?), ?)", [*values, body, len(body)])
            for row in rows:
                con.execute("insert into fct_report_section values (?, ?, ?, ?, ?)", row)
            for start, text, heading in sentences:
                for number, subject in enumerate(("复议案件", "纠错率")):
                    con.execute(
                        "insert into fct_quantity values (?, ?, ?, ?, ?, ?, 1, '件', '1件', 'ok', ?, 'achievements')",
                        [
                            f"{report_id}:{start}:{number}",
                            report_id,
                            text,
                            start,
                            subject,
                            "rate" if number else None,
                            heading,
                        ],
                    )
    return path


def answers(index: Path) -> list[object]:
    """What the index says to every query, scores rounded: sums may be taken in another order."""
    with duckdb.connect(str(index), read_only=True) as con:
        return [
            con.execute(
                f"select * replace (round(score, 9) as score) from search.{macro}(?) order by all", [query]
            ).fetchall()
            for query in QUERIES
            for macro in ("sections", "sentences")
        ]


def fresh(folder: Path, reports: Reports) -> list[object]:
    folder.mkdir()
    update_index(warehouse(folder / "warehouse.duckdb", reports), folder / "search.duckdb")
    return answers(folder / "search.duckdb")


def test_words_are_cut_the_same_way_wherever_they_stand() -> None:
    assert words("行政复议纠错率") == ["行政", "复议", "行政复议", "纠错", "纠错率"]
    assert words("，\uff21\uff22c 12！") == ["abc", "12"]
    assert words("。、\n ") == []


def test_scores_are_bm25(tmp_path: Path) -> None:
    index = tmp_path / "search.duckdb"
    database = warehouse(tmp_path / "warehouse.duckdb", REPORTS)
    assert update_index(database, index) == Indexed(added=3, removed=0, reports=3)
    units = {}
    for report_id, (*_, sections) in REPORTS.items():
        units[report_id, -1] = Counter(words(HEAD))
        for number, (heading, text) in enumerate(sections.items()):
            units[report_id, number] = Counter(words(f"{heading}\n{text}"))
    average = sum(map(Counter.total, units.values())) / len(units)
    expected: dict[tuple[str, int], float] = {}
    for word in ("行政", "复议", "行政复议", "纠错", "纠错率"):
        holders = [key for key, counts in units.items() if counts[word]]
        idf = math.log((len(units) - len(holders) + 0.5) / (len(holders) + 0.5) + 1)
        for key in holders:
            n, length = units[key][word], units[key].total()
            expected[key] = expected.get(key, 0) + idf * n * 2.2 / (n + 1.2 * (0.25 + 0.75 * length / average))
    with duckdb.connect(str(database), read_only=True) as con:
        con.execute(f"attach '{index}' (read_only)")
        found = con.execute("select report_id, section_no, score from search.sections('行政复议 纠错率')").fetchall()
        sliced = con.execute(
            "select substring(body, char_start + 1, char_end - char_start) from search.sentences('网络') as found "
            "join search.report using (report_id) join marts.fct_report using (report_id) "
            "join search.unit on unit.report_no = report.report_no and unit.place = sentence_start and unit.kind = 2"
        ).fetchall()
    assert {(report_id, number): pytest.approx(score) for report_id, number, score in found} == expected
    assert sliced == [(SECTIONS["二、执法"],)] * 2


def test_updates_equal_a_fresh_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index, database = tmp_path / "search.duckdb", tmp_path / "warehouse.duckdb"
    changed = {**REPORTS["a"][3], "二、执法": "办理纠错3件。"}
    second: Reports = {"a": (*REPORTS["a"][:3], changed), "c": REPORTS["c"], "d": REPORTS["b"]}
    update_index(warehouse(database, REPORTS), index, snapshot_id="1")
    assert update_index(database, index, snapshot_id="1") == Indexed(0, 0, 3)
    assert update_index(warehouse(database, second), index, snapshot_id="2") == Indexed(added=2, removed=2, reports=3)
    assert answers(index) == fresh(tmp_path / "second", second)
    # one sentence more, the text the same: the report is indexed anew
    with duckdb.connect(str(database)) as con:
        con.execute(
            "insert into marts.fct_quantity by name (select * replace (0 as sentence_start, '前言。' as sentence) "
            "from marts.fct_quantity where report_id = 'c' limit 1)"
        )
    assert update_index(database, index, snapshot_id="3") == Indexed(added=1, removed=1, reports=3)
    monkeypatch.setattr(search_index, "MOST_BATCHES", 0)
    assert update_index(warehouse(database, REPORTS), index, snapshot_id="4").reports == 3
    assert answers(index) == fresh(tmp_path / "first", REPORTS)
    with duckdb.connect(str(index), read_only=True) as con:
        assert con.execute("select batches, dead_units from state").fetchall() == [(1, 0)]
        assert con.execute("select count(*) from posting anti join report using (report_no)").fetchall() == [(0,)]
    assert sorted(file.name for file in tmp_path.glob(".search*")) == []


def test_a_new_report_is_found_behind_one_that_is_gone_and_had_no_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.HEAD", "。")
    (first, second, *_) = REPORTS
    database, index = tmp_path / "warehouse.duckdb", tmp_path / "search.duckdb"
    empty = (*REPORTS[second][:3], {})
    update_index(warehouse(database, {first: REPORTS[first], "z": empty}), index)
    database.unlink()
    update_index(warehouse(database, {first: REPORTS[first], second: REPORTS[second]}), index)
    assert answers(index) == fresh(tmp_path / "fresh", {first: REPORTS[first], second: REPORTS[second]})


def test_many_reports_are_counted_by_several_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reports: Reports = {f"{name}{number}": REPORTS[name] for name in REPORTS for number in range(2)}
    expected = fresh(tmp_path / "one", reports)
    monkeypatch.setattr(search_units, "CHUNK", 3)
    monkeypatch.setattr(search_units, "cpu_count", lambda: 2)
    assert fresh(tmp_path / "two", reports) == expected


def test_a_killed_update_goes_on_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index, database = tmp_path / "search.duckdb", tmp_path / "warehouse.duckdb"
    update_index(warehouse(database, {"a": REPORTS["a"]}), index)
    before = answers(index)
    warehouse(database, REPORTS)
    monkeypatch.setattr(search_index, "BATCH", 1)

    def stop(done: int, _: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update_index(database, index, on_progress=stop)
    assert answers(index) == before
    assert update_index(database, index) == Indexed(added=1, removed=0, reports=3)
    assert answers(index) == fresh(tmp_path / "fresh", REPORTS)


def test_a_copy_made_ahead_is_gone_on_with_and_one_made_for_nothing_goes(tmp_path: Path) -> None:
    index, database = tmp_path / "search.duckdb", tmp_path / "warehouse.duckdb"
    begin_index(index)  # there is none yet
    update_index(warehouse(database, {"a": REPORTS["a"]}), index, snapshot_id="1")
    before = answers(index)
    for _ in "twice":
        begin_index(index)
    assert answers(index) == before
    assert update_index(warehouse(database, REPORTS), index, snapshot_id="2") == Indexed(added=2, removed=0, reports=3)
    assert answers(index) == fresh(tmp_path / "fresh", REPORTS)
    begin_index(index)
    assert update_index(database, index, snapshot_id="2") == Indexed(0, 0, 3)
    assert not list(tmp_path.glob(".search*"))


@pytest.mark.parametrize("damage", ["torn", "other words", "not an index"])
def test_an_index_that_cannot_be_gone_on_with_is_made_anew(tmp_path: Path, damage: str) -> None:
    index, database = tmp_path / "search.duckdb", warehouse(tmp_path / "warehouse.duckdb", REPORTS)
    update_index(database, index, snapshot_id="1")
    expected = answers(index)
    if damage == "torn":
        index.write_bytes(index.read_bytes()[:4000])
    elif damage == "other words":
        with duckdb.connect(str(index)) as con:
            con.execute("update state set made_with = 'another'; update report set content = 'x'; delete from posting")
    else:
        index.unlink()
        duckdb.connect(str(index)).close()
    assert update_index(database, index, snapshot_id="1").added == 3
    assert answers(index) == expected


BLOCK = 262_144
BLOCKS_FROM = 3 * 4096  # behind the headers


@pytest.mark.parametrize("damage", ["cut off", "overwritten"])
def test_an_index_of_which_any_block_is_lost_is_made_anew(tmp_path: Path, damage: str) -> None:
    """Published again, as `fazhi build` does. Most blocks are not read when the file is opened."""
    index, database = tmp_path / "search.duckdb", warehouse(tmp_path / "warehouse.duckdb", REPORTS)
    update_index(database, index, snapshot_id="1")
    whole, expected = index.read_bytes(), answers(index)
    starts = range(BLOCKS_FROM, len(whole), BLOCK)
    assert len(starts) > 3
    for start in starts:
        rest = b"" if damage == "cut off" else b"nonsense" * (BLOCK // 8) + whole[start + BLOCK :]
        index.write_bytes(whole[:start] + rest)
        update_index(database, index, snapshot_id="1")
        assert answers(index) == expected, start


def test_a_lost_index_does_not_stop_the_next_state(tmp_path: Path) -> None:
    index, database = tmp_path / "search.duckdb", warehouse(tmp_path / "warehouse.duckdb", {"a": REPORTS["a"]})
    update_index(database, index, snapshot_id="1")
    whole, expected = index.read_bytes(), fresh(tmp_path / "fresh", REPORTS)
    warehouse(database, REPORTS)
    for start in range(BLOCKS_FROM, len(whole), BLOCK):
        index.write_bytes(whole[:start])
        update_index(database, index, snapshot_id="2")
        update_index(database, index, snapshot_id="2")
        assert answers(index) == expected, start


def test_a_damaged_index_is_told_with_the_way_out(tmp_path: Path) -> None:
    index, database = tmp_path / "search.duckdb", warehouse(tmp_path / "warehouse.duckdb", REPORTS)
    index.write_bytes(b"nonsense" * 1000)
    with pytest.raises(NoWarehouse, match=r"search\.duckdb cannot be searched.*`fazhi build`"):
        search(database, index, "行政复议")


def test_results_carry_report_snippet_and_marks(tmp_path: Path) -> None:
    index, database = tmp_path / "search.duckdb", warehouse(tmp_path / "warehouse.duckdb", REPORTS)
    update_index(database, index, snapshot_id="7")
    found = search(database, index, "行政复议 纠错率")
    assert found.snapshot_id == "7" and set(found.words) == {"行政", "复议", "行政复议", "纠错", "纠错率"}
    best = found.hits[0]
    assert (best.fields["report_id"], best.fields["heading"], best.fields["url"]) == (
        "a",
        "一、复议",
        "https://a.invalid/",
    )
    assert [best.snippet[start:end] for start, end in best.highlights] == ["复议", "行政复议", "行政复议纠错率"]
    numbers = search(database, index, "纠错率", quantities=True)
    assert [hit.fields["subject"] for hit in numbers.hits][:1] == ["纠错率"]
    assert {hit.fields["report_id"] for hit in numbers.hits} == {"a", "b"}


def test_filters(tmp_path: Path) -> None:
    index, database = tmp_path / "search.duckdb", warehouse(tmp_path / "warehouse.duckdb", REPORTS)
    update_index(database, index)

    def reports(**wanted: object) -> set[str]:
        return {hit.fields["report_id"] for hit in search(database, index, "纠错率 检查", limit=50, **wanted).hits}  # type: ignore[arg-type]

    assert reports() == {"a", "b", "c"}
    assert reports(region="980000") == reports(region="98") == reports(region="青禾") == {"a", "b"}
    assert reports(region="980122", years=(2023, 2023)) == {"b"} == reports(region="980100", years=(2023, 2030))
    assert reports(region="000000", years=(2023, 2023)) == {"b", "c"}
    assert reports(region="980200") == reports(years=(1999, 2000)) == set()
    assert len(search(database, index, "纠错率 检查", limit=1).hits) == 1


def test_a_snippet_shows_the_words_of_a_long_passage(tmp_path: Path) -> None:
    filler = "完善工作制度，加强监督指导。" * 60
    text = f"{filler}全年行政复议案件纠错率为8%。{filler}"
    database = warehouse(tmp_path / "warehouse.duckdb", {"a": ("甲局", "980000", 2023, {"一、情况": text})})
    update_index(database, tmp_path / "search.duckdb")
    (hit,) = search(database, tmp_path / "search.duckdb", "纠错率").hits
    assert (
        hit.snippet.startswith("…全年行政复议案件纠错率为8%") and hit.snippet.endswith("…") and len(hit.snippet) <= 122
    )


def found_in(folder: Path, text: str, query: str) -> tuple[str, list[str]]:
    """The snippet of the only passage there is, and what is marked in it."""
    database = warehouse(folder / "warehouse.duckdb", {"a": ("甲局", "980000", 2023, {"一、情况": text})})
    update_index(database, folder / "search.duckdb")
    (hit,) = search(database, folder / "search.duckdb", query).hits
    return hit.snippet, [hit.snippet[start:end] for start, end in hit.highlights]


def test_marks_stand_right_behind_a_letter_that_grows_when_it_is_made_small(tmp_path: Path) -> None:
    _, marked = found_in(tmp_path, "İİİ公司案件由乙局办理，复议纠错率为8%。", "纠错率")
    assert marked == ["纠错率"]


def test_a_snippet_leaves_out_the_beginning_of_a_sentence_rather_than_a_word(tmp_path: Path) -> None:
    long = "甲" * 30
    _, marked = found_in(tmp_path, f"{long}纠错率{'乙' * 107}普法{'丙' * 200}", "纠错率 普法")
    assert marked == ["纠错率", "普法"]


def test_errors(tmp_path: Path) -> None:
    database = warehouse(tmp_path / "warehouse.duckdb", REPORTS)
    with pytest.raises(NoWarehouse, match="no search index"):
        search(database, tmp_path / "search.duckdb", "词")
    with pytest.raises(WarehouseError, match="what shall be searched"):
        search(database, tmp_path / "search.duckdb", "  ")
    (tmp_path / "search.duckdb").write_bytes(b"torn")
    with pytest.raises(NoWarehouse, match="cannot be searched"):
        search(database, tmp_path / "search.duckdb", "词")
