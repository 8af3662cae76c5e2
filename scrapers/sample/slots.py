"""A sentence with slots in, the printed sentence and a record of every figure in it out.

Slots:  {our}            a word of the publisher          {docs_reviewed:件}   a figure of the year: 56件
        {disclosed:余条}  rounded down with a hedge        {online_rate:%}      a rate
        {*docs_cleaned:件} the parts of a total, named     {^recon_received}    change against last year: 增长12.5%
        {^lit_cases:件}   the same as a difference          {~3-9:次}            an incidental figure ({~100-900/50:人}: in steps)
        {=100:100%}      a constant                        {=0:未发生…}         a stated zero
A `!` before the colon of an incidental or constant figure marks a goal, not a result.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from scrapers.sample.bank import PlantedError, load
from scrapers.sample.figures import Figures, is_rate, parts_of, rate
from scrapers.sample.stated import Stated, mark

SLOT = re.compile(r"\{([^{}]+)\}")
MAGNITUDE = {"万": 10_000, "亿": 100_000_000}
CHINESE = "零一两三四五六七八九十"


class CannotState(Exception):
    """The sentence does not fit the year's figures (no such figure, no change, a change from zero)."""


@dataclass(slots=True)
class Printer:
    """Fills the slots of one report's sentences; every figure is wrapped in a mark that `place` takes out again."""

    words: Mapping[str, str]
    this_year: Figures
    last_year: Figures
    rng: Random
    errors: tuple[PlantedError, ...] = ()
    stated: list[Stated] = field(default_factory=list)

    def fill(self, sentence: str) -> str:
        """The sentence with marked figures. Raises CannotState and records nothing where a slot cannot be filled."""
        before = len(self.stated)
        try:
            return SLOT.sub(lambda match: self._slot(match[1]), sentence)
        except CannotState:
            del self.stated[before:]
            raise

    def _slot(self, slot: str) -> str:
        name, _, unit = slot.partition(":")
        if name in self.words:
            return self.words[name]
        if name[0] == "=":
            value = float(name[1:].rstrip("!"))
            measure = "zero" if value == 0 else "value"
            printed_unit = "" if measure == "zero" else unit.lstrip("0123456789.")
            return self._print(None, measure, unit, value, value, printed_unit, is_target=name.endswith("!"))
        if name[0] == "~":
            return self._incidental(name[1:], unit)
        if name[0] == "*":
            return self._parts(name[1:], unit)
        if name[0] == "^":
            return self._change(name[1:], unit)
        return self._figure(name, unit)

    def _figure(self, name: str, unit: str) -> str:
        if is_rate(name):
            true = self._rate(name, self.this_year)
            value = round(true + self._error(name, "rate_wrong"), 2)
            return self._print(name, "rate", f"{value:g}%", value, true, "%")
        true = self._value(name)
        if true == 0:
            raise CannotState(name)
        value = true + self._error(name, "parts_do_not_sum")
        if unit.startswith("余"):
            places = len(str(int(value)))
            step = 10 ** (places - 2 if places > 2 else places - 1)
            value = true = int(value) // step * step
            digits = f"{value / 10_000:g}万" if value >= 100_000 else f"{value:g}"
            return self._print(name, "value", f"{digits}{unit}", value, true, unit[1:], approx="more_than")
        digits = f"{value:.2f}".rstrip("0").rstrip(".")
        scale = MAGNITUDE.get(unit[0], 1)
        return self._print(name, "value", f"{digits}{unit}", value * scale, true * scale, _unit(unit))

    def _incidental(self, span: str, unit: str) -> str:
        target = span.endswith("!")
        span, _, step = span.rstrip("!").partition("/")
        low, high = span.split("-")
        if "." in low:
            value: float = round(self.rng.uniform(float(low), float(high)), 1)
        else:
            value = self.rng.randrange(int(low), int(high) + 1, int(step or 1))
        approx = "exact"
        if unit.startswith("余") and value >= 100:
            value, approx = value // 10 * 10, "more_than"
        if unit[1:2] == "余":
            approx = "more_than"
        digits = f"{value:g}" if value < 1e6 else str(value)
        if unit in {"次", "场", "期"} and 2 <= value <= 10 and self.rng.random() < 0.2:
            digits = CHINESE[int(value)]
        bare = unit.removeprefix("余")
        printed = unit if approx == "more_than" else bare
        scale = MAGNITUDE.get(bare[0], 1)
        return self._print(
            None, "value", f"{digits}{printed}", value * scale, value * scale, _unit(bare), approx, is_target=target
        )

    def _parts(self, total: str, unit: str) -> str:
        labels = load("fields")["labels"]
        wording = self.rng.randrange(3)
        names = [name for name in parts_of(total) if self._value(name)]
        return "、".join(labels[name][wording] + self._figure(name, unit) for name in names)

    def _change(self, name: str, unit: str) -> str:
        if is_rate(name):
            true = round(self._rate(name, self.this_year) - self._rate(name, self.last_year), 2)
            if true == 0:
                raise CannotState(name)
            word = "提高" if true > 0 else "下降"
            return word + self._print(name, "change_abs", f"{abs(true):g}{unit}", abs(true), abs(true), unit)
        now, then = self._value(name), self._value(name, self.last_year)
        if now == then or then == 0:
            raise CannotState(name)
        if unit:
            word = "增加" if now > then else "减少"
            size = abs(now - then)
            return word + self._print(name, "change_abs", f"{size:g}{unit}", size, size, unit)
        true = round(100 * (now - then) / then, 2)
        value = round(true + self._error(name, "change_wrong"), 2)
        word = self.rng.choice(("增长", "上升") if value > 0 else ("下降", "减少"))
        return word + self._print(name, "change_pct", f"{abs(value):g}%", abs(value), abs(true), "%")

    def _print(
        self,
        name: str | None,
        measure: str,
        raw: str,
        value: float,
        true: float,
        unit: str,
        approx: str = "exact",
        *,
        is_target: bool = False,
    ) -> str:
        self.stated.append(Stated(name, measure, raw, round(value, 4), round(true, 4), unit, approx, is_target))
        return mark(len(self.stated) - 1, raw)

    def _value(self, name: str, row: Figures | None = None) -> float:
        row = self.this_year if row is None else row
        if name not in row:
            raise CannotState(name)
        return row[name]

    def _rate(self, name: str, row: Figures) -> float:
        try:
            return rate(name, row)
        except (KeyError, ZeroDivisionError):
            raise CannotState(name) from None

    def _error(self, name: str, kind: str) -> float:
        return sum(error.add for error in self.errors if error.field == name and error.kind == kind)


def _unit(unit: str) -> str:
    return unit[1:].removeprefix("余") if unit[:1] in MAGNITUDE and len(unit) > 1 else unit
