"""Candidates, attachments and known pages in, captures or reasons out: what is asked for, when, and what is made of it."""

from __future__ import annotations

import sqlite3

from scrapers.articles import Article, not_the_article
from scrapers.errand import Errand
from scrapers.families import PageRequest
from scrapers.fetch import Blocked, FetchError
from scrapers.links import Item, canonical, is_file
from scrapers.memory import NO_REPORT
from scrapers.records import ArchiveError, KnownUrl, Response, Wanted
from scrapers.rota import due, may_retry, retry_at
from scrapers.sameness import same_content


class Visits:
    """Everything beyond the lists that one source is asked for in one run."""

    def __init__(self, errand: Errand, *, full_sweep: bool) -> None:
        self._errand, self._full_sweep = errand, full_sweep
        self._archive, self._story = errand.archive, errand.story
        self._now = errand.settings.now()
        self._done = self._archive.visits(errand.run_id, errand.source.id)
        self._owed = self._archive.wanted(errand.source.id)
        self._tried: set[str] = set()
        # what a killed run had settled counts; its failures are tried again
        for outcome, reason in self._done.values():
            self._story.outcomes[outcome] += 1
            if outcome == "gone" and reason:
                self._tell_gone(*reason.split(" ", 1))

    def candidate(self, item: Item) -> None:
        """A link of a list: fetched where it is new, finished where a killed run did not, left alone otherwise."""
        key = canonical(item.url)
        known = self._archive.known_url(key)
        if known and not known.complete and not is_file(key):
            self._finish(key)
        if self._is_settled(key):
            return
        if known and not self._full_sweep:
            if known.verdict not in NO_REPORT and not known.gone:
                self._story.left_alone.add(key)
        elif self._may_ask(key):
            self._ask(key, PageRequest(item.url), known, title=item.title, parent=None)

    def owed(self) -> None:
        """What earlier runs could not get and no list names now: tried again when its time has come."""
        for key, wanted in self._owed.items():
            if key not in self._tried and not self._is_settled(key) and self._may_ask(key):
                request = PageRequest(wanted.url, referer=wanted.parent_url)
                self._ask(key, request, self._archive.known_url(key), title=wanted.title, parent=wanted.parent_url)

    def rota(self) -> None:
        """Known documents whose turn has come (in a full sweep: all) are asked whether they are still the same."""
        documents = self._archive.known_documents(self._errand.source.id)
        every = 0.0 if self._full_sweep else self._errand.settings.recheck_days
        for known in due(documents, self._now, every):
            key = known.canonical_url
            if key in self._tried or self._is_settled(key) or not self._may_ask(key):
                continue
            capture = self._archive.latest(key)
            if capture:
                request = PageRequest(capture.url, referer=capture.parent_url)
                self._ask(key, request, known, title=capture.link_text, parent=capture.parent_url)

    def single(self, url: str) -> None:
        """A url of somebody's list: fetched, or asked whether it is still the same."""
        key = canonical(url)
        if not self._is_settled(key):
            self._ask(key, PageRequest(url), self._archive.known_url(key), title=None, parent=None)

    # ── asking

    def _is_settled(self, key: str) -> bool:
        return key in self._done

    def _may_ask(self, key: str) -> bool:
        """Not while what failed is being spaced out; the run's story says so."""
        wanted = self._owed.get(key)
        if wanted is None or self._full_sweep or may_retry(wanted.not_before, self._now):
            return True
        self._story.tell(wanted.url, f"{wanted.reason}; not asked again before {wanted.not_before:%Y-%m-%d}")
        return False

    def _ask(
        self, key: str, request: PageRequest, known: KnownUrl | None, *, title: str | None, parent: str | None
    ) -> bool:
        """Fetch and archive; whether it was had. What goes wrong, also with us, is one url's failure."""
        self._tried.add(key)
        self._story.left_alone.discard(key)
        try:
            try:
                state = self._get(key, request, known, title, parent)
            except (ArchiveError, sqlite3.Error, FetchError):
                raise
            except Exception as error:
                raise self._errand.crashed(request.url, error) from error
        except FetchError as error:
            self._missed(key, request, known, title, parent, error)
            return False
        self._settled(key, state)
        return True

    def _get(
        self, key: str, request: PageRequest, known: KnownUrl | None, title: str | None, parent: str | None
    ) -> str:
        response = self._errand.fetch(request, known)
        if response.status == 304:
            self._errand.present(key)
            return "unchanged"
        article = Article.of(response)
        self._refuse_others(request.url, article, title)
        role = "attachment" if parent or is_file(key) else "page"
        if known and role == "page" and self._says_the_same(key, response):
            self._errand.present(key)
            return "unchanged"
        alone = role == "page" and not article.attachments
        state, _ = self._errand.store(response, key, role, parent=parent, text=title, complete=alone)
        if role == "page" and not alone:
            self._finish_with(key, article)
        return state

    def _says_the_same(self, key: str, response: Response) -> bool:
        """Whether only the day's date, a counter or the like differs from what is archived: that is no new version."""
        archived = self._errand.archived(key) if "html" in (response.media_type or "html") else None
        if archived is None or archived.body == response.body:
            return False
        return same_content(archived.body, archived.fetched_at, response.body, response.fetched_at)

    def _refuse_others(self, asked: str, article: Article, title: str | None) -> None:
        problem = not_the_article(asked, article, title)
        if problem == "login page":
            raise Blocked(article.url, problem)
        if problem:
            raise FetchError(article.url, problem, status=404 if problem.startswith("not found") else None)

    def _missed(
        self,
        key: str,
        request: PageRequest,
        known: KnownUrl | None,
        title: str | None,
        parent: str | None,
        error: FetchError,
    ) -> None:
        if known and error.is_gone:
            self._errand.gone(key, error.status or 404, f"{error.url} {error.reason}")
            self._settled(key, "gone")
            self._tell_gone(error.url, error.reason)
            return
        failures = error.asked + (self._owed[key].failures if key in self._owed else 0)
        again = retry_at(self._now, failures, transient=error.transient)
        wanted = Wanted(key, request.url, title, parent, failures, again, error.reason)
        self._archive.want(self._errand.source.id, wanted)
        self._story.outcomes["failed"] += 1
        self._story.page_missed(error)

    def _settled(self, key: str, outcome: str) -> None:
        """Count what the archive has noted along with the content."""
        self._done[key] = (outcome, None)
        self._story.outcomes[outcome] += 1

    def _tell_gone(self, url: str, reason: str) -> None:
        self._story.tell(url, f"gone: {reason}")

    # ── attachments

    def _finish(self, key: str) -> None:
        """Fetch the attachments of a page that was archived when not all of them could be had."""
        archived = self._errand.archived(key)
        if archived:
            self._finish_with(key, Article.of(archived))
        else:
            self._story.tell(key, "what is archived of it cannot be read: `fazhi archive reindex` leaves it out")

    def _finish_with(self, key: str, page: Article) -> None:
        had = [self._attachment(key, page.url, target, text) for target, text in page.attachments]
        if all(had):
            self._archive.mark_complete(key)

    def _attachment(self, page_key: str, page_url: str, target: str, text: str) -> bool:
        """Whether an attachment is in the archive now."""
        key = canonical(target)
        known = self._archive.known_url(key)
        if self._is_settled(key) or (known and not self._full_sweep):
            return True
        if key in self._tried or not self._may_ask(key):
            return False
        return self._ask(key, PageRequest(target, referer=page_url), known, title=text, parent=page_key)
