"""Commands on accounts and sessions, for whoever runs the machine: `flask user …`, `flask session end`."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

import click
from flask.cli import with_appcontext

from accounts import actions, queries, rules, sign_in
from accounts.models import User
from core.clock import today
from core.db import db
from core.errors import Busy, Denied, Missing, Unprocessable
from core.permissions import Role
from core.scope import bind_viewer, system_viewer
from core.units import Block, Unit, unit_by_code

_ROLES = click.Choice([role.value for role in Role])
_BLOCKS = click.Choice([block.value for block in Block])
_DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])


@click.group()
def user() -> None:
    """Accounts and what they may do."""


@click.group()
def session() -> None:
    """Sessions of signed-in accounts."""


@user.command("create")
@click.argument("username")
@click.option("--name", required=True, help="Full name shown.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input; it stays.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def create(username: str, name: str, password_stdin: bool, as_json: bool) -> None:
    """Make an account. Prints its initial password, good for 24 hours, to be changed at first sign-in."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else sign_in.initial_password()
    by = system_viewer("user create")
    with _errors():
        if password_stdin:
            sign_in.check_new_password(password, User(username=username, display_name=name))
        made = actions.create_account(
            username=username,
            display_name=name,
            password_hash=sign_in.hashed(password),
            must_change=not password_stdin,
            by=by,
        )
    _print_password(made, None if password_stdin else password, as_json)


@user.command("disable")
@click.argument("username")
@click.option("--reason", default="command", show_default=True)
@with_appcontext
def disable(username: str, reason: str) -> None:
    """Close an account at once and end its sessions."""
    with _errors():
        actions.disable_account(user=_user(username), reason=reason, by=system_viewer("user disable"))
    click.echo(f"{username}: disabled")


@user.command("enable")
@click.argument("username")
@with_appcontext
def enable(username: str) -> None:
    """Open a disabled account again."""
    with _errors():
        actions.enable_account(user=_user(username), by=system_viewer("user enable"))
    click.echo(f"{username}: active")


@user.command("reset")
@click.argument("username")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def reset(username: str, as_json: bool) -> None:
    """Give an account a new initial password and end its sessions."""
    password = sign_in.initial_password()
    with _errors():
        found = _user(username)
        actions.reset_password(
            user=found, password_hash=sign_in.hashed(password), by=system_viewer("user reset")
        )
    _print_password(found, password, as_json)


@user.command("grant")
@click.argument("username")
@click.argument("role", type=_ROLES)
@click.option("--unit", "code", required=True, help="Code of the unit; the province is 11.")
@click.option("--block", type=_BLOCKS, default=Block.GOVERNMENT.value, show_default=True)
@click.option("--from", "starts", type=_DAY, help="First day; today by default.")
@click.option("--to", "ends", type=_DAY, help="Last day; open by default.")
@with_appcontext
def grant(
    username: str, role: str, code: str, block: str, starts: datetime | None, ends: datetime | None
) -> None:
    """Give an account a role in a unit and what is below it."""
    by, first = system_viewer("user grant"), starts.date() if starts else today()
    with _errors(), bind_viewer(by):
        actions.give_grant(
            user=_user(username),
            role=Role(role),
            unit=_unit(code, max(first, today())),
            block=Block(block),
            starts_on=first,
            ends_on=ends.date() if ends else None,
            by=by,
        )
    click.echo(f"{username}: {role} in {code}")


@user.command("revoke")
@click.argument("username")
@click.argument("role", type=_ROLES)
@click.option("--unit", "code", help="Only in this unit.")
@with_appcontext
def revoke(username: str, role: str, code: str | None) -> None:
    """Take the running grants of a role away."""
    by = system_viewer("user revoke")
    with _errors(), bind_viewer(by):
        found = [
            grant
            for grant in queries.grants_of(_user(username))
            if grant.role == role and grant.revoked_at is None and (code is None or grant.unit.code == code)
            if grant.ends_on is None or grant.ends_on >= today()
        ]
        if not found:
            raise click.ClickException(f"{username} holds no such grant")
        for one in found:
            actions.revoke_grant(grant=one, by=by)
    click.echo(f"{username}: {len(found)} revoked")


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@with_appcontext
def list_(as_json: bool) -> None:
    """List the accounts with the roles they hold today."""
    rows = [
        {
            "username": found.username,
            "name": found.display_name,
            "active": found.active,
            "last_sign_in": last.isoformat() if last else None,
            "roles": [
                {
                    "role": held.role.value,
                    "block": held.block.value,
                    "units": held.unit_label,
                    "for": held.acting_for,
                }
                for held in rules.held_roles(queries.grants_held(found, today()))
            ],
        }
        for found, _uid, last in db.session.execute(
            queries.list_accounts(day=today()).order_by(User.username)
        )
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        roles = ", ".join(f"{role['role']} ({role['units']})" for role in row["roles"]) or "-"
        click.echo(f"{row['username']:<28} {'active' if row['active'] else 'disabled':<9} {roles}")


@session.command("end")
@click.argument("username", required=False)
@click.option("--all", "everybody", is_flag=True, help="End the sessions of every account.")
@with_appcontext
def end(username: str | None, everybody: bool) -> None:
    """End the sessions of an account, or of all: the browsers are signed out at their next request."""
    if bool(username) == everybody:
        raise click.UsageError("name an account, or --all")
    by, count = system_viewer("session end"), 0
    with _errors():
        accounts = queries.with_open_sessions() if everybody else [_user(username or "")]
        for found in accounts:
            count += actions.end_sessions(user=found, by=by)
    click.echo(f"{count} ended")


@contextmanager
def _errors() -> Iterator[None]:
    """Refusals of the actions as one line and exit code 1."""
    try:
        yield
    except (Unprocessable, Denied) as refusal:
        raise click.ClickException(str(refusal.args[0])) from refusal
    except Missing as missing:
        raise click.ClickException("not found") from missing
    except Busy as busy:
        raise click.ClickException("the database is busy: try again") from busy


def _user(username: str) -> User:
    found = queries.user_named(rules.tidy_username(username))
    if found is None:
        raise click.ClickException(f"no account {username}")
    return found


def _unit(code: str, day: date) -> Unit:
    found = unit_by_code(code, day)
    if found is None:
        raise click.ClickException(f"no unit {code} on {day:%d/%m/%Y}")
    return found


def _print_password(user: User, password: str | None, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"username": user.username, "password": password}))
    elif password is None:
        click.echo(user.username)
    else:
        click.echo(
            f"{user.username}  initial password: {password}  (24 hours, to be changed at first sign-in)"
        )
