"""A seed in, a made-up portal page and its truth out: layout × metadata style × faults, independent of the extractor."""

from __future__ import annotations

import random
from dataclasses import dataclass

FAMILIES = ("trs", "hanweb", "jpaas", "boda", "ucap", "gkmlpt", "other")
CONTAINERS = {
    "trs": '<div class="TRS_Editor">{}</div>',
    "hanweb": '<table><tr><td class="bt_content"><div id="zoom">{}</div></td></tr></table>',
    "jpaas": '<div class="main-txt"><div id="con_con">{}</div></div>',
    "boda": '<div id="vsb_content_2"><div class="v_news_content">{}</div></div>',
    "ucap": '<div class="pages"><UCAPCONTENT>{}</UCAPCONTENT></div>',
    "gkmlpt": '<div class="wrap"><div class="article-content">{}</div></div>',
    "other": "{}",
}
BODY_STYLES = ("p", "br", "span", "unclosed", "cards", "td", "misleading", "oneline")
META_STYLES = ("tags", "trap", "line", "table", "below")
CHARSETS = (
    ("utf-8", "utf-8"),
    ("gb18030", "gb2312"),
    ("gb18030", None),
    ("utf-8", "gb2312"),
    ("utf-8", None),
    ("big5", "big5"),
)
PLACES = ("云桥市", "青石县", "柳湾区", "白塘镇", "望海州")
BODIES = ("人民政府", "司法局", "农业农村局", "水务局", "教育局")
OPENINGS = (
    "{year}年，{place}坚持依法行政，围绕中心工作，扎实推进法治政府建设各项任务。现将有关情况报告如下：",
    "按照上级部署，{body}认真履行职责，{year}年度法治政府建设取得新的进展，有关情况如下。",
)
SENTENCES = (
    "全年举办学法讲座{n}次，参加人员覆盖各内设机构，学习成效明显提升。",
    "共办理行政处罚案件{n}件，均按规定公示结果，没有一件被纠正。",
    "建立合法性审查台账，对{n}份合同逐一提出意见，防范法律风险。",
    "对照清单逐项梳理事项，压缩办理时限，群众办事更加便捷。",
    "组织开展进村宣传，发放资料{n}余份，营造尊法守法的氛围。",
    "存在的主要问题是：少数人员业务不熟，个别环节衔接不畅。",
    "下一步，将继续完善制度，加强培训，推动工作落到实处。",
)
HEADINGS = ("一、主要做法和成效", "二、存在的不足和原因", "三、主要负责人履职情况", "四、下一年度工作安排")


@dataclass(frozen=True, slots=True)
class MadePage:
    """Bytes of the page and what it says: title, ISO date of publication, source and paragraphs."""

    data: bytes
    title: str
    published_on: str
    source: str
    body: tuple[str, ...]
    recipe: str


def make_page(family: str, seed: int) -> MadePage:
    """One page of a family; the same seed gives the same page."""
    chance = random.Random(f"{family}/{seed}")
    place, office = chance.choice(PLACES), chance.choice(BODIES)
    year = chance.randint(2016, 2025)
    day = f"{year + 1}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    body_name = place + office
    title = chance.choice(("{}{}年法治政府建设情况报告", "{}关于{}年度法治政府建设工作情况的报告")).format(
        body_name, year
    )
    paragraphs = _prose(chance, place, body_name, year)
    style, meta = chance.choice(BODY_STYLES), chance.choice(META_STYLES)
    encoding, label = chance.choice(CHARSETS)
    if encoding == "big5" and family not in ("other", "hanweb"):
        encoding, label = "utf-8", "utf-8"
    if encoding == "big5":  # simplified characters do not exist in Big5: such a page is an utf-8 page here
        encoding, label = "utf-8", "big5"
    container = "<div>{}</div>" if style == "misleading" else CONTAINERS[family]
    text = _page(chance, family, style, meta, label, title, day, body_name, container, paragraphs)
    recipe = f"{family}/{seed} body={style} meta={meta} bytes={encoding} label={label}"
    true_body = ("".join(paragraphs),) if style == "oneline" else tuple(paragraphs)
    return MadePage(text.encode(encoding), title, day, body_name, true_body, recipe)


def _prose(chance: random.Random, place: str, body: str, year: int) -> list[str]:
    paragraphs = [chance.choice(OPENINGS).format(year=year, place=place, body=body)]
    for heading in HEADINGS:
        paragraphs.append(heading)
        for _ in range(chance.randint(1, 4)):
            picked = chance.sample(SENTENCES, chance.randint(2, 5))
            paragraphs.append("".join(item.format(n=chance.randint(2, 4000)) for item in picked))
    return paragraphs


def _body(chance: random.Random, style: str, paragraphs: list[str], container: str) -> str:
    if style == "br":
        return container.format("<br/>\n".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{item}" for item in paragraphs))
    if style == "span":
        soup = "".join(f"<p>{''.join(_spans(chance, item))}</p>\n" for item in paragraphs)
        return container.format(soup)
    if style == "unclosed":
        return container.format("".join(f"<p align=left><font size=3>　　{item}" for item in paragraphs))
    if style == "cards":
        half = len(paragraphs) // 2
        cards = (paragraphs[:half], paragraphs[half:])
        inner = "".join(f"<div class='card'>{''.join(f'<p>{item}</p>' for item in card)}</div>" for card in cards)
        return container.format(inner)
    if style == "td":
        inner = "<br><br>".join(f"　　{item}" for item in paragraphs)
        return container.format(f"<table width='95%'><tr><td>{inner}</td></tr></table>")
    if style == "misleading":
        inner = "".join(f"<p>　　{item}</p>" for item in paragraphs)
        return container.format(f'<div class="footer-share comment sidebar">{inner}</div>')
    if style == "oneline":
        return container.format("".join(paragraphs))
    return container.format("".join(f'<p style="text-indent:2em">{item}</p>\n' for item in paragraphs))


def _spans(chance: random.Random, text: str) -> list[str]:
    at, parts = 0, []
    while at < len(text):
        end = at + chance.randint(3, 20)
        parts.append(f'<span style="font-family:仿宋"><font>{text[at:end]}</font></span>')
        at = end
    return parts


def _page(
    chance: random.Random,
    family: str,
    style: str,
    meta: str,
    label: str | None,
    title: str,
    day: str,
    source: str,
    container: str,
    paragraphs: list[str],
) -> str:
    tags, line = _metadata(chance, meta, title, day, source)
    charset = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">' if label else ""
    links = "".join(f"<li><a href='/c/{n}.html'>{name}通知公告</a></li>" for n, name in enumerate(PLACES))
    body = _body(chance, style, paragraphs, container)
    hidden = f'<div style="display:none" id="printArea">{body}</div>' if chance.random() < 0.3 else ""
    shown = f"<h1>{title}</h1>" if chance.random() < 0.6 else f'<div class="title">{title}</div>'
    return f"""<!DOCTYPE html><html><head>{charset}<title>{title}_{source}网站</title>{tags}
<script>var x = "。，不是正文，";</script></head><body>
<div class="top">今天是2031年1月{chance.randint(1, 28)}日 星期{chance.choice("一二三四五")}</div>
<ul class="nav">{links}</ul><div class="pos">当前位置：<a href="/">首页</a> &gt; <a href="/f">法治</a></div>
{shown}{line}<div>字号：[<a href="#">大</a> <a href="#">中</a> <a href="#">小</a>]</div>
{body}{hidden}
<div>【打印本页】【关闭窗口】</div><div>扫一扫在手机打开当前页</div>
<p>上一篇：<a href="/1.html">关于召开会议的通知，请各单位参加</a></p><p>下一篇：<a href="/2.html">没有了</a></p>
<div class="rel"><h3>相关文章</h3><ul>{links}</ul></div>
<div class="foot">主办单位：{source}　地址：{PLACES[0]}人民路1号，邮编：000000　网站标识码：9901010001</div>
</body></html>"""


def _metadata(chance: random.Random, meta: str, title: str, day: str, source: str) -> tuple[str, str]:
    year, month, date = day.split("-")
    views = "浏览次数：<span id='hits'></span>"
    if meta == "tags":
        tags = f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{day} 10:30">'
        return (
            tags + f'<meta name="ContentSource" content="{source}">',
            f"<p>发布时间：{day}　来源：{source}　{views}</p>",
        )
    if meta == "trap":
        tags = (
            '<meta content="null" name="ArticleTitle"><meta name="ContentSource" content="null">'
            f'<meta content="{year}/{int(month)}/{int(date)} 03:05:59" name="PubDate">'
        )
        return tags, f"<p>来源：{source}　{views}</p>"
    if meta == "line":
        shown = chance.choice(
            (day, f"{year}年{month}月{date}日", f"{year}/{int(month)}/{int(date)}", f"{day} 10:30:05")
        )
        return "", f"<div><span>发布日期：{shown}</span> <span>信息来源：{source}</span> <span>{views}</span></div>"
    if meta == "table":
        return "", (
            f"<table><tr><td>索 引 号：</td><td></td><td>发布机构：</td><td>{source}</td></tr>"
            f"<tr><td>发布日期：</td><td>{day}</td><td>文　　号：</td><td></td></tr></table>"
        )
    return "", f"<dl><dt>发布时间：</dt><dd></dd><dd>{day}</dd><dt>来源：</dt><dd>{source}</dd></dl>"
