"""The way of a letter to an issuer: written, sent, answered; withdrawn until the answer. Pure."""

from datetime import date

from flask_babel import lazy_gettext as _l

from core.errors import Overtaken, Unprocessable
from hr.people.enums import ProofState
from hr.people.letters.enums import LetterState, Reply
from hr.people.rules import check_not_after

#: How far a paper is proved after the reply; an issuer that cannot tell changes nothing.
PROOF_AFTER = {Reply.CONFIRMED: ProofState.ISSUER_CONFIRMED, Reply.DENIED: ProofState.ISSUER_DENIES}


def state_of(*, sent_on: date | None, answered_on: date | None, withdrawn: bool) -> LetterState:
    """The state a letter's dates tell."""
    if withdrawn:
        return LetterState.WITHDRAWN
    if answered_on is not None:
        return LetterState.ANSWERED
    return LetterState.DRAFTED if sent_on is None else LetterState.SENT


def check_can_send(state: LetterState) -> None:
    """Number and day of a letter are recorded once."""
    if state is not LetterState.DRAFTED:
        raise Overtaken(_l("Only a letter that was not sent yet can be sent"))


def check_can_answer(state: LetterState) -> None:
    """A reply belongs to a letter that went out."""
    if state is not LetterState.SENT:
        raise Overtaken(_l("Only a letter that waits for its reply can be answered"))


def check_can_withdraw(state: LetterState) -> None:
    """What was answered stays."""
    if state not in (LetterState.DRAFTED, LetterState.SENT):
        raise Overtaken(_l("Only a letter without a reply can be withdrawn"))


def check_sending(*, sent_on: date, today: date) -> None:
    """Sent by today (design)."""
    check_not_after(sent_on, today, "sent_on")


def check_reply(*, answered_on: date, sent_on: date, today: date) -> None:
    """A reply is not older than the letter, and not from after today (design)."""
    check_not_after(answered_on, today, "answered_on")
    if answered_on < sent_on:
        raise Unprocessable(_l("The reply cannot be older than the letter"), field="answered_on")
