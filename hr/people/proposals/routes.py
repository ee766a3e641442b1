"""Changes proposed by a commune: the list, one proposal, its answer, the forms of its parts."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from core.errors import Missing, Overtaken
from core.paging import page_of
from core.permissions import Permission, requires
from core.web import done, page, viewer
from hr.people import rules as people_rules
from hr.people.forms.qualifications import PAPER_FIELDS
from hr.people.groups.registry import GROUPS
from hr.people.models import Person
from hr.people.proposals import actions, parts, queries, rules
from hr.people.proposals.enums import Part
from hr.people.proposals.forms import (
    FactsProposal,
    PlaceProposal,
    QualificationProposal,
    WithdrawForm,
    answer_form,
    group_proposal,
)
from hr.people.routes.blueprint import file_url, form_page, list_title, open_file, opened, unit_menu

bp = Blueprint("proposals", __name__)

#: The fields of a claimed qualification: the paper itself comes to the office with the person.
PLACE = ("unit", "division", "post", "category", "kind", "starts_on", "decision_note")


@bp.get("/proposals")
@requires(Permission.PROPOSAL_READ)
def index() -> Response:
    """Lines that wait for their answer, or those that have one; of one person or all in reach."""
    state, person = request.args.get("state", "waiting"), request.args.get("person") or None
    if state not in ("waiting", "answered"):
        raise Missing
    found = open_file(person) if person else None
    return page(
        "hr/people/proposals/index.html",
        fragment="hr/people/proposals/_index.html",
        found=page_of(queries.list_lines(viewer(), waiting=state == "waiting", person=person)),
        state=state,
        person=found,
        list_title=list_title(),
        words=parts,
    )


@bp.get("/proposals/<uid:proposal>")
@requires(Permission.PROPOSAL_READ)
def show(proposal: str) -> Response:
    """The lines of one proposal with their answers."""
    return _shown(proposal)


@bp.post("/proposals/<uid:proposal>/withdraw")
@requires(Permission.PROPOSAL_MAKE)
def withdraw(proposal: str) -> Response:
    """Takes back what has no answer yet; what was answered meanwhile is shown first."""
    row, _person = queries.find_proposal(proposal)
    form = WithdrawForm()
    sent = {"proposal": row, "version": form.opened_version}
    if form.validate_on_submit() and form.attempt(actions.withdraw, by=viewer(), **sent):
        return done(url_for("proposals.index"), _("The proposal was withdrawn"))
    return _shown(proposal, form)


@bp.errorhandler(Overtaken)
def _overtaken(refusal: Overtaken) -> Response:
    """Somebody was quicker: the proposal as it stands now, with what was typed."""
    return _shown((request.view_args or {})["proposal"], refusal=refusal.message)


def _shown(proposal: str, form: WithdrawForm | None = None, refusal: Any = None) -> Response:
    row, person = queries.find_proposal(proposal)
    open_file(person.uid)
    lines = queries.lines_of(row)
    answered = refusal is not None and request.endpoint == "proposals.answer" and request.method == "POST"
    return page(
        "hr/people/proposals/show.html",
        status=409 if refusal else None,
        refusal=refusal,
        typed=answer_form(lines, version=person.version, every=True).typed() if answered else [],
        last=queries.last_answer(lines) if refusal else None,
        form=form,
        sent=form or WithdrawForm(formdata=None, obj=row),
        proposal=row,
        person=person,
        lines=lines,
        sender=queries.sender_of(row),
        is_open=rules.is_open(line.state for line in lines),
        words=parts,
    )


@bp.route("/proposals/<uid:proposal>/answer", methods=["GET", "POST"])
@requires(Permission.PROPOSAL_ANSWER)
def answer(proposal: str) -> Response:
    """Each line beside what the file holds now: accepted or refused."""
    row, person = queries.find_proposal(proposal)
    open_file(person.uid)
    lines = queries.lines_of(row)
    rules.check_open(line.state for line in lines)
    form = answer_form(lines, version=person.version)
    if form.validate_on_submit():
        sent = {"proposal": row, "answers": form.answers(), "version": form.opened_version}
        if form.attempt(actions.answer, by=viewer(), **sent):
            return done(url_for("proposals.index"), _("The answer was sent"))
    return page(
        "hr/people/proposals/answer.html",
        form=form,
        proposal=row,
        person=person,
        compared=queries.compared(row, person, lines),
        sender=queries.sender_of(row),
        words=parts,
    )


@bp.route("/people/<uid:person>/propose/facts", methods=["GET", "POST"])
@requires(Permission.PROPOSAL_MAKE)
def facts(person: str) -> Response:
    found = open_file(person)
    form = opened(FactsProposal(obj=found), found)
    form.theirs = lambda: FactsProposal(formdata=None, obj=found)
    if form.validate_on_submit() and (answer := _send_facts(form, found, Part.FACTS, form.proposed(found))):
        return answer
    return _form(form, found, Part.FACTS, parts.FIELDS[Part.FACTS])


@bp.route("/people/<uid:person>/propose/groups/<string:group>", methods=["GET", "POST"])
@requires(Permission.PROPOSAL_MAKE)
def group(person: str, group: str) -> Response:
    """Contact and papers, where what is filled in is proposed, or armed forces."""
    part = _group(group)
    found, form_class = open_file(person), group_proposal(part)
    held = queries.held(found, part) if viewer().can(GROUPS[group].permission_read) else {}
    form = opened(form_class(data=held), found)
    if form.validate_on_submit():
        values = {name: form[name].data or None for name in parts.FIELDS[part]}
        if not held:
            values = {name: value for name, value in values.items() if value is not None}
        if answer := _send_facts(form, found, part, values):
            return answer
    note = None if held else _("Fill in only what is to change: what the file holds is not shown here.")
    return _form(form, found, part, parts.FIELDS[part], note=note)


@bp.route("/people/<uid:person>/propose/qualification", methods=["GET", "POST"])
@requires(Permission.PROPOSAL_MAKE)
def qualification(person: str) -> Response:
    found = open_file(person)
    form = opened(QualificationProposal(), found)
    if form.validate_on_submit():
        sent = {"seed": form.seed(), "reason": form.reason.data, "version": form.opened_version}
        if form.attempt(actions.propose_qualification, by=viewer(), person=found, **sent):
            return _sent(found)
    return _form(form, found, Part.QUALIFICATION, PAPER_FIELDS)


@bp.route("/people/<uid:person>/propose/place", methods=["GET", "POST"])
@requires(Permission.PROPOSAL_MAKE)
def place(person: str) -> Response:
    found = open_file(person)
    people_rules.check_can_move(found.status)
    form = opened(PlaceProposal(unit_menu()), found)
    if not form.is_narrowing and form.validate_on_submit():
        sent = {"seed": form.seed(), "reason": form.reason.data, "version": form.opened_version}
        if form.attempt(actions.propose_place, by=viewer(), person=found, **sent):
            return _sent(found)
    return _form(form, found, Part.PLACE, PLACE)


def _send_facts(form: Any, person: Person, part: Part, values: dict[str, Any]) -> Response | None:
    sent = {"part": part, "values": values, "reason": form.reason.data, "version": form.opened_version}
    if form.attempt(actions.propose_facts, by=viewer(), person=person, **sent):
        return _sent(person)
    return None


def _sent(person: Person) -> Response:
    return done(file_url(person), _("The proposed change was sent to Home Affairs"))


def _form(form: Any, person: Person, part: Part, names: tuple[str, ...], note: Any = None) -> Response:
    title = _("Propose a change: %(part)s", part=part.label)
    form.links = {field: url_for("proposals.show", proposal=uid) for field, uid in form.links.items()}
    groups = [(None, (*names, "reason"))]
    return form_page(form, person, groups, title=title, submit=_("Send to Home Affairs"), note=note)


def _group(code: str) -> Part:
    """The part that is a group of form 2C; Missing for another."""
    found = next((part for part in (Part.CONTACT, Part.MILITARY) if part.value == code), None)
    if found is None:
        raise Missing
    return found
