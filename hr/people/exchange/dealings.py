"""The sheets of what was asked and said about files: letters to issuers, proposed changes, the roster as
chairs confirmed it, files that were merged."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, select

from core.clock import quarter_days
from core.errors import Unprocessable
from core.permissions import Permission
from core.sheets import (
    ANNULLED,
    ENTERED,
    PERSON,
    UID,
    CheckedBook,
    ColumnKind,
    PersonFile,
    Sheet,
    SheetColumn,
    SheetRow,
    by_whom,
    fields_of,
)
from core.text import sort_key
from hr.people.confirmations.models import RosterLine
from hr.people.confirmations.rules import Word, check_word
from hr.people.exchange.forms import LetterCells, MergeCells, ProposalCells, RosterCells
from hr.people.exchange.rows import check_digest, refuse_twin
from hr.people.letters.models import IssuerLetter, IssuerLetterPaper
from hr.people.letters.rules import check_reply, check_sending
from hr.people.merging.models import DifferentPeople, PersonMerge
from hr.people.models import Qualification
from hr.people.proposals import parts
from hr.people.proposals.enums import LineState, Part
from hr.people.proposals.models import Proposal, ProposalLine
from hr.people.rules import check_id_number


# --- letters to issuers ---------------------------------------------------------------------------------
def _letters_about(people: Any) -> Any:
    """Letters all of whose papers are these people's: half a letter would not be the one that was sent."""
    of_paper = select(IssuerLetterPaper.letter_id)
    others = of_paper.join(Qualification, Qualification.id == IssuerLetterPaper.qualification_id)
    others = others.where(Qualification.person_id.not_in(people))
    return and_(IssuerLetter.id.in_(of_paper), IssuerLetter.id.not_in(others))


def _papers_of_letters(people: Any) -> Any:
    return IssuerLetterPaper.letter_id.in_(select(IssuerLetter.id).where(_letters_about(people)))


def _check_letter(row: SheetRow, _file: PersonFile | None, book: CheckedBook) -> None:
    """Written, sent, answered or withdrawn: its dates say one of these."""
    values = row.values
    if values["seen"] is not None:
        check_digest(values["seen"], "seen")
    sent, answered, withdrawn = (values[name] for name in ("sent_on", "answered_on", "withdrawn_at"))
    if (values["number"] is None) != (sent is None):
        raise Unprocessable(_l("A letter that was sent has a number and a day"), field="sent_on")
    if sent is not None:
        check_sending(sent_on=sent, today=book.today)
    if answered is None:
        return
    if sent is None or withdrawn is not None:
        raise Unprocessable(_l("Only a letter that waits for its reply can be answered"), field="answered_on")
    check_reply(answered_on=answered, sent_on=sent, today=book.today)


def _check_letter_paper(row: SheetRow, _file: PersonFile | None, book: CheckedBook) -> None:
    """A paper once a letter; a reply with the letter's."""
    values = row.values
    book.check_first(row, values["letter_id"], values["qualification_id"], field="qualification")
    letter = book.rows["issuer_letter"][values["letter_id"]]
    if values["reply"] is not None and letter.values["answered_on"] is None:
        raise Unprocessable(_l("This letter has no reply yet"), field="reply")


_LETTERS = Sheet(
    "issuer_letter",
    _l("Letters to issuers"),
    IssuerLetter,
    (
        UID,
        *fields_of(LetterCells, "issuer"),
        SheetColumn("point", ColumnKind.UID, label=_l("Point to check")),
        *fields_of(LetterCells, "seen", "number", "sent_on"),
        *fields_of(LetterCells, "answer_number", "answered_on", "answer_note"),
        SheetColumn("answer_document", ColumnKind.ROW, label=_l("Scan of the reply"), refers="document"),
        *by_whom("withdrawn", _l("Withdrawn (UTC)"), _l("Withdrawn by")),
        *fields_of(LetterCells, "withdrawn_reason"),
        *ENTERED,
    ),
    permission=Permission.QUALIFICATION_CHECK,
    check=_check_letter,
    within=_letters_about,
)
_LETTER_PAPERS = Sheet(
    "issuer_letter_paper",
    _l("Letters to issuers: papers"),
    IssuerLetterPaper,
    (
        SheetColumn("letter", ColumnKind.ROW, label=_l("Letter"), refers="issuer_letter", required=True),
        SheetColumn(
            "qualification", ColumnKind.ROW, label=_l("Paper"), refers="qualification", required=True
        ),
        *fields_of(LetterCells, "reply"),
    ),
    permission=Permission.QUALIFICATION_CHECK,
    check=_check_letter_paper,
    within=_papers_of_letters,
)


# --- proposed changes -----------------------------------------------------------------------------------
def _check_proposal_line(row: SheetRow, file: PersonFile | None, book: CheckedBook) -> None:
    """A value of a field of its part, answered once; at most one open line a field."""
    assert file is not None
    values = row.values
    proposal = book.rows["proposal"][values["proposal_id"]].values
    if (proposal["person_id"], proposal["part"]) != (values["person_id"], values["part"]):
        message = _l("This proposal is about another person or part of the file")
        raise Unprocessable(message, field="proposal")
    if values["seen"] is not None:
        check_digest(values["seen"], "seen")
    _check_value(values)
    state = values["state"]
    if (state is LineState.SENT) != (values["answered_at"] is None):
        raise Unprocessable(_l("A line that was answered says when, and no other"), field="state")
    if state is LineState.REFUSED and values["answer"] is None:
        raise Unprocessable(_l("Enter why a line is refused"), field="answer")
    if state is LineState.SENT:
        book.check_first(row, values["person_id"], values["part"], values["field"], field="name")


def _check_value(values: Mapping[str, Any]) -> None:
    """What the screens and the answer will read again."""
    part, name, value = values["part"], values["field"], values["value"]
    try:
        if part is Part.QUALIFICATION:
            parts.paper_of(value)
        elif part is Part.PLACE:
            parts.place_of(value)
        elif name not in parts.FIELDS[part]:
            raise Unprocessable(_l("This part of the file has no such field"), field="name")
        parts.label_of(part, name)
        parts.value_words(part, name, value)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = _l("This is no value of the field: copy the cell from the export again")
        raise Unprocessable(message, field="value") from error


_PROPOSALS = Sheet(
    "proposal",
    _l("Proposed changes"),
    Proposal,
    (UID, PERSON, *fields_of(ProposalCells, "part", "reason", "file_version"), *ENTERED),
    permission=Permission.PROPOSAL_READ,
)
_PROPOSAL_LINES = Sheet(
    "proposal_line",
    _l("Proposed changes: lines"),
    ProposalLine,
    (
        UID,
        PERSON,
        SheetColumn(
            "proposal", ColumnKind.ROW, label=_l("Proposed change"), refers="proposal", required=True
        ),
        *fields_of(ProposalCells, "part"),
        SheetColumn("name", field=ProposalCells.name, column="field"),
        SheetColumn("value", ColumnKind.JSON, label=_l("Proposed"), units=parts.UNITS),
        *fields_of(ProposalCells, "seen", "state", "answer"),
        *by_whom("answered", _l("Answered (UTC)"), _l("Answered by")),
    ),
    permission=Permission.PROPOSAL_READ,
    check=_check_proposal_line,
)


# --- the roster as it was confirmed ---------------------------------------------------------------------
def _check_roster_line(row: SheetRow, file: PersonFile | None, _book: CheckedBook) -> None:
    """One valid word a person, unit and quarter; what is not correct says what."""
    assert file is not None
    values = row.values
    if quarter_days(values["quarter"]) is None:
        raise Unprocessable(_l("Write the quarter as in 2026-Q3"), field="quarter")
    try:
        check_word(Word(values["verdict"], values["note"]))
    except Unprocessable as refusal:
        raise Unprocessable(refusal.message, field="note") from refusal
    if not row.annulled:
        refuse_twin(row, file, "unit_id", "quarter", field="quarter")


def _of_roster_line(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"name_key": sort_key(values["person_name"])}


_ROSTER = Sheet(
    "roster_line",
    _l("Confirmed rosters"),
    RosterLine,
    (
        UID,
        PERSON,
        SheetColumn("unit", ColumnKind.UNIT, label=_l("Unit"), required=True),
        *fields_of(RosterCells, "quarter", "person_name", "post", "verdict", "note"),
        *ENTERED,
        *ANNULLED,
    ),
    permission=Permission.ROSTER_READ,
    check=_check_roster_line,
    derive=_of_roster_line,
)


# --- files that were merged, people who only look alike -------------------------------------------------
def _check_merge(row: SheetRow, _file: PersonFile | None, book: CheckedBook) -> None:
    """Number and mark of a file that is gone are nobody's."""
    number, mark = row.values["id_number"], row.values["merged_uid"]
    people = book.rows["person"]
    numbers = book.once("numbers", lambda: {person.values["id_number"] for person in people.values()})
    try:
        check_id_number(number)
    except Unprocessable as refusal:
        raise Unprocessable(refusal.message, field="former_number") from refusal
    if number in numbers or mark in people:
        raise Unprocessable(_l("The sheet person has somebody with this number"), field="former_number")
    book.check_first(row, number, field="former_number")
    book.check_first(row, mark, field="merged_uid")
    if not isinstance(row.values["facts"], dict):
        raise Unprocessable(_l("This is no JSON: copy the cell from the export again"), field="facts")


def _check_different(row: SheetRow, _file: PersonFile | None, book: CheckedBook) -> None:
    """Two people, marked once."""
    pair = sorted((row.values["one_id"], row.values["other_id"]))
    if pair[0] == pair[1]:
        raise Unprocessable(_l("These are two people: enter the other's number"), field="other")
    if not row.annulled:
        book.check_first(row, *pair, field="other")


_MERGES = Sheet(
    "person_merge",
    _l("Merged files"),
    PersonMerge,
    (
        UID,
        PERSON,
        SheetColumn("merged_uid", ColumnKind.UID, label=_l("Mark of the file that went in"), required=True),
        SheetColumn("former_number", field=MergeCells.former_number, column="id_number"),
        SheetColumn(
            "facts", ColumnKind.JSON, label=_l("Its facts as they stood"), required=True, stays=("id",)
        ),
        *fields_of(MergeCells, "note"),
        *ENTERED,
    ),
    check=_check_merge,
)
_DIFFERENT = Sheet(
    "different_people",
    _l("Different people"),
    DifferentPeople,
    (
        UID,
        SheetColumn("one", ColumnKind.PERSON, label=_l("Number of one"), required=True, column="one_id"),
        SheetColumn(
            "other", ColumnKind.PERSON, label=_l("Number of the other"), required=True, column="other_id"
        ),
        *fields_of(MergeCells, "note"),
        *ENTERED,
        *ANNULLED,
    ),
    check=_check_different,
    ascending=("one_id", "other_id"),
)
#: In the order in which they are written: those that rows point at first.
SHEETS = (_LETTERS, _LETTER_PAPERS, _PROPOSALS, _PROPOSAL_LINES, _ROSTER, _MERGES, _DIFFERENT)
