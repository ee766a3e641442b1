"""Qualifications of one person: added and corrected with their evidence, proved, annulled."""

from collections.abc import Callable
from typing import Any

from flask import Response
from flask_babel import gettext as _

from core.files import EVIDENCE, store
from core.permissions import Permission, requires
from core.web import done, viewer
from hr.people import evidence, paper_actions, queries, remarks
from hr.people.forms.qualifications import PAPER_FIELDS, ProofForm, QualificationForm
from hr.people.forms.service import ReasonForm
from hr.people.models import Qualification
from hr.people.routes.blueprint import bp, file_url, form_page, open_file, opened, remark

PAPER = (*PAPER_FIELDS, "file")


@bp.route("/<uid:person>/qualifications/new", methods=["GET", "POST"])
@requires(Permission.QUALIFICATION_EDIT)
def add_qualification(person: str) -> Response:
    found = open_file(person)
    form = opened(QualificationForm(), found)
    if form.validate_on_submit():
        values = {"seed": form.seed(), "file": form.file.data, "version": form.opened_version}
        add = _with_evidence(evidence.add_qualification)
        if row := form.attempt(add, by=viewer(), person=found, **values):
            remark(remarks.of_qualification(row, found.born_on))
            return done(file_url(found, "qualifications"), _("Qualification recorded"))
    title = _("Add a qualification")
    return form_page(form, found, [(None, PAPER)], title=title, submit=_("Record the qualification"))


@bp.route("/<uid:person>/qualifications/<uid:qualification>/edit", methods=["GET", "POST"])
@requires(Permission.QUALIFICATION_EDIT)
def edit_qualification(person: str, qualification: str) -> Response:
    found = open_file(person)
    row = queries.find_qualification(found, qualification)
    form = opened(QualificationForm.of(row), found)
    form.theirs = lambda: QualificationForm.of(
        queries.find_qualification(found, qualification), formdata=None
    )
    if form.validate_on_submit():
        values = {
            "qualification": row,
            "seed": form.seed(),
            "file": form.file.data,
            "version": form.opened_version,
        }
        edit = _with_evidence(evidence.edit_qualification)
        if row := form.attempt(edit, by=viewer(), person=found, **values):
            remark(remarks.of_qualification(row, found.born_on))
            return done(file_url(found, "qualifications"), _("Saved"))
    note = _(
        "Another level, issuer or serial number is another paper: its proof begins anew. A new file takes "
        "the place of the one attached."
    )
    title = _("Correct a qualification")
    return form_page(form, found, [(None, PAPER)], title=title, submit=_("Save"), note=note)


@bp.route("/<uid:person>/qualifications/<uid:qualification>/proof", methods=["GET", "POST"])
@requires(Permission.QUALIFICATION_EDIT)
def prove(person: str, qualification: str) -> Response:
    found = open_file(person)
    row = queries.find_qualification(found, qualification)
    form = opened(ProofForm(obj=row), found)
    form.theirs = lambda: ProofForm(formdata=None, obj=queries.find_qualification(found, qualification))
    if form.validate_on_submit():
        values = {"qualification": row, "state": form.proof_state.data, "reason": form.reason.data or None}
        act = paper_actions.set_proof_state
        if form.attempt(act, by=viewer(), person=found, version=form.opened_version, **values):
            return done(file_url(found, "qualifications"), _("The proof was recorded"))
    groups = [(None, ("proof_state", "reason"))]
    title = _("Proof of a qualification")
    return form_page(form, found, groups, title=title, submit=_("Save"), note=_named(row), paper=row)


@bp.route("/<uid:person>/qualifications/<uid:qualification>/annul", methods=["GET", "POST"])
@requires(Permission.QUALIFICATION_EDIT)
def annul_qualification(person: str, qualification: str) -> Response:
    found = open_file(person)
    row = queries.find_qualification(found, qualification)
    form = opened(ReasonForm(), found)
    if form.validate_on_submit():
        values = {"qualification": row, "reason": form.reason.data, "version": form.opened_version}
        if form.attempt(paper_actions.annul_qualification, by=viewer(), person=found, **values):
            return done(file_url(found, "qualifications"), _("The entry was annulled"))
    return form_page(
        form,
        found,
        [(None, ("reason",))],
        title=_("Annul an entry"),
        submit=_("Annul"),
        note=_named(row),
        kind="risky",
    )


def _with_evidence(act: Callable[..., Any]) -> Callable[..., Any]:
    """The action after its file was checked and stored, which happens outside the gate."""

    def call(*, file: Any, **details: Any) -> Any:
        stored = store(file.stream, name=file.filename, kinds=EVIDENCE) if file else None
        return act(stored=stored, **details)

    return call


def _named(row: Qualification) -> str:
    return queries.timeline_title("qualification", f"{row.kind.value}|{row.level}")
