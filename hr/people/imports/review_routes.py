"""Pages of a review: the lines by kind with what is decided of each, and who is missing from the file."""

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

from core.errors import Conflict, Missing, Unprocessable
from core.paging import Keyset, paginate
from core.permissions import Permission, requires
from core.web import done, page, viewer
from hr.people.imports import actions, queries, review_actions, review_lines, reviewing
from hr.people.imports.enums import LineOutcome, MissingAnswer
from hr.people.imports.forms import DecisionForm, missing_answers
from hr.people.imports.models import ImportBatch, ImportLine
from hr.people.imports.reviewing import Sent
from hr.people.imports.routes import bp
from hr.people.imports.words import problem_text
from hr.people.models import Person

#: The tab of lines of every kind that are not taken.
LEFT_OUT = "left_out"
TAKE_ALL = "take_all"


@bp.route("/<uid:batch>/lines", methods=["GET", "POST"])
@requires(Permission.PERSON_IMPORT)
def lines(batch: str) -> Response:
    """The lines of an import, what each would change, and what is decided of it."""
    form, found = DecisionForm(), queries.find_batch(batch)
    if not form.is_submitted():
        return _lines(found)
    if not form.validate():
        raise Unprocessable(_("Open the import again"))
    sent = reviewing.own_fields(request.form)
    try:
        _decide(found, form, sent)
    except Conflict:
        return _lines(queries.find_batch(batch), refusal=_moved(), status=409)
    except Unprocessable as refusal:
        return _lines(queries.find_batch(batch), refusal=refusal.message, status=422, sent=sent)
    return done(_here(), _("The choice is kept; nothing is written before you confirm"))


def _decide(batch: ImportBatch, form: DecisionForm, sent: Sent) -> None:
    """A page of lines, or every line of the kind shown."""
    marks = {"version": form.opened_version, "token": form.submission.data}
    act, kind = request.form.get("act", ""), _outcome(request.args.get("outcome"))
    if act and kind is not None:
        take = act == TAKE_ALL
        review_actions.decide_kind(by=viewer(), batch=batch, kind=kind, accepted=take, **marks)
    else:
        reviewing.review(by=viewer(), batch=batch, sent=sent, **marks)


@bp.route("/<uid:batch>/missing", methods=["GET", "POST"])
@requires(Permission.PERSON_IMPORT)
def missing(batch: str) -> Response:
    """Who has a place in a unit of the file and no line in it; why, as a person says."""
    form, found = DecisionForm(), queries.find_batch(batch)
    query = queries.list_missing(found, actions.as_of(found, viewer().today))
    people = paginate(query, Keyset((Person.name_key, Person.id), Person.uid))
    asked = missing_answers([row[0] for row in people.rows], request.form)
    if form.validate_on_submit() and not asked.wrong:
        values = {"batch": found, "answers": asked.answers}
        if form.attempt(review_actions.explain_missing, by=viewer(), **values):
            return done(_here(), _("The answers are kept"))
    return page(
        "hr/people/imports/missing.html",
        form=form,
        status=422 if asked.wrong else None,
        batch=found,
        tabs_of=_tabs(found),
        found=people,
        asked=asked,
        url=_here(),
        choices=[(answer.value, answer.label) for answer in MissingAnswer],
    )


def _lines(
    batch: ImportBatch, *, refusal: Any = None, status: int | None = None, sent: Sent | None = None
) -> Response:
    wanted = request.args.get("outcome")
    outcome = None if wanted == LEFT_OUT else _outcome(wanted)
    query = queries.list_lines(batch, outcome, left_out=wanted == LEFT_OUT)
    found = paginate(query, Keyset((ImportLine.id,), ImportLine.uid))
    return page(
        "hr/people/imports/lines.html",
        fragment="hr/people/imports/_lines.html",
        status=status,
        batch=batch,
        outcome=outcome,
        refusal=refusal,
        tabs_of=_tabs(batch, wanted),
        found=found,
        shown=review_lines.shown_lines(batch, [row[0] for row in found.rows], sent),
        unit_names=queries.unit_names(viewer().today),
        form=DecisionForm(formdata=None, obj=batch),
        url=_here(),
        candidate_words=review_lines.candidate_words,
        sides=review_lines.side_choices(),
        problem_text=problem_text,
    )


def _tabs(batch: ImportBatch, wanted: str | None = None) -> list[dict[str, Any]]:
    """The kinds with their counts; on the page of who is missing that tab is the current one."""
    here = url_for("imports.lines", batch=batch.uid)
    on_lines = request.endpoint != "imports.missing"
    left_out = batch.read - sum(queries.accepted_counts(batch).values())
    told = [("", _("all"), batch.read)]
    told += [(member.value, member.label, getattr(batch, member.value)) for member in LineOutcome]
    told.append((LEFT_OUT, _("left out"), left_out))
    tabs = [
        {
            "label": label,
            "url": f"{here}?outcome={value}" if value else here,
            "current": on_lines and (wanted or "") == value,
            "count": count,
        }
        for value, label, count in told
    ]
    missing_tab = {
        "label": _("missing from the file"),
        "url": url_for("imports.missing", batch=batch.uid),
        "current": not on_lines,
        "count": batch.missing,
    }
    return [*tabs, missing_tab]


def _here() -> str:
    """This page with its place in the list: where its form is sent, and comes back to."""
    return request.full_path.rstrip("?")


def _moved() -> Any:
    return _("The register or this import has changed meanwhile: look at the lines as they are now")


def _outcome(text: str | None) -> LineOutcome | None:
    if not text:
        return None
    try:
        return LineOutcome(text)
    except ValueError:
        raise Missing from None
