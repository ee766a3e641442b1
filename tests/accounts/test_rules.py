"""The pure rules: limits of guessing, passwords, roles held."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts import rules
from accounts.enums import Refusal
from core.errors import Denied, Unprocessable
from core.permissions import ROLE_PERMISSIONS, Permission, Realm, Role
from core.scope import EVERYTHING
from core.units import Block, UnitKind

DAY = date(2026, 7, 15)


@pytest.mark.parametrize(
    ("pair", "account", "address", "known", "expected"),
    [
        (0, 0, 0, False, None),
        (4, 19, 59, False, None),
        (5, 5, 5, False, Refusal.PAIR),
        (5, 5, 5, True, Refusal.PAIR),
        (0, 20, 0, False, Refusal.ACCOUNT),
        (0, 20, 0, True, None),
        (0, 0, 60, False, Refusal.ADDRESS),
        (0, 0, 60, True, Refusal.ADDRESS),
    ],
)
def test_limits_of_failed_attempts(pair, account, address, known, expected):
    assert rules.refusal(rules.Failures(pair, account, address, known)) is expected


@pytest.mark.parametrize("typed", ["CHUTICH.na-sang", "Chủtịch.nà-sáng", "  chutich.na-sang "])
def test_user_names_compare_folded(typed):
    assert rules.tidy_username(typed) == "chutich.na-sang"


@pytest.mark.parametrize("username", ["ab", "1abc", "a b c", "<script>", "a" * 61, "", "-abc"])
def test_strange_user_names_are_refused(username):
    with pytest.raises(Unprocessable) as refused:
        rules.check_username(username)
    assert refused.value.field == "username"


OWN = ("lo.hanh", "Lò Thị Hạnh", "Điện Biên")


@pytest.mark.parametrize(
    "password",
    [
        "Mua-lua-chin-2026",
        "ruong bac thang xanh",
        "tre, đá và nước",
        "k7mw-p9xq-hd4t",
        "ngựa ăn cỏ trên đồi 12345",
        "x" + "ab7#kQ" * 1 + "pl!vz3",
    ],
)
def test_good_passwords_pass(password):
    rules.check_password(password, minimum=12, own_words=OWN, field="new_password")

    assert len(rules.own_part(password, OWN)) >= 6


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password@2026",
        "matkhau123456",
        "Mậtkhẩu123456",
        "123456789012",
        "098765432109",
        "qwertyuiop12",
        "aaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "DienBien2026!",
        "dienbien-dienbien",
        "Điện Biên 2025",
        "lo.hanh-2026-x",
        "LoThiHanh1985",
        "hanh hanh hanh",
        "sonoivudienbien1",
        "chutich@12345",
        "admin-admin-admin",
        "1qaz2wsx3edc",
    ],
)
def test_guessable_passwords_are_refused(password):
    with pytest.raises(Unprocessable) as refused:
        rules.check_password(password, minimum=12, own_words=OWN, field="new_password")
    assert "guess" in str(refused.value.message)


@pytest.mark.parametrize(
    ("password", "word"),
    [("short-1", "at least 12"), ("x" * 129, "at most 128"), ("abc\x00defghijklm", "typed")],
)
def test_lengths_and_signs_of_passwords(password, word):
    with pytest.raises(Unprocessable) as refused:
        rules.check_password(password, minimum=12, own_words=OWN, field="new_password")
    assert word in str(refused.value.message)


def test_a_password_of_128_signs_is_accepted():
    password = "".join(chr(0x4E00 + 7 * n) for n in range(128))

    rules.check_password(password, minimum=12, own_words=OWN, field="new_password")
    assert len(password) == 128


def test_an_initial_password_lives_for_a_day():
    given = datetime(2026, 7, 15, 8, 0, tzinfo=UTC)

    assert not rules.is_initial_password_over(given, given + timedelta(hours=24))
    assert rules.is_initial_password_over(given, given + timedelta(hours=24, seconds=1))


def test_nobody_acts_on_the_own_account_but_commands_do():
    rules.check_not_oneself(None, 5)
    rules.check_not_oneself(4, 5)
    with pytest.raises(Denied):
        rules.check_not_oneself(5, 5)


@pytest.mark.parametrize(
    ("starts", "ends", "word"),
    [
        (DAY, DAY - timedelta(days=1), "before the first"),
        (DAY - timedelta(days=9), DAY - timedelta(days=1), "past"),
    ],
)
def test_dates_that_give_nothing_are_refused(starts, ends, word):
    with pytest.raises(Unprocessable) as refused:
        rules.check_dates(starts, ends, DAY)
    assert word in str(refused.value.message)


def held(role, *, unit=7, kind=UnitKind.COMMUNE, block=Block.GOVERNMENT, giver=None, without=()):
    return rules.HeldGrant(
        role, block, unit, f"Unit {unit}", kind, giver, giver and f"Giver {giver}", without
    )


def test_grants_of_one_role_join_and_roles_never_mix():
    roles = rules.held_roles(
        [held(Role.COMMUNE_STAFF, unit=3), held(Role.CHAIR, unit=1), held(Role.COMMUNE_STAFF, unit=2)]
    )

    assert [role.role for role in roles] == [Role.CHAIR, Role.COMMUNE_STAFF]
    assert roles[1].reach == frozenset({(3, Block.GOVERNMENT), (2, Block.GOVERNMENT)})
    assert roles[0].reach == frozenset({(1, Block.GOVERNMENT)})


def test_blocks_are_worked_in_apart():
    roles = rules.held_roles([held(Role.CHAIR, block=Block.PARTY), held(Role.CHAIR)])

    assert [role.block for role in roles] == [Block.GOVERNMENT, Block.PARTY]


def test_acting_authority_stands_apart_and_after_own_roles():
    roles = rules.held_roles([held(Role.CHAIR, giver=9), held(Role.COMMUNE_STAFF)])

    assert [(role.role, role.acting_for) for role in roles] == [
        (Role.COMMUNE_STAFF, None),
        (Role.CHAIR, "Giver 9"),
    ]


def test_acting_authority_leaves_out_exceptions_and_passing_it_on():
    (acting,) = rules.held_roles(
        [held(Role.CHAIR, unit=1, giver=9, without=("person:export",)), held(Role.CHAIR, unit=2, giver=9)]
    )

    assert Permission.PERSON_EXPORT not in acting.permissions
    assert Permission.DELEGATION_MANAGE not in acting.permissions
    assert Permission.PERSON_READ in acting.permissions
    assert acting.permissions < ROLE_PERMISSIONS[Role.CHAIR]


def test_only_the_province_in_the_government_block_is_everything():
    (government,) = rules.held_roles([held(Role.HR_OFFICER, kind=UnitKind.PROVINCE)])
    (party,) = rules.held_roles([held(Role.HR_OFFICER, kind=UnitKind.PROVINCE, block=Block.PARTY)])

    assert government.reach is EVERYTHING
    assert party.reach == frozenset({(7, Block.PARTY)})


def test_the_chosen_role_is_kept_while_it_is_held():
    roles = rules.held_roles([held(Role.CHAIR), held(Role.COMMUNE_STAFF)])

    assert rules.chosen_role(roles, Role.COMMUNE_STAFF, Block.GOVERNMENT, None).role is Role.COMMUNE_STAFF
    assert rules.chosen_role(roles, Role.LEADER, Block.GOVERNMENT, None).role is Role.CHAIR
    assert rules.chosen_role([], Role.CHAIR, Block.GOVERNMENT, None) is None


def test_a_viewer_has_the_realms_of_the_role_only():
    (chair,) = rules.held_roles([held(Role.CHAIR)])
    viewer = rules.viewer_of(rules.Who(1, "u", "Lường Văn Thắng", 33), chair, today=DAY, session_id=4)

    assert viewer.scope(Realm.PERSONNEL) == frozenset({(7, Block.GOVERNMENT)})
    assert viewer.scope(Realm.TRAINING) == frozenset({(7, Block.GOVERNMENT)})
    assert viewer.scope(Realm.INSPECTION) == frozenset()
    assert (viewer.person_id, viewer.unit_label, viewer.session_id) == (33, "Unit 7", 4)


def test_without_a_role_nothing_is_permitted():
    viewer = rules.viewer_of(rules.Who(1, "u", "Sùng A Chu", None), None, today=DAY)

    assert (viewer.role, viewer.permissions, viewer.scopes) == (None, frozenset(), ())


@pytest.mark.parametrize(
    ("role", "delegated", "left_out", "ends", "giver_ends", "error", "word"),
    [
        (Role.HR_OFFICER, False, (), DAY, None, Denied, "in person"),
        (Role.CHAIR, True, (), DAY, None, Denied, "in person"),
        (Role.CHAIR, False, (), None, None, Unprocessable, "always ends"),
        (Role.CHAIR, False, (), DAY + timedelta(days=2), DAY + timedelta(days=1), Unprocessable, "own grant"),
        (Role.CHAIR, False, tuple(ROLE_PERMISSIONS[Role.CHAIR]), DAY, None, Unprocessable, "Nothing is left"),
    ],
)
def test_authority_that_cannot_be_given(role, delegated, left_out, ends, giver_ends, error, word):
    with pytest.raises(error) as refused:
        rules.check_authority(role, delegated, left_out, ends, giver_ends)
    assert word in str(refused.value.args[0])


def test_every_permission_of_a_deputy_has_words():
    named = {p for role in rules.GIVING_ROLES for p in rules.authority_permissions(role)}

    assert named <= rules.PERMISSION_WORDS.keys()
    assert [str(word) for word in rules.left_out_words(["person:export", "gone:away"])] == [
        "export lists of people",
        "gone:away",
    ]
