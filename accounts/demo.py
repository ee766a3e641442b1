"""The 109 accounts of the demo province and one vice chair who acts for a chair on leave, all with one
password that is no secret. Demo registers only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from accounts.models import Grant, User
from accounts.sign_in import hashed
from core.actions import action
from core.audit import AuditType, record
from core.clock import now
from core.db import db
from core.ids import new_uid
from core.permissions import Role
from core.scope import Viewer
from core.text import fold, sort_key
from core.units import COMMUNE_LEVEL, Block, Unit, main_units, province

PASSWORD = "ruong-bac-thang-2026"
#: Every demo grant begins here: when the two-level local government did.
SINCE = date(2025, 7, 1)
#: (user name, role, how many, name shown); a number is appended where there are several.
PROVINCIAL = (
    ("noivu", Role.HR_OFFICER, 6, "Chuyên viên Sở Nội vụ"),
    ("kyluat", Role.CASE_OFFICER, 2, "Chuyên viên theo dõi kỷ luật"),
    ("kiemtra.truong", Role.HEAD_OF_INSPECTION, 1, "Trưởng bộ phận kiểm tra công vụ"),
    ("kiemtra", Role.INSPECTOR, 6, "Thành viên đoàn kiểm tra"),
    ("lanhdao", Role.LEADER, 2, "Lãnh đạo tỉnh"),
    ("dulieu", Role.DATA_PROTECTION, 1, "Cán bộ bảo vệ dữ liệu cá nhân"),
    ("quantri", Role.ADMINISTRATOR, 1, "Quản trị hệ thống"),
)
COMMUNE = (
    ("chutich", Role.CHAIR, "Chủ tịch UBND"),
    ("canbo", Role.COMMUNE_STAFF, "Công chức nội vụ"),
)
#: The commune whose chair and staff officer are printed.
SHOWN = "na-sang"
#: The commune whose chair is on leave, from three days before the demo's day to eleven after it. The vice
#: chair holds no role of the own: the account is none of the 109.
ON_LEAVE = "muong-pon"
VICE_CHAIR = f"phochutich.{ON_LEAVE}"
LEAVE = (timedelta(days=-3), timedelta(days=11))


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account to make."""

    username: str
    name: str
    role: Role
    unit_id: int


def demo_accounts(*, by: Viewer, holders: Mapping[str, tuple[str, int]] | None = None) -> int:
    """Makes the accounts; `holders` gives the name and the person of those that belong to somebody of
    the register, by user name. The slow hash is made once: everybody has the same password."""
    if not current_app.extensions["config"].demo:
        raise RuntimeError("demo accounts have a published password: DEMO registers only")
    planned = planned_accounts(province(), list(db.session.scalars(main_units(by.today))))
    return make_accounts(planned=planned, holders=dict(holders or {}), password_hash=hashed(PASSWORD), by=by)


def planned_accounts(root: Unit, units: list[Unit]) -> list[DemoAccount]:
    """Who there is: the province's own, then two in each commune and ward."""
    found = [
        DemoAccount(*_numbered(username, name, number, count), role, root.id)
        for username, role, count, name in PROVINCIAL
        for number in range(1, count + 1)
    ]
    for unit in (unit for unit in units if unit.kind in COMMUNE_LEVEL):
        place = unit.name[:1].lower() + unit.name[1:]
        found += [
            DemoAccount(f"{username}.{slug(unit.name)}", f"{name} {place}", role, unit.id)
            for username, role, name in COMMUNE
        ]
    return found


def slug(unit_name: str) -> str:
    """ "Xã Nà Sang" → na-sang."""
    return "-".join(fold(unit_name).split()[1:])


@action(None)
def make_accounts(
    *, planned: list[DemoAccount], holders: dict[str, tuple[str, int]], password_hash: str, by: Viewer
) -> int:
    """Writes accounts and grants; those that are there stay as they are."""
    there = set(db.session.scalars(select(User.username)))
    new = [account for account in planned if account.username not in there]
    users = [_user(account, holders, password_hash) for account in new]
    db.session.add_all(users)
    db.session.flush()
    db.session.add_all(
        Grant(
            user_id=user.id,
            role=account.role,
            unit_id=account.unit_id,
            block=Block.GOVERNMENT,
            starts_on=SINCE,
        )
        for user, account in zip(users, new, strict=True)
    )
    record(AuditType.SEEDED, "user", values={"accounts": len(new)})
    return len(new)


def let_vice_chair_act(*, by: Viewer, name: str, person_id: int) -> bool:
    """Makes the account of the vice chair, who is somebody of the register, and the acting authority that
    the chair on leave gave. False where it is there already or the chair has no account."""
    chair = db.session.scalar(select(User).where(User.username == f"chutich.{ON_LEAVE}"))
    there = db.session.scalar(select(User.id).where(User.username == VICE_CHAIR))
    if chair is None or there is not None:
        return False
    grant = db.session.scalars(select(Grant).where(Grant.user_id == chair.id)).one()
    make_vice_chair(grant=grant, holder=(name, person_id), password_hash=hashed(PASSWORD), by=by)
    return True


@action(None)
def make_vice_chair(*, grant: Grant, holder: tuple[str, int], password_hash: str, by: Viewer) -> Grant:
    """Writes the account and what it may do for the chair."""
    account = DemoAccount(VICE_CHAIR, holder[0], grant.role, grant.unit_id)
    user = _user(account, {VICE_CHAIR: holder}, password_hash)
    db.session.add(user)
    db.session.flush()
    given = Grant(
        user_id=user.id,
        role=grant.role,
        unit_id=grant.unit_id,
        block=grant.block,
        starts_on=by.today + LEAVE[0],
        ends_on=by.today + LEAVE[1],
        granted_by_id=grant.user_id,
        delegated_by_id=grant.id,
    )
    db.session.add(given)
    record(AuditType.SEEDED, "user", values={"accounts": 1})
    return given


def demo_sign_ins() -> list[tuple[str, str, str]]:
    """(role, user name, password), one account of each role and the vice chair's, to print."""
    first = [
        (role, username if count == 1 else f"{username}.1") for username, role, count, _name in PROVINCIAL
    ]
    communes = [(role, f"{username}.{SHOWN}") for username, role, _name in COMMUNE]
    shown = [(str(role.label), username, PASSWORD) for role, username in (*first, *communes)]
    return [*shown, (str(_l("Commune vice chair, acting for the chair")), VICE_CHAIR, PASSWORD)]


def _numbered(username: str, name: str, number: int, count: int) -> tuple[str, str]:
    return (username, name) if count == 1 else (f"{username}.{number}", f"{name} {number}")


def _user(account: DemoAccount, holders: dict[str, tuple[str, int]], password_hash: str) -> User:
    name, person_id = holders.get(account.username, (account.name, None))
    return User(
        username=account.username,
        display_name=name,
        name_key=sort_key(name)[:600],
        name_fold=fold(name),
        password=password_hash,
        password_set_at=now(),
        must_change_password=False,
        fs_uniquifier=new_uid(),
        person_id=person_id,
    )
