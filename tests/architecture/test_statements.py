"""No page costs more statements or bytes than `tests/statements.toml` allows it, whoever asks for it."""

import gzip
import tomllib
from pathlib import Path
from typing import Any

import pytest

from hr.people.imports import reading
from tests.client import parse
from tests.security import table
from tests.security.table import ENDPOINTS
from tests.security.world import address, build, for_persona

BUDGET: dict[str, Any] = tomllib.loads((Path(__file__).parents[1] / "statements.toml").read_text("utf-8"))
#: Pages that read; a page that sends the reader elsewhere or shows components has no cost of its own.
PAGES = sorted(
    name
    for name, line in ENDPOINTS.items()
    if line.get("get") == 200 and not name.startswith(("components.", "health.", "static"))
)


def parts(body: bytes) -> list[str]:
    """Addresses a page asks for by itself once it is there."""
    elements = parse(body.decode()).findall(".//*[@hx-get]")
    return [one.get("hx-get", "") for one in elements if "load" in one.get("hx-trigger", "")]


def test_the_table_names_pages_that_exist():
    assert set(BUDGET["pages"]) <= set(PAGES)
    assert all(most > BUDGET["most"] for most in BUDGET["pages"].values())


@pytest.mark.slow
@pytest.mark.parametrize("persona", ["home_affairs", "chair_a", "leader", "data_officer", "admin"])
def test_pages_cost_what_the_table_allows(app, client_as, count_statements, monkeypatch, persona):
    monkeypatch.setattr(reading, "start", lambda _by, _uid: None)
    world = build(app)
    for_persona(app, world, persona)
    client, over, asked = client_as(persona), [], 0
    client.get("/")
    for endpoint in PAGES:
        if not table.is_open(ENDPOINTS[endpoint], persona):
            continue
        url, body = address(app, endpoint, world.own), b""
        with count_statements() as sent, client.get(url) as answer:
            body = answer.get_data()
            if answer.mimetype == "text/html":
                for part in parts(body):
                    client.get(part)
        asked += answer.status_code == 200
        if len(sent) > BUDGET["pages"].get(endpoint, BUDGET["most"]):
            over.append(f"{endpoint}: {len(sent)} statements")
        if answer.mimetype == "text/html" and len(gzip.compress(body)) > BUDGET["bytes"]:
            over.append(f"{endpoint}: {len(gzip.compress(body))} bytes")

    assert asked > 5, "hardly any page was shown"
    assert not over, "\n".join(over)
