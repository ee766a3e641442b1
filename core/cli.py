"""The program's commands: each is imported when it is called, so that a served process carries none.

Exit codes: 0 done and well; 1 a problem found, or refused with one line that says why; 2 wrong use.
"""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from pkgutil import resolve_name
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.exc import OperationalError

from core.config import Config
from core.errors import Busy, Unprocessable
from core.revisions import MigrationError

REFUSALS = (Busy, OSError, OperationalError, json.JSONDecodeError, MigrationError)

#: The kernel's commands: name → "module:command".
COMMANDS = {
    "serve": "core.cli_serve:serve_command",
    "demo": "core.cli_serve:demo_command",
    "seed": "core.cli_serve:seed_command",
    "migrate": "core.cli_register:migrate_group",
    "dump": "core.cli_register:dump_command",
    "audit": "core.cli_register:audit_group",
    "law": "core.cli_register:law_group",
    "backup": "core.cli_register:backup_command",
    "restore": "core.cli_register:restore_command",
    "move": "core.cli_register:move_command",
    "doctor": "core.cli_register:doctor_command",
    "addresses": "core.cli_register:addresses_command",
    "docs": "core.cli_register:docs_command",
}

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


class CommandGroup(AppGroup):
    """Commands known by name and found when asked for (click: "Lazily Loading Subcommands")."""

    def __init__(self, name: str, places: Mapping[str, str]):
        super().__init__(name)
        self.places = dict(places)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.places})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        place = self.places.get(name)
        found: click.Command | None = resolve_name(place) if place else super().get_command(ctx, name)
        return found


def init_app(app: Flask, others: Mapping[str, str]) -> None:
    """Makes the kernel's commands and the `others`, of the subjects, those of the application."""
    app.cli = CommandGroup(app.name, {**COMMANDS, **others})


def told(function: Callable[..., Any]) -> Callable[..., Any]:
    """Refusals as one line and exit code 1, never a traceback; runs in an application context."""

    @wraps(function)
    def call(*args: Any, **options: Any) -> Any:
        try:
            return function(*args, **options)
        except Unprocessable as refusal:
            raise click.ClickException(str(refusal.message)) from refusal
        except REFUSALS as refusal:
            raise click.ClickException(str(refusal)) from refusal

    return with_appcontext(call)


def config() -> Config:
    """The configuration of the running application."""
    found: Config = current_app.extensions["config"]
    return found


def not_in_production(what: str) -> None:
    """click.ClickException in production, saying where to read how a register is run."""
    if config().is_production:
        raise click.ClickException(f"{what} is for development; how to run a register: docs/operations.md")
