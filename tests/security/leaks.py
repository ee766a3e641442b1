"""Looks for holes: walks every address as somebody of commune A, with everything of commune B in hand,
and says what came out that should not have. Used on the program as it is (nothing may be found) and on
planted holes (each must be found)."""

import html
import io
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import Any
from urllib.parse import unquote, urlencode

from flask import Flask, url_for
from sqlalchemy import func, select
from werkzeug.routing import Rule

from core.db import db
from core.permissions import policy_of
from core.scope import bind_viewer, scoped_classes
from hr.people.models import Person
from tests.cast import sign_in, viewer_of
from tests.client import form_values
from tests.security import table
from tests.security.table import IN_REACH
from tests.security.world import BACKGROUND_OF_AN, CANARY, World, absent, rows_of_b

HTMX = {"HX-Request": "true"}
#: Query texts of lists and searches: `{…}` are uids of commune B. None holds a whole secret, for pages show
#: what was asked.
QUERIES = (
    {},
    {"q": "zqh", "words": "zqh", "status": "any"},
    {"status": "any", "count": "all", "from": "X"},
    {"unit": "{unit}", "status": "any"},
    {"division": "{unit}", "as_of": "01/06/2026"},
    {"after": "{person}"},
    {"before": "{person}", "subject": "{person}"},
    {"cols": "religion,party,ethnicity,party_post,rank", "religion": "zq", "party": "yes", "ethnicity": "03"},
    {"as_of": "01/01/2020", "figure": "officials", "kind": "seconded", "draft": "1"},
)
#: What a form would have to carry for somebody who tries.
FORGED = {
    "unit": "{unit}",
    "division": "{unit}",
    "managing_unit": "{unit}",
    "person": "{person}",
    "uid": "{person}",
    "id": "{person}",
    "assignment": "{assignment}",
    "document": "{document}",
    "grant": "{authority}",
    "qualification": "{qualification}",
    "purpose": "Thử lấy dữ liệu",
    "format": "xlsx",
    "q": "zqh",
    "starts_on": "01/08/2026",
    "post": "Chuyên viên",
    "reason": "thử",
    "approved": "1",
    "status": "any",
}


def findings(
    app: Flask,
    world: World,
    lines: Mapping[str, Any],
    only: Collection[str] | None = None,
    personas: Collection[str] = ("chair_a",),
) -> Iterator[str]:
    """Everything that is wrong, one line each: undeclared endpoints, open doors of the scope, and what
    the walk over the addresses (all, or `only` these endpoints) brought to light."""
    yield from undeclared(app, lines)
    before = rows_of_b(app, world)
    for persona in personas:
        yield from open_doors(app, world, persona)
        yield from walk(app, world, lines, persona, only)
    if rows_of_b(app, world) != before:
        yield "rows of commune B were changed from commune A"


def undeclared(app: Flask, lines: Mapping[str, Any]) -> Iterator[str]:
    """Endpoints without a policy or a line, or with another policy than their line says."""
    for endpoint in sorted({rule.endpoint for rule in app.url_map.iter_rules()}):
        declared = policy_of(app, endpoint)
        if declared is None:
            yield f"{endpoint} has no policy"
        elif endpoint not in lines:
            yield f"{endpoint} has no line in access.toml"
        elif declared != table.policy(lines[endpoint]):
            yield f"{endpoint} is open to {declared}, its line says {table.policy(lines[endpoint])}"


def open_doors(app: Flask, world: World, persona: str) -> Iterator[str]:
    """Scoped tables that give the persona a row of commune B."""
    with app.app_context():
        viewer = viewer_of(persona)
        with bind_viewer(viewer):
            for cls in scoped_classes():
                column = getattr(cls, "uid", None)
                if column is None:
                    people = select(func.count()).select_from(cls)
                    hidden = (
                        people.where(cls.person_id.not_in(select(Person.id)))
                        if hasattr(cls, "person_id")
                        else people
                    )
                    found = db.session.scalar(hidden) or 0
                else:
                    found = len(set(db.session.scalars(select(column))) & world.hidden_uids)
                if found:
                    yield f"{persona} reads {found} hidden rows of {cls.__name__}"
        db.session.remove()


def walk(
    app: Flask, world: World, lines: Mapping[str, Any], persona: str, only: Collection[str] | None = None
) -> Iterator[str]:
    """Every address with objects of commune B and of commune A, page and fragment, read and sent."""
    client = app.test_client()
    sign_in(app, client, persona)
    client.checked = False  # type: ignore[attr-defined]
    walker = Walker(app, world, client, persona, _token(client))
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if (only is not None and rule.endpoint not in only) or rule.endpoint == "account.sign_out":
            continue
        line = lines.get(rule.endpoint, {})
        for method in sorted({"GET", "POST"} & (rule.methods or set())):
            yield from walker.foreign(rule, method, line)
            yield from walker.own(rule, method)


class Walker:
    """One browser that tries."""

    def __init__(self, app: Flask, world: World, client: Any, persona: str, token: str):
        self.app, self.world, self.client, self.persona, self.token = app, world, client, persona, token

    def foreign(self, rule: Rule, method: str, line: Mapping[str, Any]) -> Iterator[str]:
        """Objects of commune B in the address, also mixed with own ones: absent, to the byte."""
        names = sorted(rule.arguments)
        in_reach = {name for name in names if name in IN_REACH}
        if not in_reach:
            return
        told = 404 if table.is_open(line, self.persona) else 403
        for headers in ({}, HTMX):
            gone = self.ask(rule, {name: absent() for name in names}, method, headers)
            for sides in product((self.world.foreign, self.world.own), repeat=len(names)):
                values = {name: side.get(name) or absent() for name, side in zip(names, sides, strict=True)}
                if not any(value in self.world.hidden_uids for value in values.values()):
                    continue
                answer = self.ask(rule, values, method, headers)
                label = f"{self.persona}: {method} {rule.endpoint} of commune B"
                if answer[0] != told:
                    yield f"{label} answers {answer[0]}, not {told}"
                if answer != gone:
                    yield f"{label} can be told from an absent one"
                yield from self.secrets(answer, label, values.values())

    def own(self, rule: Rule, method: str) -> Iterator[str]:
        """Own objects in the address (or none), with everything of commune B asked for or sent along."""
        values = {name: self.world.own.get(name) or absent() for name in rule.arguments}
        label = f"{self.persona}: {method} {rule.endpoint}"
        if self.ask(rule, values, method, {})[0] == 403:
            return
        for headers in ({}, HTMX):
            if method == "POST":
                forged = {name: self.filled(text) for name, text in FORGED.items()}
                yield from self.secrets(
                    self.ask(rule, values, method, headers, forged), label, forged.values()
                )
                number = {"q": CANARY["id_number"]}
                yield from self.secrets(
                    self.ask(rule, values, method, headers, number), label, number.values()
                )
                continue
            for query in QUERIES:
                asked = {name: self.filled(text) for name, text in query.items()}
                answer = self.ask(rule, values, method, headers, asked)
                yield from self.secrets(answer, f"{label}?{urlencode(asked)}", asked.values())

    def filled(self, text: str) -> str:
        """`{person}` as the uid of commune B's person."""
        return text.format_map(
            {name: self.world.foreign.get(name, "") for name in (*self.world.foreign, "authority")}
        )

    def ask(
        self,
        rule: Rule,
        values: Mapping[str, str],
        method: str,
        headers: Mapping[str, str],
        data: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes, tuple[Any, ...]]:
        """Status, body and headers of one answer."""
        with self.app.test_request_context("/", base_url="http://localhost"):
            url = url_for(rule.endpoint, **values)
        if method == "GET" and data:
            url += f"?{urlencode(data)}"
        form = {"csrf_token": self.token, **(data or {})} if method == "POST" else None
        with self.client.open(url, method=method, headers=dict(headers), data=form) as answer:
            body = answer.get_data()
        kept = sorted((k, v) for k, v in answer.headers.items() if k not in ("Date", "Set-Cookie"))
        return answer.status_code, body, tuple(kept)

    def secrets(
        self, answer: tuple[int, bytes, tuple[Any, ...]], label: str, asked: Collection[str]
    ) -> Iterator[str]:
        """Words and uids of commune B in the answer that were not in the question, and the background of
        commune A's people."""
        text = readable(answer[1]) + unquote(str(answer[2]))
        hidden = (*self.world.secrets, *BACKGROUND_OF_AN.values())
        for word in hidden:
            if word in text and word not in asked:
                yield f"{label} shows {word!r}"


def readable(body: bytes) -> str:
    """The text of a page, a workbook or a file."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            body = b"\n".join(package.read(name) for name in package.namelist())
    return html.unescape(body.decode("utf-8", "replace"))


def pages(app: Flask, world: World, persona: str) -> dict[str, str]:
    """Every page that the persona can open without anything of commune B in the address, by address."""
    client = app.test_client()
    sign_in(app, client, persona)
    client.checked = False  # type: ignore[attr-defined]
    walker = Walker(app, world, client, persona, _token(client))
    found = {}
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        if "GET" not in (rule.methods or set()) or rule.endpoint.startswith(("account.", "components.")):
            continue
        values = {name: world.own.get(name) or world.foreign.get(name, "a" * 26) for name in rule.arguments}
        for query in (
            {},
            {"q": "l", "words": "l"},
            {"count": "all", "status": "any"},
            {"as_of": "01/06/2026"},
        ):
            status, body, headers = walker.ask(rule, values, "GET", {}, query)
            text = _MARKS.sub("", readable(body))
            lengths = [pair for pair in headers if pair[0] != "Content-Length"]
            found[f"{rule.endpoint}?{urlencode(query)}"] = f"{status} {lengths} {text}"
    return found


_MARKS = re.compile(r'name="(?:csrf_token|submission)"[^>]*>')


def _token(client: Any) -> str:
    return form_values(client.get("/account/password").get_data(as_text=True))["csrf_token"]
