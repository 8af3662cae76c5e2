"""Which titles may be a yearly report's: odd ones are found, look-alikes are not, columns are told from reports."""

from __future__ import annotations

import pytest

from scrapers.links import Item, is_candidate, is_column_url
from scrapers.titles import may_be_report, names_column

REPORTS = (
    "示例市人民政府关于2022年法治政府建设情况的报告",
    "中共示例县委 示例县人民政府关于2021年度法治政府建设情况的报告",
    "示例市自然资源和规划局2022年法治政府建设年度报告",
    "示例市规划和自然资源局关于2020年推进法治政府建设工作情况的报告",
    "示例市招标投标管理办公室2019年法治政府建设工作总结",
    "示例市行政审批服务局2023年度法治政府建设情况报告",
    "示例区2014年依法行政工作报告",
    "示例县水务局2012年度依法行政工作总结",
    "２０２３年度示例市法治建设年度报告",
    "二〇二一年法治政府建设年度报告",
    "示例市教育局2022年法治建设工作总结及2023年工作计划",
    "示例镇2022年法治政府建设工作报告和2023年工作打算",
    "示例市财政局2022年法治政府建设情况报告（附2023年工作安排）",
    "示例市2022年法治政府建设年度报告公示",
    "关于示例市2022年度法治政府建设情况报告的公告",
    "示例市人民政府关于印发2021年法治政府建设工作报告的通知",
    "关于2022年度推进法治政府建设工作情况的汇报",
    "示例市税务局2021年法治税务建设情况报告",
    "2016年示例县依法治县工作总结",
    "【公开】示例市统计局2022年法治政府建设情况",
    "· 示例市民政局 2022 年法治政府建设 年度报告.pdf",
    "示例市人民政府关于2020年法治政府建设情况的报告——在市人大常委会第十次会议上",
    "示例自治县人民政府2023年法治政府建设白皮书",
    "示例市2021年落实《法治政府建设实施纲要（2021－2025年）》情况的报告",
    "示例市水利局深入学习贯彻习近平法治思想推进法治政府建设2022年度情况报告",
    "示例县人民政府关于示例县2023年度法治政府建设工作总结的报告",
    "示例县2022年度法治政府建设工作情况报告及下年度工作安排",
    "示例省人民政府2022年度法治政府建设工作情况",
    "示例市营商环境建设局2022年法治政府建设情况报告",
    "示例国家农业科技示范区管理委员会2021年度法治政府建设年度报告",
    "范本市人民政府关于2024年法治政府建设工作情况的报告",
    "关于印发示例市城乡规划局2018年法治政府建设工作报告的通知",
    "示例市教育考试院2020年推进法治建设工作总结",
    "示例市公共资源交易和政府采购中心推进法治政府建设2022年度工作情况报告",
    "中共示例市委机构编制委员会办公室2022年法治政府建设情况报告",
)
CUT = (
    "示例市人民政府关于2022年法治政府建设情…",
    "示例市住房和城乡建设局关于2022年度法治政府建设...",
    "示例市发展和改革委员会2022年度法治政…",
    "示例市发展和改革委员会2022年度法治......",
)
OTHERS = (
    "图解：示例市2022年法治政府建设年度报告",
    "一图读懂示例市2022年法治政府建设情况报告",
    "《示例市2022年法治政府建设情况报告》解读",
    "示例市2023年法治政府建设工作要点",
    "示例市法治政府建设实施纲要（2021－2025年）",
    "示例市法治政府建设“十四五”规划实施情况的报告",
    "示例市2022年上半年法治政府建设情况报告",
    "示例市2022年第三季度依法行政工作情况",
    "示例市召开2022年法治政府建设情况报告会",
    "市政府常务会议审议2022年法治政府建设情况报告",
    "市人大常委会听取法治政府建设情况报告",
    "示例市2022年政府信息公开工作年度报告",
    "关于报送2022年度法治政府建设年度报告的通知",
    "关于做好2022年度法治政府建设情况报告公开工作的通知",
    "关于2022年度法治政府建设年度报告公开情况的通报",
    "法治政府建设年度报告（模板）",
    "示例市法治政府建设示范创建情况报告",
    "示例市2022年法治政府建设督察整改情况报告",
    "示例市2022年党政主要负责人述法报告",
    "局长关于履行推进法治建设第一责任人职责情况的报告",
    "示例市2022年行政复议和行政应诉情况报告",
    "2022年示例市人民政府工作报告",
    "示例市2022年度部门决算",
    "示例市自然资源和规划局2022年度国土空间规划公示",
    "法治政府建设情况调查问卷",
    "关于印发《示例市法治政府建设实施方案》任务完成情况表的通知附件格式",
    "示例市委中心组专题学习法治政府建设情况",
    "【政策解读】《示例县2023年度法治政府建设工作总结的报告》的政策解读",
    "示例省人民政府2022年度法治政府建设重点工作安排",
    "示例区法治政府建设示范区创建工作情况报告",
    "示例市法治化营商环境建设情况报告",
)


@pytest.mark.parametrize("title", REPORTS + CUT)
def test_report_titles_are_candidates(title: str) -> None:
    assert may_be_report(title)
    assert is_candidate(Item("http://a.invalid/x/t20230301_1.html", title))


@pytest.mark.parametrize("title", OTHERS)
def test_other_titles_are_not(title: str) -> None:
    assert not may_be_report(title, "法治政府建设年度报告_示例市人民政府")


@pytest.mark.parametrize(
    ("title", "column", "wanted"),
    [
        ("2022年度", "法治政府建设年度报告", True),
        ("示例市水利局2022年度报告", "法治政府建设年度报告_示例市", True),
        ("示例市水利局关于2022年工作情况的报告", "依法行政工作报告", True),
        ("2021年工作总结", "法治政府建设年度报告", True),
        ("示例市水利局2022年度报告", "通知公告", False),
        ("2022年度", "法治政府建设", False),
        ("2022年示例市政府工作报告", "法治政府建设年度报告", False),
        ("2022年防汛工作情况报告", "法治政府建设年度报告", False),
    ],
)
def test_column_makes_a_bare_title_clear(title: str, column: str, wanted: bool) -> None:
    assert may_be_report(title, column) is wanted


@pytest.mark.parametrize(
    ("url", "date", "wanted"),
    [
        ("http://a.invalid/zwgk/fzzfjsndbg/", None, False),
        ("http://a.invalid/zwgk/fzzfjsndbg/", "2023-03-01", True),
        ("http://a.invalid/zwgk/202303/t20230301_12.html", None, True),
    ],
)
def test_menu_entry_is_no_report(url: str, date: str | None, wanted: bool) -> None:
    assert is_candidate(Item(url, "法治政府建设年度报告", date)) is wanted


@pytest.mark.parametrize("text", ["法治政府建设", "法治政府建设年度报告", "依法行政", "法治建设工作"])
def test_names_of_columns(text: str) -> None:
    assert names_column(text)


@pytest.mark.parametrize("text", ["2022年法治政府建设年度报告", "法治政府建设督察", "政务公开", "普法依法治理"])
def test_what_names_no_column(text: str) -> None:
    assert not names_column(text)


COLUMNS = (
    "http://a.invalid/",
    "http://a.invalid/zwgk/fzzfjs/",
    "http://a.invalid/zwgk/fzzfjs/index.shtml",
    "http://a.invalid/zwgk/fzzfjs",
    "http://a.invalid/col/col1229214366/index.html",
    "http://a.invalid/zwgk/fzzfjs.htm",
    "http://a.invalid/xxgk/column-index-1.shtml",
    "http://a.invalid/channels/list_1234.html",
    "http://a.invalid/gkmlpt/index",
    "http://a.invalid/zwgk/fzzfjs/2019/",
)
PAGES = (
    "http://a.invalid/zwgk/202303/t20230301_1234567.html",
    "http://a.invalid/art/2023/3/1/art_1386_20001.html",
    "http://a.invalid/info/1067/20001.htm",
    "http://a.invalid/zwgk/202303/0123456789abcdef0123456789abcdef.shtml",
    "http://a.invalid/20230301/0123456789abcdef/c.html",
    "http://a.invalid/gkmlpt/content/9/20/post_20001.html",
    "http://a.invalid/c123456/content.html",
    "http://a.invalid/show?id=20001",
    "http://a.invalid/files/report.pdf",
)


@pytest.mark.parametrize("url", COLUMNS)
def test_urls_of_columns(url: str) -> None:
    assert is_column_url(url)


@pytest.mark.parametrize("url", PAGES)
def test_urls_of_pages(url: str) -> None:
    assert not is_column_url(url)
