"""Values of accounts: why a session ended, in which state an account is."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class EndReason(StrEnum):
    """Why a session ended on the server. Values are stored and never renamed."""

    SIGNED_OUT = "signed_out"
    OWNER = "owner"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a reason, not a password
    PASSWORD_RESET = "password_reset"  # noqa: S105 - the same
    ACCOUNT_DISABLED = "account_disabled"
    ADMINISTRATOR = "administrator"
    COMMAND = "command"

    @property
    def label(self) -> Any:
        return {
            EndReason.SIGNED_OUT: _l("signed out"),
            EndReason.OWNER: _l("ended by its owner"),
            EndReason.PASSWORD_CHANGED: _l("password changed"),
            EndReason.PASSWORD_RESET: _l("password reset"),
            EndReason.ACCOUNT_DISABLED: _l("account disabled"),
            EndReason.ADMINISTRATOR: _l("ended by the administrator"),
            EndReason.COMMAND: _l("ended by a command"),
        }[self]


class AccountState(StrEnum):
    """What the list of accounts is filtered by."""

    ACTIVE = "active"
    DISABLED = "disabled"
    NEVER = "never"
    UNUSED = "unused"

    @property
    def label(self) -> Any:
        return {
            AccountState.ACTIVE: _l("active"),
            AccountState.DISABLED: _l("disabled"),
            AccountState.NEVER: _l("never signed in"),
            AccountState.UNUSED: _l("unused for 90 days"),
        }[self]


class GrantState(StrEnum):
    """What the list of grants is filtered by."""

    RUNNING = "running"
    ENDING = "ending"
    FUTURE = "future"
    OVER = "over"

    @property
    def label(self) -> Any:
        return {
            GrantState.RUNNING: _l("running"),
            GrantState.ENDING: _l("ends within 30 days"),
            GrantState.FUTURE: _l("not yet begun"),
            GrantState.OVER: _l("over"),
        }[self]


class Refusal(StrEnum):
    """Which limit of sign-in attempts was reached."""

    PAIR = "pair"
    ACCOUNT = "account"
    ADDRESS = "address"
