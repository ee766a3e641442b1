"""Who may do what: permissions, roles, the one table between them, and the policy of each endpoint.

An endpoint without a declared policy stops the application from starting (`check_policies`).
Which rows a permission reaches is not here but in `core.scope`.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

from flask import Flask
from flask_babel import lazy_gettext as _l

from core.labels import LabelledEnum

View = TypeVar("View", bound=Callable[..., object])


class Permission(StrEnum):
    """`resource:action`, alphabetical. A name that is not here cannot be written."""

    ABSENCE_EDIT = "absence:edit"
    ABSENCE_READ = "absence:read"
    ABSENCE_READ_REASON = "absence:read_reason"
    ACCOUNT_MANAGE = "account:manage"
    AUDIT_READ = "audit:read"
    AUDIT_READ_ADMINISTRATION = "audit:read_administration"
    DECISION_CHECK = "decision:check"
    DECISION_ISSUE = "decision:issue"
    DECISION_READ = "decision:read"
    DECISION_RECORD = "decision:record"
    DELEGATION_MANAGE = "delegation:manage"
    DOCUMENT_READ = "document:read"
    FIGURES_READ = "figures:read"
    GRANT_MANAGE = "grant:manage"
    GROUP_SWITCH = "group:switch"
    LAW_READ = "law:read"
    PERSON_CREATE = "person:create"
    PERSON_EDIT = "person:edit"
    PERSON_END_SERVICE = "person:end_service"
    PERSON_EXPORT = "person:export"
    PERSON_EXPORT_WHOLE = "person:export_whole"
    PERSON_IMPORT = "person:import"
    PERSON_MERGE = "person:merge"
    PERSON_MOVE = "person:move"
    PERSON_READ = "person:read"
    PERSON_READ_BACKGROUND = "person:read_background"
    PERSON_READ_CHANGES = "person:read_changes"
    PERSON_READ_FAMILY = "person:read_family"
    PERSON_READ_HEALTH = "person:read_health"
    PERSON_READ_HISTORY = "person:read_history"
    PERSON_READ_RELATIVES_ABROAD = "person:read_relatives_abroad"
    PROPOSAL_ANSWER = "proposal:answer"
    PROPOSAL_MAKE = "proposal:make"
    PROPOSAL_READ = "proposal:read"
    QUALIFICATION_CHECK = "qualification:check"
    QUALIFICATION_EDIT = "qualification:edit"
    RATING_CONFIRM = "rating:confirm"
    RATING_PROPOSE = "rating:propose"
    ROSTER_CONFIRM = "roster:confirm"
    ROSTER_READ = "roster:read"
    TEMPLATE_REPLACE = "template:replace"
    UNIT_READ = "unit:read"

    #: The text's own, so that a set of permissions answers for a name too.
    __hash__ = str.__hash__


class Realm(StrEnum):
    """The four kinds of rows whose reach is granted separately."""

    PERSONNEL = "personnel"
    TRAINING = "training"
    DISCIPLINE = "discipline"
    INSPECTION = "inspection"

    __hash__ = str.__hash__


class Role(LabelledEnum):
    """The kinds of user of design §1."""

    HR_OFFICER = "hr_officer", _l("Home Affairs officer")
    CASE_OFFICER = "case_officer", _l("Case officer")
    HEAD_OF_INSPECTION = "head_of_inspection", _l("Head of inspection")
    INSPECTOR = "inspector", _l("Inspector (team member)")
    CHAIR = "chair", _l("Commune chair")
    COMMUNE_STAFF = "commune_staff", _l("Commune staff officer (prepares for the chair, decides nothing)")
    LEADER = "leader", _l("Provincial leader")
    DATA_PROTECTION = "data_protection", _l("Data protection officer")
    ADMINISTRATOR = "administrator", _l("Administrator")


_P = Permission

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.HR_OFFICER: frozenset(
        {
            _P.ABSENCE_EDIT,
            _P.ABSENCE_READ,
            _P.ABSENCE_READ_REASON,
            _P.DECISION_CHECK,
            _P.DECISION_ISSUE,
            _P.DECISION_READ,
            _P.DECISION_RECORD,
            _P.DOCUMENT_READ,
            _P.FIGURES_READ,
            _P.PERSON_CREATE,
            _P.PERSON_EDIT,
            _P.PERSON_END_SERVICE,
            _P.PERSON_EXPORT,
            _P.PERSON_EXPORT_WHOLE,
            _P.PERSON_IMPORT,
            _P.PERSON_MERGE,
            _P.PERSON_MOVE,
            _P.PERSON_READ,
            _P.PERSON_READ_BACKGROUND,
            _P.PERSON_READ_CHANGES,
            _P.PERSON_READ_FAMILY,
            _P.PERSON_READ_HEALTH,
            _P.PERSON_READ_HISTORY,
            _P.PERSON_READ_RELATIVES_ABROAD,
            _P.GROUP_SWITCH,
            _P.QUALIFICATION_CHECK,
            _P.QUALIFICATION_EDIT,
            _P.RATING_CONFIRM,
            _P.TEMPLATE_REPLACE,
            _P.PROPOSAL_ANSWER,
            _P.PROPOSAL_READ,
            _P.ROSTER_READ,
            _P.UNIT_READ,
        }
    ),
    # That somebody is away, so that nobody is summoned then; not why.
    Role.CASE_OFFICER: frozenset(
        {
            _P.ABSENCE_READ,
            _P.DECISION_READ,
            _P.DOCUMENT_READ,
            _P.LAW_READ,
            _P.PERSON_READ,
            _P.UNIT_READ,
        }
    ),
    Role.HEAD_OF_INSPECTION: frozenset({_P.DELEGATION_MANAGE, _P.UNIT_READ}),
    Role.INSPECTOR: frozenset({_P.UNIT_READ}),
    Role.CHAIR: frozenset(
        {
            _P.ABSENCE_READ,
            _P.ABSENCE_READ_REASON,
            _P.DECISION_READ,
            _P.DELEGATION_MANAGE,
            _P.DOCUMENT_READ,
            _P.FIGURES_READ,
            _P.PERSON_EXPORT,
            _P.PERSON_READ,
            _P.RATING_PROPOSE,
            _P.PROPOSAL_MAKE,
            _P.PROPOSAL_READ,
            _P.ROSTER_CONFIRM,
            _P.ROSTER_READ,
            _P.UNIT_READ,
        }
    ),
    Role.COMMUNE_STAFF: frozenset(
        {
            _P.ABSENCE_EDIT,
            _P.ABSENCE_READ,
            _P.ABSENCE_READ_REASON,
            _P.DECISION_READ,
            _P.DOCUMENT_READ,
            _P.FIGURES_READ,
            _P.PERSON_EXPORT,
            _P.PERSON_READ,
            _P.PROPOSAL_MAKE,
            _P.PROPOSAL_READ,
            _P.ROSTER_READ,
            _P.UNIT_READ,
        }
    ),
    Role.LEADER: frozenset({_P.DECISION_READ, _P.FIGURES_READ, _P.PERSON_READ, _P.UNIT_READ}),
    Role.DATA_PROTECTION: frozenset({_P.AUDIT_READ, _P.UNIT_READ}),
    # Not omnipotent: reads no personnel file and no case (design §1).
    Role.ADMINISTRATOR: frozenset(
        {
            _P.ACCOUNT_MANAGE,
            _P.AUDIT_READ_ADMINISTRATION,
            _P.GRANT_MANAGE,
            _P.LAW_READ,
            _P.GROUP_SWITCH,
        }
    ),
}

#: The realms whose rows a grant of the role reaches, within the grant's units.
ROLE_REALMS: dict[Role, frozenset[Realm]] = {
    Role.HR_OFFICER: frozenset({Realm.PERSONNEL, Realm.TRAINING}),
    Role.CASE_OFFICER: frozenset({Realm.PERSONNEL, Realm.DISCIPLINE}),
    Role.HEAD_OF_INSPECTION: frozenset({Realm.INSPECTION}),
    Role.INSPECTOR: frozenset({Realm.INSPECTION}),
    Role.CHAIR: frozenset({Realm.PERSONNEL, Realm.TRAINING}),
    Role.COMMUNE_STAFF: frozenset({Realm.PERSONNEL, Realm.TRAINING}),
    Role.LEADER: frozenset({Realm.PERSONNEL, Realm.TRAINING}),
    Role.DATA_PROTECTION: frozenset(),
    Role.ADMINISTRATOR: frozenset(),
}


def public(view: View) -> View:
    """Open to everyone, signed in or not. The allow-list of such endpoints is held by a test."""
    return _declare(view, "public")


def signed_in(view: View) -> View:
    """Open to every account that is signed in, whatever its role."""
    return _declare(view, "signed_in")


def requires(permission: Permission) -> Callable[[View], View]:
    """Open to roles that hold `permission`; the view still sees only rows in scope."""

    def declare(view: View) -> View:
        return _declare(view, Permission(permission))

    return declare


def policy_of(app: Flask, endpoint: str | None) -> str | None:
    """The declared policy of an endpoint: "public", "signed_in", a Permission, or None."""
    view = app.view_functions.get(endpoint or "")
    return getattr(view, "policy", None)


def check_policies(app: Flask) -> None:
    """Refuses to start while an endpoint has no policy. RuntimeError names them all."""
    bare = sorted(rule.endpoint for rule in app.url_map.iter_rules() if not policy_of(app, rule.endpoint))
    if bare:
        raise RuntimeError(f"endpoints without a declared policy: {', '.join(dict.fromkeys(bare))}")


def _declare(view: View, policy: str) -> View:
    view.policy = policy  # type: ignore[attr-defined]
    return view
