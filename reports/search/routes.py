"""The search box of every page. A personal identification number is posted and never in a URL."""

from collections.abc import Sequence

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _

from core.labels import texts_of
from core.permissions import Permission, signed_in
from core.text import clean, holds_number
from core.web import done, page, viewer
from core.words import show_date
from hr.people.enums import ServiceStatus
from hr.people.queries import PersonHit, search_people
from reports.search import queries

bp = Blueprint("search", __name__, url_prefix="/search")
LIMIT = 30


@bp.post("")
@signed_in
def ask():
    """Takes what was typed: a number opens the file at once, words go into the address."""
    words = clean(request.form.get("q", ""))[:200].strip()
    if holds_number(words):
        person = queries.person_by_number(viewer(), words)
        if person is not None:
            return done(url_for("people.show", person=person.uid))
        return _results("", number_missed=True)
    return redirect(url_for("search.index", q=words), 303)


@bp.get("")
@signed_in
def index():
    """People and units that match the words."""
    words = clean(request.args.get("q", ""))[:200].strip()
    if holds_number(words):
        # Somebody pasted a number into the address: it must not stay there.
        return redirect(url_for("search.index"), 303)
    return _results(words)


def _results(words: str, *, number_missed: bool = False):
    may_read = viewer().can(Permission.PERSON_READ)
    people = search_people(words, limit=LIMIT + 1) if words and may_read else []
    return page(
        "reports/search/index.html",
        fragment="reports/search/_results.html",
        words=words,
        number_missed=number_missed,
        people=_in_words(people[:LIMIT]),
        more=len(people) > LIMIT,
        units=queries.units(words) if words and viewer().can(Permission.UNIT_READ) else [],
        may_read=may_read,
        hint=_("Type the beginning of each word; accents do not matter"),
    )


def _in_words(hits: Sequence[PersonHit]) -> list[tuple[str, ...]]:
    """The lines of the people found as texts, the uid of the file first."""
    statuses = texts_of(ServiceStatus)
    return [
        (
            hit.uid,
            hit.name,
            show_date(hit.born_on),
            hit.place.post if hit.place else "–",
            hit.place.unit if hit.place else "–",
            statuses[hit.status],
        )
        for hit in hits
    ]
