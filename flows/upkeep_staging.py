"""A staging file of an older release in, the same file with this release's schema out.

`staging.meta` holds the version of the file's schema. `staging_steps/<version>_<what>.sql` leads from the version before
to that one; each step and its version are written in one transaction, so a kill leaves the one or the other.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from flows.errors import FazhiError, Locked
from warehouse.connect import attach_to_write, quoted
from warehouse.staging import SCHEMA_VERSION

STEPS = Path(__file__).parent / "staging_steps"


def staging_version(path: Path) -> int | None:
    """The schema version of a staging file; None where the file or its version table is missing."""
    if not path.exists():
        return None
    with duckdb.connect() as con:
        try:
            con.execute(f"attach {quoted(path)} as store (read_only)")
            row = con.execute("select max(schema_version) from store.staging.meta").fetchone()
        except duckdb.CatalogException:
            return None
        except duckdb.Error as error:
            if "Conflicting lock" in str(error):
                raise Locked(f"{path} is being written by another process: wait until it ends") from None
            raise FazhiError(
                f"{path} cannot be read: {error}. `fazhi build --from-archive` makes it anew from the archive"
            ) from error
    return row[0] if row else None


def upgrade_staging(path: Path, *, steps: Path = STEPS, target: int = SCHEMA_VERSION) -> list[int]:
    """Bring a staging file to this program's schema; returns the versions that were stepped through.

    Raises FazhiError where the file is newer than the program or a step is missing; the file is untouched then.
    """
    found = staging_version(path)
    if found is None or found == target:
        return []
    if found > target:
        raise FazhiError(
            f"{path} was written by a newer fazhi (schema {found}, this one knows {target}): install that version again, "
            "or rebuild the file with this one: `fazhi build --from-archive`"
        )
    wanted = list(range(found + 1, target + 1))
    scripts = {version: _script(steps, version, path) for version in wanted}
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        attach_to_write(con, path, "store")
        for version in wanted:
            con.begin()
            try:
                con.execute(scripts[version])
                con.execute("update staging.meta set schema_version = ?", [version])
            except duckdb.Error as error:
                con.rollback()
                raise FazhiError(
                    f"{path}: upgrading to schema {version} failed and was undone: {error}. "
                    "`fazhi build --from-archive` makes the file anew"
                ) from error
            con.commit()
    return wanted


def _script(steps: Path, version: int, path: Path) -> str:
    found = sorted(steps.glob(f"{version:04d}_*.sql"))
    if len(found) != 1:
        raise FazhiError(
            f"{path}: no way from schema {version - 1} to {version} ({steps} has {len(found)} steps for it): "
            "rebuild the file from the archive with `fazhi build --from-archive`"
        )
    return found[0].read_text(encoding="utf-8")
