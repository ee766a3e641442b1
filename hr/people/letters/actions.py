"""Writes of letters to issuers: written, sent, answered, withdrawn. A reply sets the proof of its papers
and settles the point to check the letter was written for."""

from collections.abc import Mapping, Sequence
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from core import audit
from core.actions import action, lock
from core.audit import AuditType
from core.clock import now
from core.db import db
from core.errors import Denied, Missing, Unprocessable
from core.files import Stored, record_document
from core.permissions import Permission
from core.scope import Viewer
from hr.people import paper_actions
from hr.people.checks import actions as checks
from hr.people.checks.models import open_to
from hr.people.checks.rules import Point
from hr.people.letters import queries, rules
from hr.people.letters.enums import Reply
from hr.people.letters.models import IssuerLetter, IssuerLetterPaper
from hr.people.letters.queries import Asked
from hr.people.models import Person, Qualification


@action(Permission.QUALIFICATION_CHECK)
def write(*, by: Viewer, papers: Sequence[str], issuer: str, point: Point | None = None) -> IssuerLetter:
    """A letter about papers of one issuer, by their uids; one letter at a time asks about a paper."""
    if not open_to(by):
        raise Missing
    rows = _locked_papers(papers)
    if waiting := queries.open_letter_about([row.id for row in rows]):
        message = _l("A letter about this paper has no reply yet: open that one")
        raise Unprocessable(message, link=waiting.uid)
    if not issuer.strip():
        raise Unprocessable(_l("Enter whom the letter goes to"), field="issuer")
    letter = IssuerLetter(
        issuer=issuer.strip(),
        point=point.uid if point else None,
        seen=point.seen if point else None,
        created_by_id=by.user_id,
    )
    db.session.add(letter)
    db.session.flush()
    db.session.add_all(IssuerLetterPaper(letter_id=letter.id, qualification_id=row.id) for row in rows)
    audit.record(AuditType.LETTER_WRITTEN, letter)
    return letter


@action(Permission.QUALIFICATION_CHECK)
def send(
    *, by: Viewer, letter: IssuerLetter, number: str, sent_on: date, version: int | None = None
) -> IssuerLetter:
    """Number, symbol and day the office gave it."""
    letter = lock(letter, version)
    rules.check_can_send(letter.state)
    rules.check_sending(sent_on=sent_on, today=by.today)
    letter.number, letter.sent_on = _number(number, "number"), sent_on
    audit.record(AuditType.LETTER_CHANGED, letter, values=audit.changes(letter))
    return letter


@action(Permission.QUALIFICATION_CHECK)
def answer(
    *,
    by: Viewer,
    letter: IssuerLetter,
    number: str,
    answered_on: date,
    replies: Mapping[str, Reply],
    note: str | None = None,
    stored: Stored | None = None,
    version: int | None = None,
) -> IssuerLetter:
    """The issuer's reply, paper by paper (`replies`: uid of the paper → reply). Each paper is proved or
    denied by it, in the name of who records it."""
    letter = lock(letter, version)
    rules.check_can_answer(letter.state)
    assert letter.sent_on is not None
    rules.check_reply(answered_on=answered_on, sent_on=letter.sent_on, today=by.today)
    asked = queries.asked_by([letter])[letter.id]
    if {paper.uid for _row, paper, _person in asked} != set(replies):
        raise Unprocessable(_l("Say of each paper what the issuer replied"))
    letter.answer_number, letter.answered_on = _number(number, "answer_number"), answered_on
    letter.answer_note = (note or "").strip() or None
    if stored is not None:
        letter.answer_document_id = record_document(by=by, stored=stored).id
    audit.record(AuditType.LETTER_CHANGED, letter, values=audit.changes(letter))
    rests_on = f"{letter.answer_number}, {answered_on:%d/%m/%Y}"
    for one in asked:
        _prove(by, one, replies[one.paper.uid], rests_on)
    checks.settle_by_letter(by=by, point=letter.point, seen=letter.seen, note=f"{letter.issuer}: {rests_on}")
    return letter


@action(Permission.QUALIFICATION_CHECK)
def withdraw(*, by: Viewer, letter: IssuerLetter, reason: str, version: int | None = None) -> IssuerLetter:
    """Takes back a letter that has no reply; the point it was written for is open again."""
    letter = lock(letter, version)
    rules.check_can_withdraw(letter.state)
    if not reason.strip():
        raise Unprocessable(_l("Enter the reason"), field="reason")
    letter.withdrawn_at, letter.withdrawn_by_id = now(), by.user_id
    letter.withdrawn_reason = reason.strip()
    audit.record(AuditType.LETTER_CHANGED, letter, reason=letter.withdrawn_reason)
    return letter


def _locked_papers(uids: Sequence[str]) -> list[Qualification]:
    """The papers in the order of `uids`, their people locked in one order; Missing, Denied."""
    query = select(Qualification).where(Qualification.uid.in_(uids))
    found = {row.uid: row for row in db.session.scalars(query)}
    if not uids or set(found) != set(uids):
        raise Missing
    for person_id in sorted({row.person_id for row in found.values()}):
        person = db.session.get(Person, person_id)
        if person is None:
            raise Missing
        lock(person)
    if any(row.annulled_at is not None for row in found.values()):
        raise Denied(_l("This entry was annulled"))
    return [found[uid] for uid in dict.fromkeys(uids)]


def _prove(by: Viewer, asked: Asked, reply: Reply, rests_on: str) -> None:
    asked.row.reply = reply
    state = rules.PROOF_AFTER.get(reply)
    # An entry annulled meanwhile keeps the reply and needs no proof.
    if state is not None and asked.paper.annulled_at is None:
        paper_actions.set_proof_state(
            by=by, person=asked.person, qualification=asked.paper, state=state, reason=rests_on
        )


def _number(text: str, field: str) -> str:
    if not text.strip():
        raise Unprocessable(_l("Enter the number and symbol"), field=field)
    return text.strip()
