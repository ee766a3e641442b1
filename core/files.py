"""Uploaded files: a content-addressed folder and a row each.

A file is written to a temporary name, synced and renamed to its SHA-256 before its row is
committed, so there is no row without its file; files without a row are swept by `flask doctor`.
The type is read from the content against an allow-list; photos are saved anew, which drops
position and device. Served as attachments only.
"""

import base64
import hashlib
import os
import re
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import filetype
from flask import Response, current_app, send_file
from flask_babel import gettext as _
from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core import audit
from core.actions import action
from core.child import ChildFailed, Refused, run
from core.clock import now
from core.db import Base, Identified, KeyText, UtcDateTime, db
from core.errors import FileLost, Unprocessable
from core.scope import Viewer
from core.text import clean, fold

#: Kind → media type. What is not here is refused, whatever its name says.
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
EVIDENCE = ("pdf", "jpg", "png")
MAX_BYTES = 10 << 20
MAX_PIXELS = 40_000_000
_OF_PICTURE: dict[str, Any] = {"memory_mb": 1024, "cpu_seconds": 30, "wall_seconds": 45}
_SECRET_MARKS = ("tuyet mat", "toi mat")
#: The word by itself, but not in "mật độ" (density), "mật khẩu" (password), honey and the like.
_SECRET_WORD = re.compile(r"\bmật\b(?! (?:độ|khẩu|mã|ong|mía|thiết)\b)")


class Document(Identified, Base):
    """One stored file. The same content uploaded twice shares one file on disk."""

    __tablename__ = "document"

    sha256: Mapped[str] = mapped_column(KeyText(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    created_by_id: Mapped[int | None]

    def __str__(self) -> str:
        return self.name


class Stored:
    """A file checked and on disk, not yet a row: made before the gate, recorded inside it."""

    def __init__(self, sha256: str, size: int, kind: str, name: str):
        self.sha256, self.size, self.kind, self.name = sha256, size, kind, name


def store(stream: BinaryIO, *, name: str, kinds: Sequence[str] = EVIDENCE) -> Stored:
    """Checks and writes an upload. Unprocessable says what is wrong; nothing is kept then."""
    body = stream.read(MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise Unprocessable(_("The file is larger than %(limit)s MB", limit=MAX_BYTES >> 20), field="file")
    if not body:
        raise Unprocessable(_("The file is empty"), field="file")
    if _is_marked_secret(name):
        raise Unprocessable(
            _("Papers marked Mật, Tối mật or Tuyệt mật are not kept here: hand them to the records office"),
            field="file",
        )
    kind = _kind(body)
    if kind is None or kind not in kinds:
        raise Unprocessable(
            _("This kind of file is not accepted: send %(kinds)s", kinds=", ".join(kinds)), field="file"
        )
    if kind in ("jpg", "png"):
        body = _without_metadata(body, kind)
    sha256 = hashlib.sha256(body).hexdigest()
    _write(path_of(sha256), body)
    return Stored(sha256, len(body), kind, _safe_name(name, kind))


def marked_pictures(path: Path, members: Sequence[str]) -> frozenset[str]:
    """Those of these pictures in a zip that cannot be kept as they are: they carry place or device, or cannot
    be read. Looked at in the child process, together. All of them when it fails."""
    if not members:
        return frozenset()
    given = {"path": str(path), "members": list(members), "pixels": MAX_PIXELS}
    try:
        return frozenset(run("core.photo_child:marked_in", given))
    except ChildFailed:
        return frozenset(members)


def adopt(body: bytes, *, sha256: str, name: str, media_type: str, is_marked: bool) -> None:
    """Writes a file that another register of this program has kept, byte for byte: it must be what it
    is said to be; `is_marked` for a picture as `marked_pictures` tells. Unprocessable says what is
    wrong; nothing is kept then."""
    if hashlib.sha256(body).hexdigest() != sha256:
        raise Unprocessable(_("The file differs from its digest: take it from the export again"))
    kind = _kind(body)
    if len(body) > MAX_BYTES or kind is None or MEDIA_TYPES.get(kind) != media_type:
        raise Unprocessable(_("The file is not of the kind that its row says"))
    if name != _safe_name(name, kind) or _is_marked_secret(name):
        raise Unprocessable(
            _("The name of the file cannot be kept: give it a plain name with its true ending")
        )
    if kind in ("jpg", "png") and is_marked:
        raise Unprocessable(
            _("The picture still carries the place or device it was taken with: attach it by hand")
        )
    _write(path_of(sha256), body)


def store_portrait(stream: BinaryIO) -> Stored:
    """Writes a photograph as a portrait of 4 by 6 centimetres, made in the child process. Unprocessable
    says what is wrong; its name stays behind, for cameras and people put much into it."""
    body = stream.read(MAX_BYTES + 1)
    if not 0 < len(body) <= MAX_BYTES:
        told = _("Send one picture of at most %(limit)s MB", limit=MAX_BYTES >> 20)
        raise Unprocessable(told, field="file")
    try:
        made = _decoded("portrait", body)
    except Refused as refusal:
        raise Unprocessable(_(refusal.message, **refusal.params), field="file") from refusal
    except ChildFailed as failure:
        raise Unprocessable(
            _("This picture cannot be read: send it again as JPG or PNG"), field="file"
        ) from failure
    picture = base64.b64decode(made)
    sha256 = hashlib.sha256(picture).hexdigest()
    _write(path_of(sha256), picture)
    return Stored(sha256, len(picture), "jpg", "photo.jpg")


def keep_upload(stream: BinaryIO, limit: int) -> tuple[str, int]:
    """Writes an upload that only a child process will open (a workbook to import): digest and size.
    No row is made of it; the import keeps the digest."""
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise Unprocessable(_("The file is larger than %(limit)s MB", limit=limit >> 20), field="file")
    if not body:
        raise Unprocessable(_("The file is empty"), field="file")
    sha256 = hashlib.sha256(body).hexdigest()
    _write(path_of(sha256), body)
    return sha256, len(body)


@action(None)
def record_document(*, by: Viewer, stored: Stored) -> Document:
    """Makes the row of a stored file, inside the action that uses it."""
    document = Document(
        sha256=stored.sha256,
        size=stored.size,
        media_type=MEDIA_TYPES[stored.kind],
        name=stored.name,
        created_by_id=by.user_id,
    )
    db.session.add(document)
    db.session.flush()
    audit.record(audit.AuditType.DOCUMENT_ADDED, document, values={"sha256": stored.sha256})
    return document


def send_document(document: Document) -> Response:
    """The file as an attachment; the caller has checked who may have it and logged the opening. FileLost when
    it does not lie in the store."""
    path = path_of(document.sha256)
    if not path.exists():
        raise FileLost(document.sha256)
    response = send_file(
        path, mimetype=document.media_type, as_attachment=True, download_name=document.name, etag=False
    )
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers.pop("Last-Modified", None)
    return response


def show_picture(document: Document) -> Response:
    """A stored picture in its place on a page; who may see it was checked before."""
    response = send_document(document)
    response.headers["Content-Disposition"] = "inline"
    return response


def files_folder() -> Path:
    """The folder of the files, from the configuration."""
    return Path(current_app.extensions["config"].files_url)


def path_of(sha256: str) -> Path:
    """Where the content with this digest lies."""
    return files_folder() / sha256[:2] / sha256


def _write(path: Path, body: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as target:
            target.write(body)
            target.flush()
            os.fsync(target.fileno())
        Path(temporary).rename(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _kind(body: bytes) -> str | None:
    guess = filetype.guess(body)
    if guess is None:
        return None
    kind = "jpg" if guess.extension in ("jpg", "jpeg") else str(guess.extension)
    if kind in ("zip", "docx", "xlsx"):
        return _office_kind(body)
    return kind


def _office_kind(body: bytes) -> str | None:
    """docx or xlsx by what the package holds; macros are refused."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    if any(name.endswith("vbaProject.bin") for name in names):
        return None
    if "word/document.xml" in names:
        return "docx"
    return "xlsx" if "xl/workbook.xml" in names else None


def _is_marked_secret(name: str) -> bool:
    words = " ".join(clean(name).replace("_", " ").replace("-", " ").split())
    return any(mark in fold(words) for mark in _SECRET_MARKS) or bool(_SECRET_WORD.search(words.casefold()))


def _without_metadata(body: bytes, kind: str) -> bytes:
    """The picture saved anew, upright: position, device, comments and hidden payloads stay behind."""
    try:
        made = _decoded("plain", body, form="JPEG" if kind == "jpg" else "PNG")
    except Refused as refusal:
        raise Unprocessable(_(refusal.message, **refusal.params), field="file") from refusal
    except ChildFailed as failure:
        raise Unprocessable(
            _("This picture cannot be read: send it again as JPG, PNG or PDF"), field="file"
        ) from failure
    return base64.b64decode(made)


def _decoded(function: str, body: bytes, **details: str) -> Any:
    """What a function of `core.photo_child` answers about a picture: no foreign picture is decoded here."""
    payload = {"body": base64.b64encode(body).decode(), "pixels": MAX_PIXELS, **details}
    return run(f"core.photo_child:{function}", payload, **_OF_PICTURE)


def _safe_name(name: str, kind: str) -> str:
    """The name shown and served: no path, no control characters, the true extension."""
    stem = Path(clean(name).replace("\n", " ").replace("\\", "/")).name
    stem = stem.rsplit(".", 1)[0].strip(" .")[:120] or "document"
    return f"{stem}.{kind}"
