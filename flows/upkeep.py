"""`fazhi archive verify`: the archive in, its damaged parts out, each with file, place and what to do."""

from __future__ import annotations

from dataclasses import asdict

from rich.markup import escape

from flows.errors import Exit, FazhiError
from flows.events import Events, console, progress
from flows.settings import Settings
from flows.tables import print_json
from scrapers.verify import Problem, Tally, verify


def verify_archive(settings: Settings, *, as_json: bool) -> int:
    """Read every record; exit status 1 where something that was committed is not whole."""
    files = sorted(settings.archive.glob("*.warc.gz"))
    if not files and not (settings.archive / "index.sqlite").exists():
        raise FazhiError(f"{settings.archive}: no archive there; is FAZHI_HOME right?")
    tally, problems = Tally(), []
    log = Events(settings.log)
    with progress("verify (bytes)", sum(path.stat().st_size for path in files)) as bar:
        for problem in verify(settings.archive, tally, lambda size: bar.advance(bar.task_ids[0], size)):
            problems.append(problem)
            log.emit("verify", problem.kind, file=problem.file, offset=problem.offset, detail=problem.detail)
            if not as_json:
                console.print(_line(problem))
    harmful = [problem for problem in problems if not problem.harmless]
    log.emit("verify", "finished", problems=len(harmful), **asdict(tally))
    if as_json:
        rows = [asdict(item) | {"harmless": item.harmless, "advice": item.advice} for item in problems]
        print_json({"read": asdict(tally), "problems": rows})
    else:
        verdict = f"[red]{len(harmful):,} problems[/]" if harmful else "[green]all whole[/]"
        console.print(
            f"{verdict}: {tally.files:,} files, {tally.records:,} records, {tally.contents:,} contents as the index "
            f"knows them, {tally.size / 1024**2:,.1f} MiB in {settings.archive}"
        )
    return Exit.ERROR if harmful else Exit.OK


def _line(problem: Problem) -> str:
    end = f" to {problem.end:,}" if problem.end is not None else ""
    mark = "[yellow]·[/]" if problem.harmless else "[red]✗[/]"
    what = f"{problem.file}, byte {problem.offset:,}{end}: {problem.kind}: {problem.detail}"
    return f"{mark} {escape(what)}\n  {escape(problem.advice)}"
