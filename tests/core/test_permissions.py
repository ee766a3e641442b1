"""The one table of roles and permissions, written out a second time, and what stops the start."""

import pytest
from flask import Flask

from core.permissions import (
    ROLE_PERMISSIONS,
    ROLE_REALMS,
    Permission,
    Realm,
    Role,
    check_policies,
    policy_of,
    public,
    requires,
    signed_in,
)
from tests.cast import viewer_of
from tests.personas import CAST

#: Who may do what: columns hr_officer, case_officer, head_of_inspection, inspector, chair,
#: commune_staff, leader, data_protection, administrator. Written by hand from the design, not from the code.
TABLE = """
absence:edit                x . . . . x . . .
absence:read                x x . . x x . . .
absence:read_reason         x . . . x x . . .
account:manage              . . . . . . . . x
audit:read                  . . . . . . . x .
audit:read_administration   . . . . . . . . x
decision:check              x . . . . . . . .
decision:issue              x . . . . . . . .
decision:read               x x . . x x x . .
decision:record             x . . . . . . . .
delegation:manage           . . x . x . . . .
document:read               x x . . x x . . .
figures:read                x . . . x x x . .
grant:manage                . . . . . . . . x
group:switch                x . . . . . . . x
law:read                    . x . . . . . . x
person:create               x . . . . . . . .
person:edit                 x . . . . . . . .
person:end_service          x . . . . . . . .
person:export               x . . . x x . . .
person:export_whole         x . . . . . . . .
person:import               x . . . . . . . .
person:merge                x . . . . . . . .
person:move                 x . . . . . . . .
person:read                 x x . . x x x . .
person:read_background      x . . . . . . . .
person:read_changes         x . . . . . . . .
person:read_family          x . . . . . . . .
person:read_health          x . . . . . . . .
person:read_history         x . . . . . . . .
person:read_relatives_abroad x . . . . . . . .
proposal:answer             x . . . . . . . .
proposal:make               . . . . x x . . .
proposal:read               x . . . x x . . .
qualification:check         x . . . . . . . .
qualification:edit          x . . . . . . . .
rating:confirm              x . . . . . . . .
rating:propose              . . . . x . . . .
roster:confirm              . . . . x . . . .
roster:read                 x . . . x x . . .
template:replace            x . . . . . . . .
unit:read                   x x x x x x x x .
"""
ROLES = (
    "hr_officer",
    "case_officer",
    "head_of_inspection",
    "inspector",
    "chair",
    "commune_staff",
    "leader",
    "data_protection",
    "administrator",
)
ROWS = [line.split() for line in TABLE.strip().splitlines()]
CASES = [(name, role, mark == "x") for name, *marks in ROWS for role, mark in zip(ROLES, marks, strict=True)]

REALMS = {
    "hr_officer": {"personnel", "training"},
    "case_officer": {"personnel", "discipline"},
    "head_of_inspection": {"inspection"},
    "inspector": {"inspection"},
    "chair": {"personnel", "training"},
    "commune_staff": {"personnel", "training"},
    "leader": {"personnel", "training"},
    "data_protection": set(),
    "administrator": set(),
}


@pytest.mark.parametrize(("permission", "role", "held"), CASES, ids=[f"{p}-{r}" for p, r, _ in CASES])
def test_the_table(permission, role, held):
    assert (Permission(permission) in ROLE_PERMISSIONS[Role(role)]) is held


def test_the_table_is_complete():
    assert [name for name, *_marks in ROWS] == [permission.value for permission in Permission]
    assert [role.value for role in Role] == list(ROLES)
    assert {role: {realm.value for realm in realms} for role, realms in ROLE_REALMS.items()} == REALMS


def test_permissions_stand_in_order_and_name_resource_and_action():
    names = [permission.value for permission in Permission]

    assert names == sorted(names)
    assert all(name.count(":") == 1 and name.replace(":", "").replace("_", "").isalpha() for name in names)
    assert all(member.name == member.value.replace(":", "_").upper() for member in Permission)


def test_the_administrator_reads_no_personnel_file():
    assert not [
        p
        for p in ROLE_PERMISSIONS[Role.ADMINISTRATOR]
        if p.startswith(("person:", "qualification:", "document:"))
    ]
    assert Realm.PERSONNEL not in ROLE_REALMS[Role.ADMINISTRATOR]


@pytest.mark.parametrize("name", ["person:delete", "person", "PERSON_READ", "", "*", "person:read "])
def test_an_unknown_permission_cannot_be_written(name):
    with pytest.raises(ValueError, match="is not a valid Permission"):
        requires(name)(lambda: "x")


def test_the_roles_of_the_cast_give_exactly_their_permissions(context):
    for persona in CAST:
        viewer = viewer_of(persona)
        expected = ROLE_PERMISSIONS[viewer.role] if viewer.role else frozenset()
        assert viewer.permissions == expected
        assert [viewer.can(permission) for permission in Permission] == [p in expected for p in Permission]


def test_an_account_without_a_grant_may_nothing(context):
    viewer = viewer_of("nobody")

    assert viewer.role is None
    assert viewer.permissions == frozenset()
    assert all(viewer.scope(realm) == frozenset() for realm in Realm)


def bare_app():
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/open", "open", public(lambda: "x"))
    app.add_url_rule("/own", "own", signed_in(lambda: "x"))
    app.add_url_rule("/file", "file", requires(Permission.PERSON_READ)(lambda: "x"))
    return app


def test_policies_are_known_by_endpoint():
    app = bare_app()
    check_policies(app)

    found = [policy_of(app, name) for name in ("open", "own", "file", "none", None)]
    assert found == ["public", "signed_in", "person:read", None, None]


def test_an_endpoint_without_a_policy_stops_the_start():
    app = bare_app()
    app.add_url_rule("/forgotten", "forgotten", lambda: "x")
    app.add_url_rule("/another", "another", lambda: "x")

    with pytest.raises(RuntimeError, match="another, forgotten"):
        check_policies(app)


def test_flask_s_own_static_route_would_stop_the_start():
    with pytest.raises(RuntimeError, match="static"):
        check_policies(Flask("bare", static_folder="."))
