"""One source in, its new and changed pages in the archive and a HarvestRun out; a portal's fault is a result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup

from scrapers.archive import Archive, Capture, HarvestRun, Response
from scrapers.families import Family, PageRequest, family_of
from scrapers.fetch import Blocked, Fetcher, FetchError, HarvestSettings
from scrapers.links import SUBJECT, Item, absolute, canonical, is_candidate, is_file
from scrapers.pages import text_of
from scrapers.registry import Source

__all__ = ["HarvestSettings", "harvest_source"]

OnEvent = Callable[[str, dict[str, Any]], None]
MOST_ATTACHMENTS = 5
# pages that were no report stay unasked, but for the full sweeps
NO_REPORT = ("other", "unreadable")


@dataclass
class _Story:
    """What happened so far at the source."""

    reasons: list[dict[str, str]] = field(default_factory=list)
    listings: dict[str, str] = field(default_factory=dict)
    candidates: dict[str, Item] = field(default_factory=dict)
    unchanged: int = 0
    gone: int = 0
    failed: int = 0
    blocked: bool = False
    lists_failed: bool = False
    # where reading stopped at an unchanged list page, the reports known behind it count as listed
    known_listed: int = 0

    def trouble(self, url: str, reason: str) -> None:
        self.reasons.append({"url": url, "reason": reason})


def harvest_source(
    source: Source,
    archive: Archive,
    run_id: str,
    *,
    settings: HarvestSettings | None = None,
    full_sweep: bool = False,
    on_event: OnEvent | None = None,
) -> HarvestRun:
    """Read the source's lists, fetch what is new, and record the run.

    Never raises for a portal's fault: `status` is ok, partial (some pages failed), blocked or failed, and `reasons`
    say why. Called again with the same run id it goes on where it was interrupted, or returns what it recorded.
    """
    done = archive.recorded_run(run_id, source.id)
    if done and done.status == "ok":
        return done
    return _Harvest(source, archive, run_id, settings or HarvestSettings(), full_sweep, on_event).run()


class _Harvest:
    def __init__(
        self,
        source: Source,
        archive: Archive,
        run_id: str,
        settings: HarvestSettings,
        full_sweep: bool,
        on_event: OnEvent | None,
    ) -> None:
        self.source, self.archive, self.run_id, self.settings = source, archive, run_id, settings
        self.full_sweep, self.on_event = full_sweep, on_event
        self.fetcher = Fetcher(source, settings)
        self.story = _Story()

    def run(self) -> HarvestRun:
        started = self.archive.start_source(self.run_id, self.source.id, self.settings.now())
        try:
            for start_url in self.source.start_urls:
                self._read_lists(start_url)
            for item in self.story.candidates.values():
                self._visit(item)
        finally:
            self.fetcher.close()
        self._check_expectation()
        run = self._result(started)
        self.archive.record_run(run)
        if run.status == "ok":
            self.archive.remember_listings(self.source.id, self.story.listings)
        self._tell("source finished", status=run.status, new=run.new, changed=run.changed, failed=run.failed)
        return run

    # ── lists

    def _read_lists(self, start_url: str) -> None:
        try:
            for _number, response, family in self._list_pages(start_url):
                if not self._take_items(response, family):
                    return
        except Blocked as error:
            self.story.blocked = True
            self.story.trouble(error.url, error.reason)
        except FetchError as error:
            self.story.lists_failed = True
            self.story.trouble(error.url, error.reason)

    def _list_pages(self, start_url: str) -> Iterator[tuple[int, Response, Family]]:
        response = self._fetch(PageRequest(start_url))
        self._keep(response, "list")
        html = self._text(response)
        family = family_of(html, self.source.family)
        yield 1, response, family
        waiting = family.further(html, response.url)
        following = family.after(html, response.url)
        seen = {response.url}
        for number in range(2, self.source.max_pages + 1):
            request = next(waiting, None) or following
            if request is None or (request.form is None and request.url in seen):
                return
            seen.add(request.url)
            response = self._fetch(request)
            self._keep(response, "list")
            following = family.after(self._text(response), response.url)
            yield number, response, family
        self.story.trouble(start_url, f"stopped after {self.source.max_pages} list pages (max_pages)")

    def _take_items(self, response: Response, family: Family) -> bool:
        """Note the page's candidates; False where the page is as it was, so that nothing new can be behind it."""
        items = family.items(self._text(response), response.url)
        digest = hashlib.sha256("\n".join(f"{item.url} {item.title}" for item in items).encode()).hexdigest()
        for item in filter(is_candidate, items):
            self.story.candidates.setdefault(canonical(item.url), item)
        self.story.listings[response.url] = digest
        self._tell("list page", url=response.url, items=len(items), candidates=len(self.story.candidates))
        if self.full_sweep or not self.archive.same_listing(response.url, digest):
            return True
        self.story.known_listed = self.archive.count_reports(self.source.id)
        return False

    # ── pages

    def _visit(self, item: Item) -> None:
        key = canonical(item.url)
        known = self.archive.known_url(key)
        if known and not known.complete and not is_file(key):
            self._complete(key)
        if known and known.last_run == self.run_id:
            return
        if known and not self.full_sweep:
            self.story.unchanged += known.verdict not in NO_REPORT
            return
        role = "attachment" if is_file(key) else "page"
        try:
            response = self._fetch(
                PageRequest(item.url),
                etag=known.etag if known else None,
                last_modified=known.last_modified if known else None,
            )
        except FetchError as error:
            if known and error.status in (404, 410):
                self.archive.mark_gone(key, self.run_id)
                self.story.gone += 1
                return
            self.story.failed += 1
            self.story.blocked |= isinstance(error, Blocked)
            self.story.trouble(error.url, error.reason)
            return
        if response.status == 304:
            self.archive.confirm(key, self.run_id)
            self.story.unchanged += 1
            return
        state, _ = self._store(response, key, role, parent=None, text=item.title)
        self.story.unchanged += state == "unchanged"
        if role == "page":
            self._visit_attachments(response.url, self._text(response))
            self.archive.mark_complete(key)

    def _complete(self, key: str) -> None:
        """Fetch the attachments of a page that was archived by a run killed before it came to them."""
        capture = self.archive.latest(key)
        if capture:
            payload = self.archive.read(capture)
            self._visit_attachments(capture.url, text_of(payload.body, f"charset={payload.charset or ''}"))
        self.archive.mark_complete(key)

    def _visit_attachments(self, page_url: str, html: str) -> None:
        links = BeautifulSoup(html, "lxml").find_all("a", href=True)
        found: dict[str, str] = {}
        for link in links:
            target = absolute(page_url, str(link["href"]))
            text = " ".join(link.get_text(" ").split()) or str(link.get("title") or "")
            if (
                target
                and is_file(target)
                and (SUBJECT.search(text) or "附件" in text or len(links) <= MOST_ATTACHMENTS)
            ):
                found.setdefault(target, text)
        for target, text in list(found.items())[:MOST_ATTACHMENTS]:
            key = canonical(target)
            if self.archive.known_url(key) and not self.full_sweep:
                continue
            try:
                response = self._fetch(PageRequest(target, referer=page_url))
            except FetchError as error:
                self.story.failed += 1
                self.story.trouble(error.url, error.reason)
                continue
            self._store(response, key, "attachment", parent=canonical(page_url), text=text)

    # ── helpers

    def _fetch(self, request: PageRequest, **conditions: str | None) -> Response:
        self.archive.note_asked(self.run_id, self.source.id, request.url)
        try:
            return self.fetcher.get(request.url, form=request.form, referer=request.referer, **conditions)
        finally:
            while self.fetcher.robots_read:
                self._keep(self.fetcher.robots_read.pop(), "robots")

    def _keep(self, response: Response, role: str) -> None:
        self._store(response, canonical(response.url), role, parent=None, text=None)

    def _store(
        self, response: Response, key: str, role: str, *, parent: str | None, text: str | None
    ) -> tuple[str, Capture | None]:
        return self.archive.store(
            response,
            source_id=self.source.id,
            run_id=self.run_id,
            canonical_url=key,
            role=role,
            parent_url=parent,
            link_text=text,
        )

    def _check_expectation(self) -> None:
        story, expect = self.story, self.source.expect
        story_ends_early = story.blocked or story.lists_failed
        known = self.archive.count_reports(self.source.id)
        if not story_ends_early and max(known, len(story.candidates)) < expect.min:
            story.lists_failed = True
            story.trouble(
                self.source.start_urls[0],
                f"expected at least {expect.min} reports, the lists name {len(story.candidates)}: "
                "has the portal moved its column?",
            )
        elif not story_ends_early and not story.candidates and known:
            story.lists_failed = True
            story.trouble(self.source.start_urls[0], "the list names no report any more")

    def _result(self, started: Any) -> HarvestRun:
        story = self.story
        new, changed = self.archive.count_new_and_changed(self.source.id, self.run_id)
        status = "ok"
        if story.blocked and not story.candidates:
            status = "blocked"
        elif story.lists_failed:
            status = "failed"
        elif story.blocked or story.failed:
            status = "partial"
        return HarvestRun(
            run_id=self.run_id,
            source_id=self.source.id,
            started_at=started,
            finished_at=self.settings.now(),
            status=status,
            requests=self.archive.count_asked(self.run_id, self.source.id),
            listed=max(len(story.candidates), story.known_listed),
            new=new,
            changed=changed,
            unchanged=story.unchanged,
            gone=story.gone,
            failed=story.failed,
            reasons=json.dumps(story.reasons, ensure_ascii=False),
        )

    def _text(self, response: Response) -> str:
        content_type = next((value for name, value in response.headers if name.lower() == "content-type"), None)
        return text_of(response.body, content_type)

    def _tell(self, event: str, **fields: Any) -> None:
        if self.on_event:
            self.on_event(event, fields)
