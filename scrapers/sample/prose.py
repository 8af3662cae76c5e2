"""A publisher and a year in, the paragraphs of its report out: which topics, in which wording, under which headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

from scrapers.sample.bank import YEARS, Publisher, load, topics
from scrapers.sample.slots import CannotState, Printer

HAN = "零一二三四五六七八九十"
T = TypeVar("T")


def turn(items: Sequence[T], publisher: Publisher, purpose: str, year: int) -> T:
    """One of the items: where to begin depends on the publisher, the next year takes the next one."""
    return items[(Random(f"{publisher.id}|{purpose}").randrange(len(items)) + year) % len(items)]


def _window(items: Sequence[T], count: int, publisher: Publisher, purpose: str, year: int) -> list[T]:
    """All items in the publisher's own order, beginning after those that the year before's `count` began with."""
    order = list(items)
    Random(f"{publisher.id}|{purpose}").shuffle(order)
    start = (year - YEARS[0]) * count % len(order)
    return order[start:] + order[:start]


@dataclass(slots=True)
class Writer:
    """Writes one report; the printer keeps what it states."""

    publisher: Publisher
    year: int
    printer: Printer

    def paragraphs(self) -> Iterator[str]:
        """The five parts that the regulation asks for, cut up in the publisher's manner."""
        opening, rng = load("closing/opening"), Random(f"{self.publisher.id}|{self.year}|counts")
        yield self._say(turn(opening["opening"], self.publisher, "opening", self.year))
        part = 1
        if self.publisher.structure == "topics_first":
            for topic in self._topics():
                yield f"{_number(part)}、{self._heading(topic)}"
                yield from (f"（{HAN[i]}）{lead}。{text}" for i, (lead, text) in enumerate(self._points(topic), 1))
                part += 1
        else:
            yield f"一、{self._say(self._choose('achievements'))}"
            for i, topic in enumerate(self._topics(), 1):
                yield from self._topic(i, topic)
            part = 2
        for kind, count in (
            ("problems", rng.randint(3, 5)),
            ("leadership", rng.randint(2, 4)),
            ("plan", rng.randint(4, 8)),
        ):
            yield f"{_number(part)}、{self._say(self._choose(kind))}"
            yield from getattr(self, f"_{kind}")(count)
            part += 1
        if self.publisher.level in {"province", "city"}:
            yield f"{_number(part)}、{self._choose('other')}"
            yield self._say(turn(load("closing/other")["items"], self.publisher, "other", self.year))

    def _choose(self, kind: str) -> str:
        choices: list[str] = load("closing/opening")[kind]
        return turn(choices, self.publisher, kind, self.year // 2)

    def _say(self, sentence: str) -> str:
        return self.printer.fill(sentence)

    def _topics(self) -> Iterator[dict[str, Any]]:
        """The topics that concern the publisher; of the optional ones two, others next year."""
        fitting = [topic for topic in topics() if self.publisher.fits(topic["levels"])]
        fitting = [topic for topic in fitting if topic.get("domain") in (None, self.publisher.domain)]
        optional = [topic["id"] for topic in fitting if topic.get("optional")]
        chosen = set(_window(optional, 1, self.publisher, "topics", self.year)[:2])
        return (topic for topic in fitting if not topic.get("optional") or topic["id"] in chosen)

    def _heading(self, topic: dict[str, Any]) -> str:
        headings: list[str] = topic["headings"]
        return turn(headings, self.publisher, topic["id"], self.year // 2)

    def _points(self, topic: dict[str, Any]) -> list[tuple[str, str]]:
        """What must be said of the topic, each in one of its wordings, then one to three further points."""
        points = [
            point for number, group in enumerate(topic["core"]) for point in self._core(group, f"{topic['id']}{number}")
        ]
        wanted = len(points) + Random(f"{self.publisher.id}|{self.year}|{topic['id']}").choice((1, 2, 2, 3))
        for text in _window(topic["more"], 2, self.publisher, topic["id"], self.year):
            if len(points) < wanted and (point := self._point(text)):
                points.append(point)
        return points

    def _core(self, group: list[str], purpose: str) -> list[tuple[str, str]]:
        fitting = [text for text in group if self._fits(text)]
        for error in self.printer.errors:
            showing = [text for text in fitting if all(need in text for need in error.needs)]
            fitting = showing or fitting
        if not fitting:
            return []
        first = turn(range(len(fitting)), self.publisher, purpose, self.year)
        for text in fitting[first:] + fitting[:first]:
            if point := self._point(text):
                return [point]
        raise ValueError(f"{self.publisher.id} {self.year}: no wording of {purpose} fits the figures")

    def _fits(self, text: str) -> bool:
        levels = text.split("|")[1]
        return not levels.startswith("@levels ") or self.publisher.fits(levels.removeprefix("@levels ").split(","))

    def _point(self, text: str) -> tuple[str, str] | None:
        lead, *_, sentence = text.split("|")
        try:
            return (lead, self._say(sentence)) if self._fits(text) else None
        except CannotState:
            return None

    def _topic(self, number: int, topic: dict[str, Any]) -> Iterator[str]:
        heading = f"（{_number(number)}）{self._heading(topic)}"
        points = self._points(topic)
        if self.publisher.structure == "points_yi":
            yield f"{heading}。" + "".join(f"{HAN[i]}是{lead}。{text}" for i, (lead, text) in enumerate(points, 1))
            return
        yield heading
        if self.publisher.structure == "points_digit":
            yield from (f"{i}.{lead}。{text}" for i, (lead, text) in enumerate(points, 1))
        else:
            yield from (f"{HAN[i]}是{lead}。{text}" for i, (lead, text) in enumerate(points, 1))

    def _problems(self, count: int) -> Iterator[str]:
        lead = self._say(turn(load("closing/opening")["problems_lead"], self.publisher, "lead", self.year))
        items = [self._say(item) for item in self._items("problems", count)]
        pairs = [item.split("|") for item in items]
        if self.publisher.structure in {"points_yi", "points_digit"}:
            yield lead + "".join(f"{HAN[i]}是{head}，{text}" for i, (head, text) in enumerate(pairs, 1))
        else:
            yield lead
            yield from (f"（{HAN[i]}）{head}。{text}" for i, (head, text) in enumerate(pairs, 1))

    def _leadership(self, count: int) -> Iterator[str]:
        items = [self._say(item) for item in self._items("leadership", count)]
        yield from items if self.publisher.structure == "paragraphs" else ["".join(items)]

    def _plan(self, count: int) -> Iterator[str]:
        yield self._say(turn(load("closing/opening")["plan_lead"], self.publisher, "plan_lead", self.year))
        pairs = [self._say(item).split("|") for item in self._items("plan", count)]
        if self.publisher.structure in {"points_yi", "paragraphs"}:
            yield from (f"{HAN[i]}是{head}。{text}" for i, (head, text) in enumerate(pairs, 1))
        else:
            yield from (f"（{HAN[i]}）{head}。{text}" for i, (head, text) in enumerate(pairs, 1))

    def _items(self, kind: str, count: int) -> list[str]:
        return _window(load(f"closing/{kind}")["items"], count, self.publisher, kind, self.year)[:count]


def _number(number: int) -> str:
    """1 to 19 in Chinese numerals."""
    return HAN[number] if number <= 10 else f"十{HAN[number - 10]}"
