"""What `fazhi serve` answers over HTTP, and what `fazhi site` writes: headers, ranges, no way out of the folder."""

from __future__ import annotations

import csv
import gzip
import http.client
import json
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from flows.errors import FazhiError
from flows.settings import Settings
from flows.site import build_site
from tests.site.conftest import Explored
from tests.site.reports import EVIL
from warehouse.explorer.writing import bucket_of


def ask(
    address: str, path: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:  # http.client sends a path as it is given
    host = urlsplit(address)
    connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=30)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/app/main.js", "text/javascript"),
        ("/app/main.css", "text/css; charset=utf-8"),
        ("/app/duckdb.wasm", "application/wasm"),
        ("/data/overview.json.gz", "application/gzip"),
        ("/data/parquet/fct_report.parquet", "application/vnd.apache.parquet"),
        ("/data/csv/mediation_total.csv", "text/csv; charset=utf-8"),
    ],
)
def test_media_types_and_policies(served: str, path: str, kind: str) -> None:
    status, headers, _ = ask(served, path)
    assert (status, headers["content-type"]) == (200, kind)
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "no-referrer"
    assert "content-encoding" not in headers


def test_pages_carry_the_policy_themselves(explored: Explored) -> None:
    pages = sorted(explored.folder.glob("*.html"))
    assert len(pages) == 9
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "Content-Security-Policy" in text and "unsafe" not in text and "http:" not in text


def test_only_the_engine_may_compile(served: str) -> None:
    _, headers, _ = ask(served, "/app/duckdb.worker.js")
    assert "'wasm-unsafe-eval'" in headers["content-security-policy"]
    assert "connect-src 'self'" in headers["content-security-policy"]


def test_pieces_named_by_their_content_are_kept(served: str, explored: Explored) -> None:
    piece = next((explored.folder / "app").glob("chunk-*.js")).name
    assert "immutable" in ask(served, f"/app/{piece}")[1]["cache-control"]
    assert ask(served, "/app/chunk-ABCDEFGH.js")[1]["cache-control"] == "no-cache"  # there is none
    for path in ("/", "/app/main.js", "/data/warehouse.duckdb"):
        _, headers, _ = ask(served, path)
        assert headers["cache-control"] == "no-cache"
        assert ask(served, path, If_None_Match=headers["etag"])[0] == 304


def test_ranges(served: str, explored: Explored) -> None:
    whole = (explored.folder / "data" / "warehouse.duckdb").read_bytes()
    status, headers, body = ask(served, "/data/warehouse.duckdb", Range="bytes=8-15")
    assert (status, body) == (206, whole[8:16])
    assert headers["content-range"] == f"bytes 8-15/{len(whole)}"
    assert ask(served, "/data/warehouse.duckdb", Range=f"bytes={len(whole)}-")[0] == 416
    status, headers, body = ask(served, "/data/warehouse.duckdb", method="HEAD")
    assert (status, headers["content-length"], body) == (200, str(len(whole)), b"")


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/../staging.duckdb",
            "/%2e%2e/staging.duckdb",
            "/data/..%2f..%2fstaging.duckdb",
            "/data/%2e%2e/%2e%2e/staging.duckdb",
        ),
        *("//etc/passwd", "/..%5cstaging.duckdb", "/data/", "/data", "/app/%00", "/data/secret.txt"),
    ],
)
def test_nothing_outside_the_folder(served: str, explored: Explored, path: str) -> None:
    outside = explored.settings.home / "outside.txt"
    outside.write_text("secret", encoding="utf-8")
    link = explored.folder / "data" / "secret.txt"
    link.unlink(missing_ok=True)
    link.symlink_to(outside)
    status, _, body = ask(served, path)
    assert status in (400, 404) and b"secret" not in body
    link.unlink()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_only_reading(served: str, method: str) -> None:
    assert ask(served, "/", method=method)[0] == 405
    assert ask(served, "/api/search?q=x", method=method)[0] == 405


def test_another_name_for_this_machine_is_refused(served: str) -> None:
    assert ask(served, "/", Host="other.invalid")[0] == 400
    assert ask(served, "/", Host=f"localhost:{urlsplit(served).port}")[0] == 200


def test_search_answers(served: str) -> None:
    status, headers, body = ask(served, f"/api/search?q={quote('行政复议')}&kind=quantities&year=2023&limit=2")
    found = json.loads(body)
    assert (status, headers["content-type"]) == (200, "application/json")
    assert 0 < len(found["hits"]) <= 2 and {hit["report_year"] for hit in found["hits"]} == {2023}


@pytest.mark.parametrize("query", ["", "q=", f"q={'x' * 201}", "q=x&year=abc", "q=x&limit=-1", "q=x&year=99999"])
def test_search_says_what_is_wrong(served: str, query: str) -> None:
    status, _, body = ask(served, f"/api/search?{query}")
    assert status == 400 and json.loads(body)["error"]


def test_every_report_is_where_the_pages_look(explored: Explored) -> None:
    state = json.loads((explored.folder / "data" / "site.json").read_text(encoding="utf-8"))
    for kind, table in (("report", "fct_report"), ("publisher", "dim_publisher")):
        ids = [name for (name,) in explored.rows(f"select {kind}_id from {table}")]
        for name in ids:
            file = explored.folder / "data" / kind / f"{bucket_of(name, state['buckets'][kind])}.json.gz"
            assert name in json.loads(gzip.decompress(file.read_bytes()))


def test_buckets_are_even_and_stable() -> None:
    # FNV-1a of these bytes is published: 0xbf9cf968 and 0xe40c292c
    assert bucket_of("foobar", 1 << 32) == 0xBF9CF968
    assert bucket_of("a", 1 << 32) == 0xE40C292C
    sizes = [0] * 50
    for number in range(1000):
        sizes[bucket_of(f"99010{number % 10}-某局-{number}", 50)] += 1
    assert max(sizes) < 60


def test_csv_is_harmless_and_complete(explored: Explored) -> None:
    with (explored.folder / "data" / "csv" / "reconsideration_accepted.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = explored.rows(
        "select publisher_id, value from fct_indicator_yearly where indicator_id = 'reconsideration_accepted'"
    )
    assert sorted(float(row["value"]) for row in rows) == sorted(value for _, value in expected)
    assert not any(cell[:1] in ("=", "+", "@") for row in rows for cell in row.values())
    assert EVIL in {row["publisher"] for row in rows} and "'=件" in {row["unit"] for row in rows}


def test_building_again_gives_the_same_files(explored: Explored, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name in ("warehouse.duckdb", "export"):  # as where data lies on another disk
        (home / name).symlink_to(explored.settings.home / name)
    assert build_site(Settings(home, ()), tmp_path / "again", explored.pages) == 0
    assert not any(path.is_symlink() for path in (tmp_path / "again").rglob("*"))

    def contents(folder: Path) -> dict[str, bytes]:
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    assert contents(tmp_path / "again") == contents(explored.folder)


def test_foreign_folder_is_left_alone(explored: Explored, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FazhiError, match="holds other files"):
        build_site(explored.settings, tmp_path, explored.pages)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"
