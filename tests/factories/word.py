"""Word files for tests: a template with other words in it, and what a finished paper says."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[2] / "templates" / "hr" / "people" / "word" / "form_2c.docx"
DOCUMENT = "word/document.xml"


def changed(old: str = "", new: str = "", *, source: Path = SHIPPED, **parts: bytes) -> bytes:
    """A shipped template with `old` replaced in its text, and further parts (name with "__" for "/")."""
    target = BytesIO()
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w") as after:
        for item in before.infolist():
            body = before.read(item)
            if item.filename == DOCUMENT and old:
                assert old.encode() in body, old
                body = body.replace(old.encode(), new.encode())
            after.writestr(item, body)
        for name, body in parts.items():
            after.writestr(name.replace("__", "/"), body)
    return target.getvalue()


def text_of(body: bytes, part: str = DOCUMENT) -> str:
    """The words of a paper, tags taken out, one paragraph a line."""
    with zipfile.ZipFile(BytesIO(body)) as package:
        xml = package.read(part).decode()
    return re.sub(r"<[^>]+>", "", xml.replace("</w:p>", "\n"))


def parts_of(body: bytes) -> list[str]:
    """Names of the parts of a paper."""
    with zipfile.ZipFile(BytesIO(body)) as package:
        return package.namelist()


def part(body: bytes, name: str) -> str:
    """One part of a paper as it is."""
    with zipfile.ZipFile(BytesIO(body)) as package:
        return package.read(name).decode()
