"""`fazhi deploy --notify`: addresses in; Prefect blocks that send there, and automations that say when, out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from flows.errors import FazhiError

if TYPE_CHECKING:
    from prefect.automations import Automation

NONE = "none"
PREFIX = "fazhi: "
WEBHOOK_SCHEMES = {"http", "https"}
MAIL_SCHEMES = {"mailto", "mailtos"}


@dataclass(frozen=True)
class Occasion:
    """When a message is sent, and its words (Jinja, filled in by the server from the event)."""

    name: str
    events: frozenset[str]
    match: dict[str, str | list[str]]
    related: dict[str, str | list[str]]
    subject: str
    body: str


OCCASIONS = (
    Occasion(
        "a run failed",
        frozenset({"prefect.flow-run.Failed", "prefect.flow-run.Crashed", "prefect.flow-run.TimedOut"}),
        {"prefect.resource.id": "prefect.flow-run.*"},
        {"prefect.resource.id": "prefect.tag.fazhi"},
        "fazhi: a run failed",
        "{{ flow_run.name }}: {{ flow_run.state.name }}. {{ flow_run.state.message }}\n"
        "Readers keep the last state that was published. A run that crashed is begun again by itself; else: `fazhi doctor`, "
        "logs/events.jsonl, docs/operators.md.",
    ),
    Occasion(
        "a source is newly broken",
        frozenset({"fazhi.source.broken"}),
        {"prefect.resource.id": "fazhi.*"},
        {},
        "fazhi: source {{ event.payload.about }} is broken",
        "{{ event.payload.about }}: {{ event.payload.status }}. {{ event.payload.reason }}\n"
        "Look again with `fazhi sources check {{ event.payload.about }}`.",
    ),
    Occasion(
        "new reports are published",
        frozenset({"fazhi.reports.new"}),
        {"prefect.resource.id": "fazhi.*"},
        {},
        "fazhi: {{ event.payload.count }} new reports",
        "{{ event.payload.count }} new reports are in {{ event.payload.home }}. "
        "They are listed in the run's artifact new-reports.",
    ),
)


@dataclass(frozen=True)
class Target:
    """An address; `kind` says which block sends there."""

    url: str
    kind: Literal["webhook", "mail"]

    @property
    def block_name(self) -> str:
        """Stable, and without the address, which may hold a password."""
        return f"fazhi-{self.kind}-{hashlib.sha256(self.url.encode()).hexdigest()[:8]}"


def targets(urls: Sequence[str]) -> list[Target]:
    """The addresses; `none` alone gives an empty list. Raises FazhiError for one that nothing can be sent to."""
    if list(urls) == [NONE]:
        return []
    found = []
    for url in urls:
        parts = urlsplit(url)
        if parts.scheme in WEBHOOK_SCHEMES and parts.hostname:
            found.append(Target(url, "webhook"))
        elif parts.scheme in MAIL_SCHEMES and parts.hostname:
            found.append(Target(url, "mail"))
        else:
            raise FazhiError(
                f"--notify {url}: https://HOST/PATH for a webhook or mailtos://USER:PASSWORD@HOST?from=A&to=B for "
                "e-mail is needed, or `none` to end messages"
            )
    return found


def notify_to(wanted: Sequence[Target]) -> None:
    """Let exactly these addresses have messages; earlier ones of ours end."""
    from prefect.client.orchestration import get_client

    actions = [{"block_document_id": _block(target)} for target in wanted]
    with get_client(sync_client=True) as client:
        for occasion in OCCASIONS:
            for old in client.read_automations_by_name(PREFIX + occasion.name):
                client.delete_automation(old.id)
    for occasion in OCCASIONS if actions else ():
        _automation(occasion, actions).create()


def _block(target: Target) -> Any:
    """The id of the block that sends there; its address is kept encrypted by the server."""
    from prefect.blocks.notifications import CustomWebhookNotificationBlock, SlackWebhook
    from prefect.types import SecretDict
    from pydantic import SecretStr

    if target.kind == "webhook":
        block: Any = CustomWebhookNotificationBlock(
            name="fazhi",
            url="{{url}}",
            headers=None,
            cookies=None,
            json_data={"subject": "{{subject}}", "text": "{{body}}"},
            secrets=SecretDict({"url": target.url}),
        )
    else:
        # the block hands any address that is not Slack's to Apprise, which sends mail; Prefect has no plainer one
        block = SlackWebhook(url=SecretStr(target.url))
    return block.save(target.block_name, overwrite=True)


def _automation(occasion: Occasion, actions: Sequence[dict[str, Any]]) -> Automation:
    from prefect.automations import Automation
    from prefect.events.actions import SendNotification
    from prefect.events.schemas.automations import EventTrigger, Posture
    from prefect.events.schemas.events import ResourceSpecification

    return Automation(
        name=PREFIX + occasion.name,
        description="Made by `fazhi deploy --notify`",
        trigger=EventTrigger(
            expect=set(occasion.events),
            match=ResourceSpecification(occasion.match),
            match_related=ResourceSpecification(occasion.related),
            for_each={"prefect.resource.id"},
            posture=Posture.Reactive,
            threshold=1,
            within=timedelta(0),
        ),
        actions=[SendNotification(subject=occasion.subject, body=occasion.body, **action) for action in actions],
    )
