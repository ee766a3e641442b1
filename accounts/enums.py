"""Values of accounts: why a session ended, in which state an account is."""

from enum import StrEnum

from flask_babel import lazy_gettext as _l

from core.labels import LabelledEnum


class EndReason(LabelledEnum):
    """Why a session ended on the server. Values are stored and never renamed."""

    SIGNED_OUT = "signed_out", _l("signed out")
    OWNER = "owner", _l("ended by its owner")
    PASSWORD_CHANGED = "password_changed", _l("password changed")
    PASSWORD_RESET = "password_reset", _l("password reset")
    ACCOUNT_DISABLED = "account_disabled", _l("account disabled")
    ADMINISTRATOR = "administrator", _l("ended by the administrator")
    COMMAND = "command", _l("ended by a command")


class AccountState(LabelledEnum):
    """What the list of accounts is filtered by."""

    ACTIVE = "active", _l("active")
    DISABLED = "disabled", _l("disabled")
    NEVER = "never", _l("never signed in")
    UNUSED = "unused", _l("unused for 90 days")


class GrantState(LabelledEnum):
    """What the list of grants is filtered by."""

    RUNNING = "running", _l("running")
    ENDING = "ending", _l("ends within 30 days")
    FUTURE = "future", _l("not yet begun")
    OVER = "over", _l("over")


class Refusal(StrEnum):
    """Which limit of sign-in attempts was reached."""

    PAIR = "pair"
    ACCOUNT = "account"
    ADDRESS = "address"
