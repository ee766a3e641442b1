"""Accounts, grants, acting authority, sign-in, and the screens that read the log."""

from flask_babel import lazy_gettext as _l

from accounts.demo import demo_sign_ins
from accounts.first import first_accounts
from accounts.routes import accounts, grants, log, own
from core.permissions import Permission, Role
from core.subjects import NavEntry, Subject

SUBJECT = Subject(
    blueprint=own.bp,
    extra_blueprints=(accounts.bp, grants.bp, log.bp),
    commands={"user": "accounts.cli:user", "session": "accounts.cli:session"},
    demo="accounts.demo:demo_accounts",
    sign_ins=demo_sign_ins,
    first_accounts=first_accounts,
    nav=(
        NavEntry(
            _l("Accounts"),
            "accounts.index",
            Permission.ACCOUNT_MANAGE,
            (Role.ADMINISTRATOR,),
            order=10,
            section=("accounts.",),
        ),
        NavEntry(_l("Grants"), "grants.index", Permission.GRANT_MANAGE, (Role.ADMINISTRATOR,), order=20),
        NavEntry(
            _l("Log of administration"),
            "log.administration",
            Permission.AUDIT_READ_ADMINISTRATION,
            (Role.ADMINISTRATOR,),
            order=60,
        ),
        NavEntry(
            _l("Log"),
            "log.index",
            Permission.AUDIT_READ,
            (Role.DATA_PROTECTION,),
            order=40,
            section=("log.export",),
        ),
        NavEntry(_l("Exports"), "log.exports_made", Permission.AUDIT_READ, (Role.DATA_PROTECTION,), order=50),
    ),
)
