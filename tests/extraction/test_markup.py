"""What a page's markup is read as: elements and texts in their order, broken markup mended, depth and number bounded."""

from __future__ import annotations

import pytest

from extraction.container import Outline
from extraction.errors import Unreadable
from extraction.html import read_html
from extraction.lines import lines_of
from extraction.markup import DEEPEST, MOST_TAGS, Markup, read_markup


def read(text: str) -> Markup:
    """A page that holds at least one element."""
    markup = read_markup(text)
    assert markup is not None
    return markup


def shown(text: str) -> list[str]:
    """The page's lines."""
    return [line.text for line in lines_of(read(text))[0]]


def test_events_are_in_the_order_of_the_page() -> None:
    """Elements that the markup leaves out are there, a void one ends at once, an entity is a piece of its own."""
    markup = read('<p id="a">云&amp;桥<br>市')
    assert markup.tags == ["html", "body", "p", "br"]
    assert "".join(event for event in markup.events if isinstance(event, str)) == "云&桥市"
    assert markup.events.count(None) == len(markup.tags)
    assert markup.attributes(2) == {"id": "a"}
    assert markup.events[markup.begins[3] + 1] is None


def test_text_of_an_element_leaves_out_scripts() -> None:
    """Nor what stands behind its end."""
    markup = read("<div>甲<script>var a = '<b>乙</b>'</script><b>丙<style>p {}</style></b>丁</div>戊")
    assert markup.text(markup.tagged("div")[0]) == "甲丙丁"


def test_tagged_are_in_order() -> None:
    """Whatever order they are asked for in."""
    markup = read("<h3>a</h3><h2>b</h2><p>c</p><h3>d</h3>")
    assert [markup.text(number) for number in markup.tagged("h2", "h3")] == ["a", "b", "d"]
    assert markup.tagged("h1") == []


@pytest.mark.parametrize("text", ["", "  \n", "\x00\x01", "<!-- 甲 -->", "<?xml version='1.0'?>"])
def test_nothing_is_none(text: str) -> None:
    """A page without an element."""
    assert read_markup(text) is None


def test_what_stands_behind_the_end_is_not_shown() -> None:
    """Injected words stand there."""
    assert shown("<html><body><p>甲</p></body></html><p>乙</p>") == ["甲"]


def test_comments_do_not_part_a_text() -> None:
    """Nor do declarations."""
    assert shown("<p>法<!-- a -->治<?b?>政府</p>") == ["法治政府"]


def test_link_characters_are_counted_over_the_pieces_of_a_text() -> None:
    """The blank between two words is one of them, however it is written."""
    lines, _ = lines_of(read("<p><a href='x'> 甲&nbsp;乙 </a>丙</p>"))
    assert [(line.text, line.linked) for line in lines] == [("甲 乙 丙", 3)]


def test_an_element_s_own_lines() -> None:
    """Numbers go on as in the page; hidden ones are passed over."""
    markup = read("<div>甲</div><div>乙<p hidden>丙<b>丁</b></p><p>戊</p></div><div>己</div>")
    lines, _ = lines_of(markup, markup.tagged("div")[1])
    assert [line.text for line in lines] == ["乙", "戊"]
    assert [markup.tags[line.element] for line in lines] == ["div", "p"]


def test_outline_ends_before_a_hidden_sibling() -> None:
    """It lies in the parent, not in the element before it."""
    markup = read("<div><p>甲</p></div><section hidden><p>乙</p></section>")
    outline = Outline(markup, lines_of(markup)[1])
    (div,) = markup.tagged("div")
    assert outline.end(div) == markup.tagged("section")[0]


def test_depth_is_bounded() -> None:
    """What lies deeper, and what stands behind, is left out; stray end tags in such depth cost no time."""
    deep = DEEPEST - 2
    assert shown("<span>" * (deep - 1) + "甲" + "</span>" * (deep - 1) + "<p>乙</p>") == ["甲", "乙"]
    markup = read("<p>甲</p><div>" + "<span>" * 3 * DEEPEST + "乙" + "</div>" * 20_000)
    assert len(markup.tags) <= DEEPEST + 1
    assert [line.text for line in lines_of(markup)[0]] == ["甲"]


def test_many_tags_are_read_in_pieces_as_at_once() -> None:
    """The piece ends inside a character, a tag, a reference."""
    row = "<tr><td class='名称'>云桥&amp;市</td><td>12&nbsp;件</td></tr>"
    lines = shown(f"<table>{row * 3000}</table>")
    assert set(lines) == {"云桥&市\t12 件"}
    assert len(lines) == 3000


def test_too_many_tags_are_no_article() -> None:
    """Said with the number."""
    with pytest.raises(Unreadable, match="300,000 tags"):
        read_markup("<br>" * (MOST_TAGS + 1))


@pytest.mark.parametrize("text", ["<html></p><!-- 甲", "<html hidden><body>甲", "<title>甲</title>", "<frameset>"])
def test_pages_that_show_nothing(text: str) -> None:
    """They are read, and hold nothing."""
    assert read_html(text, url=None, media_type="text/html", charset="utf-8", warnings=()).body == ""
