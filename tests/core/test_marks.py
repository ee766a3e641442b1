"""The mark of the demo: yes for good, no until something changes, and never a reason for a page to fail."""

import pytest
from sqlalchemy.exc import OperationalError

from core import marks
from core.marks import DEMO, STARTED, is_demo, set_mark


@pytest.fixture(autouse=True)
def nothing_known(whole_app, monkeypatch):
    monkeypatch.delitem(whole_app.extensions, "is_demo")


def test_a_no_is_asked_for_again_after_a_change(system):
    assert not is_demo()

    set_mark(by=system, key=DEMO, value=STARTED)

    assert is_demo()


def test_a_page_shows_the_mark_as_soon_as_it_is_set(system, client):
    assert "Dữ liệu minh" not in client.get("/sign-in").text

    set_mark(by=system, key=DEMO, value=STARTED)

    assert "Dữ liệu minh" in client.get("/sign-in").text


def test_a_no_is_kept_while_nothing_changes(system, count_statements):
    is_demo()

    with count_statements() as sent:
        assert not is_demo()

    assert not [one for one in sent if "register_setting" in str(one)]


def test_a_yes_is_kept_for_good(system, count_statements):
    set_mark(by=system, key=DEMO, value=STARTED)
    is_demo()
    set_mark(by=system, key="other", value="x")

    with count_statements() as sent:
        assert is_demo()

    assert sent == []


def test_a_database_that_is_away_is_no_answer(system, monkeypatch):
    def away(_key):
        raise OperationalError("SELECT", {}, Exception("away"))

    with monkeypatch.context() as patch:
        patch.setattr(marks, "mark", away)
        assert not is_demo()
    set_mark(by=system, key=DEMO, value=STARTED)

    assert is_demo()
