"""What stands in an article's place is told from the article; charsets are found in the bytes."""

from __future__ import annotations

import pytest

from scrapers.articles import Article, not_the_article
from scrapers.pages import breaks_off, text_of, trouble
from scrapers.tangles import is_tangled

URL = "http://www.a.invalid/fz/202403/t20240312_100.html"
TITLE = "云岭市林业局2023年法治政府建设年度报告"
NAVIGATION = "".join(f'<li><a href="/c{n}/">栏目{n}：要闻动态与政务公开</a></li>' for n in range(60))
FOOTER = "主办单位：云岭市人民政府办公室　网站标识码：9901020034　备案号：云ICP备00000000号<br>地址：云岭市政府路1号"
PROSE = (
    "一年来，全局坚持依法行政，办理行政许可事项若干件，开展执法检查多次，未发生行政败诉案件，群众满意度持续提升。" * 8
)


def framed(content: str, title: str = "云岭市人民政府") -> bytes:
    """A page in the site's frame: far more to read in it than any error page has."""
    return (
        f'<html><head><meta charset="utf-8"><title>{title}</title></head><body><ul>{NAVIGATION}</ul>'
        f"<div class=main>{content}</div><div>{FOOTER}</div></body></html>"
    ).encode()


def judge(body: bytes, *, url: str = URL, asked: str = URL, title: str | None = TITLE) -> str | None:
    assert trouble(200, "text/html", body) is None  # the look at the response alone does not tell
    return not_the_article(asked, Article(url, body, "text/html"), title)


LIST = "".join(
    f'<li><a href="t{n}.html">关于做好第{n}号工作的通知</a><span>2024-01-{n:02}</span></li>' for n in range(1, 20)
)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (framed("<p>您访问的页面不存在或已被删除！</p>"), "not found, said with status 200"),
        (framed("<h2>抱歉，您要查看的信息已被删除</h2><a href='/'>返回首页</a>"), "not found, said with status 200"),
        (framed("<p>系统将在5秒后返回首页</p>", title="404错误提示"), "not found, said with status 200"),
        (framed(f"<ul>{LIST}</ul>", title="法治政府建设-云岭市人民政府"), "index page instead of the article"),
        (framed(f'<ul>{LIST}<li><a href="/x.html">{TITLE}</a></li></ul>'), "index page instead of the article"),
        (framed("<p>正在加载</p>" + "<p>页面内容</p>" * 300), "nothing of the article on the page"),
        (framed('<form>用户名<input name=u>密码<input type="password"></form>', title="用户登录"), "login page"),
    ],
    ids=["gone", "sorry", "title", "list", "list that names it", "bare", "login"],
)
def test_what_stands_in_an_articles_place(body: bytes, reason: str) -> None:
    assert judge(body) == reason


@pytest.mark.parametrize(
    "content",
    [
        f"<h1>{TITLE}</h1><p>{PROSE}</p>",
        f"<p>{PROSE}</p><p>网站有部分页面不存在的问题已整改，该页面已删除。</p>",
        f"<h1>{TITLE}</h1><p><img src=scan.jpg></p>",
        "<h1>年度报告</h1><p>详见附件。</p><a href='P0201.pdf'>附件</a>",
        "<iframe src='/viewer/P0201.pdf'></iframe>",
        "<p>" + "<br>".join([PROSE[:60]] * 20) + "</p>",
        f"<div>云岭市林业局2023年<br>法治政府建设年度报告</div><p>{PROSE[:50]}</p>",
        f'<form>搜索<input type="password" name=decoy></form><h1>{TITLE}</h1><p>{PROSE}</p>',
    ],
    ids=["report", "report on pages", "scanned", "file", "viewer", "lines", "broken title", "login box"],
)
def test_articles_are_taken_for_what_they_are(content: str) -> None:
    assert judge(framed(content, title=f"{TITLE}_云岭市人民政府")) is None


def test_a_page_of_unknown_title_is_an_article_by_its_own() -> None:
    picture = framed(
        "<h1>全市林业法治宣传活动剪影</h1><img src=a.jpg>", title="全市林业法治宣传活动剪影-云岭市人民政府"
    )
    assert judge(picture, title=None) is None
    assert judge(framed(f"<ul>{LIST}</ul>", title="通知公告"), title=None) == "index page instead of the article"


def test_being_sent_home_is_told() -> None:
    body = framed("<p>欢迎访问</p>")
    assert judge(body, url="http://www.a.invalid/") == "home page instead of the article"
    assert judge(body, url="http://www.a.invalid/index.html") == "home page instead of the article"


@pytest.mark.parametrize("suffix", ["pdf", "docx", "ofd", "doc", "wps"])
def test_html_in_a_files_place(suffix: str) -> None:
    """However long it is; but Word's own HTML under the name of .doc is a document."""
    body, asked = framed(f"<p>{PROSE}</p>"), f"http://www.a.invalid/files/P02.{suffix}"
    assert not_the_article(asked, Article(asked, body, "text/html"), None) == "HTML in place of a file"
    assert not_the_article(asked, Article(asked, b"\xef\xbb\xbf\n" + body, None), None) == "HTML in place of a file"
    named = not_the_article(asked, Article(asked, body, "application/octet-stream"), None)
    assert named == (None if suffix in ("doc", "wps") else "HTML in place of a file")
    assert not_the_article(asked, Article(asked, b"%PDF-1.5 ...", "text/html"), None) is None


CHALLENGES = [
    (521, "<script>document.cookie='__jsl_clearance_s=1'</script>", "challenge page (jsl)"),
    (412, '<html><head><script>$_ts=window["$_ts"];</script></head><body></body></html>', "challenge page ($_ts)"),
    (202, '<script src="/a.js"></script>', "challenge page (HTTP 202)"),
    (403, "<body>WZWS GeoBL: Your access is denied.</body>", "challenge page (wzws)"),
    (200, "<body>安全验证<script>go()</script></body>", "challenge page (captcha)"),
    (200, "<body><script>" + "x" * 5000 + " __jsluid </script></body>", "challenge page (jsl)"),
]


@pytest.mark.parametrize(("status", "html", "reason"), CHALLENGES)
def test_challenges(status: int, html: str, reason: str) -> None:
    assert trouble(status, "text/html", html.encode()) == reason
    assert trouble(status, None, html.encode()) == reason


def test_plain_refusals_are_no_challenges() -> None:
    """And a status of 400 and above speaks for itself, whatever the page says."""
    assert trouble(403, "text/html", b"<h1>403 Forbidden</h1>") is None
    assert trouble(404, "text/html", "您访问的页面不存在".encode()) is None
    assert trouble(200, "application/pdf", b"%PDF") is None


TEXT = "法治政府建设年度报告，依法行政。" * 5


@pytest.mark.parametrize("header", ["text/html; charset=gb2312", "text/html; charset=iso-8859-1", "text/html", None])
@pytest.mark.parametrize("meta", ["gb2312", "utf-8", ""])
def test_utf8_is_read_whatever_is_said_of_it(header: str | None, meta: str) -> None:
    page = f'<meta charset="{meta}">{TEXT}'
    assert text_of(page.encode(), header) == page
    assert text_of(b"\xef\xbb\xbf" + page.encode(), header) == page


@pytest.mark.parametrize(
    "header", ["text/html; charset=utf-8", "text/html; charset=gb2312", "text/html; charset=no", None]
)
def test_gb18030_is_read_whatever_is_said_of_it(header: str | None) -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset=gb2312">{TEXT}镕㐂'
    assert text_of(page.encode("gb18030"), header) == page


def test_a_damaged_page_loses_as_little_as_can_be() -> None:
    body = TEXT.encode()[:-1] + b"\xff"
    assert TEXT[:60] in text_of(body, "text/html; charset=utf-8")
    body = TEXT.encode("gb18030") + b"\xff"
    assert TEXT[:60] in text_of(body, "text/html; charset=gbk")


def test_files_that_belong_to_a_page() -> None:
    many = "".join(f'<a href="/n{n}.html">第{n}条导航</a>' for n in range(9))
    forms = '<a href="/form.doc">申请表</a>'
    page = f'{many}<p>{PROSE}</p>{forms}<a href="./P01.pdf">附件1</a><a href="b.docx">{TITLE}</a><a href="http://www..gov/c.pdf">附件</a>'
    found = Article(URL, page.encode()).attachments
    base = URL.rpartition("/")[0]
    assert found == [(f"{base}/P01.pdf", "附件1"), (f"{base}/b.docx", TITLE)]
    bare = f'{many}<h1>报告</h1><a href="c.pdf">点击下载</a><iframe src="d.pdf"></iframe>'
    assert {url.rpartition("/")[2] for url, _ in Article(URL, bare.encode()).attachments} == {"c.pdf", "d.pdf"}


TANGLES = {
    "divs": b"<div>" * 5_000,
    "balanced": b"<div>" * 5_000 + b"</div>" * 5_000,
    "options": b"<select>" + b"<option>" * 8_000,
    "attributes": b"<p " + b" ".join(b"a%d" % n for n in range(8_000)) + b">",
}


@pytest.mark.parametrize("name", TANGLES)
def test_pages_that_would_hang_a_parser_are_told(name: str) -> None:
    assert is_tangled(b"<html><body>" + TANGLES[name])


def test_a_page_that_breaks_off() -> None:
    whole = framed(f"<p>{PROSE}</p>")
    assert not breaks_off("text/html", whole)
    assert not breaks_off(None, whole.upper() + b"<script>tail()</script>\n\0")
    inside = whole.index(PROSE[:10].encode())
    assert breaks_off("text/html", whole[: inside + 200])
    assert breaks_off("text/html", whole[: whole.rindex(b"<div>") + 3])
    sloppy = whole[: whole.rindex(b"</body>")]
    assert not breaks_off("text/html", sloppy)
    assert not breaks_off("text/html", b"a line of text")
    assert not breaks_off("application/pdf", whole[:500])


def test_pages_that_are_only_large_are_not() -> None:
    rows = b"<tr><td><span>1</span></td></tr>" * 20_000
    picture = b'<img src="data:image/png;base64,' + b"A" * 500_000 + b'">'
    unclosed = b"<p><br><li><font color=red>" * 5_000
    assert not is_tangled(b"<table>" + rows + b"</table>" + picture + unclosed + b"</div>" * 9_000 + b"<div>" * 100)


@pytest.mark.parametrize(
    "body",
    [
        b"<script>" * 200_000,
        b"<script></script>" * 100_000,
        b"<" * 2_000_000,
        b"<input " * 200_000,
        b"<p" + b" a" * 500_000,
    ],
    ids=["open scripts", "scripts", "brackets", "inputs", "attributes"],
)
def test_the_look_at_a_response_is_no_slower_than_its_length(body: bytes) -> None:
    """Each would take hours if its time grew with the square of its length."""
    assert trouble(200, "text/html", body) in (None, "login page")
    is_tangled(body)
