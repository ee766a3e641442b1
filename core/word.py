"""Papers in Word: a template filled in by a child process, and the templates the office put in place
of the shipped ones.

`render(code, data)` is all a subject needs; its templates stand in the registry with a sample of their
data. A replacement is checked before it is kept and never deleted: the last one not set aside holds.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from flask import Response, current_app, send_file
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from core import audit
from core.actions import action
from core.child import ChildFailed, Refused, run
from core.clock import now
from core.db import Base, Identified, KeyText, UtcDateTime, db
from core.errors import Busy, Denied, Missing, Unprocessable
from core.files import MEDIA_TYPES, Document, Stored, path_of, record_document, store
from core.marks import is_demo
from core.permissions import Permission, Realm
from core.scope import Viewer
from core.subjects import WordTemplate, registered
from core.text import clean

#: Papers are written in the language of the administration, whatever the screen speaks.
LANGUAGE = "vi"
_LIMITS: dict[str, Any] = {"memory_mb": 512, "cpu_seconds": 20, "wall_seconds": 30}


class OfficeTemplate(Identified, Base):
    """A Word file the office put in place of a shipped one; annulled when another took its place.
    Accounts stand by number only: their table belongs to a later package."""

    __tablename__ = "office_template"

    code: Mapped[str] = mapped_column(KeyText(40))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id", ondelete="RESTRICT"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    created_by_id: Mapped[int | None]
    annulled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    annulled_by_id: Mapped[int | None]

    document: Mapped[Document] = relationship(lazy="raise")

    def __str__(self) -> str:
        return self.code


_IN_USE = OfficeTemplate.annulled_at.is_(None)
Index(
    "uq_office_template_code",
    OfficeTemplate.code,
    unique=True,
    sqlite_where=_IN_USE,
    postgresql_where=_IN_USE,
)


def templates() -> tuple[WordTemplate, ...]:
    """Every template of every subject, in the order of the subjects."""
    return tuple(template for subject in registered() for template in subject.word_templates)


def find_template(code: str) -> WordTemplate:
    """The template of this code; Missing when no subject has one."""
    found = next((template for template in templates() if template.code == code), None)
    if found is None:
        raise Missing
    return found


def replacements(code: str | None = None) -> Sequence[OfficeTemplate]:
    """What the office put in place of one template or of all, newest first, with `document` loaded."""
    query = select(OfficeTemplate).options(joinedload(OfficeTemplate.document))
    if code is not None:
        query = query.where(OfficeTemplate.code == code)
    return db.session.scalars(query.order_by(OfficeTemplate.id.desc())).all()


def render(code: str, data: Mapping[str, Any], pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The paper as .docx. `data` has exactly the fields of the template's sample: texts, lists of texts,
    lists of rows of texts; `pictures` those of its pictures that there are, as JPEG or PNG.

    Raises Busy when it cannot be made now; ValueError for data of another shape.
    """
    template = find_template(code)
    if set(data) != set(template.sample):
        raise ValueError(f"fields of {code}: {sorted(set(data) ^ set(template.sample))}")
    try:
        return _filled(template, _file_of(template), data, pictures or {})
    except (Refused, ChildFailed) as error:
        # What the office put in place was checked with a sample: this is ours to look into.
        current_app.logger.error("template %s: %s", code, error)
        raise Busy(
            _l("The paper could not be made. Try again; if it fails again, check its template")
        ) from error


def send_word(body: bytes, name: str) -> Response:
    """A paper as an attachment; who may have it was checked, and its making logged, before."""
    return send_file(
        BytesIO(body),
        mimetype=MEDIA_TYPES["docx"],
        as_attachment=True,
        download_name=f"{name}.docx",
        etag=False,
    )


def checked(template: WordTemplate, stream: BinaryIO, name: str) -> Stored:
    """An upload that can take the template's place, stored. Unprocessable says what is wrong with it:
    no Word document, something that runs or fetches, a field that is not one."""
    stored = store(stream, name=name, kinds=("docx",))
    try:
        _filled(template, path_of(stored.sha256), template.sample, {})
    except Refused as refusal:
        raise Unprocessable(_(refusal.message, **refusal.params), field="file") from refusal
    except ChildFailed as failure:
        raise Unprocessable(
            _("The document is too large or cannot be read: make it simpler and send it again"), field="file"
        ) from failure
    return stored


@action(Permission.TEMPLATE_REPLACE)
def replace_template(*, by: Viewer, code: str, stored: Stored, seen: str) -> OfficeTemplate:
    """Puts a checked file in place of a template; `seen`: uid of the replacement in force when the page
    was opened, "" for the shipped one."""
    before = _set_aside(by, code, seen)
    document = record_document(by=by, stored=stored)
    row = OfficeTemplate(code=code, document_id=document.id, created_by_id=by.user_id)
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Unprocessable(_meanwhile()) from error
    values = {"file": [before.document.sha256 if before else None, stored.sha256]}
    audit.record(audit.AuditType.TEMPLATE_REPLACED, row, values=values)
    return row


@action(Permission.TEMPLATE_REPLACE)
def restore_template(*, by: Viewer, code: str, seen: str) -> OfficeTemplate:
    """Sets the replacement aside: the shipped template holds again."""
    before = _set_aside(by, code, seen)
    if before is None:
        raise Unprocessable(_l("The shipped template is in use already"))
    values = {"file": [before.document.sha256, None]}
    audit.record(audit.AuditType.TEMPLATE_RESTORED, before, values=values)
    return before


def in_use(rows: Sequence[OfficeTemplate], code: str) -> OfficeTemplate | None:
    """The one of `rows` that holds now for this template; None: the shipped one does."""
    return next((row for row in rows if row.code == code and row.annulled_at is None), None)


def _set_aside(by: Viewer, code: str, seen: str) -> OfficeTemplate | None:
    if not by.sees_everything(Realm.PERSONNEL):
        raise Denied(
            _l("Templates hold for everybody: only those responsible for the whole province replace them")
        )
    find_template(code)
    query = select(OfficeTemplate).where(OfficeTemplate.code == code, _IN_USE)
    row = db.session.scalar(
        query.options(joinedload(OfficeTemplate.document, innerjoin=True)).with_for_update()
    )
    if (row.uid if row else "") != seen:
        raise Unprocessable(_meanwhile())
    if row is not None:
        row.annulled_at, row.annulled_by_id = now(), by.user_id
        db.session.flush()
    return row


def _meanwhile() -> Any:
    return _l("Somebody has replaced this template meanwhile: open the page again and look at it")


def _file_of(template: WordTemplate) -> Path:
    row = in_use(replacements(template.code), template.code)
    return path_of(row.document.sha256) if row is not None else template.shipped


def _filled(
    template: WordTemplate, path: Path, data: Mapping[str, Any], pictures: Mapping[str, bytes]
) -> bytes:
    with force_locale(LANGUAGE):
        title = str(template.label)
        mark = _("Illustrative data: people and events are invented") if is_demo() else ""
    sizes = template.pictures.items()
    payload = {
        "path": str(path),
        "fields": {name: _row(value) for name, value in template.sample.items()},
        "data": {name: _clean(value) for name, value in data.items()},
        "pictures": {
            name: [base64.b64encode(pictures.get(name, b"")).decode(), *size] for name, size in sizes
        },
        "title": title,
        "office": current_app.extensions["config"].province_name,
        "mark": mark,
    }
    return base64.b64decode(run("core.word_child:fill", payload, **_LIMITS))


def _row(value: Any) -> list[str] | None:
    """Names of the rows of a list; none for a list of texts; None for a text."""
    if isinstance(value, str):
        return None
    return sorted(value[0]) if value and isinstance(value[0], Mapping) else []


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        # The tab and its like would become marks of Word.
        return clean(value).replace("\t", " ")
    if isinstance(value, Mapping):
        return {name: _clean(part) for name, part in value.items()}
    return [_clean(part) for part in value]
