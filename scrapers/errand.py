"""One source in one run: what reading lists and visiting pages share. Requests in, archived responses out."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from scrapers.archive import Archive
from scrapers.families import PageRequest
from scrapers.fetch import Fetcher, FetchError
from scrapers.limits import HarvestSettings
from scrapers.links import canonical
from scrapers.pages import text_of
from scrapers.records import ArchiveError, Capture, KnownUrl, Response
from scrapers.registry import Source
from scrapers.rota import is_ahead
from scrapers.story import Story

OnEvent = Callable[[str, dict[str, Any]], None]
# RFC 9309: a robots.txt may be kept for a day; a list only for as long as a killed run may take to be gone on with
ROBOTS_HOLD = timedelta(hours=20)
LISTS_HOLD = timedelta(hours=6)


class Errand:
    """Fetching into the archive for one source and run, with the run's story."""

    def __init__(
        self, source: Source, archive: Archive, run_id: str, settings: HarvestSettings, on_event: OnEvent | None
    ) -> None:
        self.source, self.archive, self.run_id, self.settings = source, archive, run_id, settings
        self._on_event = on_event
        self.fetcher = Fetcher(
            source, settings, remembered_robots=self._remembered_robots, keep_robots=self._keep_robots
        )
        self.story = Story()
        self._until = settings.monotonic() + settings.source_s

    def list_page(self, request: PageRequest) -> Response:
        """A list page: as this run archived it before it was killed, or fetched, conditionally where that can be."""
        key = list_key(request)
        known = self.archive.known_url(key)
        archived = self.archived(key) if known else None
        if archived and known and known.last_run == self.run_id and self._younger(known, LISTS_HOLD):
            return archived
        conditional = known if archived and request.form is None else None
        response = self.fetch(request, conditional)
        if response.status == 304 and archived:
            self.present(key)
            return archived
        self.store(response, key, "list")
        return response

    def fetch(self, request: PageRequest, known: KnownUrl | None = None) -> Response:
        """The answer to a request; conditional on what is `known`. Raises FetchError."""
        if self.settings.monotonic() > self._until:
            reason = f"the source took longer than {self.settings.source_s / 3600:g} h: the rest waits for the next run"
            raise FetchError(request.url, reason, transient=True, asked=False)
        self.archive.note_asked(self.run_id, self.source.id, request.url)
        try:
            response = self.fetcher.get(
                request.url,
                etag=known.etag if known else None,
                last_modified=known.last_modified if known else None,
                form=request.form,
                referer=request.referer,
            )
        except FetchError as error:
            if not error.asked:
                self.archive.note_not_asked(self.run_id, self.source.id, request.url)
            raise
        finally:
            self._take_remarks()
        if response.status == 304 and not known:
            raise FetchError(request.url, "HTTP 304 to a request without conditions")
        return response

    def store(
        self,
        response: Response,
        key: str,
        role: str,
        *,
        parent: str | None = None,
        text: str | None = None,
        complete: bool = False,
    ) -> tuple[str, Capture | None]:
        """Archive a response."""
        return self.archive.store(
            response,
            source_id=self.source.id,
            run_id=self.run_id,
            canonical_url=key,
            role=role,
            parent_url=parent,
            link_text=text,
            complete=complete,
        )

    def present(self, key: str) -> None:
        """Note that a url is as it was."""
        self._presence(key, 304, gone=False)

    def gone(self, key: str, status: int, reason: str) -> None:
        """Note that a url that was there is not any more."""
        self._presence(key, status, gone=True, reason=reason)

    def tell(self, event: str, **fields: Any) -> None:
        """An event for the log."""
        if self._on_event:
            self._on_event(event, fields)

    def crashed(self, url: str, error: Exception) -> FetchError:
        """An error of ours at one url, as a failure of that url; the traceback goes to the log."""
        self.tell("crashed", url=url, error=repr(error), traceback=traceback.format_exc())
        return FetchError(url, f"internal error: {type(error).__name__}: {error}"[:300])

    def _presence(self, key: str, status: int, *, gone: bool, reason: str | None = None) -> None:
        self.archive.note_presence(
            key,
            source_id=self.source.id,
            run_id=self.run_id,
            at=self.settings.now(),
            status=status,
            gone=gone,
            reason=reason,
        )

    def archived(self, key: str) -> Response | None:
        """What the archive holds of a url, where it can still be read."""
        capture = self.archive.latest(key)
        if capture is None:
            return None
        try:
            payload = self.archive.read(capture)
        except ArchiveError:
            return None
        content_type = f"{payload.media_type or 'text/html'}; charset={payload.charset or ''}"
        headers = [("Content-Type", content_type)]
        return Response(payload.url, payload.http_status or 200, "", headers, payload.body, [], capture.fetched_at)

    def _keep_robots(self, response: Response) -> None:
        self.store(response, canonical(response.url), "robots")

    def _take_remarks(self) -> None:
        remarks = self.fetcher.robots.remarks
        while remarks:
            self.story.tell(*remarks.pop())

    def _remembered_robots(self, url: str) -> Response | None:
        known = self.archive.known_url(canonical(url))
        return self.archived(canonical(url)) if known and self._younger(known, ROBOTS_HOLD) else None

    def _younger(self, known: KnownUrl, age: timedelta) -> bool:
        now = self.settings.now()
        return now - known.checked_at < age and not is_ahead(known.checked_at, now)


def page_text(response: Response) -> str:
    """A response's text, for links and titles."""
    return text_of(response.body, response.header("content-type"))


def list_key(request: PageRequest) -> str:
    """What a list page is known by: its url, and its form where it is asked for by one."""
    if request.form is None:
        return canonical(request.url)
    digest = hashlib.sha256(repr(sorted(request.form.items())).encode()).hexdigest()[:16]
    return f"{canonical(request.url)}#form-{digest}"
