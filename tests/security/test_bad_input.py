"""No input gives 500: every address, parameter and field with what nobody would type."""

import re
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest

from tests.client import form_values, parse
from tests.personas import CAST
from tests.security import table
from tests.security.table import ENDPOINTS
from tests.security.test_access import methods_of, token_of
from tests.security.world import address

#: Name → text of a parameter or field.
GARBAGE: dict[str, str] = {
    "beyond 2^63": str(2**63),
    "far below": str(-(2**80)),
    "5000 digits": "9" * 5000,
    "percents": "%" * 60_000,
    "NUL": "a\x00b",
    "superscript": "²",
    "other digits": "٣٠",
    "year 9999": "31/12/9999",
    "iso 9999": "9999-12-31",
    "29/02": "29/02/2023",
    "infinity": "1e999999",
    "nan": "NaN",
    "line break": "a\r\nSet-Cookie: x=1",
    "markup": "'\"><script>alert(1)</script>{{7*7}}${7*7}",
    "path": "../../../../etc/passwd",
    "emoji": "😀" * 500,
    "marks": "e" + "\u0301" * 3000,
    "right to left": "\u202egnp.exe\u2066",
    "sql": "1); DROP TABLE person; --",
    "like": "[_%]\\' ESCAPE '",
    "absent uid": "a" * 26,
}
#: Bytes that are no text, as they stand in an address or a body.
RAW = {"lone surrogate": "%ED%A0%80", "not utf-8": "%FF%FE", "half a sign": "%C3", "encoded NUL": "%00"}
#: Parameters of addresses that no form shows.
PARAMETERS = (
    "after",
    "before",
    "from",
    "count",
    "cols",
    "draft",
    "next",
    "place",
    "drop",
    "kind",
    "outcome",
    "severity",
    "lang",
    "role",
    "q",
    "words",
    "group",
    "as_of",
    "uid",
    "submission",
    "version",
)
#: One account that may open each endpoint.
BY_ROLE = {member.role.value: name for name, member in reversed(CAST.items()) if member.role}


def opener(endpoint: str) -> str:
    """A persona that gets past the guard of the endpoint."""
    roles = ENDPOINTS[endpoint]["roles"]
    return "home_affairs" if isinstance(roles, str) else BY_ROLE[roles[0]]


def names_of(body: str) -> set[str]:
    """Names of every field on a page and of every parameter in its links."""
    tree = parse(body)
    fields = {
        node.get("name") for tag in ("input", "select", "textarea", "button") for node in tree.iter(tag)
    }
    links = re.findall(r"[?&]([a-z_]+)=", " ".join(node.get("href", "") for node in tree.iter("a")))
    return {name for name in fields if name} | set(links)


def has_form(body: str) -> bool:
    """Whether a form of the page's own posts something."""
    main = parse(body).find(".//main")
    return main is not None and any(form.get("method") == "post" for form in main.iter("form"))


def few(names: list[str], turn: int, count: int) -> list[str]:
    """So many of the names, others each turn: over all kinds of garbage each name has its turns."""
    return [names[(turn * count + step) % len(names)] for step in range(min(count, len(names)))]


class Browser:
    """A browser that sends one request after the other and keeps what went wrong."""

    def __init__(self, client: Any, token: str):
        self.client, self.token = client, token
        self.wrong: list[str] = []
        client.checked = False

    def get(self, url: str, label: str) -> None:
        self._note(self.client.get(url), label)

    def post(self, url: str, data: Any, label: str, **kwargs: Any) -> None:
        self._note(self.client.post(url, data=data, **kwargs), label)

    def _note(self, answer: Any, label: str) -> None:
        answer.get_data()
        if answer.status_code >= 500:
            self.wrong.append(f"{label}: {answer.status_code}")
        if "x" in answer.headers.get("Set-Cookie", "").split("=")[0]:
            self.wrong.append(f"{label}: a header was injected")
        answer.close()


@pytest.fixture
def tester(app, client_as, world_of, monkeypatch):
    """`tester(endpoint)`: (browser, address, the fields of its page, their values)."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    world = world_of(app)

    def make(endpoint):
        client = client_as(opener(endpoint))
        token = token_of(client)
        found = Browser(client, token)
        url = address(app, endpoint, world.own)
        values: dict[str, str] = {}
        names = set(PARAMETERS)
        if "GET" in methods_of(app, endpoint):
            answer = client.get(url)
            if answer.mimetype == "text/html" and answer.status_code == 200:
                body = answer.get_data(as_text=True)
                names |= names_of(body)
                # Some pages have their form in other states of the object only.
                if "POST" in methods_of(app, endpoint) and has_form(body):
                    values = form_values(body)
            answer.close()
        values["csrf_token"] = token
        return found, url, sorted(names - {"csrf_token"}), values

    return make


def keeps_session(endpoint):
    # Signing out ends the browser's session; its only field is the token.
    return endpoint != "account.sign_out"


@pytest.mark.slow
@pytest.mark.parametrize("endpoint", sorted(filter(keeps_session, ENDPOINTS)))
def test_garbage_is_refused_not_stumbled_over(app, tester, endpoint):
    found, url, names, values = tester(endpoint)
    methods = methods_of(app, endpoint)
    for number, (kind, text) in enumerate([*GARBAGE.items(), *RAW.items()]):
        raw = kind in RAW
        part = text if raw else quote(text)[:100_000]
        if "GET" in methods:
            found.get(url + "?" + "&".join(f"{name}={part[:3000]}" for name in names[:40]), f"GET all {kind}")
            # Each parameter meets every kind over the endpoints; here each kind a few of them.
            for name in few(names, number, 2):
                found.get(f"{url}?{name}={part}", f"GET {name} {kind}")
        if "POST" in methods:
            body = {**dict.fromkeys(names, text[:3000]), "csrf_token": found.token}
            if raw:
                typed = "&".join(f"{name}={text}" for name in names) + f"&csrf_token={found.token}"
                found.post(url, typed, f"POST all {kind}", content_type="application/x-www-form-urlencoded")
                continue
            found.post(url, body, f"POST all {kind}")
            for name in few(sorted(values.keys() - {"csrf_token"}), number, 4):
                found.post(url, {**values, name: text}, f"POST {name} {kind}")

    assert found.wrong == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "endpoint", sorted(name for name in ENDPOINTS if "post" in ENDPOINTS[name] and keeps_session(name))
)
def test_bodies_of_other_shapes_are_refused(app, tester, endpoint):
    found, url, names, values = tester(endpoint)
    token = found.token
    lists = [(name, text) for name in names for text in ("a", "b", "")]
    found.post(url, None, "nothing")
    found.post(url, "[" * 100_000, "nested", content_type="application/json")
    found.post(url, '{"a": {"b": [1]}}', "json", content_type="application/json")
    found.post(
        url, "[1,2]", "json with token", content_type="application/json", headers={"X-CSRFToken": token}
    )
    found.post(url, b"\x80\x81\xff", "no type", headers={"X-CSRFToken": token})
    found.post(
        url,
        b"--x\r\nbroken",
        "broken parts",
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": token},
    )
    found.post(url, b"", "no boundary", content_type="multipart/form-data", headers={"X-CSRFToken": token})
    found.post(url, {**values, **dict.fromkeys(names, "x" * 1_000_000)}, "1 MB")
    typed = "&".join(f"{name}={text}" for name, text in [*lists, ("csrf_token", token)])
    found.post(url, typed, "lists", content_type="application/x-www-form-urlencoded")
    found.post(
        url,
        typed.replace("=", "[]="),
        "brackets",
        content_type="application/x-www-form-urlencoded",
        headers={"X-CSRFToken": token},
    )
    found.post(url, {**values, **dict.fromkeys(values, ""), "csrf_token": token}, "all empty")
    files = {name: (BytesIO(b"\x00" * 100), "a\r\nb\x00/../..exe") for name in names[:30]}
    found.post(url, {**files, "csrf_token": token}, "files for texts", content_type="multipart/form-data")

    assert found.wrong == []


NO_UID = {**{kind: quote(text) for kind, text in GARBAGE.items() if kind != "absent uid"}, **RAW}


@pytest.mark.slow
@pytest.mark.parametrize("text", NO_UID.values(), ids=NO_UID)
def test_garbage_in_the_place_of_an_object_is_absent(app, client_as, text):
    client = client_as("home_affairs")
    client.checked = False
    with app.test_request_context("/", base_url="http://localhost"):
        rules = [
            rule.rule
            for rule in app.url_map.iter_rules()
            if rule.arguments and "components" not in rule.endpoint
        ]
    for rule in rules:
        url = re.sub(r"<[^>]*>", lambda _m: text[:5000], rule)
        with client.get(url) as answer:
            assert answer.status_code in (303, 404), (rule, answer.status_code)
            if answer.status_code == 303:
                assert ".." in text


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "so=" + "x" * 5000},
        {"Cookie": "so=.eJ.x.y; lang=\x7f"},
        {"Cookie": "lang=" + "%00" * 50},
        {"HX-Request": "true", "HX-Current-URL": "https://evil.example/\x7f"},
        {"User-Agent": "x" * 10_000},
        {"Accept-Language": "x" * 10_000 + ";q=9"},
        {"Accept-Encoding": "br;q=x,,gzip;q=nan"},
        {"Range": "bytes=0-0,9-1,-1"},
        {"If-None-Match": 'W/"x', "If-Modified-Since": "yesterday"},
        {"Content-Length": "0", "Transfer-Encoding": "chunked"},
        {"X-Forwarded-For": "'; --", "X-Request-Id": "x\x7f"},
        {"Referer": "javascript:alert(1)"},
    ],
)
def test_headers_are_not_stumbled_over(app, client, client_as, headers, monkeypatch):
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    for browser in (client, client_as("home_affairs")):
        browser.checked = False  # a compressed body is not read as text
        for url in ("/sign-in", "/people", "/"):
            assert browser.get(url, headers=headers).status_code < 500


def test_every_endpoint_has_somebody_who_opens_it():
    for endpoint, line in ENDPOINTS.items():
        assert table.is_open(line, opener(endpoint)), endpoint
