"""The guide speaks in the words of the screen: each bold word is one of the program's words of that language,
each picture is there, and whoever has a page in the navigation is told of it."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import force_locale

from app import SUBJECTS
from core.permissions import Role
from tests.architecture.source import ROOT

GUIDE = ROOT / "docs" / "guide"
LANGUAGES = ("vi", "en")
#: Kind of user → the pages written for it, beside `everyone`.
PAGES = {
    Role.HR_OFFICER: ("files", "decisions", "imports"),
    Role.CHAIR: ("commune",),
    Role.COMMUNE_STAFF: ("commune",),
    Role.LEADER: ("leader",),
    Role.DATA_PROTECTION: ("data-protection",),
    Role.ADMINISTRATOR: ("administrator",),
}
BOLD = re.compile(r"\*\*(.+?)\*\*")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)#]+)(?:#[^)]*)?\)")
PLACEHOLDER = re.compile(r"%\\\(\w+\\\)s")


def page(language: str, name: str) -> str:
    return (GUIDE / language / f"{name}.md").read_text("utf-8")


def pages() -> Iterator[tuple[str, str, str]]:
    """(language, name, text) of every page."""
    for path in sorted(GUIDE.glob("*/*.md")):
        yield path.parent.name, path.stem, path.read_text("utf-8")


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with (ROOT / "translations/vi/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file)


def words(catalogue: Catalog, language: str) -> tuple[set[str], list[re.Pattern[str]]]:
    """The words of the screen in a language: whole ones, and patterns of those that begin with a word and
    have a value after it."""
    whole, patterns = set(), []
    for message in catalogue:
        said = message.id if language == "en" else message.string
        for form in said if isinstance(said, list | tuple) else [said]:
            whole.add(form)
            if "%(" in form and form[0].isalpha() and " " in form:
                patterns.append(re.compile(PLACEHOLDER.sub(".+", re.escape(form))))
    return whole, patterns


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_bold_word_stands_on_a_screen(catalogue, language):
    whole, patterns = words(catalogue, language)
    unknown = [
        f"{name}: {word}"
        for spoken, name, text in pages()
        if spoken == language
        for word in BOLD.findall(text)
        if word not in ("bold", "đậm")
        and word not in whole
        and not any(pattern.fullmatch(word) for pattern in patterns)
    ]

    assert unknown == []


def test_both_languages_have_the_same_pages_with_the_same_sections():
    def outline(language: str) -> dict[str, int]:
        return {name: text.count("\n## ") for spoken, name, text in pages() if spoken == language}

    assert outline("vi") == outline("en")


def test_every_picture_and_page_referred_to_is_there_and_no_picture_is_left_over():
    shown = set()
    for language, _name, text in pages():
        for said, target in PICTURE.findall(text):
            path = (GUIDE / language / target).resolve()
            assert path.is_file(), target
            assert target.endswith(f"-{language}.png")
            assert said.endswith(("dữ liệu minh họa", "illustrative data"))
            shown.add(path)
        for target in LINK.findall(text):
            assert (GUIDE / language / target).is_file(), target
    for target in LINK.findall((GUIDE / "README.md").read_text("utf-8")):
        assert (GUIDE / target).is_file(), target

    assert shown == set((GUIDE / "pictures").glob("*.png"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_navigation_is_in_the_guide_of_its_users(app: Flask, language):
    with app.test_request_context(), force_locale(language):
        entries = [
            (role, str(entry.label)) for subject in SUBJECTS for entry in subject.nav for role in entry.roles
        ]
    untold = [
        f"{role.value}: {label}"
        for role, label in entries
        if role in PAGES
        and not any(f"**{label}**" in page(language, name) for name in ("everyone", *PAGES[role]))
    ]

    assert entries
    assert untold == []
