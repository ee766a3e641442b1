"""What the strict content policy and a browser without scripts ask of the templates."""

import re

from tests.architecture.source import report
from tests.templates_check.markup import Element, elements, names, roots, source, without_jinja

HTMX = ("hx-get", "hx-post")
REFUSED = ("hx-on", "hx-put", "hx-patch", "hx-delete", "hx-boost", "hx-ext", "hx-history")


#: `keyup[ctrlKey]` is code; `from:find input[type=search]` is a selector.
TRIGGER_FILTER = re.compile(r"(^|,)\s*[\w:-]+\[")


def where(name: str, element: Element) -> str:
    return f"{name}:{element.line} <{element.tag}>"


def inline_code(element: Element) -> list[str]:
    keys = {key for key, _ in element.attributes}
    found = [key for key in keys if key == "style" or re.fullmatch(r"on[a-z]+", key)]
    found += [key for key, value in element.attributes if "javascript:" in value.lower()]
    if element.tag == "style" or (element.tag == "script" and "src" not in keys):
        found.append("code between the tags")
    return found


def test_no_inline_script_style_or_handler():
    """The content policy would refuse them, silently, in the browser."""
    problems = [
        f"{where(name, element)} {what}"
        for name in names()
        for element in elements(name)
        for what in inline_code(element)
    ]

    report(problems, "Inline code is refused by the content policy:")


def test_htmx_is_used_within_what_we_rely_on():
    problems = []
    for name in names():
        for element in elements(name):
            for key, value in element.attributes:
                if key.startswith(REFUSED) or (key.startswith("hx-") and value.lstrip().startswith("js:")):
                    problems.append(f"{where(name, element)} {key}")
                if key == "hx-trigger" and TRIGGER_FILTER.search(value):
                    problems.append(f"{where(name, element)} a trigger filter is code")

    report(problems, "Not with this content policy, or not in htmx 4:")


def plain_addresses(element: Element, method: str) -> set[str]:
    """Where the same click or key leads without scripts."""
    found: set[str] = set()
    forms = [one for one in (element, *element.ancestors()) if one.tag == "form"]
    if method == "get":
        for one in (element, *element.descendants()):
            found.update(one.values("href"))
    for form in forms:
        methods = [value.lower() for value in form.values("method")] or ["get"]
        if method in methods or any("⟦" in value for value in methods):
            found.update(form.values("action"))
    found.update(element.values("formaction"))
    return found


def test_every_htmx_element_has_a_plain_twin():
    """Scripts may be off or not yet loaded on a slow line: the link or form does the same then."""
    problems = []
    for name in names():
        for element in elements(name):
            for key in HTMX:
                twins = plain_addresses(element, key.removeprefix("hx-"))
                problems += [
                    f"{where(name, element)} {key}={value}"
                    for value in element.values(key)
                    if value not in twins
                ]

    report(problems, "Give it an href or a form action with the same address:")


def test_every_htmx_element_names_its_target():
    """Targets are not inherited: htmx 4 would not, and moving a fragment would change its meaning."""
    problems = [
        f"{where(name, element)} lacks {needed}"
        for name in names()
        for element in elements(name)
        if any(element.values(key) for key in HTMX)
        for needed in ("hx-target", "hx-swap")
        if not element.values(needed)
    ]

    report(problems, "State target and swap on the element itself:")


NEVER_ALONE = ("_layout/", "_components/", "_errors/")


def fragments() -> list[str]:
    """Files that are answered alone: `_name.html` outside layout, components and error pages."""
    own = [name for name in names() if not name.startswith(NEVER_ALONE)]
    return [name for name in own if name.rpartition("/")[2].startswith("_")]


def test_the_root_of_a_fragment_has_the_id_it_replaces():
    problems = []
    for name in fragments():
        outer = roots(name)
        if not outer:
            problems.append(f"{name}: no element")
        problems += [f"{where(name, root)} has no id" for root in outer if not root.values("id")]

    report(problems, "A fragment that is answered alone has one root with an id:")


def test_forms_say_where_they_go():
    problems = [
        where(name, element)
        for name in names()
        for element in elements(name)
        if element.tag == "form" and not (element.values("action") and element.values("method"))
    ]

    report(problems, "A form states method and action:")


def test_pictures_and_buttons_are_complete():
    problems = []
    for name in names():
        for element in elements(name):
            if element.tag == "img" and not element.values("alt") and ("alt", "") not in element.attributes:
                problems.append(f"{where(name, element)} without alt")
            if element.tag == "button" and not element.values("type"):
                problems.append(f"{where(name, element)} without type: it would submit")

    report(problems, "Incomplete:")


def test_nothing_is_fetched_from_elsewhere():
    problems = [
        f"{where(name, element)} {key}={value}"
        for name in names()
        for element in elements(name)
        for key, value in element.attributes
        if key in ("src", "srcset", "href", "action") and re.match(r"(https?:)?//", value)
    ]

    report(problems, "The intranet has no outside:")


SILENT = re.compile(
    r"\{%-?\s*trans\b.*?endtrans\s*-?%\}|<!--.*?-->|<!doctype[^>]*>|<code\b.*?</code>|<kbd\b.*?</kbd>",
    re.DOTALL | re.IGNORECASE,
)
TAG = re.compile(r"<[^<>]*>", re.DOTALL)


def lines_kept(match: re.Match[str]) -> str:
    return " " + "\n" * match.group().count("\n")


def test_words_for_people_go_through_translation():
    """Text between tags that is not a Jinja expression stays English in Vietnamese."""
    problems = []
    for name in names():
        text = TAG.sub(lines_kept, without_jinja(SILENT.sub(lines_kept, source(name))))
        for number, line in enumerate(text.splitlines(), 1):
            words = re.sub(r"⟦.*?⟧|&\w+;", " ", line)
            if re.search(r"(?<![-\w])[A-Za-zÀ-ỹ]{2,}", words):
                problems.append(f"{name}:{number} {words.strip()}")

    report(problems, "Wrap it in _():")
