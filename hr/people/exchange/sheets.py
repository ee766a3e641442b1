"""The sheets of the personnel file, and the whole list with those of later packages."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from core.audit_types import AuditType
from core.files import Document
from core.permissions import Permission
from core.scope import Viewer
from core.sheets import (
    ANNULLED,
    ENTERED,
    PERSON,
    UID,
    ColumnKind,
    Sheet,
    SheetColumn,
    by_whom,
    fields_of,
)
from core.subjects import registered
from core.text import fold, sort_key
from hr.people.absences.forms import AbsenceForm
from hr.people.absences.models import Absence, AbsenceReason
from hr.people.checks.models import CheckPoint
from hr.people.checks.rules import point_uid
from hr.people.exchange import dealings, rows
from hr.people.exchange.forms import (
    DocumentCells,
    PaperCells,
    PlaceCells,
    RankCells,
    SettlementCells,
    StatusCells,
)
from hr.people.forms.person import PERSON_FIELDS, BackgroundFields, PersonForm
from hr.people.forms.qualifications import QualificationForm
from hr.people.forms.service import FurtherAssignmentForm, PlaceFields, RankForm
from hr.people.groups.forms import form_of
from hr.people.groups.registry import GROUPS, Group
from hr.people.models import Assignment, Person, PersonBackground, Qualification, RankStep
from hr.people.photos.models import PersonPhoto

#: Of what one proposes and another settles.
_SETTLED = (
    SheetColumn("proposed_by", ColumnKind.ACCOUNT, label=_l("Proposed by")),
    *by_whom("settled", _l("Settled (UTC)"), _l("Settled by")),
)


def all_sheets() -> tuple[Sheet, ...]:
    """Every sheet of the workbook, those that rows point at before those that point."""
    return tuple(sheet for subject in registered() if subject.sheets for sheet in subject.sheets())


def sheets_for(by: Viewer) -> tuple[Sheet, ...]:
    """The sheets that `by` may take out of the register."""
    return tuple(sheet for sheet in all_sheets() if sheet.permission is None or by.can(sheet.permission))


def people_sheets() -> tuple[Sheet, ...]:
    """Those of the personnel file: papers, the person, everything dated, the groups of the form 2C,
    what was settled about points to check, absences, and what was asked and said about the file."""
    dated = (_ASSIGNMENTS, _RANKS, _QUALIFICATIONS)
    groups = (_group_sheet(group) for group in GROUPS.values() if group.enabled)
    whole = (_DOCUMENTS, _PEOPLE, _PHOTOS, _BACKGROUND, *dated, *groups, _SETTLEMENTS, _ABSENCES, _REASONS)
    return (*whole, *dealings.SHEETS)


def _group_sheet(group: Group) -> Sheet:
    """Of a group that is on from the start: the others never leave."""
    columns = (PERSON, *fields_of(form_of(group.code), *group.names))
    if group.many:
        settled = _SETTLED if hasattr(group.table, "settled_at") else ()
        columns = (UID, *columns, *settled, *ANNULLED)
    return Sheet(
        group.code,
        group.label,
        group.table,
        columns,
        permission=group.permission_read,
        check=rows.check_group(group),
        single=not group.many,
    )


def _paper_added(values: Mapping[str, Any]) -> tuple[AuditType, Any]:
    return AuditType.DOCUMENT_ADDED, Document(uid=values["uid"], name=values["name"])


# --- columns that follow from others --------------------------------------------------------------------
def _of_person(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"name_key": sort_key(values["full_name"]), "version": values["version"] or 1}


def _of_place(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"name_key": sort_key(values["person_name"]), "post_fold": fold(values["post"])}


def _of_settlement(values: Mapping[str, Any]) -> dict[str, Any]:
    marks = [mark for mark in (values["qualification_id"], values["other_id"]) if mark]
    return {"point": point_uid(values["kind"], marks or [values["person_id"]])}


# --- the sheets -----------------------------------------------------------------------------------------
_DOCUMENTS = Sheet(
    "document",
    _l("Evidence"),
    Document,
    (
        SheetColumn("uid", ColumnKind.UID, required=True),
        *fields_of(DocumentCells, "sha256", "name", "size", "media_type"),
        *by_whom("created", _l("Stored (UTC)"), _l("Stored by"), required=True),
    ),
    check=rows.check_document,
    log=_paper_added,
)
_PEOPLE = Sheet(
    "person",
    _l("People"),
    Person,
    (
        UID,
        *fields_of(PersonForm, "id_number", *(name for name in PERSON_FIELDS if name != "id_number")),
        *fields_of(StatusCells, "status", "status_since", "status_reason", "ended_on", "version"),
    ),
    check=rows.check_person,
    derive=_of_person,
)
_PHOTOS = Sheet(
    "person_photo",
    _l("Photographs"),
    PersonPhoto,
    (
        PERSON,
        SheetColumn("document", ColumnKind.ROW, label=_l("Photograph"), refers="document", required=True),
    ),
    only=PersonPhoto.document_id.is_not(None),
    check=rows.check_photo,
    single=True,
)
_BACKGROUND = Sheet(
    "person_background",
    _l("Ethnicity, religion and Party"),
    PersonBackground,
    (
        PERSON,
        *fields_of(
            BackgroundFields, "ethnicity", "religion", "party_joined_on", "party_official_on", "party_post"
        ),
    ),
    permission=Permission.PERSON_READ_BACKGROUND,
    check=rows.check_background,
    single=True,
)
_ASSIGNMENTS = Sheet(
    "assignment",
    _l("Assignments"),
    Assignment,
    (
        UID,
        PERSON,
        *fields_of(PlaceCells, "person_name", "kind"),
        SheetColumn("unit", ColumnKind.UNIT, label=_l("Unit"), required=True),
        SheetColumn("division", ColumnKind.UNIT, label=_l("Division")),
        *fields_of(PlaceFields, "post", "category"),
        SheetColumn("managing_unit", ColumnKind.UNIT, label=_l("Managing agency")),
        *fields_of(PlaceFields, "management_tier", "starts_on"),
        *fields_of(FurtherAssignmentForm, "ends_on"),
        *fields_of(PlaceFields, "decision_note"),
        *ANNULLED,
    ),
    check=rows.check_assignment,
    derive=_of_place,
)
_RANKS = Sheet(
    "rank_step",
    _l("Ranks and steps"),
    RankStep,
    (
        UID,
        PERSON,
        *fields_of(RankCells, "rank_code"),
        *fields_of(RankForm, "step"),
        *fields_of(RankCells, "coefficient", "starts_on", "decision_note"),
        *ANNULLED,
    ),
    check=rows.check_rank,
)
_QUALIFICATIONS = Sheet(
    "qualification",
    _l("Qualifications"),
    Qualification,
    (
        UID,
        PERSON,
        *fields_of(PaperCells, "kind", "level"),
        *fields_of(
            QualificationForm, "major", "issuer", "serial", "awarded_on", "awarded_year", "expires_on"
        ),
        *fields_of(QualificationForm, "studied_from", "studied_to", "study_form"),
        SheetColumn("document", ColumnKind.ROW, label=_l("Evidence"), refers="document"),
        *fields_of(PaperCells, "proof_state"),
        *by_whom("proof", _l("Proved (UTC)"), _l("Proved by")),
        *ANNULLED,
    ),
    check=rows.check_qualification,
)
_SETTLEMENTS = Sheet(
    "check_point",
    _l("Points to check: settled"),
    CheckPoint,
    (
        UID,
        PERSON,
        *fields_of(SettlementCells, "kind"),
        SheetColumn("qualification", ColumnKind.ROW, label=_l("Paper"), refers="qualification"),
        SheetColumn("other", ColumnKind.ROW, label=_l("Paper of the other"), refers="qualification"),
        *fields_of(SettlementCells, "seen", "note"),
        *by_whom("created", _l("Settled (UTC)"), _l("Settled by"), required=True),
    ),
    permission=Permission.QUALIFICATION_CHECK,
    only=CheckPoint.annulled_at.is_(None),
    check=rows.check_settlement,
    derive=_of_settlement,
)
_ABSENCES = Sheet(
    "absence",
    _l("Authorised absences"),
    Absence,
    (
        UID,
        PERSON,
        *fields_of(AbsenceForm, "starts_on", "starts_half", "ends_on", "ends_half"),
        *ENTERED,
        *ANNULLED,
    ),
    permission=Permission.ABSENCE_READ,
    check=rows.check_absence,
)
_REASONS = Sheet(
    "absence_reason",
    _l("Reasons of absences"),
    AbsenceReason,
    (
        PERSON,
        SheetColumn("absence", ColumnKind.ROW, label=_l("Absence"), refers="absence", required=True),
        *fields_of(AbsenceForm, "kind", "slip_number", "note"),
    ),
    permission=Permission.ABSENCE_READ_REASON,
    check=rows.check_absence_reason,
)
