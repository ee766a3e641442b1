"""What the log's rows hold, in words: names of fields, kinds of things, codes. Each subject brings the
words of its own values through the registry (`Subject.log_words`)."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from accounts.enums import EndReason
from accounts.rules import PERMISSION_WORDS
from core import word
from core.permissions import Role
from core.scope import PROGRAM
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
    "file": _l("File"),
    "from": _l("From"),
    "password": _l("Password"),
    "role": _l("Role"),
    "sessions": _l("Sessions"),
    "sessions_ended": _l("Sessions ended"),
    "sha256": _l("Check code of the file"),
    "since": _l("From"),
    "size": _l("Size in bytes"),
    "to": _l("To"),
    "unit": _l("Unit"),
    "units": _l("Units"),
    "until": _l("To"),
    "username": _l("User name"),
    "value": _l("Value"),
}
#: Kinds of things a row is about, where it has no name of its own.
KINDS: Mapping[str, Any] = {
    "absence": _l("authorised absence"),
    "audit_event": _l("log"),
    "document": _l("document"),
    "grant": _l("grant"),
    "check_point": _l("point to check"),
    "import_batch": _l("import"),
    "log": _l("log"),
    "person": _l("personnel file"),
    "people": _l("list of people"),
    "register_setting": _l("mark of the register"),
    "rule_in_force": _l("rule in force"),
    "unit": _l("unit"),
    "user": _l("account"),
}
#: Work of the program itself, as `system_viewer` names it.
WORK: Mapping[str, Any] = {
    "audit export": _l("export of the log"),
    "canonical dump": _l("dump of the register"),
    "demo province": _l("making of the demo province"),
    "first accounts": _l("first accounts"),
    "law add": _l("command to add a rule"),
    "people import": _l("command to import people"),
    "people export": _l("command to export whole files"),
    "reference data": _l("units and rules"),
    "session end": _l("command to end sessions"),
    "sign-in": _l("sign-in"),
    "user create": _l("command to create an account"),
    "user disable": _l("command to disable an account"),
    "user enable": _l("command to enable an account"),
    "user grant": _l("command to give a grant"),
    "user reset": _l("command to reset a password"),
    "user revoke": _l("command to revoke a grant"),
}
_REASONS: Mapping[str, Any] = {
    **{reason.value: reason.label for reason in EndReason},
    "password confirmed": _l("password confirmed"),
}
_MARKS: Mapping[str, Any] = {"started": _l("begun"), "made": _l("made")}
_VARIABLE = re.compile(r"<[^>]*>")
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
    """The kind of thing a row is about; of a refused page its address."""
    if kind in KINDS:
        return str(KINDS[kind])
    template = next((one for one in word.templates() if one.code == kind), None)
    if template is not None:
        return str(template.label)
    if kind in current_app.view_functions:
        path = _VARIABLE.sub("…", next(current_app.url_map.iter_rules(kind)).rule)
        return _("page %(path)s", path=path)
    return kind


def actor_of(name: str) -> str:
    """Who did it: the name of an account, or the work of the program."""
    work = name.removeprefix(PROGRAM)
    if work == name:
        return name
    return _("the program: %(work)s", work=WORK.get(work, work))


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
    if name == "demo" and value in _MARKS:
        return str(_MARKS[value])
    codes = _CODES.get(name)
    if codes is not None and value in {member.value for member in codes}:
        return str(codes(value).label)  # type: ignore[attr-defined]
    return str(value)
