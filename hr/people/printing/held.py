"""Everything held of one person, as (part of the file, name, value), annulled entries too, and what of it
waits for something: the two first tables of the statement for the person concerned."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from flask_babel import gettext as _

from core.clock import local
from core.labels import LabelledEnum
from core.words import show_date
from hr.people import trail
from hr.people.absences.rules import span_words
from hr.people.confirmations.rules import quarter_words
from hr.people.letters.enums import LetterState
from hr.people.models import Assignment, Qualification, RankStep
from hr.people.printing.filling import number
from hr.people.printing.queries import Beside, File
from hr.people.proposals import parts
from hr.people.proposals.enums import LineState
from hr.people.queries import timeline_title
from hr.people.trail import LABELS, TimelineRow

Told = Iterator[tuple[str, str, str]]
#: Kinds of the timeline that stand among the facts with more detail.
_TOLD = frozenset(("assignment", "rank", "qualification"))
_FACTS = (
    "full_name other_name id_number sex born_on birthplace native_place recruited_on recruited_by status "
    "status_since status_reason ended_on"
).split()
_BACKGROUND = "ethnicity religion party_joined_on party_official_on party_post".split()


def held(file: File, beside: Beside, timeline: Iterable[TimelineRow]) -> Told:
    """Part by part, in the order of the page; a value is "" where nothing is held."""
    yield from _personal(file, beside)
    yield from _groups(file)
    yield from ((_("Assignments"), *_place(row)) for row in file.history)
    yield from ((_("Rank and step"), *_step(row)) for row in file.ranks)
    yield from ((_("Qualifications"), *_paper(row)) for row in file.papers)
    yield from _letters(beside)
    for told in timeline:
        if told.kind not in _TOLD:
            title = " · ".join(filter(None, (told.title, told.unit)))
            yield told.kind_label.capitalize(), show_date(told.on), title
    yield from _absences(beside)
    yield from _proposals(beside)
    yield from _confirmations(beside)


def under_way(beside: Beside) -> Iterator[tuple[date, str]]:
    """(since when, what) of what was proposed or asked and has no answer yet."""
    for row in beside.proposals:
        if row.state is LineState.SENT:
            field, value = _proposed(row)
            yield local(row.sent_at).date(), f"{_('Proposed change')}: {field}: {value}"
    for letter, _row, paper in beside.letters:
        if letter.state is LetterState.SENT:
            assert letter.sent_on is not None
            yield letter.sent_on, f"{_('Letter to an issuer')}: {letter.issuer}, {_title(paper)}"


def _personal(file: File, beside: Beside) -> Told:
    person, part = file.person, _("Personal facts")
    for name in _FACTS:
        yield part, str(LABELS[name]), _text(getattr(person, name), name)
    yield part, _("Photograph"), _("attached") if file.photo else ""
    for merge in beside.merges:
        yield part, _("Former number"), f"{merge.id_number} ({merge.note})"
    for name in _BACKGROUND:
        value = getattr(file.background, name, None)
        yield _("Party, ethnicity, religion"), str(LABELS[name]), _text(value, name)


def _groups(file: File) -> Told:
    for group, row in file.groups:
        for field in group.fields:
            yield str(group.label), str(field.label), field.show(getattr(row, field.name, None)) or ""
    for group, rows in file.rows:
        for entry in rows:
            shown = zip(group.fields, entry.texts, strict=True)
            texts = [f"{field.label}: {text}" for field, text in shown if text]
            yield str(group.label), _mark(entry.is_annulled), "; ".join(texts)


def _place(row: Assignment) -> tuple[str, str]:
    until = show_date(row.ends_on) if row.ends_on else "nay"
    unit = row.division.name + ", " + row.unit.name if row.division else row.unit.name
    period = f"{show_date(row.starts_on)} - {until}"
    words = f"{row.post}, {unit} ({row.kind.label}, {row.category.label}), {period}"
    return _mark(row.annulled_at), _joined(words, _named("decision_note", row))


def _step(row: RankStep) -> tuple[str, str]:
    rank = trail.words(f"{row.rank_code}, {row.step}", "rank")
    since = _("since %(day)s", day=show_date(row.starts_on))
    words = f"{rank}, {number(row.coefficient)}, {since}"
    return _mark(row.annulled_at), _joined(words, _named("decision_note", row))


def _paper(row: Qualification) -> tuple[str, str]:
    dated = ("awarded_on", "awarded_year", "expires_on", "studied_from", "studied_to")
    names = ("major", "issuer", "serial", *dated, "study_form", "proof_state", "document_id")
    return _mark(row.annulled_at), _joined(_title(row), *(_named(name, row) for name in names))


def _letters(beside: Beside) -> Told:
    for letter, row, paper in beside.letters:
        sent = _joined(letter.number, show_date(letter.sent_on) if letter.sent_on else None, by=", ")
        day = show_date(letter.answered_on) if letter.answered_on else None
        said = str(row.reply.label) if row.reply else None
        reply = _joined(said, _joined(letter.answer_number, day, by=", "), letter.answer_note)
        parts = (_title(paper), letter.issuer, sent, reply, letter.withdrawn_reason)
        yield _("Letters to issuers"), str(letter.state.label), _joined(*parts)


def _absences(beside: Beside) -> Told:
    for row in beside.absences:
        why = (row.kind.label if row.kind else None, row.slip_number, row.note)
        yield _("Authorised absences"), _mark(row.is_annulled), _joined(span_words(row), *why)


def _proposals(beside: Beside) -> Told:
    for row in beside.proposals:
        field, value = _proposed(row)
        sent = _joined(row.sent_by, show_date(local(row.sent_at).date()), by=", ")
        answer = _joined(str(row.state.label), row.answered_by, row.answer, by=", ")
        yield _("Proposed changes"), field, _joined(value, row.reason, sent, answer)


def _confirmations(beside: Beside) -> Told:
    for line in beside.said:
        mark = _joined(quarter_words(line.quarter), _mark(line.is_annulled), by=", ")
        told = _joined(line.unit, line.post, line.verdict.label, line.note)
        yield _("Confirmation of the roster"), mark, told


def _proposed(row: Any) -> tuple[str, str]:
    return parts.label_of(row.part, row.field), parts.value_words(row.part, row.field, row.value)


def _title(paper: Qualification) -> str:
    return timeline_title("qualification", f"{paper.kind.value}|{paper.level}")


def _named(name: str, row: Any) -> str:
    text = _text(getattr(row, name), name)
    return f"{LABELS[name]}: {text}" if text else ""


def _joined(*texts: Any, by: str = "; ") -> str:
    return by.join(str(text) for text in texts if text)


def _mark(annulled: Any) -> str:
    return _("annulled") if annulled else ""


def _text(value: Any, name: str) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, LabelledEnum):
        return str(value.label)
    plain = value.isoformat() if hasattr(value, "isoformat") else value
    return trail.words(plain, name)
