"""What is kept until something changes: kept while it may be, never longer, and for whom it was made."""

import time
from concurrent.futures import ThreadPoolExecutor
from weakref import WeakKeyDictionary

import pytest
from sqlalchemy import select

from accounts.models import User
from core import audit, changes
from core.actions import action
from core.audit import AuditHead, AuditType
from core.audit_types import READINGS
from core.changes import KEPT, until_changed
from core.db import db
from core.errors import Unprocessable
from core.scope import Scoped, system_viewer, writing_allowed
from core.unit_book import unit_book
from core.units import Unit, UnitKind, UnitSuccession, UnitTree, search_units, unit_by_code
from tests.cast import user_of
from tests.conftest import TODAY
from tests.factories.people import make_person, person
from tests.personas import BUNG_LAO


@action(None)
def rename(*, by, user, name):
    user.display_name = name
    audit.record(AuditType.ACCOUNT_CHANGED, user)


class Counter:
    """Counts how often it is asked."""

    def __init__(self):
        self.asked = 0

    def __call__(self):
        self.asked += 1
        return self.asked


def test_what_is_kept_is_made_once_for_each_key(system):
    make = Counter()

    assert [until_changed(("a", 1), make), until_changed(("a", 1), make), until_changed(("a", 2), make)] == [
        1,
        1,
        2,
    ]


def test_an_action_anywhere_ends_what_is_kept(system):
    make = Counter()
    assert until_changed("b", make) == 1

    # An account alone moves nothing in this process: that it ends what is kept is the log's doing.
    rename(by=system, user=user_of("nobody"), name="Sùng A Chư")

    assert until_changed("b", make) == 2


def test_a_reading_ends_nothing(as_viewer):
    make = Counter()
    with as_viewer("home_affairs"):
        audit.record_view(AuditType.PERSON_OPENED, person("an"))  # the log's own connection is there now
        db.session.rollback()
        until_changed("c", make)
        before = db.session.scalar(db.select(AuditHead.seq))
        audit.record_view(AuditType.PERSON_OPENED, person("hue"))
        db.session.rollback()
        after = db.session.execute(db.select(AuditHead.seq, AuditHead.changed)).one()

        assert after.seq == before + 1 > after.changed
        assert until_changed("c", make) == 1


def test_a_row_written_past_the_log_is_seen_in_the_same_process(system):
    make = Counter()
    until_changed("d", make)
    person("hue").full_name = "Đặng Thị Huế"
    allowed = writing_allowed.set(True)
    db.session.flush()
    writing_allowed.reset(allowed)

    assert until_changed("d", make) == 2


def test_the_oldest_goes_when_there_is_too_much(system):
    make = Counter()
    until_changed("first", make)
    for number in range(KEPT + 1):
        until_changed(("more", number), Counter())

    assert until_changed("first", make) == 2


def test_what_was_made_anew_is_young_again(system):
    make = Counter()
    until_changed("first", make)
    for number in range(KEPT - 1):
        until_changed(("more", number), Counter())
    rename(by=system, user=user_of("nobody"), name="Sùng A Chư")
    assert until_changed("first", make) == 2

    until_changed("one too many", Counter())

    assert until_changed("first", make) == 2


class Key:
    """A key that lets another thread go first whenever it is looked for."""

    def __init__(self, number):
        self.number = number

    def __eq__(self, other):
        return self.number == other.number

    def __hash__(self):
        time.sleep(0)
        return self.number


def test_threads_that_push_each_other_out_all_get_an_answer(context, monkeypatch):
    monkeypatch.setattr(changes, "KEPT", 2)
    monkeypatch.setattr(changes, "_kept", WeakKeyDictionary())
    monkeypatch.setattr(changes, "_stamp", lambda: (1, 1))

    def ask(thread):
        with context.app_context():
            return [until_changed(Key(n), lambda n=n: n) for n in [thread % 3, thread % 3, 0, 1, 2] * 15]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(ask, range(8)))

    assert found == [[thread % 3, thread % 3, 0, 1, 2] * 15 for thread in range(8)]


def test_pages_show_a_change_at_once(client_as, app):
    client = client_as("home_affairs")
    assert "10 dòng" in client.get("/people").text
    assert "10 dòng" in client.get("/people").text
    with app.app_context():
        make_person(full_name="Lò Văn Mới")

    assert "11 dòng" in client.get("/people").text


@pytest.mark.parametrize("kind", sorted(set(AuditType) - READINGS))
def test_every_kind_of_event_that_is_no_reading_counts_as_a_change(context, kind):
    audit.record_outside(kind, "test", system_viewer("tests", TODAY))

    head = db.session.execute(db.select(AuditHead.seq, AuditHead.changed)).one()
    assert head.changed == head.seq > 0


# --- the book of units ------------------------------------------------------------------------------------
def test_the_book_holds_what_the_tables_hold(system):
    book = unit_book()

    assert len(book.units) == db.session.scalar(db.select(db.func.count(Unit.id)))
    for unit in db.session.scalars(db.select(Unit)):
        entry = book.by_id[unit.id]
        assert [getattr(unit, name) for name in entry._fields] == list(entry)
        assert book.find(unit.uid) is entry


def test_the_book_knows_what_went_into_what(system):
    book = unit_book()
    unit = book.find(unit_by_code(BUNG_LAO, TODAY).uid)
    former = book.predecessors_of(unit)

    assert "Xã Ẳng Tở" in [one.name for one in former]
    assert all(unit in book.successors_of(one) for one in former)
    assert [one.name_key for one in former] == sorted(one.name_key for one in former)


def test_units_are_searched_as_in_the_database(system):
    for words in ("ang to", "03292", "búng", "xa na", "so noi vu", "", "zzz", "100%", "_"):
        assert [hit.uid for hit in unit_book().search(words, 60)] == [
            hit.uid for hit in search_units(words, 60)
        ], words


def test_a_new_unit_is_in_the_book_at_once(system):
    before = unit_book()
    root = before.units[0]
    allowed = writing_allowed.set(True)
    unit = Unit(
        code="NEW",
        name="Xã Mới",
        name_fold="xa moi",
        name_key="x",
        kind=UnitKind.COMMUNE,
        parent_id=root.id,
        valid_from=TODAY,
    )
    db.session.add(unit)
    db.session.flush()
    writing_allowed.reset(allowed)

    assert unit_book().find(unit.uid).name == "Xã Mới"
    assert unit_book() is not before


def write(change):
    """Writes past the log, as a correction of the tables by hand."""
    allowed = writing_allowed.set(True)
    change()
    db.session.flush()
    writing_allowed.reset(allowed)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "Xã Đổi Tên"),
        ("code", "09999"),
        ("kind", UnitKind.WARD),
        ("parent_id", None),
        ("valid_from", TODAY),
        ("valid_to", TODAY),
    ],
)
def test_a_unit_changed_in_place_is_in_the_book_at_once(system, name, value):
    unit = unit_by_code(BUNG_LAO, TODAY)
    assert getattr(unit_book().find(unit.uid), name) != value

    write(lambda: setattr(unit, name, value))

    assert getattr(unit_book().find(unit.uid), name) == value


def test_menus_are_made_anew_when_only_the_tree_moved(system):
    before, unit = unit_book(), unit_by_code(BUNG_LAO, TODAY)
    rows = db.session.scalars(select(UnitTree).where(UnitTree.unit_id == unit.id)).all()

    write(lambda: db.session.delete(next(row for row in rows if row.ancestor_id != unit.id)))

    assert unit_book() is not before


def test_a_change_of_something_else_costs_one_statement_and_keeps_the_book(system, count_statements):
    before = unit_book()
    write(lambda: setattr(person("hue"), "full_name", "Đặng Thị Huế"))
    until_changed("the log's number is asked for", Counter())

    with count_statements() as sent:
        assert unit_book() is before

    assert len([one for one in sent if "FROM unit" in str(one)]) == 1


def test_the_tables_of_units_are_not_scoped():
    # The book shows every unit to everybody: the day one of them is scoped it must go.
    assert not any(issubclass(cls, Scoped) for cls in (Unit, UnitTree, UnitSuccession))


@action(None)
def count_and_fail(*, by, user, make):
    """Writes, looks at something that is kept, and comes to nothing."""
    user.display_name = "Không ai"
    audit.record(AuditType.ACCOUNT_CHANGED, user)
    make(until_changed("seen inside", lambda: user_name(user.username)))
    raise Unprocessable("no")


def user_name(username):
    db.session.flush()
    return db.session.scalar(select(User.display_name).where(User.username == username))


def test_what_an_action_sees_before_its_end_is_kept_for_nobody(system):
    user, seen = user_of("nobody"), []
    name = user.display_name
    with pytest.raises(Unprocessable):
        count_and_fail(by=system, user=user, make=seen.append)

    assert seen == ["Không ai"]
    assert until_changed("seen inside", lambda: user_name(user.username)) == name
