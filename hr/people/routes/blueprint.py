"""The blueprint of the personnel file, and what its views share."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _

from core import audit
from core.audit import AuditType
from core.drafts import may_keep
from core.forms import Form
from core.permissions import Permission, Role
from core.unit_book import unit_book
from core.web import page, viewer
from hr.people.evidence import scan_of
from hr.people.forms.fields import PartForm, UnitMenu
from hr.people.models import Person, Qualification
from hr.people.queries import find_person, units_reached

bp = Blueprint("people", __name__, url_prefix="/people")

#: (heading or None, names of the fields under it)
Groups = Sequence[tuple[Any, Sequence[str]]]


def open_file(uid: str) -> Person:
    """The person with this uid; that the file was opened is logged before anything of it is shown."""
    person = find_person(uid)
    audit.record_view(AuditType.PERSON_OPENED, person)
    return person


def open_files(*uids: str) -> list[Person]:
    """The people with these uids, their openings logged together."""
    people = [find_person(uid) for uid in uids]
    audit.record_view(AuditType.PERSON_OPENED, *people)
    return people


def file_url(person: Person, part: str | None = None) -> str:
    """The address of a personnel file, or of a part of its page."""
    return url_for("people.show", person=person.uid, _anchor=part)


def remark(texts: Iterable[str]) -> None:
    """What to compare with the paper, shown with the message of success."""
    for text in texts:
        flash(text, "warn")


def list_title() -> str:
    """What the list is called in the navigation of the role held now."""
    return _("My team") if viewer().role in (Role.CHAIR, Role.COMMUNE_STAFF) else _("People")


def unit_menu(on: date | None = None) -> UnitMenu:
    """Units and divisions to choose from: those that stand on the day (today) and that the viewer
    reaches. Made once for all who reach the same."""
    day, book = on or viewer().today, unit_book()
    reached = units_reached(viewer(), book)

    def make() -> UnitMenu:
        within = (unit for unit in book.units if reached is None or unit.id in reached)
        return UnitMenu.of(unit for unit in within if unit.exists_on(day))

    return book.made((UnitMenu, day, reached), make)


def opened(form: Form, row: Any) -> Any:
    """A form about a part of a file, a paper of it or a decision, with the version of the row it changes
    (mostly the person) and the viewer's draft."""
    if not form.is_submitted():
        form.version.data = str(row.version)
    told = isinstance(row, Person) and viewer().can(Permission.PERSON_READ_CHANGES)
    if told and isinstance(form, PartForm):
        form.changes_url = url_for("people.changes", person=row.uid)
    form.offer_draft(viewer())
    if form.draft is not None and hasattr(form, "menu"):
        form.offer_units(form.menu)
    return form


def form_page(
    form: Form,
    person: Person,
    groups: Groups,
    *,
    title: Any,
    submit: Any,
    note: Any = None,
    paper: Qualification | None = None,
    kind: str = "primary",
) -> Response:
    """The page of a form about one person: who, the fields in their groups, one button; of a `paper` what
    is recorded and its scan, to compare."""
    return page(
        "hr/people/form.html",
        fragment="hr/people/_form.html",
        form=form,
        person=person,
        groups=groups,
        title=title,
        submit=submit,
        note=note,
        paper=paper,
        document=scan_of(paper) if paper is not None else None,
        kind=kind,
        draft=may_keep(request.path),
        list_title=list_title(),
        back_url=file_url(person),
    )
