"""Reads of letters to issuers."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from core.db import db
from core.errors import Missing
from core.files import Document
from core.paging import Keyset, Page, paginate
from hr.people.letters.enums import LetterState
from hr.people.letters.models import IssuerLetter, IssuerLetterPaper
from hr.people.models import Person, Qualification

_NEWEST = Keyset((IssuerLetter.id,), IssuerLetter.uid, descending=True)


class Asked(NamedTuple):
    """One paper of a letter, with whose it is."""

    row: IssuerLetterPaper
    paper: Qualification
    person: Person


class PaperOf(NamedTuple):
    """A paper and whose it is."""

    paper: Qualification
    person: Person


def state_is(state: LetterState) -> ColumnElement[bool]:
    """Twin of `rules.state_of`."""
    kept = IssuerLetter.withdrawn_at.is_(None)
    match state:
        case LetterState.WITHDRAWN:
            return IssuerLetter.withdrawn_at.is_not(None)
        case LetterState.ANSWERED:
            return and_(kept, IssuerLetter.answered_on.is_not(None))
        case LetterState.SENT:
            return and_(kept, IssuerLetter.sent_on.is_not(None), IssuerLetter.answered_on.is_(None))
        case LetterState.DRAFTED:
            return and_(kept, IssuerLetter.sent_on.is_(None))


def list_letters(state: LetterState) -> Page:
    """Letters in this state, newest first."""
    return paginate(select(IssuerLetter).where(state_is(state)), _NEWEST)


def counts() -> dict[LetterState, int]:
    """How many letters are in each state: one statement."""
    columns = (func.count().filter(state_is(state)) for state in LetterState)
    found = db.session.execute(select(*columns).select_from(IssuerLetter)).one()
    return dict(zip(LetterState, found, strict=True))


def find_letter(uid: str) -> IssuerLetter:
    """The letter; Missing when there is none in view."""
    query = select(IssuerLetter).options(joinedload(IssuerLetter.answer_document))
    letter = db.session.scalar(query.where(IssuerLetter.uid == uid))
    if letter is None:
        raise Missing
    return letter


def asked_by(letters: Iterable[IssuerLetter]) -> dict[int, list[Asked]]:
    """Key of each letter → the papers it asks about, in the order they were named. One statement."""
    found: dict[int, list[Asked]] = {letter.id: [] for letter in letters}
    query = (
        select(IssuerLetterPaper, Qualification, Person)
        .join(Qualification, Qualification.id == IssuerLetterPaper.qualification_id)
        .join(Person, Person.id == Qualification.person_id)
        .where(IssuerLetterPaper.letter_id.in_(found))
        .order_by(IssuerLetterPaper.id)
    )
    for row in db.session.execute(query):
        found[row[0].letter_id].append(Asked(*row))
    return found


def letters_of(person: Person) -> list[tuple[IssuerLetter, IssuerLetterPaper, Qualification]]:
    """Every letter about a paper of the person, oldest first, with its row for that paper. One statement."""
    query = (
        select(IssuerLetter, IssuerLetterPaper, Qualification)
        .join(IssuerLetterPaper, IssuerLetterPaper.letter_id == IssuerLetter.id)
        .join(Qualification, Qualification.id == IssuerLetterPaper.qualification_id)
        .where(Qualification.person_id == person.id)
        .order_by(IssuerLetter.id, IssuerLetterPaper.id)
    )
    return [(letter, row, paper) for letter, row, paper in db.session.execute(query)]


def open_letter_about(papers: Sequence[int]) -> IssuerLetter | None:
    """A letter without a reply that asks about one of these papers."""
    query = (
        select(IssuerLetter)
        .join(IssuerLetterPaper, IssuerLetterPaper.letter_id == IssuerLetter.id)
        .where(IssuerLetterPaper.qualification_id.in_(papers), is_open())
    )
    return db.session.scalars(query.limit(1)).first()


def is_open() -> ColumnElement[bool]:
    """Written and neither answered nor withdrawn."""
    return and_(IssuerLetter.withdrawn_at.is_(None), IssuerLetter.answered_on.is_(None))


def find_answer(letter: IssuerLetter) -> Document:
    """The scan of the reply; Missing when none is attached."""
    if letter.answer_document is None:
        raise Missing
    return letter.answer_document


def paper_of(uid: str) -> PaperOf | None:
    """The paper a letter is to be written about, not annulled, with whose it is."""
    query = select(Qualification, Person).join(Person, Person.id == Qualification.person_id)
    found = db.session.execute(
        query.where(Qualification.uid == uid, Qualification.annulled_at.is_(None))
    ).first()
    return PaperOf(*found) if found is not None else None
