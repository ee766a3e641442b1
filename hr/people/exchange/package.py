"""The zip of whole files, opened in a child process: the workbook and the papers named by their digest.

Nothing is unpacked but what has one of these names, and no more of it than its limit: a zip that says
little and holds much is refused by what really comes out.
"""

import hashlib
import re
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

from core.child import Refused
from core.tabular import read
from core.text import marked as _

WORKBOOK, FOLDER = "register.xlsx", "files"
MAX_FILES = 60_000
#: Of one paper, of the workbook as it lies in the zip, of everything together.
MAX_PAPER_MB, MAX_WORKBOOK_MB, MAX_TOTAL_MB = 10, 100, 2_000
#: Papers hardly shrink; what unpacks to many times its size is no paper.
MAX_RATIO = 50
_PAPER = re.compile(rf"{FOLDER}/([0-9a-f]{{64}})")
_PIECE = 1 << 20

MESSAGES = {
    "name": _("The file holds %(name)s, which does not belong there: take it out and pack it again"),
    "twice": _("The file holds %(name)s twice: pack it again"),
    "damaged": _("This file is damaged or not complete: send it again from the original"),
    "packing": _("The file is packed in a way that is not read: pack it as a plain zip without a password"),
    "too_big": _("%(name)s unpacks to more than %(limit)s MB"),
    "too_many": _("The file holds more than %(limit)s papers: send the people in parts"),
    "ratio": _("%(name)s unpacks to many times its size: that is no paper"),
    "digest": _("%(name)s does not have the content that its name tells: take it from the export again"),
}


class PackageRefused(Refused):
    """The zip is refused as a whole. `code` is a key of MESSAGES."""

    def __init__(self, code: str, **params: Any):
        super().__init__(code, MESSAGES[code], params)


def is_package(path: Path) -> bool:
    """Whether a file claims to be one: it begins as a zip, and with one of the names of a package."""
    with path.open("rb") as stream:
        head = stream.read(30 + len(WORKBOOK))
    first = head[30:]
    return head.startswith(b"PK\x03\x04") and first.startswith((WORKBOOK.encode(), f"{FOLDER}/".encode()))


def open_package(payload: dict[str, Any]) -> dict[str, Any]:
    """Entry for the child: {"path"} → {"sheets": as `core.tabular.read`, "files": digest → bytes}."""
    try:
        with zipfile.ZipFile(payload["path"]) as archive:
            members = _members(archive)
            files = {found[1]: _digested(archive, member) for member, found in members if found}
            return {"sheets": _sheets(archive), "files": files}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise PackageRefused("damaged") from error


def _members(archive: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, re.Match[str] | None]]:
    """Every member with its digest; none for the workbook."""
    found, total, names = [], 0, set()
    for member in archive.infolist():
        name = member.filename
        if name == f"{FOLDER}/":
            continue
        paper = _PAPER.fullmatch(name)
        if paper is None and name != WORKBOOK:
            raise PackageRefused("name", name=name[:80])
        if name in names:
            raise PackageRefused("twice", name=name)
        if member.flag_bits & 1 or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise PackageRefused("packing")
        names.add(name)
        total += member.file_size
        if total > MAX_TOTAL_MB << 20:
            raise PackageRefused("too_big", name="zip", limit=MAX_TOTAL_MB)
        found.append((member, paper))
    if len(found) > MAX_FILES:
        raise PackageRefused("too_many", limit=MAX_FILES)
    return found


def _digested(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """Reads a paper piece by piece and holds its content against its name. Returns its size."""
    digest = hashlib.sha256()
    size = 0
    for piece in _pieces(archive, member, MAX_PAPER_MB):
        digest.update(piece)
        size += len(piece)
    if f"{FOLDER}/{digest.hexdigest()}" != member.filename:
        raise PackageRefused("digest", name=member.filename)
    return size


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limit_mb: int) -> Any:
    size = 0
    with archive.open(member) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > limit_mb << 20:
                raise PackageRefused("too_big", name=member.filename, limit=limit_mb)
            if size > (member.compress_size + 1000) * MAX_RATIO:
                raise PackageRefused("ratio", name=member.filename)
            yield piece


def _sheets(archive: zipfile.ZipFile) -> list[dict[str, Any]]:
    target: IO[bytes]
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as target:
        for piece in _pieces(archive, archive.getinfo(WORKBOOK), MAX_WORKBOOK_MB):
            target.write(piece)
        target.flush()
        return read({"path": target.name})
