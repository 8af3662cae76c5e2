"""The commands in, the same with groups and examples out: what makes `fazhi --help` teach (the words: cli_help.toml)."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import typer

WORDS = Path(__file__).with_suffix(".toml")


def teach(app: typer.Typer, exit_codes: str) -> None:
    """Put every command into its group with its example, and first steps and exit codes under the list."""
    words = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    steps = " · ".join(f"[bold]{_plain(step)}[/]" for step in words["first_steps"])
    app.info.epilog = (
        f"First steps: {steps}\n\nExample and options of a command: [bold]fazhi COMMAND --help[/]\n\n{exit_codes}"
    )
    _teach(app, words, "")


def _teach(app: typer.Typer, words: dict[str, Any], above: str) -> None:
    for command in app.registered_commands:
        name = command.name or (command.callback.__name__.replace("_", "-") if command.callback else "")
        group, example = words["commands"].get(above + name, (None, None))
        if example:
            command.epilog = f"Example: [bold]{_plain(example)}[/]"
            command.rich_help_panel = None if above else words["groups"][group]
    for inner in app.registered_groups:
        group, example = words["commands"].get(f"{inner.name}", (None, None))
        if inner.typer_instance and example:
            inner.epilog = f"Example: [bold]{_plain(example)}[/]"
            inner.rich_help_panel = words["groups"][group]
            _teach(inner.typer_instance, words, f"{inner.name} ")


def _plain(text: str) -> str:
    return text.replace("[", "\\[")
