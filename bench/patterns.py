"""The packages' compiled patterns in, the time each takes on texts made against it out: none may blow up.

`python -m bench.patterns [--length 10000]` prints the slowest; status 1 where one takes longer than LONGEST_S.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FULLMATCH = re.compile(r"\b(\w+)\.fullmatch\b")
PACKAGES = ("extraction", "scrapers", "warehouse", "flows", "expectations")
LENGTH = 10_000
LONGEST_S = 2.0
# labels are cut to so many characters before they are matched as a whole
BOUNDED = {"extraction.subject._ONLY_VERB": 30}
MOST_PIECES = 12
LONGEST_PIECE = 40
ENDS = ("", "!", "\n", "\u4e00x")


def patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Where each lies, and the pattern: module attributes and whatever else of the packages holds one."""
    found: dict[int, tuple[str, re.Pattern[str]]] = {}
    for package in PACKAGES:
        root = importlib.import_module(package)
        for info in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not info.name.endswith("__main__"):
                module = importlib.import_module(info.name)
                for name, value in vars(module).items():
                    for where, pattern in _within(f"{info.name}.{name}", value, 3):
                        found.setdefault(id(pattern), (where, pattern))
    return sorted(found.values(), key=lambda item: item[0])


def _within(where: str, value: object, depth: int) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield where, value
    elif depth and isinstance(value, dict):
        for key, item in value.items():
            yield from _within(f"{where}[{str(key)[:20]!r}]", item, depth - 1)
            yield from _within(f"{where}[…]", key, depth - 1)
    elif depth and isinstance(value, list | tuple | set | frozenset):
        for at, item in enumerate(value):
            yield from _within(f"{where}[{at}]", item, depth - 1)
    elif (
        depth
        and hasattr(value, "__dict__")
        and not isinstance(value, type)
        and type(value).__module__.startswith(PACKAGES)
    ):
        yield from _within(where, vars(value), depth - 1)


def adversaries(pattern: re.Pattern[str], length: int) -> list[str]:
    """Texts of that length: what each repeated part of the pattern takes, again and again, then something it does not."""
    pieces = dict.fromkeys(_pieces(parser.parse(pattern.pattern, pattern.flags & ~re.LOCALE)))
    chosen = sorted(pieces, key=len, reverse=True)[:MOST_PIECES]
    texts = [((piece * (length // len(piece) + 1))[: length - len(end)] + end) for piece in chosen for end in ENDS]
    whole = "".join(chosen) or "a"
    return [*texts, (whole * (length // len(whole) + 1))[:length]]


def _pieces(parsed: Any) -> Iterator[str]:
    """What the repeats inside match, and all of it."""
    for operation, argument in parsed:
        if operation in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
            yield _example(argument[2])[:LONGEST_PIECE]
            yield from _pieces(argument[2])
        elif operation is constants.SUBPATTERN:
            yield from _pieces(argument[3])
        elif operation is constants.BRANCH:
            for branch in argument[1]:
                yield from _pieces(branch)
        elif operation in (constants.ASSERT, constants.ASSERT_NOT):
            yield from _pieces(argument[1])
        elif operation is constants.ATOMIC_GROUP:
            yield from _pieces(argument)
    whole = _example(parsed)[:LONGEST_PIECE]
    if whole:
        yield whole


def _example(parsed: Any) -> str:
    """A short text that it matches, or something near."""
    return "".join(_one(operation, argument) for operation, argument in parsed) or "a"


def _one(operation: Any, argument: Any) -> str:
    if operation is constants.LITERAL:
        return chr(argument)
    if operation is constants.IN:
        return next((_of_class(item) for item in argument if item[0] is not constants.NEGATE), "a")
    if operation in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
        return _example(argument[2]) * max(1, min(argument[0], 5))
    if operation is constants.SUBPATTERN:
        return _example(argument[3])
    if operation is constants.BRANCH:
        return _example(argument[1][0])
    if operation is constants.ATOMIC_GROUP:
        return _example(argument)
    if operation in (constants.ANY, constants.NOT_LITERAL):
        return "a" if argument != ord("a") else "b"
    return ""


def _of_class(item: tuple[Any, Any]) -> str:
    kind, value = item
    if kind is constants.LITERAL:
        return chr(value)
    if kind is constants.RANGE:
        return chr(value[0])
    return {"CATEGORY_DIGIT": "0", "CATEGORY_SPACE": " "}.get(str(value), "a")


def slowest(length: int) -> list[tuple[float, str, str]]:
    """Seconds of processor time on the worst of its texts, name and text's beginning of each pattern, worst first."""
    times, whole = [], _matched_as_a_whole()
    for name, pattern in patterns():
        worst = (0.0, "")
        for text in adversaries(pattern, length):
            start = time.process_time()
            for _ in zip(range(length), pattern.finditer(text), strict=False):
                pass
            if name in whole:
                pattern.fullmatch(text[: BOUNDED.get(name)])
            worst = max(worst, (time.process_time() - start, text[:30]))
        times.append((worst[0], name, worst[1]))
    return sorted(times, reverse=True)


def _matched_as_a_whole() -> set[str]:
    """Names of patterns whose `fullmatch` is called in the module that holds them."""
    found = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found |= {f"{module}.{name}" for name in FULLMATCH.findall(path.read_text(encoding="utf-8"))}
    return found


def main() -> int:
    """Print the slowest ten, and how they grow."""
    options = argparse.ArgumentParser(prog="python -m bench.patterns", description=__doc__)
    options.add_argument("--length", type=int, default=LENGTH)
    length = options.parse_args().length
    gc.disable()
    found = slowest(length)
    print(f"{len(found)} patterns on texts of {length:,} characters made against each")
    for seconds, name, text in found[:10]:
        print(f"{seconds * 1000:9.1f} ms  {name}  {text!r}")
    return 1 if found[0][0] > LONGEST_S else 0


if __name__ == "__main__":
    sys.exit(main())
