"""Pages of letters to issuers: the list, one letter, and its forms."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from core import audit
from core.actions import last_change
from core.audit import AuditType
from core.errors import Missing, Overtaken
from core.files import EVIDENCE, send_document, store
from core.forms import OWN_FIELDS, Form
from core.permissions import Permission, requires
from core.web import done, page, viewer
from core.word import LANGUAGE, render, send_word
from hr.people import queries as people
from hr.people.checks import queries as checks
from hr.people.checks.models import open_to
from hr.people.checks.rules import Point
from hr.people.letters import actions, queries, rules
from hr.people.letters.enums import LetterState
from hr.people.letters.forms import LetterForm, SentForm, WithdrawForm, answer_form
from hr.people.letters.models import IssuerLetter
from hr.people.letters.queries import Asked
from hr.people.letters.word import TEMPLATE, texts_of
from hr.people.models import Person
from hr.people.routes.blueprint import open_file, open_files, opened

bp = Blueprint("letters", __name__, url_prefix="/letters-to-issuers")


@bp.get("")
@requires(Permission.QUALIFICATION_CHECK)
def index() -> Response:
    """Letters in one state; those to be sent when nothing is asked."""
    state, whole = _state(), open_to(viewer())
    found = queries.list_letters(state)
    return page(
        "hr/people/letters/index.html",
        fragment="hr/people/letters/_index.html",
        state=state,
        whole=whole,
        counts=queries.counts(),
        found=found,
        asked=queries.asked_by(row.IssuerLetter for row in found.rows),
        paper_name=_paper_name,
    )


@bp.route("/new/<uid:about>", methods=["GET", "POST"])
@requires(Permission.QUALIFICATION_CHECK)
def write(about: str) -> Response:
    """A letter about one paper, or about those of a point to check."""
    point, papers = _asked_about(about)
    form = LetterForm(issuer=next((paper.issuer for _person, paper in papers if paper.issuer), None))
    form.offer_draft(viewer())
    if form.validate_on_submit():
        uids = [paper.uid for _person, paper in papers]
        values = {"papers": uids, "issuer": form.issuer.data, "point": point}
        if letter := form.attempt(actions.write, by=viewer(), **values):
            return done(url_for("letters.show", letter=letter.uid), _("The letter was written"))
    form.links = {field: url_for("letters.show", letter=uid) for field, uid in form.links.items()}
    return page("hr/people/letters/new.html", form=form, papers=papers, point=point, paper_name=_paper_name)


@bp.get("/<uid:letter>")
@requires(Permission.QUALIFICATION_CHECK)
def show(letter: str) -> Response:
    """What it asks, what became of it."""
    found, asked = _opened(letter)
    return page(
        "hr/people/letters/show.html", refusal=None, letter=found, asked=asked, paper_name=_paper_name
    )


@bp.get("/<uid:letter>/word")
@requires(Permission.QUALIFICATION_CHECK)
def word(letter: str) -> Response:
    """The letter in Word, to be numbered, signed and sent by the office."""
    found, asked = _opened(letter)
    with force_locale(LANGUAGE):
        names = {one.paper.id: _paper_name(one.paper) for one in asked}
    texts = texts_of(found, asked, names, current_app.extensions["config"].province_name)
    return send_word(render(TEMPLATE.code, texts), _("Letter to an issuer"))


@bp.route("/<uid:letter>/sent", methods=["GET", "POST"])
@requires(Permission.QUALIFICATION_CHECK)
def send(letter: str) -> Response:
    """Number and day of a letter that goes out."""
    form, told = SentForm, _("Recorded: the letter waits for its reply")
    title = _("Record the sending")
    return _form_page(letter, lambda _asked: form(), actions.send, title, told, rules.check_can_send)


@bp.route("/<uid:letter>/reply", methods=["GET", "POST"])
@requires(Permission.QUALIFICATION_CHECK)
def answer(letter: str) -> Response:
    """The issuer's reply, paper by paper."""
    title, told = _("Record the reply"), _("The reply was recorded")
    return _form_page(letter, _answer_form, _answer, title, told, rules.check_can_answer)


@bp.route("/<uid:letter>/withdrawal", methods=["GET", "POST"])
@requires(Permission.QUALIFICATION_CHECK)
def withdraw(letter: str) -> Response:
    """Takes a letter without a reply back."""
    title, told = _("Withdraw the letter"), _("The letter was withdrawn")
    check = rules.check_can_withdraw
    return _form_page(letter, lambda _asked: WithdrawForm(), actions.withdraw, title, told, check)


@bp.get("/<uid:letter>/reply/scan")
@requires(Permission.QUALIFICATION_CHECK)
def scan(letter: str) -> Response:
    """The scan of the reply."""
    document = queries.find_answer(queries.find_letter(letter))
    audit.record_view(AuditType.DOCUMENT_OPENED, document)
    return send_document(document)


@bp.errorhandler(Overtaken)
def _overtaken(refusal: Overtaken) -> Response:
    """The step is open no more: the letter as it stands now, with what was typed."""
    found, asked = _opened((request.view_args or {})["letter"])
    opens = _TYPED.get(request.endpoint or "") if request.method == "POST" else None
    return page(
        "hr/people/letters/show.html",
        status=409,
        refusal=refusal.message,
        typed=opens(asked).typed() if opens else [],
        last=last_change(found.uid),
        letter=found,
        asked=asked,
        paper_name=_paper_name,
    )


def _form_page(
    uid: str,
    form_of: Callable[[Sequence[Asked]], Form],
    act: Callable[..., Any],
    title: str,
    told: str,
    check: Callable[[LetterState], None],
) -> Response:
    """The page of one form about a letter; the action takes the form's fields by name."""
    letter, asked = _opened(uid)
    check(letter.state)
    form = opened(form_of(asked), letter)
    if form.validate_on_submit():
        sent = {"letter": letter, "version": form.opened_version, **form.values()}
        if form.attempt(act, by=viewer(), **sent):
            return done(url_for("letters.show", letter=letter.uid), told)
    return page(
        "hr/people/letters/form.html",
        form=form,
        letter=letter,
        asked=asked,
        title=title,
        fields=[name for name in form.data if name not in OWN_FIELDS],
        upload="file" in form,
        risky=act is actions.withdraw,
        paper_name=_paper_name,
    )


def _answer_form(asked: Sequence[Asked]) -> Form:
    return answer_form(
        (paper.uid, f"{person.full_name}: {_paper_name(paper)}") for _r, paper, person in asked
    )


#: Endpoint → the form it is sent.
_TYPED: dict[str, Callable[[Sequence[Asked]], Form]] = {
    "letters.send": lambda _asked: SentForm(),
    "letters.answer": _answer_form,
    "letters.withdraw": lambda _asked: WithdrawForm(),
}


def _answer(
    *, answer_number: str, answer_note: str | None = None, file: Any = None, **details: Any
) -> IssuerLetter:
    """The action after its file was checked and stored, which happens outside the gate."""
    stored = store(file.stream, name=file.filename, kinds=EVIDENCE) if file else None
    return actions.answer(number=answer_number, note=answer_note, stored=stored, **details)


def _opened(uid: str) -> tuple[IssuerLetter, list[Asked]]:
    """The letter with its papers; that the files of their people were opened is logged."""
    letter = queries.find_letter(uid)
    asked = queries.asked_by([letter])[letter.id]
    open_files(*dict.fromkeys(one.person.uid for one in asked))
    return letter, asked


def _asked_about(uid: str) -> tuple[Point | None, list[tuple[Person, Any]]]:
    """The point with this uid, if it is one, and (person, paper) to ask about; Missing."""
    if not open_to(viewer()):
        raise Missing
    row = queries.paper_of(uid)
    if row is not None:
        return None, [(open_file(row.person.uid), row.paper)]
    found = checks.find_point(viewer(), uid)
    sides = [side for side in found.sides if side.paper is not None]
    if not sides:
        raise Missing
    owners = open_files(*(side.person_uid for side in sides))
    return found, [(owner, side.paper) for owner, side in zip(owners, sides, strict=True)]


def _state() -> LetterState:
    try:
        return LetterState(request.args.get("state") or LetterState.DRAFTED)
    except ValueError:
        raise Missing from None


def _paper_name(paper: Any) -> str:
    return people.timeline_title("qualification", f"{paper.kind.value}|{paper.level}")
