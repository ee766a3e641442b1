"""The demo province, served as `make run` serves it, and browsers signed in as its accounts.

Every page is watched: an error on the console (the content security policy speaks there), an exception
in a script or a request to another host fails the test that opened it.
"""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.demo import PASSWORD
from tests.conftest import TODAY

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: Persona → the demo's account. Officers who write have one each, so that no test meets another's draft.
ACCOUNTS = {
    "home_affairs": "noivu.1",
    "home_affairs_2": "noivu.2",
    "home_affairs_3": "noivu.3",
    "case_officer": "kyluat.1",
    "head": "kiemtra.truong",
    "inspector": "kiemtra.1",
    "chair_a": "chutich.bung-lao",
    "chair_b": "chutich.na-sang",
    "staff_b": "canbo.na-sang",
    "leader": "lanhdao.1",
    "data_officer": "dulieu",
    "admin": "quantri",
}
OFFICE, PHONE = {"width": 1366, "height": 768}, {"width": 360, "height": 740}
#: How long the demo may take to be made on a busy machine, in seconds.
PATIENCE = 180

#: How Chromium and htmx tell of a refusal on the console.
SAID = ("responded with a status of", "Response Status Error Code")

PageAs = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the demo province, made for this run."""
    folder = tmp_path_factory.mktemp("province")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FLASK_")},
        "DATA_FOLDER": str(folder / "data"),
        "ENVIRONMENT": "test",
        "CLOCK": TODAY.isoformat(),
    }
    command = [sys.executable, "-m", "flask", "--app", "app", "serve", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/readyz", server, folder / "server.log")
        yield address
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own loopback address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)  # the server has no way to call us
    pytest.fail(f"the demo was not served:\n{log.read_text('utf-8', 'replace')}")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium instead of one that Playwright would download."""
    chromium = os.environ.get("CHROMIUM")
    if not chromium:
        pytest.fail("CHROMIUM names no browser: run the suite by `make test-browser`")
    return {**browser_type_launch_args, "executable_path": chromium, "args": FLAGS}


class Watch:
    """What went wrong on the pages of one context."""

    def __init__(self, context: BrowserContext, address: str, refusals: frozenset[int]):
        self.found: list[str] = []
        self.address = address
        self.refusals = refusals
        context.on("page", self._follow)
        context.on("request", self._request)

    def _follow(self, page: Page) -> None:
        page.on("console", lambda message: self._said(message.type, message.text))
        page.on("pageerror", lambda error: self.found.append(f"exception: {error}"))

    def _said(self, kind: str, text: str) -> None:
        expected = any(f"{words} {status}" in text for status in self.refusals for words in SAID)
        if kind in ("error", "warning") and not expected:
            self.found.append(f"{kind}: {text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:")):
            self.found.append(f"foreign request: {request.url}")


@pytest.fixture(scope="session")
def sessions(browser: Browser, served: str) -> Callable[[str], Any]:
    """Cookies of a persona's session; signs in by the form once a run."""
    known: dict[str, Any] = {}

    def of(persona: str) -> Any:
        if persona not in known:
            context = browser.new_context(base_url=served)
            page = context.new_page()
            sign_in(page, ACCOUNTS[persona])
            expect(page).to_have_url(f"{served}/")
            known[persona] = context.storage_state()
            context.close()
        return known[persona]

    return of


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Fills in and sends the sign-in form."""
    page.goto("/sign-in")
    page.locator("#username").fill(username)
    page.locator("#password").fill(password)
    page.locator("main button.primary").click()


@pytest.fixture
def page_as(browser: Browser, served: str, sessions: Callable[[str], Any]) -> Iterator[PageAs]:
    """`page_as("chair_a")`: a page of a browser of its own, signed in as the persona (None: nobody).

    `refusals` are the statuses the test provokes; any other error on the console fails it.
    """
    contexts: list[tuple[BrowserContext, Watch]] = []

    def make(
        persona: str | None,
        *,
        size: dict[str, int] = OFFICE,
        scripts: bool = True,
        language: str = "vi",
        dark: bool = False,
        refusals: tuple[int, ...] = (),
    ) -> Page:
        context = browser.new_context(
            base_url=served,
            viewport=size,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            locale="vi-VN",
            storage_state=sessions(persona) if persona else None,
        )
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": "lang", "value": language, "url": served}])
        contexts.append((context, Watch(context, served, frozenset(refusals))))
        return context.new_page()

    yield make
    problems = [text for _context, watch in contexts for text in watch.found]
    for context, _watch in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def no_scripts(page_as: PageAs) -> PageAs:
    """The same with scripts off."""

    def make(persona: str | None, **options: Any) -> Page:
        return page_as(persona, scripts=False, **options)

    return make


def person_named(page: Page, name: str) -> str:
    """Address of the file of the one person of this name; leaves the page on the search."""
    page.goto(f"/search?q={name}")
    link = page.locator("#people").get_by_role("link", name=name, exact=True)
    expect(link).to_have_count(1)
    return str(link.get_attribute("href"))
