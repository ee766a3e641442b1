"""The test client's quick parser against html5lib, which reads pages as the HTML standard says."""

from collections.abc import Iterator
from typing import Any

import html5lib
import pytest

from tests.client import inspect, parse

PAGES = ("/", "/people", "/people/new", "/units", "/search?q=an", "/imports/new", "/decisions/new")
FRAGMENTS = ("/people?q=a",)


def name_of(text: str) -> str:
    """Without namespace; SVG's capitals are kept by html5lib alone."""
    return text.rpartition("}")[2].lower()


def read(node: Any) -> Iterator[Any]:
    """Tags with their attributes, and the words between them. What stands for "yes" is left out: `defer`
    and `defer="defer"` say the same."""
    pairs = ((name_of(key), value) for key, value in node.items())
    yield "open", name_of(node.tag), sorted((key, "" if value == key else value) for key, value in pairs)
    yield from [node.text or ""] if name_of(node.tag) in ("textarea", "pre") else (node.text or "").split()
    for child in node:
        if isinstance(child.tag, str):  # not a comment
            yield from read(child)
        yield from (child.tail or "").split()
    yield "close", name_of(node.tag)


def both(body: str, where: str = ".") -> tuple[list[Any], list[Any]]:
    trees = parse(body), html5lib.parse(body, namespaceHTMLElements=False)
    found = [list(read(tree.find(where))) for tree in trees]
    return found[0], found[1]


@pytest.mark.parametrize("url", PAGES)
def test_a_page_is_read_as_the_standard_says(client_as, url):
    answer = client_as("home_affairs").get(url)
    quick, standard = both(answer.get_data(as_text=True))

    assert answer.status_code == 200
    assert quick == standard


def test_every_component_is_read_as_the_standard_says(client):
    client.checked = False  # it shows what other pages must not hold
    quick, standard = both(client.get("/_components").get_data(as_text=True))

    assert quick == standard


@pytest.mark.parametrize("text", ["\na\n\nb", "a\r\nb", "", "\n\na", "&lt;a&gt;"])
def test_what_stands_in_a_text_area_is_read_as_the_standard_says(text):
    quick, standard = both(f"<form><textarea name=a>{text}</textarea><pre>{text}</pre></form>", "body")

    assert quick == standard


@pytest.mark.parametrize("url", FRAGMENTS)
def test_a_fragment_is_read_as_the_standard_says(client_as, url):
    answer = client_as("home_affairs").get(url, headers={"HX-Request": "true"})
    quick, standard = both(answer.get_data(as_text=True), "body")

    assert quick == standard


@pytest.mark.parametrize(
    "body",
    ["<p>a<b>c</p>", "<div>a</span></div>", "<form><form></form></form>", "<p>a<ul><li>b</ul></p>"],
)
def test_what_is_nested_wrongly_is_a_problem(body):
    assert inspect(body, fragment=True)


def test_what_is_nested_well_is_none():
    assert inspect("<div><p>a <b>c</b></p><ul><li>d</ul></div>", fragment=True) == []
