"""What the log's rows hold, in words: names of fields, kinds of things, codes. Each subject brings the
words of its own values through the registry (`Subject.log_words`)."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.enums import EndReason
from accounts.rules import PERMISSION_WORDS
from core.permissions import Role
from core.subjects import registered
from core.units import Block

#: Names of values that accounts and the kernel log.
NAMES: Mapping[str, Any] = {
    "accounts": _l("Accounts"),
    "acting_for": _l("Acting for"),
    "active": _l("Active"),
    "added": _l("Added"),
    "block": _l("Block"),
    "changed": _l("Changed"),
    "demo": _l("Demo province"),
    "display_name": _l("Full name"),
    "exceptions": _l("Exceptions"),
    "from": _l("From"),
    "password": _l("Password"),
    "role": _l("Role"),
    "sessions": _l("Sessions"),
    "sessions_ended": _l("Sessions ended"),
    "sha256": _l("Check code of the file"),
    "size": _l("Size in bytes"),
    "to": _l("To"),
    "unit": _l("Unit"),
    "units": _l("Units"),
    "username": _l("User name"),
    "value": _l("Value"),
}
#: Kinds of things a row is about, where it has no name of its own.
KINDS: Mapping[str, Any] = {
    "document": _l("document"),
    "grant": _l("grant"),
    "log": _l("log"),
    "person": _l("personnel file"),
    "people": _l("list of people"),
    "register_setting": _l("mark of the register"),
    "rule_in_force": _l("rule in force"),
    "unit": _l("unit"),
    "user": _l("account"),
}
_REASONS: Mapping[str, Any] = {
    **{reason.value: reason.label for reason in EndReason},
    "password confirmed": _l("password confirmed"),
}
_RIGHTS = {permission.value: words for permission, words in PERMISSION_WORDS.items()}
_CODES: Mapping[str, type[Enum]] = {"role": Role, "block": Block}


def name_of(name: str) -> str:
    """The name of a logged value in the reader's language; as it stands where nobody knows it."""
    if name in NAMES:
        return str(NAMES[name])
    for subject in registered():
        found = subject.log_words(name) if subject.log_words is not None else None
        if found:
            return found
    return name


def kind_of(kind: str) -> str:
    """The kind of thing a row is about."""
    return str(KINDS[kind]) if kind in KINDS else kind


def reason_of(reason: str | None) -> str:
    """The reason: words as they were typed, or those of the program's own."""
    return str(_REASONS.get(reason, reason)) if reason else ""


def _right_or_name(text: str) -> str:
    """What a list holds: rights left out of an acting authority, or names of what changed."""
    return str(_RIGHTS[text]) if text in _RIGHTS else name_of(text)


def value_of(name: str, value: Any) -> str:
    """A logged value, old → new where there are two."""
    if isinstance(value, list) and len(value) == 2 and name != "exceptions":
        return " → ".join(value_of(name, part) for part in value)
    if isinstance(value, list):
        return ", ".join(_right_or_name(str(part)) for part in value)
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    codes = _CODES.get(name)
    if codes is not None and value in {member.value for member in codes}:
        return str(codes(value).label)  # type: ignore[attr-defined]
    return str(value)
