"""The sheets of decisions in the workbook of whole files: heads, lines, and the rows each line made or
ended, so that a decision that came in can still be revoked."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, select

from core.audit_types import AuditType
from core.db import db
from core.errors import Unprocessable
from core.forms import DateField, DecimalField, EnumField, Form, IntegerField, Length, NameField, StringField
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
from hr.decisions.issuing import rules
from hr.decisions.issuing.enums import PUBLISHED, DecisionKind, DecisionState, Effect
from hr.decisions.issuing.lines import candidate_words
from hr.decisions.issuing.models import Decision, DecisionEffect, DecisionLine
from hr.decisions.issuing.writing import REWARDS, SERVICE
from hr.people.entry import check_unit
from hr.people.enums import AssignmentKind, ManagementTier, ServiceStatus
from hr.people.exchange.rows import refuse_twin
from hr.people.forms.fields import Filled


class DecisionCells(Form):
    """The head of a decision, however far it has come."""

    kind = EnumField(DecisionKind, _l("Kind"), [Filled(_l("Choose the kind"))])
    state = EnumField(DecisionState, _l("State"), [Filled(_l("Choose one of the list"))])
    office = StringField(_l("Issuing office"), [Filled(_l("Enter the issuing office")), Length(max=200)])
    reference = StringField(_l("Number and symbol"), [Length(max=80)])
    signed_on = DateField(_l("Signed on"))
    signer = StringField(_l("Signer"), [Length(max=200)])
    effective_on = DateField(_l("Takes effect on"), [Filled(_l("Enter the day it takes effect"))])
    note = StringField(_l("Reason"), [Length(max=1000)])


class LineCells(Form):
    """One person of a decision."""

    person_name = NameField(_l("Full name at the time"), [Filled(_l("Enter the full name"))])
    place_in_list = IntegerField(_l("Number in the list"), [Filled(_l("Enter this field"))], low=1, high=9999)
    post = StringField(_l("Post"), [Length(max=200)])
    management_tier = EnumField(ManagementTier, _l("Management tier"))
    assignment_kind = EnumField(AssignmentKind, _l("Kind of assignment"))
    rank_code = StringField(_l("Rank"), [Length(max=20)])
    step = IntegerField(_l("Step"), low=0, high=20)
    coefficient = DecimalField(_l("Coefficient"))
    starts_on = DateField(_l("From"))
    ends_on = DateField(_l("To"))
    status = EnumField(ServiceStatus, _l("How service ends"))
    reason = StringField(_l("Reason, or the reward"), [Length(max=500)])
    old_post = StringField(_l("Post before"), [Length(max=200)])
    refusal = StringField(_l("Why it has no effect"), [Length(max=500)])


#: Sheet of a row of a file → the attribute of an effect that names it.
_POINTED = {"assignment": "assignment_id", "rank_step": "rank_step_id", REWARDS: "reward_id"}


class EffectCells(Form):
    """What a line did."""

    effect = EnumField(Effect, _l("Effect"), [Filled(_l("Choose one of the list"))])


def sheets() -> tuple[Sheet, ...]:
    """Those of decisions, in the order in which they are written."""
    return (_DECISIONS, _LINES, _EFFECTS)


# --- which go along -------------------------------------------------------------------------------------
def _decisions_about(people: Any) -> Any:
    """Decisions all of whose people are these: half a decision would not be the one that was signed."""
    others = select(DecisionLine.decision_id).where(DecisionLine.person_id.not_in(people))
    return and_(Decision.id.in_(select(DecisionLine.decision_id)), Decision.id.not_in(others))


def _lines_about(people: Any) -> Any:
    return DecisionLine.decision_id.in_(select(Decision.id).where(_decisions_about(people)))


def _effects_on(people: Any) -> Any:
    return DecisionEffect.line_id.in_(select(DecisionLine.id).where(_lines_about(people)))


# --- checks ---------------------------------------------------------------------------------------------
def _check_decision(row: SheetRow, _file: PersonFile | None, book: CheckedBook) -> None:
    """The signature and the dates of its steps go with the state; no two of one office, number, symbol
    and year, here or in the register."""
    values = row.values
    state, reference = values["state"], values["reference"]
    rules.check_signature(reference, values["signed_on"], book.today)
    if state in PUBLISHED:
        rules.check_signed(reference, values["signed_on"], values["signer"])
    _check_moment(values, "issued_at", state in PUBLISHED)
    _check_moment(values, "revoked_at", state is DecisionState.REVOKED)
    if row.annulled and state is not DecisionState.DRAFT:
        raise Unprocessable(_l("Only drafts are discarded"), field="annulled_at")
    _check_told(values["left_out"], "left_out", "text")
    derived = _of_decision(values)
    key = tuple(derived[name] for name in ("office_key", "reference_key", "year"))
    if None in key or row.annulled:
        return
    book.check_first(row, *key, field="reference")
    if key in book.once("decisions", _numbers):
        message = _l("The register has a decision of this office, number, symbol and year already")
        raise Unprocessable(message, field="reference")


def _numbers() -> set[tuple[Any, ...]]:
    """Office, number with symbol, and year of every decision of the register."""
    query = select(Decision.office_key, Decision.reference_key, Decision.year)
    return {tuple(row) for row in db.session.execute(query.where(Decision.annulled_at.is_(None)))}


def _check_moment(values: Mapping[str, Any], name: str, expected: bool) -> None:
    if (values[name] is not None) != expected:
        raise Unprocessable(_l("This moment does not go with the state"), field=name)


def _check_told(rows: Any, column: str, *texts: str) -> None:
    """Messages that can be told, with these texts and who might be meant beside each."""
    try:
        for row in rows or ():
            row["message"] % row["params"], *(str(row[name]) for name in texts)
            [(one["uid"], candidate_words(one)) for one in row.get("candidates", ())]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = _l("This is no JSON: copy the cell from the export again")
        raise Unprocessable(message, field=column) from error


def _check_line(row: SheetRow, file: PersonFile | None, book: CheckedBook) -> None:
    """A person once a decision; days in order; divisions of their unit."""
    assert file is not None
    values = row.values
    _check_told(values["remarks"], "remarks")
    if values["unit_id"] is not None:
        check_unit(values["unit_id"], values["division_id"], book.units)
    if values["starts_on"] and values["ends_on"] and values["ends_on"] < values["starts_on"]:
        raise Unprocessable(_l("The end cannot be before the start"), field="ends_on")
    refuse_twin(row, file, "decision_id", field="decision")


def _check_effect(row: SheetRow, _file: PersonFile | None, book: CheckedBook) -> None:
    """Only what was issued has left something, on one row of the line's person, with what stood there."""
    values = row.values
    line = book.rows["decision_line"][values["line_id"]].values
    decision = book.rows["decision"].get(line["decision_id"])
    if decision is not None and decision.values["state"] not in PUBLISHED:
        raise Unprocessable(_l("Only a decision that was issued has effects"), field="line")
    pointed = {sheet: values[name] for sheet, name in _POINTED.items()}
    given = [(sheet, mark) for sheet, mark in pointed.items() if mark]
    if len(given) != (0 if values["effect"] is Effect.SERVICE_ENDED else 1):
        raise Unprocessable(_l("An effect is on one assignment, one rank or one reward"), field="effect")
    for sheet, mark in given:
        if book.rows[sheet][mark].values["person_id"] != line["person_id"]:
            raise Unprocessable(_l("This row is another person's"), field=_POINTED[sheet].removesuffix("_id"))
    _check_change(values["effect"], values["before"], "before")
    _check_change(values["effect"], values["after"], "after")


def _check_change(effect: Effect, value: Any, name: str) -> None:
    """The columns that the effect changes, as revoking gives them back."""
    if effect is Effect.MADE and name == "before":
        if value is None:
            return
        raise Unprocessable(_l("Before a row was made, nothing stood there"), field=name)
    columns = SERVICE if effect is Effect.SERVICE_ENDED else ("ends_on",)
    try:
        if set(value) != set(columns):
            raise ValueError(name)
        for column in ("ends_on", "status_since", "ended_on"):
            if value.get(column) is not None:
                date.fromisoformat(value[column])
        if effect is Effect.SERVICE_ENDED:
            ServiceStatus(value["status"])
    except (TypeError, ValueError, AttributeError) as error:
        message = _l("This is no JSON: copy the cell from the export again")
        raise Unprocessable(message, field=name) from error


# --- columns that follow from others, the log -----------------------------------------------------------
def _of_decision(values: Mapping[str, Any]) -> dict[str, Any]:
    reference, signed_on = values["reference"], values["signed_on"]
    return {
        "office_key": rules.office_key(values["office"]),
        "reference_key": rules.reference_key(reference) if reference else None,
        "year": signed_on.year if signed_on else None,
    }


def _of_line(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"name_key": sort_key(values["person_name"])}


def _drafted(values: Mapping[str, Any]) -> tuple[AuditType, Any]:
    """Who takes a decision in counts as one who drafted it: another person has to check it."""
    return AuditType.DECISION_DRAFTED, Decision(
        **{name: values[name] for name in ("uid", "kind", "reference")}
    )


# --- the sheets -----------------------------------------------------------------------------------------
_DECISIONS = Sheet(
    "decision",
    _l("Decisions"),
    Decision,
    (
        UID,
        *fields_of(DecisionCells, "kind", "state", "office", "reference", "signed_on", "signer"),
        *fields_of(DecisionCells, "effective_on"),
        SheetColumn("document", ColumnKind.ROW, label=_l("Signed copy"), refers="document"),
        SheetColumn("left_out", ColumnKind.JSON, label=_l("Lines that name nobody")),
        SheetColumn("drafted_by", ColumnKind.ACCOUNT, label=_l("Drafted by")),
        *by_whom("checked", _l("Checked (UTC)"), _l("Checked by")),
        *by_whom("submitted", _l("Submitted (UTC)"), _l("Submitted by")),
        *by_whom("issued", _l("Issued (UTC)"), _l("Issued by")),
        *by_whom("revoked", _l("Revoked (UTC)"), _l("Revoked by")),
        *fields_of(DecisionCells, "note"),
        *ENTERED,
        *ANNULLED,
    ),
    permission=Permission.DECISION_RECORD,
    check=_check_decision,
    derive=_of_decision,
    within=_decisions_about,
    log=_drafted,
)
_LINES = Sheet(
    "decision_line",
    _l("Decisions: people"),
    DecisionLine,
    (
        UID,
        PERSON,
        SheetColumn("decision", ColumnKind.ROW, label=_l("Decision"), refers="decision", required=True),
        *fields_of(LineCells, "person_name", "place_in_list"),
        SheetColumn("unit", ColumnKind.UNIT, label=_l("Unit")),
        SheetColumn("division", ColumnKind.UNIT, label=_l("Division")),
        *fields_of(
            LineCells, "post", "management_tier", "assignment_kind", "rank_code", "step", "coefficient"
        ),
        *fields_of(LineCells, "starts_on", "ends_on", "status", "reason", "old_post"),
        SheetColumn("old_unit", ColumnKind.UNIT, label=_l("Unit before")),
        *fields_of(LineCells, "refusal"),
        SheetColumn("remarks", ColumnKind.JSON, label=_l("What of the annex is not as in the register")),
    ),
    permission=Permission.DECISION_RECORD,
    check=_check_line,
    derive=_of_line,
    within=_lines_about,
)
_EFFECTS = Sheet(
    "decision_effect",
    _l("Decisions: effects"),
    DecisionEffect,
    (
        UID,
        SheetColumn("line", ColumnKind.ROW, label=_l("Person"), refers="decision_line", required=True),
        *fields_of(EffectCells, "effect"),
        SheetColumn("assignment", ColumnKind.ROW, label=_l("Assignment"), refers="assignment"),
        SheetColumn("rank_step", ColumnKind.ROW, label=_l("Rank and step"), refers="rank_step"),
        SheetColumn("reward", ColumnKind.ROW, label=_l("Reward"), refers=REWARDS),
        SheetColumn("before", ColumnKind.JSON, label=_l("Before")),
        SheetColumn("after", ColumnKind.JSON, label=_l("After"), required=True),
    ),
    permission=Permission.DECISION_RECORD,
    check=_check_effect,
    within=_effects_on,
)
