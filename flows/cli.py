"""The `fazhi` command. Each command imports only what it needs: `parse`, `query` and help never load Prefect."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from flows import cli_upkeep
from flows.cli_help import teach
from flows.cli_upkeep import JsonOption
from flows.errors import Exit, FazhiError, WrongUsage, disk_is_full, wrong_place
from flows.settings import Settings

EXIT_CODES = (
    "Exit status: 0 done · 1 error · 2 wrong usage · 3 a quality gate stopped publishing · "
    "4 published, but a source failed · 5 another run is writing · 130 stopped by Ctrl-C."
)

app = typer.Typer(
    name="fazhi",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="法治政府建设年度报告 → DuckDB: harvest yearly rule-of-law reports, turn every number into a row, check, publish.",
)
sources_app = typer.Typer(no_args_is_help=True, help="The source registry: which portals are harvested.")
archive_app = typer.Typer(no_args_is_help=True, help="The archive of fetched pages (WARC).")
app.add_typer(sources_app, name="sources")
app.add_typer(archive_app, name="archive")
review_app = typer.Typer(no_args_is_help=True, help="Doubtful numbers: look at them, decide, and have it applied.")
app.add_typer(review_app, name="review")

SourcesOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--sources",
        "-s",
        help="Folder of source registry files; may be repeated. Default: $FAZHI_SOURCES, else the bundled sample portal.",
        exists=True,
    ),
]
OnlyOption = Annotated[list[str] | None, typer.Option("--only", help="Only this source id; may be repeated.")]
SweepOption = Annotated[bool, typer.Option("--full-sweep", help="Read every list page, also behind known items.")]


def _tell_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        from flows.extracting import extractor_version

        print(f"fazhi {version('fazhi')}, extractor {extractor_version()}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="Release and extractor, and exit.")
    ] = False,
) -> None:
    """What stands before every command."""


@app.command()
def run(
    sources: SourcesOption = None,
    only: OnlyOption = None,
    full_sweep: SweepOption = False,
    force: Annotated[bool, typer.Option("--force", help="Build and publish even when nothing is new.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Harvest, extract, load, build, gate and publish, as one flow."""
    from flows.commands import run_all

    raise typer.Exit(run_all(_settings(sources), only or [], full_sweep=full_sweep, force=force, as_json=as_json))


@app.command()
def harvest(
    sources: SourcesOption = None, only: OnlyOption = None, full_sweep: SweepOption = False, as_json: JsonOption = False
) -> None:
    """Fetch what is new into the archive, and stop there."""
    from flows.commands import harvest_only

    raise typer.Exit(harvest_only(_settings(sources), only or [], full_sweep=full_sweep, as_json=as_json))


@app.command()
def ingest(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Files (.html .txt .pdf .docx .doc), folders of them, WARC files.", exists=True),
    ] = None,
    urls: Annotated[
        Path | None,
        typer.Option("--urls", help="File with urls to fetch politely, one a line.", exists=True, dir_okay=False),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Take reports from local files and listed urls through the same way into the warehouse."""
    from flows.commands import ingest_paths

    if not paths and not urls:
        raise typer.BadParameter("give PATH… or --urls FILE")
    raise typer.Exit(ingest_paths(Settings.from_environment(), paths or [], urls, as_json=as_json))


@app.command()
def build(
    from_archive: Annotated[
        bool, typer.Option("--from-archive", help="Throw staging away and rebuild everything from the archive.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Rebuild, check and publish the warehouse from what the archive holds, without the network."""
    from flows.commands import rebuild

    raise typer.Exit(rebuild(Settings.from_environment(), from_archive=from_archive, as_json=as_json))


@app.command()
def parse(
    files: Annotated[list[Path] | None, typer.Argument(help="Files to parse.")] = None,
    manifest: Annotated[
        Path | None,
        typer.Option("--manifest", help='JSON lines of {"path": …, "url": …}.', exists=True, dir_okay=False),
    ] = None,
) -> None:
    """Print one JSON object a file: metadata, body, sections and quantities. Never uses the network."""
    from flows.parsing import parse_files, read_manifest

    if (manifest is None) == (not files):
        raise typer.BadParameter("give either FILE… or --manifest M.jsonl")
    items = read_manifest(manifest) if manifest else [(path, None) for path in files or []]
    raise typer.Exit(parse_files(items, sys.stdout))


@app.command()
def show(
    target: Annotated[str, typer.Argument(metavar="FILE|URL|REPORT-ID", help="What to show.")],
    url: Annotated[str | None, typer.Option("--url", help="Where a file came from.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page here instead of printing.")] = None,
) -> None:
    """Show a report with every quantity marked, its indicator and fields beside it, for checking by eye.

    A url or a report id is looked up in the published warehouse, with its failed checks, else in the archive.
    """
    from flows.showing import show as show_report

    show_report(Settings.from_environment(), target, url, html)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="One SQL statement; the tables are in schema marts.")],
    output: Annotated[str, typer.Option("--format", "-f", help="table, csv, json or markdown")] = "table",
    as_json: JsonOption = False,
) -> None:
    """Ask the published warehouse, read-only: `fazhi query "select * from marts.fct_report limit 5"`."""
    from flows.querying import print_query

    settings = Settings.from_environment()
    raise typer.Exit(print_query(settings.warehouse, settings.search, sql, "json" if as_json else output))


@app.command()
def export(
    output: Annotated[str, typer.Option("--format", "-f", help="csv, xlsx (one workbook) or parquet")] = "csv",
    tables: Annotated[
        list[str] | None, typer.Option("--table", "-t", help="Only this table; may be repeated. Default: all.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder to write to; default: exports/FORMAT in FAZHI_HOME.")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="URL", help="Send the files on to s3://bucket/prefix or another store."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the published tables as files for Excel and other tools; formula-like text is made harmless."""
    from flows.exporting import export_files

    raise typer.Exit(export_files(Settings.from_environment(), output, tables or [], out, to, as_json=as_json))


@app.command()
def search(
    words: Annotated[str, typer.Argument(help='Words, with blanks between: "行政复议 纠错率".')],
    quantities: Annotated[bool, typer.Option("--quantities", "-q", help="Find numbers instead of passages.")] = False,
    region: Annotated[str | None, typer.Option("--region", "-r", help="Division code, or part of a name.")] = None,
    year: Annotated[str | None, typer.Option("--year", "-y", help="Report year: 2023, or 2021-2023.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many results.")] = 10,
    as_json: JsonOption = False,
) -> None:
    """Search the reports' text, most relevant first; the words found are marked."""
    from flows.searching import print_search

    code = print_search(
        Settings.from_environment(),
        words,
        quantities=quantities,
        region=region,
        year=year,
        limit=limit,
        as_json=as_json,
    )
    raise typer.Exit(code)


@app.command()
def site(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder to write; default: site in FAZHI_HOME.")
    ] = None,
) -> None:
    """Write the explorer: static pages about the published warehouse, for any web server (`make site` once before)."""
    from flows.site import build_site

    raise typer.Exit(build_site(Settings.from_environment(), out))


@app.command()
def serve(
    port: Annotated[int, typer.Option("--port", "-p", min=1, max=65535, help="Port to listen on.")] = 8080,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; 0.0.0.0 lets other machines read too.")
    ] = "127.0.0.1",
    folder: Annotated[Path | None, typer.Option("--site", help="Folder to serve; default: site in FAZHI_HOME.")] = None,
) -> None:
    """Serve the explorer and its data for reading, on this machine only unless --host says otherwise."""
    from flows.serving import serve_site

    raise typer.Exit(serve_site(Settings.from_environment(), host, port, folder))


@app.command()
def quack(
    port: Annotated[int, typer.Option("--port", "-p", min=1, max=65535, help="Port to listen on.")] = 9494,
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; other machines should come through a TLS proxy.")
    ] = "127.0.0.1",
    memory: Annotated[
        str | None,
        typer.Option("--memory", help="What all clients together may use: 4GB. Default: most of what is there."),
    ] = None,
) -> None:
    """Serve the warehouse over DuckDB's remote protocol, read-only, for tools that should not open the file.

    The token is $FAZHI_QUACK_TOKEN, else the one in FAZHI_HOME/quack.token, which is made at the first start.
    """
    from flows.quack import serve_quack

    raise typer.Exit(serve_quack(Settings.from_environment(), host, port, memory))


@app.command()
def dictionary(
    language: Annotated[str, typer.Option("--lang", help="en or zh")] = "en", as_json: JsonOption = False
) -> None:
    """Print the data dictionary: every table and column, with its meaning and rules."""
    from flows.documenting import DICTIONARIES, tables
    from flows.documenting import dictionary as written
    from flows.tables import print_json

    if language not in DICTIONARIES:
        raise WrongUsage(f"--lang {language}: one of {', '.join(DICTIONARIES)}")
    if as_json:
        print_json(tables(language))
    else:
        typer.echo(written(language), nl=False)


@app.command("snapshots")
def snapshots_list(as_json: JsonOption = False) -> None:
    """List the published states that are kept; the newest comes first."""
    from flows.snapshots import list_snapshots

    raise typer.Exit(list_snapshots(Settings.from_environment(), as_json=as_json))


@app.command()
def rollback(
    snapshot: Annotated[
        str, typer.Argument(help="Snapshot id (`fazhi snapshots`); default: the one before the published one.")
    ] = "previous",
    as_json: JsonOption = False,
) -> None:
    """Publish an earlier state again, in one step. The next build brings the newest state back."""
    from flows.snapshots import rollback as roll_back

    raise typer.Exit(roll_back(Settings.from_environment(), snapshot, as_json=as_json))


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="[A]", help="Snapshot id, `previous` or `current`.")] = "previous",
    new: Annotated[str, typer.Argument(metavar="[B]", help="Snapshot id, `previous` or `current`.")] = "current",
    table: Annotated[str | None, typer.Option("--table", "-t", help="Show this table's changes row by row.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many rows of --table.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Compare two snapshots: rows added and removed, values changed, by table and key."""
    from flows.comparing import print_diff

    raise typer.Exit(print_diff(Settings.from_environment(), old, new, table, limit, as_json=as_json))


@app.command()
def deploy(
    sources: SourcesOption = None,
    notify: Annotated[
        list[str] | None,
        typer.Option(
            "--notify",
            help="Where messages go: https://… (webhook, JSON), mailto(s)://… (e-mail); may be repeated. "
            "Default: as they were; `none` ends them.",
        ),
    ] = None,
) -> None:
    """Register schedules, work pool and messages of prefect.yaml with the Prefect server at $PREFECT_API_URL."""
    from flows.deploying import deploy as register

    raise typer.Exit(register(_settings(sources), notify))


@app.command()
def doctor(as_json: JsonOption = False) -> None:
    """Look whether everything is in order: versions, folders, lock, archive, warehouse, optional tools."""
    from flows.doctor import examine

    raise typer.Exit(examine(Settings.from_environment(), as_json=as_json))


@sources_app.command("list")
def sources_list(sources: SourcesOption = None, as_json: JsonOption = False) -> None:
    """List the sources of the registry."""
    from flows.commands import list_sources

    raise typer.Exit(list_sources(_settings(sources), as_json=as_json))


@review_app.command("export")
def review_export(
    file: Annotated[Path, typer.Argument(help="Spreadsheet to write: .csv or .xlsx.")] = Path("review.csv"),
    below: Annotated[float, typer.Option("--below", help="A confidence under this is doubtful.")] = 0.8,
    reports: Annotated[
        int, typer.Option("--reports", help="An unmapped subject is frequent from so many reports on.", min=1)
    ] = 5,
    examples: Annotated[int, typer.Option("--examples", help="Numbers of each frequent subject.", min=1)] = 2,
    most: Annotated[int, typer.Option("--most", help="At most so many rows, worst first.", min=1)] = 1000,
    as_json: JsonOption = False,
) -> None:
    """Write doubtful numbers (failed checks, low confidence, conflicts, frequent but unmapped) to a spreadsheet."""
    from flows.reviewing import export_doubtful

    code = export_doubtful(
        Settings.from_environment(),
        file,
        below=below,
        reports=reports,
        examples=examples,
        most=most,
        as_json=as_json,
    )
    raise typer.Exit(code)


@review_app.command("import")
def review_import(
    file: Annotated[Path, typer.Argument(help="The spreadsheet with decisions.", exists=True, dir_okay=False)],
    as_json: JsonOption = False,
) -> None:
    """Read decisions back as declared corrections; the next build applies them."""
    from flows.reviewing import import_decisions

    raise typer.Exit(import_decisions(Settings.from_environment(), file, as_json=as_json))


@review_app.command("withdraw")
def review_withdraw(
    keys: Annotated[list[str], typer.Argument(help="Keys of numbers, as `fazhi review status` shows them.")],
    as_json: JsonOption = False,
) -> None:
    """Take decisions back: the next build goes without them."""
    from flows.reviewing import withdraw

    raise typer.Exit(withdraw(Settings.from_environment(), keys, as_json=as_json))


@review_app.command("status")
def review_status(as_json: JsonOption = False) -> None:
    """Say what became of each correction: applied, unmatched, superseded, withdrawn or not built yet."""
    from flows.reviewing import print_status

    raise typer.Exit(print_status(Settings.from_environment(), as_json=as_json))


@sources_app.command("add")
def sources_add(
    url: Annotated[str, typer.Argument(help="A list page, or one report of it.")],
    sources: SourcesOption = None,
    source_id: Annotated[str | None, typer.Option("--id", help="Default: from the host's name.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="Default: from the publisher.")] = None,
    publisher: Annotated[str | None, typer.Option("--publisher", help="Default: from a report.")] = None,
    region: Annotated[
        str | None, typer.Option("--region", help="Division code, 6 digits. Default: from a report.")
    ] = None,
    pages: Annotated[int, typer.Option("--pages", min=1, help="Look at no more list pages than this.")] = 10,
    resolve: Annotated[
        list[str] | None, typer.Option("--resolve", help="HOST=ADDRESS:PORT to connect to: for mirrors and trials.")
    ] = None,
    local: Annotated[
        bool, typer.Option("--local", help="Allow addresses of this machine and of private networks.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the entry, write nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an entry of the same id.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Look at a portal, show what a harvest would take, and write its registry entry."""
    from flows.sources import NewSource, add_source, resolved

    new = NewSource(url, source_id, name, publisher, region, resolved(resolve or []), local, pages)
    raise typer.Exit(add_source(_settings(sources), new, force=force, dry_run=dry_run, as_json=as_json))


@sources_app.command("check")
def sources_check(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Only these sources.")] = None,
    sources: SourcesOption = None,
    pages: Annotated[int, typer.Option("--pages", min=1, help="At most so many list pages of each start url.")] = 3,
    stamp: Annotated[
        bool, typer.Option("--stamp", help="Write today's date into `verified` where all is well.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask every source's lists again and say whether they are as expected; nothing is stored."""
    from flows.source_checks import check_sources

    raise typer.Exit(check_sources(_settings(sources), ids or [], pages=pages, as_json=as_json, stamp=stamp))


@archive_app.command("reindex")
def archive_reindex() -> None:
    """Rebuild the archive's index from its WARC files alone."""
    from flows.commands import reindex

    raise typer.Exit(reindex(Settings.from_environment()))


@archive_app.command("verify")
def archive_verify(as_json: JsonOption = False) -> None:
    """Read every record again and compare digests with the index; exit status 1 where a part is damaged or missing."""
    from flows.upkeep import verify_archive

    raise typer.Exit(verify_archive(Settings.from_environment(), as_json=as_json))


@archive_app.command("push")
def archive_push() -> None:
    """Bring the archive's copy at $FAZHI_MIRROR up to date now; every run does so at its end."""
    from flows.mirroring import push_archive

    raise typer.Exit(push_archive(Settings.from_environment()))


@archive_app.command("restore")
def archive_restore(
    url: Annotated[str | None, typer.Argument(help="The copy: s3://bucket/prefix. Default: $FAZHI_MIRROR.")] = None,
) -> None:
    """Fill an empty FAZHI_HOME with the archive's copy."""
    from flows.mirroring import restore_archive

    raise typer.Exit(restore_archive(Settings.from_environment(), url))


@archive_app.command("collect")
def archive_collect(
    urls: Annotated[list[str], typer.Argument(help="The harvesters' copies: s3://bucket/one s3://bucket/two …")],
) -> None:
    """Bring what several harvesters mirrored into the archive here."""
    from flows.collecting import collect_archives

    raise typer.Exit(collect_archives(Settings.from_environment(), urls))


cli_upkeep.add_to(app)
teach(app, EXIT_CODES)


def _settings(sources: list[Path] | None) -> Settings:
    settings = Settings.from_environment()
    return Settings(settings.home, tuple(path.absolute() for path in sources)) if sources else settings


def main() -> None:
    """Entry point: errors meant for the user become one line and an exit status."""
    from scrapers.archive import ArchiveError
    from scrapers.index import is_damaged, told_damaged
    from scrapers.registry import SourceConfigError
    from warehouse.errors import WarehouseError

    try:
        app()
    except FazhiError as error:
        print(f"fazhi: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except (SourceConfigError, ArchiveError, WarehouseError) as error:
        print(f"fazhi: {error}", file=sys.stderr)
        sys.exit(Exit.ERROR)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(Exit.ERROR)
    except Exception as error:
        if is_damaged(error):
            print(f"fazhi: the archive's index {told_damaged(error)}", file=sys.stderr)
        elif disk_is_full(error):
            told = "make room and run the same command again, what is published stays"
            print(f"fazhi: the disk is full, or a file may not grow ({error}): {told}", file=sys.stderr)
        elif wrong_place(error):
            told = f"{error}: is FAZHI_HOME right ({Settings.from_environment().home}), and may this user write there?"
            print(f"fazhi: {told}", file=sys.stderr)
        else:
            raise
        sys.exit(Exit.ERROR)
    except KeyboardInterrupt:
        print("fazhi: stopped; run the same command again to go on", file=sys.stderr)
        sys.exit(Exit.STOPPED)


if __name__ == "__main__":
    main()
