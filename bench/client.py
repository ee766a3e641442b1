"""A browser's part: cookies, forms, what a page makes it fetch, and bytes as they travel."""

import gzip
import http.client
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

import brotli

TIMEOUT = 30
CSS_LINK = re.compile(r"@import\s+(?:url\()?[\"']?([^\"')\s;]+)|url\([\"']?([^\"')]+)")


@dataclass(frozen=True)
class Answer:
    """One answer; `wire` counts the compressed body and the headers."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    wire: int

    @property
    def statements(self) -> int | None:
        value = self.headers["X-Statements"]
        return int(value) if value is not None else None

    @property
    def text(self) -> str:
        kind = self.headers["Content-Encoding"]
        plain = {"br": brotli.decompress, "gzip": gzip.decompress}.get(kind or "", bytes)(self.body)
        return plain.decode("utf-8")


@dataclass
class Client:
    """One connection with its cookies; `Secure` cookies are kept too, for the server is on loopback."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)

    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def ask(
        self, method: str, path: str, form: dict[str, str] | None = None, *, htmx: bool = False
    ) -> Answer:
        headers = {"Accept-Encoding": "br, gzip", "Accept-Language": "vi", "Accept": "text/html"}
        if self.cookies:
            headers["Cookie"] = self.cookie_header()
        if htmx:
            headers["HX-Request"] = "true"
        body = None
        if form is not None:
            body = urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        response = self._send(method, path, body, headers)
        content = response.read()
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value
        head = sum(len(name) + len(value) + 4 for name, value in response.headers.items())
        return Answer(response.status, response.headers, content, head + len(content) + 19)

    def _send(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        """The server closes a connection that was idle; then once more on a new one."""
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except ConnectionError:
            self.connection.close()
        self.connection.request(method, path, body, headers)
        return self.connection.getresponse()

    def get(self, path: str, *, htmx: bool = False) -> Answer:
        return self.ask("GET", path, htmx=htmx)

    def read(self, path: str) -> str:
        """The text of a page that must be there."""
        answer = self.get(path)
        if answer.status != 200:
            raise RuntimeError(f"{path} was answered {answer.status}")
        return answer.text

    def follow(self, path: str) -> tuple[str, Answer]:
        """GET with at most five redirects; the address it ended at and the answer."""
        for _ in range(5):
            answer = self.get(path)
            if answer.status not in (301, 302, 303, 307, 308):
                return path, answer
            path = _path(urljoin(path, answer.headers["Location"]))
        raise RuntimeError(f"too many redirects at {path}")

    def sign_in(self, username: str, password: str) -> None:
        """Through the real form, hidden fields and all."""
        where, answer = self.follow("/")
        form = FormReader.first(answer.text, containing="password")
        fields = form.fields | {form.text_name: username, form.password_name: password}
        sent = self.ask("POST", _path(urljoin(where, form.action or where)), fields)
        if sent.status not in (302, 303):
            raise RuntimeError(f"sign-in as {username} was answered {sent.status}")
        self.follow(_path(urljoin(where, sent.headers["Location"])))


def _path(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


class FormReader(HTMLParser):
    """The forms of a page: action, values of fields, names of the text and password fields."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[FormReader.Form] = []

    @dataclass
    class Form:
        action: str
        fields: dict[str, str] = field(default_factory=dict)
        text_name: str = ""
        password_name: str = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(FormReader.Form(values.get("action", "")))
        if tag != "input" or not self.found or "name" not in values:
            return
        form, kind = self.found[-1], values.get("type", "text")
        if kind == "password":
            form.password_name = form.password_name or values["name"]
        elif kind in ("text", "email"):
            form.text_name = form.text_name or values["name"]
        if kind != "checkbox":
            form.fields[values["name"]] = values.get("value", "")

    @classmethod
    def first(cls, text: str, *, containing: str) -> "FormReader.Form":
        reader = cls()
        reader.feed(text)
        return next(form for form in reader.found if getattr(form, f"{containing}_name"))


class _AssetReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "link" and {"stylesheet", "icon", "manifest"} & set(values.get("rel", "").split()):
            self.found.append(values["href"])
        if tag in ("script", "img") and values.get("src", "").startswith("/"):
            self.found.append(values["src"])
        if tag == "use" and values.get("href", "").startswith("/"):
            self.found.append(values["href"].partition("#")[0])


def first_visit(client: Client, path: str) -> tuple[int, int]:
    """(requests, bytes on the wire) of a browser with an empty cache that opens `path`."""
    where, page = client.follow(path)
    reader = _AssetReader()
    reader.feed(page.text)
    waiting, seen, total = [urljoin(where, address) for address in reader.found], set(), page.wire
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = client.get(address)
        total += answer.wire
        if address.endswith(".css"):
            inner = [one or two for one, two in CSS_LINK.findall(answer.text)]
            waiting += [urljoin(address, link) for link in inner if not link.startswith("data:")]
    return 1 + len(seen), total
