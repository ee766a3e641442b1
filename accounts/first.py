"""The first two accounts of an empty register: an administrator and a Home Affairs officer."""

from sqlalchemy import select

from accounts import actions
from accounts.models import User
from accounts.sign_in import hashed, initial_password
from core.actions import action
from core.audit import AuditType, record
from core.db import db
from core.permissions import Role
from core.scope import Viewer
from core.units import Block, province

FIRST = (("quantri", Role.ADMINISTRATOR), ("noivu", Role.HR_OFFICER))


def first_accounts(by: Viewer) -> list[tuple[str, str, str]]:
    """Makes them where there is no account at all. Kind of user, user name and initial password, good
    for a day and changed at the first sign-in; nothing when somebody can sign in already."""
    if db.session.scalar(select(User.id).limit(1)) is not None:
        return []
    made = [(role, username, initial_password()) for username, role in FIRST]
    hashes = {username: hashed(password) for _role, username, password in made}
    make_first(by=by, hashes=hashes)
    return [(str(role.label), username, password) for role, username, password in made]


@action(None)
def make_first(*, by: Viewer, hashes: dict[str, str]) -> None:
    """Writes the accounts and their grants over the whole province."""
    root = province()
    for username, role in FIRST:
        user = actions.create_account(
            username=username, display_name=str(role.label), password_hash=hashes[username], by=by
        )
        actions.give_grant(
            user=user, role=role, unit=root, block=Block.GOVERNMENT, starts_on=by.today, ends_on=None, by=by
        )
    record(AuditType.SEEDED, "user", values={"accounts": len(FIRST)})
