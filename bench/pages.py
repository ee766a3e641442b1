"""Which pages are measured, how their addresses are found, and the targets each is held against."""

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.client import Client

LIST_STATEMENTS, PAGE_STATEMENTS = 8, 16
PAGE_BYTES = 12 * 1024
SWAP_BYTES = 8 * 1024
FIRST_VISIT_BYTES, FIRST_VISIT_REQUESTS = 60 * 1024, 8
CPU_TIMES_BARE = 4.0
GROWTH = 1.3
WORKER_MEGABYTES = 120
START_TIMES_BARE = 5.0
IMPORT_SECONDS = 5.0
#: The writer's lock is held no longer.
LOCK_SECONDS = 1.0
RECONCILE_SECONDS = 5.0
WORD_SECONDS = 2.0

UID = r"[a-z2-7]{26}"


@dataclass(frozen=True)
class Page:
    """One measured page; `counts` marks pages whose time may grow with the people counted on them."""

    name: str
    path: str
    statements: int
    counts: bool = False


def first(pattern: str, text: str, what: str) -> str:
    """The first match in a page, or a clear end: an address that moved must not go unmeasured."""
    found = re.search(pattern, text)
    if found is None:
        raise RuntimeError(f"{what} was not found; did the page change?")
    return found.group(1).replace("&amp;", "&")


def discover(client: Client) -> list[Page]:
    """The pages of a Home Affairs officer, with addresses as the pages themselves link them."""
    listing = client.read("/people")
    person = first(rf'href="(/people/{UID})"', listing, "a person's link")
    jump = client.read("/people?from=L")
    middle = first(r'href="(/people\?[^"]*after=[^"]*)"', jump, "the link to the next page")
    unit = first(rf'href="(/units/{UID})[?"]', client.read(person), "a unit's link")
    name = first(rf'href="/people/{UID}"[^>]*>\s*([^<]+?)\s*<', listing, "a person's name")
    one, two = name.split()[-1].lower(), " ".join(name.split()[-2:]).lower()
    return [
        Page("list, first page", "/people", LIST_STATEMENTS),
        Page("list, middle", middle, LIST_STATEMENTS),
        Page("list, filtered", "/people?category=civil_servant&sex=female", LIST_STATEMENTS, counts=True),
        Page("search, hit", search(one), LIST_STATEMENTS),
        Page("search, two words", search(two), LIST_STATEMENTS),
        Page("search, miss", search("qxz"), LIST_STATEMENTS),
        Page("person", person, PAGE_STATEMENTS),
        Page("form 2C to print", f"{person}/form-2c", PAGE_STATEMENTS),
        Page("unit", unit, PAGE_STATEMENTS),
        Page("form", f"{person}/edit", LIST_STATEMENTS),
        Page("home", "/", LIST_STATEMENTS, counts=True),
        *_round_the_file(client),
    ]


def _round_the_file(client: Client) -> list[Page]:
    """Pages of what stands beside the personnel file: decisions, lists of work, imports."""
    decision = first(rf'href="(/decisions/{UID})"', client.read("/decisions"), "a decision's link")
    batch = first(rf'href="(/imports/{UID})"', client.read("/imports"), "an import's link")
    return [
        Page("decisions", "/decisions", LIST_STATEMENTS, counts=True),
        Page("decision", decision, PAGE_STATEMENTS),
        Page("due dates", "/due-dates", LIST_STATEMENTS, counts=True),
        Page("absences", "/absences", LIST_STATEMENTS, counts=True),
        Page("proposals", "/proposals", LIST_STATEMENTS, counts=True),
        Page("rosters to confirm", "/rosters", LIST_STATEMENTS, counts=True),
        Page("duplicates", "/duplicates", LIST_STATEMENTS, counts=True),
        Page("points to check", "/points-to-check", LIST_STATEMENTS, counts=True),
        Page("letters to issuers", "/letters-to-issuers", LIST_STATEMENTS, counts=True),
        Page("ratings that wait", "/ratings/proposals", LIST_STATEMENTS, counts=True),
        Page("import", batch, PAGE_STATEMENTS),
        Page("import, lines", f"{batch}/lines", LIST_STATEMENTS),
    ]


def search(words: str) -> str:
    """The search box of every page."""
    return "/search?" + urlencode({"q": words})
