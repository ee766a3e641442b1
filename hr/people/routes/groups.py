"""The groups of a person's file: the form of one of one row, the rows of the others, and those that open by
a click of their own, each opening logged."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _

from core import audit
from core.audit import AuditType
from core.permissions import Permission, requires
from core.web import done, page, viewer
from hr.people.forms.service import ReasonForm
from hr.people.groups import actions, queries
from hr.people.groups.forms import SwitchForm, form_of
from hr.people.groups.models import ON
from hr.people.groups.registry import GROUPS, Group
from hr.people.models import Person
from hr.people.queries import find_person
from hr.people.routes.blueprint import bp, file_url, form_page, open_file, opened


@bp.route("/<uid:person>/groups/<string:group>", methods=["GET", "POST"])
@requires(Permission.PERSON_EDIT)
def edit_group(person: str, group: str) -> Response:
    chosen = queries.find_group(group, many=False)
    found, form_class = open_file(person), form_of(group)
    form = opened(form_class(obj=queries.row_of(found, chosen)), found)
    form.theirs = lambda: form_class(formdata=None, obj=queries.row_of(found, chosen))
    if form.validate_on_submit():
        sent = {"group": chosen, "values": _values(form), "version": form.opened_version}
        if form.attempt(actions.edit_group, by=viewer(), person=found, **sent):
            return done(file_url(found, "groups"), _("Saved"))
    return form_page(form, found, [(None, chosen.names)], title=chosen.label, submit=_("Save"))


@bp.get("/<uid:person>/closed/<string:closed>")
@requires(Permission.PERSON_EDIT)
def open_group(person: str, closed: str) -> Response:
    """The rows of a closed group; each time it is opened stands in the log, before anything is shown."""
    chosen = queries.find_group(closed, many=True, closed=True)
    found = find_person(person)
    _log_opening(found, chosen)
    return page(
        "hr/people/closed.html",
        fragment="hr/people/_closed.html",
        person=found,
        group=chosen,
        rows=queries.entries_of(found, chosen),
        back_url=_list_url(found, chosen),
    )


@bp.route("/<uid:person>/lists/<string:part>/new", methods=["GET", "POST"])
@requires(Permission.PERSON_EDIT)
def add_entry(person: str, part: str) -> Response:
    chosen = queries.find_group(part, many=True)
    found = _open(person, chosen)
    form = opened(form_of(part)(), found)
    if form.validate_on_submit():
        sent = {"group": chosen, "values": _values(form), "version": form.opened_version}
        if form.attempt(actions.add_entry, by=viewer(), person=found, **sent):
            return done(_list_url(found, chosen), _("The entry was recorded"))
    title = _("Add: %(group)s", group=chosen.label)
    return form_page(form, found, [(None, chosen.names)], title=title, submit=_("Record the entry"))


@bp.route("/<uid:person>/lists/<string:part>/<uid:entry>/edit", methods=["GET", "POST"])
@requires(Permission.PERSON_EDIT)
def edit_entry(person: str, part: str, entry: str) -> Response:
    chosen = queries.find_group(part, many=True)
    found, form_class = _open(person, chosen), form_of(part)
    row = queries.find_entry(found, chosen, entry)
    form = opened(form_class(obj=row), found)
    form.theirs = lambda: form_class(formdata=None, obj=queries.find_entry(found, chosen, entry))
    if form.validate_on_submit():
        sent = {"group": chosen, "entry": row, "values": _values(form), "version": form.opened_version}
        if form.attempt(actions.edit_entry, by=viewer(), person=found, **sent):
            return done(_list_url(found, chosen), _("Saved"))
    title = _("Correct: %(group)s", group=chosen.label)
    return form_page(form, found, [(None, chosen.names)], title=title, submit=_("Save"))


@bp.route("/<uid:person>/lists/<string:part>/<uid:entry>/annul", methods=["GET", "POST"])
@requires(Permission.PERSON_EDIT)
def annul_entry(person: str, part: str, entry: str) -> Response:
    chosen = queries.find_group(part, many=True)
    found = _open(person, chosen)
    row = queries.find_entry(found, chosen, entry)
    form = opened(ReasonForm(), found)
    if form.validate_on_submit():
        sent = {"group": chosen, "entry": row, "reason": form.reason.data, "version": form.opened_version}
        if form.attempt(actions.annul_entry, by=viewer(), person=found, **sent):
            return done(_list_url(found, chosen), _("The entry was annulled"))
    texts = (field.show(getattr(row, field.name)) for field in chosen.fields)
    note = f"{chosen.label}: {' · '.join(text for text in texts if text)}"
    groups = [(None, ("reason",))]
    return form_page(
        form, found, groups, title=_("Annul an entry"), submit=_("Annul"), note=note, kind="risky"
    )


@bp.route("/parts", methods=["GET", "POST"])
@requires(Permission.GROUP_SWITCH)
def parts() -> Response:
    """The groups that are off from the start, and whether they were switched on."""
    form = SwitchForm()
    if form.validate_on_submit():
        group = GROUPS[form.group.data]
        sent = {"group": group, "on": form.state.data == ON, "reason": form.reason.data}
        form.attempt(actions.switch_group, by=viewer(), **sent)
        if not form.failed:
            told = _("%(group)s is switched on") if sent["on"] else _("%(group)s is switched off")
            return done(url_for("people.parts"), told % {"group": group.label})
    states = [(group, queries.is_on(group)) for group in GROUPS.values() if not group.enabled]
    return page("hr/people/parts.html", fragment="hr/people/_parts.html", form=form, states=states)


def _open(uid: str, group: Group) -> Person:
    """The person, for a form about rows of the group: the opening of a closed one is logged beside."""
    person = open_file(uid)
    if group.closed:
        _log_opening(person, group)
    return person


def _log_opening(person: Person, group: Group) -> None:
    audit.record_view(AuditType.GROUP_OPENED, person, values={"group": [group.code]})


def _list_url(person: Person, group: Group) -> str:
    return file_url(person, "closed" if group.closed else group.code)


def _values(form: Any) -> dict[str, Any]:
    """What was entered; an empty text is nothing."""
    return {name: None if value == "" else value for name, value in form.values().items()}
