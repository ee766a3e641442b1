"""Pages of personnel decisions: the list, one with its lines and effects, the draft, each step."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from core import audit
from core.actions import last_change
from core.audit import AuditType
from core.errors import Conflict, Missing, Overtaken, Unprocessable
from core.files import EVIDENCE, Stored, send_document, store
from core.forms import Form
from core.labels import LabelledEnum
from core.paging import paginate
from core.permissions import Permission, requires
from core.text import clean
from core.web import done, page, viewer
from hr.decisions.issuing import actions, effects, entering, lines, queries, rules
from hr.decisions.issuing.enums import PUBLISHED, DecisionKind, DecisionState, Step
from hr.decisions.issuing.forms import DETAILS, DraftForm, IssueForm, ReasonForm, SignatureFields, StepForm
from hr.decisions.issuing.models import Decision, records
from hr.decisions.issuing.seeds import DecisionSeed
from hr.people.routes.blueprint import opened, unit_menu

bp = Blueprint("decisions", __name__, url_prefix="/decisions")

Choice = TypeVar("Choice", bound=LabelledEnum)


@bp.get("")
@requires(Permission.DECISION_READ)
def index() -> Response:
    """The decisions in reach, the newest first."""
    year = request.args.get("year", "")
    asked = queries.DecisionFilter(
        words=clean(request.args.get("q", "")).strip()[:100],
        kind=_asked(DecisionKind, "kind"),
        state=_asked(DecisionState, "state"),
        office=clean(request.args.get("office", ""))[:200],
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
    )
    offices, years = queries.offices_and_years()
    return page(
        "hr/decisions/index.html",
        fragment="hr/decisions/_index.html",
        asked=asked,
        found=paginate(queries.list_decisions(asked), queries.KEYSET),
        kinds=[(member.value, member.label) for member in DecisionKind],
        states=[(member.value, member.label) for member in DecisionState],
        offices=[(office, office) for office in offices],
        years=[(str(one), str(one)) for one in years],
        recorder=records(viewer()),
        status_words=lambda decision: lines.status_words(decision, viewer().today),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.DECISION_RECORD)
def new() -> Response:
    """A new draft; the list of due dates fills in a kind and people."""
    if "chosen" in request.args and not request.args.getlist("due"):
        raise Unprocessable(_("Choose people first: tick their lines in the list, then draft the decision"))
    kind, person = _asked(DecisionKind, "kind"), request.args.get("person")
    chosen = entering.chosen_values(kind, request.args.getlist("due"), person)
    form = DraftForm(unit_menu(), data=chosen)
    form.offer_draft(viewer())
    form.offer_units(form.menu)
    if not form.is_narrowing and form.validate_on_submit():
        decision = form.attempt(_save, form=form, decision=None)
        if decision is not None:
            return done(url_for("decisions.show", decision=decision.uid), _told(decision))
    return _draft_page(form, None)


@bp.route("/<uid:decision>/edit", methods=["GET", "POST"])
@requires(Permission.DECISION_RECORD)
def edit(decision: str) -> Response:
    """A draft as a whole, with its people as text."""
    found = _to_record(decision)
    rules.check_can_edit(found)
    form = _opened(found)
    form.theirs = lambda: _filled(queries.find_decision(decision))
    form.offer_draft(viewer())
    form.offer_units(form.menu)
    if not form.is_narrowing and form.validate_on_submit():
        saved = form.attempt(_save, form=form, decision=found)
        if saved is not None:
            return done(url_for("decisions.show", decision=saved.uid), _told(saved))
    return _draft_page(form, found)


@bp.get("/<uid:decision>")
@requires(Permission.DECISION_READ)
def show(decision: str) -> Response:
    """The decision with its people, what became or would become of each, and the steps that are open."""
    return _shown(queries.find_decision(decision))


@bp.get("/<uid:decision>/document")
@requires(Permission.DECISION_RECORD)
def document(decision: str) -> Response:
    """The signed copy, for who records decisions: it names everybody, also people out of others' reach."""
    found = queries.find_decision(decision)
    if found.document is None or not records(viewer()):
        raise Missing
    audit.record_view(AuditType.DOCUMENT_OPENED, found.document)
    return send_document(found.document)


@bp.post("/<uid:decision>/check")
@requires(Permission.DECISION_CHECK)
def check(decision: str) -> Response:
    """A second person has compared it with its papers."""
    found = queries.find_decision(decision)
    return _stepped(found, actions.check, _("The decision was checked"))


@bp.post("/<uid:decision>/submit")
@requires(Permission.DECISION_RECORD)
def submit(decision: str) -> Response:
    """It goes to the signer."""
    found = queries.find_decision(decision)
    return _stepped(found, actions.submit, _("The decision was submitted for signature"))


@bp.post("/<uid:decision>/discard")
@requires(Permission.DECISION_RECORD)
def discard(decision: str) -> Response:
    """The draft is set aside."""
    found = queries.find_decision(decision)
    return _stepped(found, actions.discard, _("The draft was discarded"), url_for("decisions.index"))


@bp.route("/<uid:decision>/issue", methods=["GET", "POST"])
@requires(Permission.DECISION_ISSUE)
def issue(decision: str) -> Response:
    """Asks once more, with the effects before one's eyes, for number, day, signer and signed copy."""
    found = _to_record(decision)
    rules.check_can_issue(found, viewer().today)
    form = IssueForm(obj=found)
    form.ask_only(found)
    opened(form, found)
    if form.validate_on_submit():
        if form.attempt(_issue, form=form, decision=found):
            return done(url_for("decisions.show", decision=decision), _("The decision was issued"))
        found = queries.find_decision(decision)
        _linked(form)
    planned = actions.plan_of(found, viewer().today)
    # What is issued next has seen the effects as this page shows them.
    form.mark.data = effects.mark(planned)
    rows = lines.planned_rows(found, planned)
    return page(
        "hr/decisions/issue.html",
        fragment="hr/decisions/_issue.html",
        form=form,
        decision=found,
        rows=rows,
        holding=sum(row.refusal is None for row in rows),
        checked=lines.signature_rows(found),
    )


@bp.route("/<uid:decision>/send-back", methods=["GET", "POST"])
@requires(Permission.DECISION_RECORD)
def send_back(decision: str) -> Response:
    """It becomes a draft again."""
    found = _to_record(decision)
    rules.check_can_send_back(found)
    question = _("It becomes a draft again, and a second person checks it once more.")
    words = (_("Send back"), question, _("The decision was sent back"))
    return _with_reason(found, actions.send_back, *words)


@bp.route("/<uid:decision>/revoke", methods=["GET", "POST"])
@requires(Permission.DECISION_ISSUE)
def revoke(decision: str) -> Response:
    """Its effects are taken back."""
    found = _to_record(decision)
    rules.check_can_revoke(found)
    question = _("Every effect is taken back: the files stand as they did before the decision.")
    return _with_reason(found, actions.revoke, _("Revoke"), question, _("The decision was revoked"))


# --- shared ------------------------------------------------------------------------------------------------
def _to_record(uid: str) -> Decision:
    """The decision, for who records decisions."""
    found = queries.find_decision(uid)
    actions.check_recorder(viewer())
    return found


@bp.errorhandler(Overtaken)
def _overtaken(refusal: Overtaken) -> Response:
    """The step is open no more: the decision as it stands now, with what was typed."""
    uid = (request.view_args or {})["decision"]
    opens = _TYPED.get(request.endpoint or "") if request.method == "POST" else None
    typed = opens().typed() if opens else []
    found = queries.find_decision(uid)
    return _shown(found, refusal=refusal.message, status=409, typed=typed, last=last_change(found.uid))


#: Endpoint → the form it is sent.
_TYPED: dict[str, Callable[[], Form]] = {
    "decisions.edit": lambda: DraftForm(unit_menu()),
    "decisions.issue": IssueForm,
    "decisions.send_back": ReasonForm,
    "decisions.revoke": ReasonForm,
}


def _shown(
    decision: Decision,
    refusal: Any = None,
    status: int | None = None,
    typed: Iterable[tuple[Any, str]] = (),
    last: Mapping[str, Any] | None = None,
) -> Response:
    who = viewer()
    rows = _rows(decision)
    steps = {name: getattr(decision, f"{name}_by_id") for name in ("created", *_STAMPED)}
    names = queries.names_of(steps.values())
    return page(
        "hr/decisions/show.html",
        fragment="hr/decisions/_show.html",
        decision=decision,
        refusal=refusal,
        typed=typed,
        last=last,
        waits=rules.waiting_words(day) if (day := rules.waits_until(decision, who.today)) else None,
        status=status,
        status_words=lines.status_words(decision, who.today),
        rows=rows,
        refused=sum(row.refusal is not None for row in rows),
        whole=records(who),
        left_out=lines.left_out_rows(decision) if records(who) else [],
        published=decision.state in PUBLISHED,
        steps=[
            (name, getattr(decision, f"{name}_at"), names.get(key or 0, "")) for name, key in steps.items()
        ],
        can=_open_steps(decision),
        sent=StepForm(formdata=None, obj=decision),
    )


_STAMPED = ("checked", "submitted", "issued", "revoked")


def _rows(decision: Decision) -> list[lines.Row]:
    if decision.state not in PUBLISHED:
        return lines.planned_rows(decision, actions.plan_of(decision, viewer().today))
    found = queries.lines_of(decision)
    return lines.issued_rows(decision, found, queries.people_by_id(line.person_id for line in found))


def _open_steps(decision: Decision) -> dict[str, bool]:
    """Step → whether the viewer may take it now."""
    who = viewer()
    if not records(who):
        return dict.fromkeys((step.value for step in Step), False)
    return {
        Step.EDIT.value: rules.can_edit(decision),
        Step.DISCARD.value: rules.can_discard(decision),
        Step.CHECK.value: who.can(Permission.DECISION_CHECK) and rules.can_check(decision, who.user_id),
        Step.SEND_BACK.value: rules.can_send_back(decision),
        Step.SUBMIT.value: rules.can_submit(decision),
        Step.ISSUE.value: who.can(Permission.DECISION_ISSUE) and rules.can_issue(decision, who.today),
        Step.REVOKE.value: who.can(Permission.DECISION_ISSUE) and rules.can_revoke(decision),
    }


def _stepped(decision: Decision, act: Callable[..., Any], message: str, url: str | None = None) -> Response:
    """Takes a step; a conflict is told on the decision's page, with what it is now."""
    form, uid = StepForm(), decision.uid
    if not form.validate_on_submit():
        raise Unprocessable(_("Open the decision again"))
    try:
        act(by=viewer(), decision=decision, version=form.opened_version, token=form.submission.data)
    except Conflict:
        changed = _("Somebody changed this decision meanwhile: look at it once more")
        return _shown(queries.find_decision(uid), refusal=changed, status=409)
    return done(url or url_for("decisions.show", decision=uid), message)


def _with_reason(
    decision: Decision, act: Callable[..., Any], title: str, question: str, message: str
) -> Response:
    form, uid = opened(ReasonForm(), decision), decision.uid
    if form.validate_on_submit():
        values = {"reason": form.reason.data, "version": form.opened_version}
        if form.attempt(act, by=viewer(), decision=decision, **values):
            return done(url_for("decisions.show", decision=uid), message)
        decision = queries.find_decision(uid)
    return page("hr/decisions/reason.html", form=form, decision=decision, title=title, question=question)


def _linked(form: Form) -> None:
    """A refusal names the decision by its uid; the page shows its address."""
    form.links = {field: url_for("decisions.show", decision=uid) for field, uid in form.links.items()}


def _draft_page(form: DraftForm, decision: Decision | None) -> Response:
    _linked(form)
    return page(
        "hr/decisions/draft.html",
        fragment="hr/decisions/_draft.html",
        form=form,
        decision=decision,
        offices=queries.offices_and_years()[0],
        status=200 if form.is_narrowing else None,
        back_url=url_for("decisions.show", decision=decision.uid) if decision else url_for("decisions.index"),
    )


def _opened(decision: Decision) -> DraftForm:
    """The form of a draft as it stands."""
    return DraftForm(unit_menu()) if request.method == "POST" else _filled(decision)


def _filled(decision: Decision) -> DraftForm:
    """The form with what the draft holds, whatever was sent."""
    menu = unit_menu()
    rows = queries.lines_of(decision)
    people = queries.people_by_id(row.person_id for row in rows)
    names = [f"{name}_id" if name in ("unit", "division") else name for name in DETAILS[decision.kind]]
    shared = entering.shared_values(rows, names)
    for name in ("unit", "division"):
        shared[name] = menu.uid_of(shared.pop(f"{name}_id", None))
    chosen = entering.chosen_candidate(decision, request.args.get("choose", ""))
    text = entering.as_text(decision, rows, people, chosen)
    form = DraftForm(menu, formdata=None, obj=decision, data={**shared, "people": text})
    form.version.data = str(decision.version)
    return form


def _save(*, form: DraftForm, decision: Decision | None, token: str) -> Decision:
    """The draft written as the form has it; files and people are read before the gate."""
    rows, left_out = entering.read_lines(viewer(), form.people.data, form.annex.data, form.shared())
    entered: Any = form.values()
    seed = DecisionSeed(
        kind=entered["kind"],
        office=entered["office"],
        effective_on=entered["effective_on"],
        lines=rows,
        signature=form.signature(),
        left_out=left_out,
    )
    values = {"seed": seed, "decision": decision, "stored": _stored(form), "token": token}
    return actions.save_draft(by=viewer(), version=form.opened_version, **values)


def _issue(*, form: IssueForm, decision: Decision, token: str) -> Decision:
    values = {"signature": form.signature(), "mark": form.mark.data or "", "stored": _stored(form)}
    values |= {"version": form.opened_version, "token": token}
    return actions.issue(by=viewer(), decision=decision, **values)


def _stored(form: SignatureFields) -> Stored | None:
    """The signed copy that was sent, checked and on disk."""
    upload = form["copy"].data if "copy" in form else None
    if not upload:
        return None
    try:
        return store(upload.stream, name=upload.filename or "", kinds=EVIDENCE)
    except Unprocessable as refusal:
        raise Unprocessable(refusal.message, field="copy") from None


def _told(decision: Decision) -> str:
    """What became of the draft, with how many lines were left out."""
    count = len(decision.left_out or [])
    if not count:
        return _("The draft was saved")
    return _("The draft was saved; lines left out: %(count)s", count=count)


def _asked(enum: type[Choice], name: str) -> Choice | None:
    text = request.args.get(name)
    if not text:
        return None
    try:
        return enum(text)
    except ValueError:
        raise Missing from None
