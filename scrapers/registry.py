"""Source registry: YAML files in, validated Sources out; every error names the file, the field and what is allowed."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from scrapers.links import absolute

Family = Literal["auto", "trs", "jpage", "jpaas", "boda", "ucap", "gkmlpt", "column_index", "paged_content", "generic"]
Status = Literal["active", "blocked", "retired"]
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class SourceConfigError(Exception):
    """A registry file is wrong; the message names file, field and what is allowed."""


class Expect(BaseModel):
    """What a source ought to hold; a list that yields fewer than `min` reports fails the source's assertion."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    min: int = Field(default=0, ge=0)
    max: int | None = Field(default=None, ge=1)
    first_year: int | None = Field(default=None, ge=1990, le=2100)

    @model_validator(mode="after")
    def _in_order(self) -> Expect:
        if self.max is not None and self.max < self.min:
            raise ValueError(f"max {self.max} is less than min {self.min}")
        return self


class Source(BaseModel):
    """One portal: who publishes there, where its lists begin, what to expect and how to treat it.

    delay_s: seconds between two requests to a host. local: loopback and private addresses are allowed.
    resolve: host → address:port to connect to instead, for mirrors and tests; only with `local`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    name: str = Field(min_length=1)
    publisher: str | None = None
    region_code: str | None = Field(default=None, pattern=r"^\d{6}$")
    start_urls: tuple[str, ...] = Field(min_length=1)
    family: Family = "auto"
    expect: Expect = Expect()
    delay_s: Annotated[float, Field(ge=0, le=600)] | None = None
    max_pages: int = Field(default=200, ge=1, le=10_000)
    status: Status = "active"
    status_reason: str | None = None
    status_date: str | None = None
    verified: str = "never"
    notes: str | None = None
    local: bool = False
    is_sample: bool = False
    resolve: dict[str, str] = Field(default_factory=dict)

    @field_validator("id")
    @classmethod
    def _plain_id(cls, value: str) -> str:
        if not ID.fullmatch(value):
            raise ValueError("lower-case letters, digits and single hyphens, such as `dalian-fgw`")
        return value

    @field_validator("region_code", mode="before")
    @classmethod
    def _code_as_text(cls, value: object) -> object:
        """YAML reads a code without quotes as a number."""
        return f"{value:06d}" if isinstance(value, int) else value

    @field_validator("start_urls", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("start_urls")
    @classmethod
    def _web_urls(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for url in value:
            if absolute(url, url) is None:
                raise ValueError(f"{url!r}: an http or https url with a host")
        return value

    @field_validator("verified", "status_date", mode="before")
    @classmethod
    def _dates_as_text(cls, value: object, info: ValidationInfo) -> object:
        if value is None or (value == "never" and info.field_name == "verified"):
            return value
        try:
            return date.fromisoformat(str(value)).isoformat()
        except ValueError:
            never = ", or never" if info.field_name == "verified" else ""
            raise ValueError(f"{value!r}: a date such as 2026-03-31{never}") from None

    @model_validator(mode="after")
    def _consistent(self) -> Source:
        if self.status != "active" and not (self.status_reason and self.status_date):
            raise ValueError(f"status {self.status}: status_reason and status_date must say why and since when")
        if self.resolve and not self.local:
            raise ValueError("resolve is only allowed with `local: true`")
        return self


def load_sources(*folders: Path) -> tuple[Source, ...]:
    """All sources under these folders, by id. Raises SourceConfigError for the first file that is wrong."""
    found: dict[str, Path] = {}
    sources = []
    for folder in folders:
        if not folder.is_dir():
            raise SourceConfigError(f"{folder}: no such folder of source files")
        for path in sorted(folder.rglob("*.yaml")):
            source = load_source(path)
            if source.id in found:
                raise SourceConfigError(f"{path}: field id: {source.id!r} is taken by {found[source.id]}")
            found[source.id] = path
            sources.append(source)
    return tuple(sorted(sources, key=lambda source: source.id))


def load_source(path: Path) -> Source:
    """One registry file. Raises SourceConfigError."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    # ValueError: not UTF-8, or a date or number that there is none of; RecursionError: brackets without end
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise SourceConfigError(f"{path}: cannot be read as YAML in UTF-8: {error}") from error
    if not isinstance(data, dict):
        raise SourceConfigError(f"{path}: expected fields such as id, name, start_urls")
    try:
        return Source.model_validate(data)
    except ValidationError as error:
        raise SourceConfigError(f"{path}: {_told(error)}") from error


def _told(error: ValidationError) -> str:
    """Every fault on a line: the field, what is wrong, and for an unknown field which there are."""
    lines = []
    for fault in error.errors():
        where = ".".join(map(str, fault["loc"])) or "the entry"
        line = f"field {where}: {fault['msg'].removeprefix('Value error, ')}"
        if fault["type"] == "extra_forbidden":
            known = Expect.model_fields if len(fault["loc"]) > 1 else Source.model_fields
            line += f"; known are {', '.join(known)}"
        lines.append(line)
    return "\n  ".join(lines)
