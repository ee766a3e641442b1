"""Every way to read or write rows, tried as the chair of commune A: only A's rows, or a refusal."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, exists, func, insert, select, text, union_all, update
from sqlalchemy.orm import aliased, joinedload, selectinload

from core.db import db
from core.errors import Missing, ScopeError
from core.permissions import Realm
from core.scope import (
    Scoped,
    bind_viewer,
    read_rows,
    scoped_classes,
    system_scope,
    units_in_scope,
    writing_allowed,
)
from core.units import Block, Unit
from hr.people.models import Assignment, Person, Qualification
from tests.factories.people import NUMBERS
from tests.personas import BUNG_LAO, NA_SANG

READS = {
    "entity": lambda: select(Person.id),
    "columns": lambda: select(Person.id, Person.full_name),
    "aliased": lambda: select(aliased(Person).id),
    "subquery": lambda: select(select(Person).subquery().c.id),
    "cte": lambda: select(select(Person).cte().c.id),
    "select_from": lambda: select(Person.id).select_from(Person),
    "distinct": lambda: select(Person.id).distinct(),
    "grouped": lambda: select(Person.id).group_by(Person.id),
    "joined": lambda: select(Person.id).join(Assignment, Assignment.person_id == Person.id),
    "exists_select": lambda: select(Person.id).where(exists(select(Person.id).where(Person.id > 0))),
}


def _foreign_ids() -> set[int]:
    """Ids of the people of commune B alone, read beyond the viewer: who is seconded to A is A's too."""
    with system_scope("test") as session:
        query = select(Assignment.person_id).join(Unit, Unit.id == Assignment.unit_id)
        of_b = set(session.scalars(query.where(Unit.code == NA_SANG)))
        return of_b - set(session.scalars(query.where(Unit.code == BUNG_LAO)))


@pytest.mark.parametrize("way", sorted(READS))
def test_a_chair_reads_no_row_of_another_commune(way: str, as_viewer):
    with as_viewer("chair_a"):
        foreign = _foreign_ids()
        found = {row[0] for row in db.session.execute(READS[way]())}

        assert foreign
        assert found
        assert not found & foreign


@pytest.mark.parametrize("way", sorted(READS))
def test_rows_read_past_the_session_are_the_same(way: str, as_viewer):
    statement = READS[way]()
    seen = set()
    for persona in ("chair_a", "chair_b", "home_affairs", "admin"):
        with as_viewer(persona):
            found = sorted(read_rows(statement).all())

            assert found == sorted(tuple(row) for row in db.session.execute(READS[way]()))
            seen.add(len(found))

    assert len(seen) > 2, "one viewer's rows were another's"


def test_rows_read_past_the_session_need_a_viewer_and_no_raw_sql(context, as_viewer):
    for statement in (select(Person.id), select(Person.__table__.c.id), text("SELECT id FROM person")):
        with pytest.raises(ScopeError):
            read_rows(statement)
    with as_viewer("chair_a"):
        with pytest.raises(ScopeError):
            read_rows(text("SELECT id FROM person"))
        with pytest.raises(ScopeError):
            read_rows(select(Person.__table__.c.id))
        with pytest.raises(ScopeError):
            read_rows(update(Person).values(full_name="x"))


def test_counts_and_unions_are_scoped(as_viewer):
    with as_viewer("chair_a"):
        own = len(db.session.scalars(select(Person)).all())

        assert own > 0
        assert db.session.scalar(select(func.count()).select_from(Person)) == own
        assert db.session.scalar(select(func.count(Person.id))) == own
        both = union_all(select(Person.id), select(Person.id)).subquery()
        assert db.session.scalar(select(func.count()).select_from(both)) == own * 2
    with as_viewer("chair_b"):
        assert db.session.scalar(select(func.count()).select_from(Person)) != 0


def test_get_by_key_answers_none_for_a_foreign_row(as_viewer):
    with as_viewer("chair_a"):
        for key in _foreign_ids():
            assert db.session.get(Person, key) is None


def test_relationships_and_loaders_are_scoped(as_viewer):
    with as_viewer("chair_a"):
        foreign = _foreign_ids()
        for options in ((), (joinedload(Assignment.unit),), (selectinload(Assignment.unit),)):
            rows = db.session.scalars(select(Assignment).options(*options)).all()
            assert rows
            assert not {row.person_id for row in rows} & foreign


@pytest.mark.parametrize(
    "statement",
    [
        lambda: select(Person.__table__),
        lambda: text("SELECT id FROM person"),
        lambda: select(Person).from_statement(text("SELECT * FROM person")),
        lambda: delete(Person.__table__),
        lambda: update(Person).values(full_name="x"),
        lambda: update(Assignment).values(unit_id=1),
        lambda: delete(Person),
        lambda: insert(Person).values(full_name="x"),
        lambda: select(func.count()).select_from(Person.__table__),
    ],
    ids=[
        "core select",
        "text",
        "from_statement",
        "core delete",
        "bulk update",
        "bulk move",
        "bulk delete",
        "bulk insert",
        "core count",
    ],
)
def test_what_cannot_be_filtered_is_refused(statement, as_viewer):
    with as_viewer("chair_a"), pytest.raises(ScopeError):
        db.session.execute(statement())


def test_going_around_the_session_is_refused(as_viewer):
    with as_viewer("chair_a"):
        with pytest.raises(ScopeError):
            db.session.connection().execute(select(Person.__table__))
        with db.engine.connect() as connection, pytest.raises(ScopeError):
            connection.execute(text("SELECT * FROM person"))


def test_scoped_rows_without_a_viewer_are_refused(context):
    with bind_viewer(None):
        with pytest.raises(ScopeError):
            db.session.scalars(select(Person)).all()
        with pytest.raises(ScopeError):
            db.session.scalar(select(func.count()).select_from(Unit).where(Unit.id.in_(select(Person.id))))
        assert db.session.scalar(select(func.count()).select_from(Unit)) > 400


def test_writing_outside_an_action_is_refused(as_viewer):
    with as_viewer("home_affairs"):
        person = db.session.scalars(select(Person)).first()
        person.full_name = "Tên Khác"
        with pytest.raises(ScopeError, match="outside an action"):
            db.session.commit()
        db.session.rollback()


def test_a_chair_cannot_write_into_another_commune(as_viewer):
    with as_viewer("chair_a"):
        foreign = next(iter(_foreign_ids()))
        allowed = writing_allowed.set(True)
        try:
            db.session.add(Qualification(person_id=foreign, kind="it", level="certificate"))
            with pytest.raises(ScopeError, match="outside the viewer's scope"):
                db.session.flush()
        finally:
            db.session.rollback()
            writing_allowed.reset(allowed)


def test_a_chair_cannot_move_the_own_row_out(as_viewer):
    with as_viewer("chair_a"):
        row = db.session.scalars(
            select(Assignment).join(Unit, Unit.id == Assignment.unit_id).where(Unit.code == BUNG_LAO)
        ).first()
        row.unit_id = db.session.scalars(
            select(Unit.id).where(Unit.code == NA_SANG, Unit.valid_to.is_(None))
        ).one()
        allowed = writing_allowed.set(True)
        try:
            with pytest.raises(ScopeError, match="outside the viewer's scope"):
                db.session.flush()
        finally:
            db.session.rollback()
            writing_allowed.reset(allowed)


def test_a_wider_session_leaves_nothing_in_the_viewer_s(as_viewer):
    with as_viewer("chair_a"):
        with system_scope("test") as session:
            everybody = session.scalars(select(Person)).all()
        own = db.session.scalars(select(Person)).all()

        assert len(everybody) > len(own)


def test_alternating_viewers_share_no_criteria(as_viewer):
    sets = []
    for persona in ("chair_a", "chair_b", "home_affairs", "chair_a", "admin", "chair_b"):
        with as_viewer(persona):
            sets.append(set(db.session.scalars(select(Person.id))))
    first_a, first_b, everybody, again_a, admin, again_b = sets

    assert first_a == again_a
    assert first_b == again_b
    with system_scope("test") as session:
        seconded = session.scalars(select(Person.id).where(Person.id_number == NUMBERS["lan"])).one()
    assert first_a & first_b == {seconded}
    assert first_a | first_b < everybody
    assert admin == set()


def test_every_scoped_class_states_its_parents_and_criterion(as_viewer):
    with as_viewer("chair_a") as viewer:
        for cls in scoped_classes():
            assert cls.visible_to(viewer) is not None, cls.__name__
            assert cls.scope_parents is not object


def test_own_lock_of_a_foreign_row_is_missing(as_viewer):
    from core.actions import lock

    with as_viewer("home_affairs"):
        foreign = db.session.get(Person, next(iter(_foreign_ids())))
    with as_viewer("chair_a"), pytest.raises(Missing):
        lock(foreign)


def test_everything_is_no_list_of_units_and_two_blocks_are_two_roles(as_viewer):
    with as_viewer("home_affairs") as viewer, pytest.raises(ValueError, match="no unit criterion"):
        units_in_scope(viewer, Realm.PERSONNEL)
    with as_viewer("chair_a") as viewer:
        ((root, _block),) = viewer.scope(Realm.PERSONNEL)
        both = frozenset({(root, Block.GOVERNMENT), (root, Block.PARTY)})
        mixed = replace(viewer, scopes=((Realm.PERSONNEL, both),))
        with pytest.raises(ValueError, match="one role at a time"):
            units_in_scope(mixed, Realm.PERSONNEL)


def test_a_grant_of_another_block_reaches_no_row_of_this_one(as_viewer):
    with as_viewer("chair_a") as viewer:
        ((root, _block),) = viewer.scope(Realm.PERSONNEL)
        party = replace(viewer, scopes=((Realm.PERSONNEL, frozenset({(root, Block.PARTY)})),))
        with bind_viewer(party):
            assert db.session.scalars(select(Person.id)).all() == []


def test_a_class_that_states_no_criterion_cannot_be_read(as_viewer):
    class Forgotten(Scoped):
        pass

    with as_viewer("chair_a") as viewer:
        with pytest.raises(NotImplementedError):
            Forgotten.visible_to(viewer)
        with pytest.raises(NotImplementedError):
            Forgotten().scope_parents()


def test_scoped_rows_are_not_written_without_a_viewer(as_viewer):
    with as_viewer("home_affairs"):
        person = db.session.scalars(select(Person)).first()
        person.other_name = "Không ai"
        allowed = writing_allowed.set(True)
        try:
            with bind_viewer(None), pytest.raises(ScopeError, match="no viewer bound"):
                db.session.flush()
        finally:
            db.session.rollback()
            writing_allowed.reset(allowed)


def test_connections_are_guarded_with_no_viewer_too(context):
    with bind_viewer(None), db.engine.connect() as connection, pytest.raises(ScopeError):
        connection.execute(select(Person.__table__))
