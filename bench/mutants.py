"""`python -m bench.mutants`: small faults in the numbers' core, one at a time in a copy; which of them no quick test sees.

A sample that follows from the seed; the score is the share of mutants that made a test fail. What survives is read by
hand: either it changes nothing that can be told, or a behaviour is not stated by a test.
"""

from __future__ import annotations

import argparse
import ast
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.machine import ROOT

MODULES = ("tokens", "numerals", "units", "meaning", "subject", "told_before")
TESTS = ("test_numbers_core", "test_survivors", "test_numerals", "test_quantities")
# what extraction and its tests read or import, left as it is
BESIDE = ("scrapers", "warehouse", "flows", "expectations", "bench", "dbt_project", "pyproject.toml")
LIMIT_S = 300.0
TURNED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


@dataclass(frozen=True)
class Mutant:
    """One change of one module."""

    module: str
    line: int
    start: int
    end: int
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.module}.py:{self.line}: {self.before[:70]} → {self.after[:70]}".replace("\n", " ")


def mutants(module: str, source: str) -> Iterator[Mutant]:
    """Every change that is tried, in the source's order."""
    lines = source.encode().splitlines(keepends=True)
    offsets = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    encoded = source.encode()
    for node in ast.walk(ast.parse(source)):
        for changed in _changes(node):
            assert isinstance(node, ast.expr) and node.end_lineno and node.end_col_offset is not None
            start, end = offsets[node.lineno - 1] + node.col_offset, offsets[node.end_lineno - 1] + node.end_col_offset
            after = f"({ast.unparse(changed)})"
            yield Mutant(module, node.lineno, start, end, encoded[start:end].decode(), after)


def _changes(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Compare(left, [op], others) if type(op) in TURNED:
            yield ast.Compare(left, [TURNED[type(op)]()], others)  # type: ignore[list-item]
        case ast.BoolOp(op, values):
            yield ast.BoolOp(TURNED[type(op)](), values)  # type: ignore[arg-type]
            yield from (ast.BoolOp(op, [*values[:at], *values[at + 1 :]]) for at in range(len(values)))
        case ast.BinOp(left, op, right) if type(op) in TURNED:
            yield ast.BinOp(left, TURNED[type(op)](), right)  # type: ignore[arg-type]
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.IfExp(_, body, orelse):
            yield body
            yield orelse
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() | float() as value):
            yield ast.Constant(value + 1)
        case _:
            return


def survives(mutant: Mutant, copy: Path, tests: list[str]) -> bool:
    """Whether all tests hold with the change; the copy is whole again afterwards."""
    file = copy / "extraction" / f"{mutant.module}.py"
    whole = file.read_bytes()
    file.write_bytes(whole[: mutant.start] + mutant.after.encode() + whole[mutant.end :])
    try:
        return _passes(copy, tests)
    finally:
        file.write_bytes(whole)


def _passes(copy: Path, tests: list[str]) -> bool:
    # speed is no behaviour, and a mutant that hangs is seen
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=line"]
    try:
        run = subprocess.run(
            [*command, "-k", "not time_grows and not megabyte", *tests], cwd=copy, capture_output=True, timeout=LIMIT_S
        )
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


def main() -> int:
    """Try a sample; status 1 where the tests fail without any change."""
    parser = argparse.ArgumentParser(prog="python -m bench.mutants", description=__doc__.split("\n")[0])
    parser.add_argument("--sample", type=int, default=40, help="mutants (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=20, help="no mutant is begun after so long")
    parser.add_argument("--modules", nargs="+", default=MODULES, help="of extraction/ (default: the numbers' core)")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="of tests/extraction/ (default: the quick ones)")
    parser.add_argument("--only", nargs="+", default=[], metavar="FILE:LINE", help="only the changes of these lines")
    given = parser.parse_args()
    ends_at = time.monotonic() + given.minutes * 60
    tests = [f"tests/extraction/{name}.py" for name in given.tests]
    found = [
        mutant
        for module in given.modules
        for mutant in mutants(module, (ROOT / "extraction" / f"{module}.py").read_text("utf-8"))
    ]
    random.Random(given.seed).shuffle(found)
    sample = [m for m in found if f"{m.module}.py:{m.line}" in given.only] if given.only else found[: given.sample]
    with tempfile.TemporaryDirectory(prefix="fazhi-mutants-") as folder:
        copy = Path(folder) / "copy"
        for name in ("extraction", "tests"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        for path in ROOT.iterdir():
            if path.name in BESIDE:
                (copy / path.name).symlink_to(path)
        if not _passes(copy, tests):
            print("the tests fail without any change")
            return 1
        tried, alive = 0, []
        for mutant in sample:
            if time.monotonic() > ends_at:
                break
            tried += 1
            if survives(mutant, copy, tests):
                alive.append(mutant)
                print(f"SURVIVES {mutant}", flush=True)
    killed = tried - len(alive)
    print(f"{killed} of {tried} killed ({killed / max(1, tried):.0%}), of {len(found)} possible changes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
