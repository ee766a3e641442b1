"""The test client: inspects every HTML page it receives, so a class of bugs is found for free."""

from collections import Counter
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from lxml import etree
from werkzeug.test import TestResponse

from core.db import db


class CheckedClient(FlaskClient):
    """Fails on a page that is broken HTML, lacks its title, h1 or labels, shows None, or repeats an id."""

    checked = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():
            # A test's own context is open: what it read must not answer for the request.
            db.session.remove()
        # A context of its own: Flask would lend the test's to the request, and with it `g`, where the
        # account of the request before still stands.
        with self.application.app_context():
            response = super().open(*args, **kwargs)
        if self.checked and response.mimetype == "text/html" and response.data:
            fragment = "HX-Request" in (kwargs.get("headers") or {})
            problems = inspect(response.get_data(as_text=True), fragment=fragment)
            assert not problems, f"{args or kwargs.get('path')}: " + "; ".join(problems)
        return response

    def form(self, url: str, *, number: int = 0, **headers: str) -> dict[str, str]:
        """The values of a form of the page (the first that posts, or number), as a browser sends them."""
        body = self.get(url, headers=headers or None).get_data(as_text=True)
        return form_values(body, number)

    def send(
        self, url: str, data: dict[str, Any] | None = None, *, at: str | None = None, **kwargs: Any
    ) -> TestResponse:
        """Opens the form at `at` (default `url`), fills it with `data` and posts it to `url`."""
        values: dict[str, Any] = {**self.form(at or url), **(data or {})}
        values = {name: value for name, value in values.items() if value is not None}
        return self.post(url, data=values, **kwargs)


def parse(body: str) -> Any:
    """The element tree of a page, without comments."""
    return _read(body)[0]


def _read(body: str) -> tuple[Any, list[str]]:
    """The element tree, and what the parser found out of place. libxml2 reads twenty times as fast as
    html5lib; tests/templates_check/test_reading.py holds that both read our pages alike."""
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    text = body.replace("\r\n", "\n").replace("\r", "\n")
    tree = etree.fromstring(text.encode() or b"<html></html>", parser)
    for node in tree.iter("textarea", "pre"):
        node.text = (node.text or "").removeprefix("\n")  # a first line break belongs to the tag
    return tree, [f"line {error.line}: {error.message}" for error in parser.error_log]


def form_values(body: str, number: int = 0) -> dict[str, str]:
    """Names and values of one posting form inside main (or of the page where main has none)."""
    tree = parse(body)
    main = tree.find(".//main")
    forms = [
        f for f in (main if main is not None else tree).iter("form") if f.get("method", "").lower() == "post"
    ]
    assert forms, "no form that posts on this page"
    values: dict[str, str] = {}
    for field in forms[number].iter():
        name = field.get("name")
        if not name or field.get("disabled") is not None:
            continue
        if field.tag == "select":
            chosen = [o for o in field.iter("option") if o.get("selected") is not None]
            options = chosen or list(field.iter("option"))[:1]
            values[name] = options[0].get("value", "") if options else ""
        elif field.tag == "textarea":
            values[name] = field.text or ""
        elif field.tag == "input" and field.get("type") in ("checkbox", "radio"):
            if field.get("checked") is not None:
                values[name] = field.get("value", "on")
        elif field.tag == "input" and field.get("type") not in ("file", "submit"):
            values[name] = field.get("value", "")
    return values


def inspect(body: str, *, fragment: bool) -> list[str]:
    """What is wrong with a page; empty when nothing is."""
    tree, found = _read(body)
    found += [f"strange: {text}" for text in _strange(tree)]
    ids = [node.get("id") for node in tree.iter() if isinstance(node.tag, str) and node.get("id")]
    found += [f"id twice: {name}" for name, times in Counter(ids).items() if times > 1]
    labelled = {node.get("for") for node in tree.iter("label")}
    inside = {field for label in tree.iter("label") for field in label.iter("input", "select", "textarea")}
    for field in [*tree.iter("input"), *tree.iter("select"), *tree.iter("textarea")]:
        if field.get("type") in ("hidden", "submit"):
            continue
        if field not in inside and field.get("id") not in labelled and not field.get("aria-label"):
            found.append(f"field without label: {field.get('name')}")
    for form in tree.iter("form"):
        posts = form.get("method", "get").lower() == "post"
        if form.get("action") is None:
            found.append("form without action")
        if posts and not any(i.get("name") == "csrf_token" for i in form.iter("input")):
            found.append("posting form without csrf_token")
    found += [
        "link without text" for link in tree.iter("a") if not _text(link) and not link.get("aria-label")
    ]
    if not fragment:
        found += _whole(tree, body)
    return found


def _whole(tree: Any, body: str) -> list[str]:
    found = []
    headings = list(tree.iter("h1"))
    title = tree.find(".//title")
    if not body.lstrip().lower().startswith("<!doctype html>"):
        found.append("no doctype")
    if len(headings) != 1:
        found.append(f"{len(headings)} h1")
    if title is None or not (title.text or "").strip():
        found.append("no title")
    elif len(headings) == 1 and _text(headings[0]) not in " ".join((title.text or "").split()):
        found.append(f"title {title.text!r} does not hold the h1 {_text(headings[0])!r}")
    if tree.get("lang") is None:
        found.append("no language")
    return found


def _strange(tree: Any) -> list[str]:
    texts = [text.strip() for text in tree.itertext()]
    return [
        text for text in texts if text in ("None", "True", "False") or "Undefined" in text or "{{" in text
    ]


def _text(node: Any) -> str:
    images = " ".join(image.get("alt", "") for image in node.iter("img"))
    return " ".join("".join(node.itertext()).split()) or images
