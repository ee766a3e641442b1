"""Holes as people make them, each planted into an application of its own: (endpoint, its line)."""

import io
from collections.abc import Callable
from typing import Any

from flask import Flask, redirect, render_template_string, request, url_for
from jinja2 import ChoiceLoader, DictLoader
from sqlalchemy import func, select

from core.db import db
from core.errors import Missing
from core.files import Document, send_document
from core.permissions import Permission, requires, signed_in
from core.scope import bind_viewer, options_for, system_scope, system_viewer, writing_allowed
from core.tabular import Column, write_workbook
from core.units import Unit
from core.web import wants_fragment
from hr.people.models import Assignment, Person, PersonBackground, Qualification
from hr.people.queries import find_person

Plant = Callable[[Flask, Any], str]
#: Name → how it is planted, the words it has to be found with, its line.
HOLES: dict[str, tuple[Plant, str, dict[str, Any]]] = {}
#: What the line of a well-meant endpoint would say.
READ: dict[str, Any] = {
    "words": "planted",
    "policy": "person:read",
    "roles": ["hr_officer", "case_officer", "chair", "commune_staff", "leader"],
    "get": 200,
}


def hole(name: str, found: str, **line: Any) -> Callable[[Plant], Plant]:
    """Registers a hole and what the finding says; `line` is added to what access.toml would say of it."""

    def register(plant: Plant) -> Plant:
        HOLES[name] = (plant, found, {**READ, **line})
        return plant

    return register


def route(app: Flask, rule: str, view: Callable[..., Any], *, guard: Any = None, **options: Any) -> str:
    """Adds `view` under `rule` as somebody would who forgot nothing but the hole itself."""
    endpoint = f"hole.{view.__name__}"
    app.add_url_rule(rule, endpoint, (guard or requires(Permission.PERSON_READ))(view), **options)
    return endpoint


@hole("an endpoint without a policy", "has no policy")
def no_policy(app: Flask, _patch: Any) -> str:
    app.add_url_rule("/hole", "hole.bare", lambda: "x")
    return "hole.bare"


@hole("signed_in where a permission is asked for", "is open to signed_in")
def weak_policy(app: Flask, _patch: Any) -> str:
    def listing() -> str:
        return "x"

    return route(app, "/hole", listing, guard=signed_in)


@hole("a query marked unscoped", "shows")
def unscoped_query(app: Flask, _patch: Any) -> str:
    def listing() -> str:
        names = db.session.scalars(select(Person.full_name), execution_options={"unscoped": True})
        return ", ".join(names)

    return route(app, "/hole", listing)


@hole("a criterion that says: all rows", "hidden rows of Person")
def no_criterion(_app: Flask, patch: Any) -> str:
    patch.setattr(Person, "visible_to", classmethod(lambda _cls, _viewer: None))
    options_for.cache_clear()
    return "people.show"


@hole("a template that prints a hidden column", "shows 'Zqđạocủaan'", object="person")
def hidden_column(app: Flask, _patch: Any) -> str:
    def religion(person: Person) -> str | None:
        with system_scope("planted") as session:
            row = session.get(PersonBackground, person.id)
            return row.religion if row else None

    original: Any = app.jinja_env.loader
    source = original.get_source(app.jinja_env, "hr/people/show.html")[0]
    changed = source.replace("{% block main %}", "{% block main %}<p>{{ religion(person) }}</p>", 1)
    assert changed != source
    app.jinja_env.globals["religion"] = religion
    app.jinja_env.loader = ChoiceLoader([DictLoader({"hr/people/show.html": changed}), original])
    return "people.show"


@hole("an export that skips the scope", "shows")
def wide_export(app: Flask, _patch: Any) -> str:
    def export() -> bytes:
        with system_scope("planted") as session:
            names = [[name] for name in session.scalars(select(Person.full_name))]
        book = write_workbook([Column("Họ tên", 30)], names, title="x", sheet="x")
        assert isinstance(book, io.BytesIO)
        return book.getvalue()

    return route(app, "/hole", export)


@hole("a search through the plain table", "shows")
def core_search(app: Flask, _patch: Any) -> str:
    def search() -> str:
        plain: Any = Person.__table__
        placed: Any = Assignment.__table__
        query = (
            select(Unit.name, plain.c.full_name)
            .join(placed, placed.c.unit_id == Unit.id)
            .join(plain, plain.c.id == placed.c.person_id)
        )
        return ", ".join(f"{unit}: {name}" for unit, name in db.session.execute(query))

    return route(app, "/hole", search)


@hole("a document by its uid alone", "answers 200, not 404", object="document")
def bare_document(app: Flask, _patch: Any) -> str:
    def paper(document: str) -> Any:
        found = db.session.scalar(select(Document).where(Document.uid == document))
        if found is None:
            raise Missing
        return send_document(found)

    return route(app, "/hole/<uid:document>", paper)


@hole("a refusal that tells hidden from absent", "can be told from an absent one", object="person")
def telling_refusal(app: Flask, _patch: Any) -> str:
    def show(person: str) -> Any:
        try:
            return find_person(person).full_name
        except Missing:
            with system_scope("planted") as session:
                known = session.scalar(select(Person.id).where(Person.uid == person))
            if known is None:
                raise
            return "Hồ sơ này thuộc đơn vị khác", 404

    return route(app, "/hole/<uid:person>", show)


@hole("a fragment that answers more than the page", "shows")
def wide_fragment(app: Flask, _patch: Any) -> str:
    def listing() -> str:
        options = {"unscoped": True} if wants_fragment() else {}
        return ", ".join(db.session.scalars(select(Person.full_name), execution_options=options))

    return route(app, "/hole", listing)


@hole("a form that takes any uid", "were changed", post=200)
def any_uid(app: Flask, _patch: Any) -> str:
    def rename() -> str:
        allowed = writing_allowed.set(True)
        with bind_viewer(system_viewer("planted")):
            row = db.session.scalar(select(Person).where(Person.uid == request.form.get("person", "a" * 26)))
            if row is not None:
                row.other_name = "Đổi trộm"
            db.session.commit()
        writing_allowed.reset(allowed)
        return "x"

    return route(app, "/hole", rename, methods=["POST"])


@hole("a part that is read without its parent's check", "answers 200, not 404", object="qualification")
def unchecked_part(app: Flask, _patch: Any) -> str:
    def paper(person: str, qualification: str) -> str:
        find_person(person)
        query = select(Qualification.issuer).where(Qualification.uid == qualification)
        found = db.session.execute(query, execution_options={"unscoped": True}).first()
        if found is None:
            raise Missing
        return str(found[0])

    return route(app, "/hole/<uid:person>/<uid:qualification>", paper)


@hole("a redirect that names a hidden file", "shows", post=303)
def telling_redirect(app: Flask, _patch: Any) -> str:
    def find() -> Any:
        with system_scope("planted") as session:
            uid = session.scalar(select(Person.uid).where(Person.id_number == request.form.get("q", "")))
        return redirect(url_for("people.show", person=uid) if uid else "/", 303)

    return route(app, "/hole", find, methods=["POST"])


@hole("a count of rows nobody may see", "")
def wide_count(app: Flask, _patch: Any) -> str:
    def total() -> str:
        with system_scope("planted") as session:
            return render_template_string(
                "{{ n }}", n=session.scalar(select(func.count()).select_from(Person))
            )

    return route(app, "/hole", total)


def fair_page(app: Flask, _patch: Any) -> str:
    """No hole: the same kind of endpoint as it should be."""

    def fair(person: str) -> str:
        return find_person(person).full_name

    return route(app, "/fair/<uid:person>", fair)
