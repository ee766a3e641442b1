"""The first accounts of an empty register."""

import pytest
from sqlalchemy import delete, func, select

from accounts.first import first_accounts
from accounts.models import Grant, User, UserSession
from core.db import db
from core.scope import system_viewer, writing_allowed
from tests.conftest import TODAY


@pytest.fixture
def no_accounts(system):
    allowed = writing_allowed.set(True)
    for table in (UserSession, Grant, User):
        db.session.execute(delete(table))
    db.session.commit()
    writing_allowed.reset(allowed)
    return system_viewer("tests", TODAY)


@pytest.mark.slow
def test_an_empty_register_gets_two_accounts_that_can_sign_in(no_accounts, client):
    made = first_accounts(no_accounts)

    assert [name for _kind, name, _password in made] == ["quantri", "noivu"]
    _kind, name, password = made[1]
    answer = client.send("/sign-in", {"username": name, "password": password})
    assert answer.status_code == 303
    assert client.get("/people").location == "/account/password"


def test_a_register_with_accounts_gets_none(system):
    before = db.session.scalar(select(func.count()).select_from(User))

    assert first_accounts(system) == []
    assert db.session.scalar(select(func.count()).select_from(User)) == before
