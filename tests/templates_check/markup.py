"""Reads templates as HTML with the Jinja parts replaced by marks, equal for equal expressions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
VOID = frozenset(
    "area base br col embed hr img input link meta source track wbr circle path rect line use".split()
)
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


@dataclass
class Element:
    """One element of a template; attributes may stand twice when they hang on a condition."""

    tag: str
    attributes: list[tuple[str, str]]
    line: int
    parent: "Element | None"
    children: "list[Element]" = field(default_factory=list)

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]

    def ancestors(self) -> "Iterator[Element]":
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    def descendants(self) -> "Iterator[Element]":
        for child in self.children:
            yield child
            yield from child.descendants()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.roots: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self.open[-1] if self.open else None
        element = Element(tag, [(name, value or "") for name, value in attrs], self.getpos()[0], parent)
        (parent.children if parent else self.roots).append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth].tag == tag:
                del self.open[depth:]
                return


def _mark(match: re.Match[str]) -> str:
    part = match.group()
    newlines = "\n" * part.count("\n")
    if not part.startswith("{{"):
        return " " + newlines
    expression = re.sub(r"[\s\"']+", "", part.strip("{}- \n"))
    return f"⟦{expression.replace('<', '‹').replace('>', '›')}⟧{newlines}"


def without_jinja(text: str) -> str:
    """The template with `{{ … }}` as ⟦…⟧ and tags and comments as blanks; lines stay where they are."""
    return JINJA.sub(_mark, text)


@cache
def names() -> tuple[str, ...]:
    return tuple(sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html")))


@cache
def source(name: str) -> str:
    return (TEMPLATES / name).read_text("utf-8")


@cache
def roots(name: str) -> tuple[Element, ...]:
    """The outermost elements of a template."""
    reader = _Reader()
    reader.feed(without_jinja(source(name)))
    reader.close()
    return tuple(reader.roots)


def elements(name: str) -> Iterator[Element]:
    for root in roots(name):
        yield root
        yield from root.descendants()
