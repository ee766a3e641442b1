"""Drafts: what somebody typed and has not yet saved, kept on the server for its author only.

One row per user, form and object. Saved as one types, after an expired session and after a
refusal for load; gone with the action that used the form's token.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, current_app, has_request_context, request
from sqlalchemy import Index, UniqueConstraint, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from core.actions import Submission, on_sent
from core.clock import local, now
from core.db import Base, Identified, JsonText, KeyText, UtcDateTime, db
from core.errors import Unprocessable
from core.gate import writing
from core.permissions import signed_in
from core.scope import Viewer, current_viewer, writing_allowed
from core.subjects import is_undrafted
from core.text import clean

#: Never kept: secrets, and the marks of one sending of the form.
NEVER_KEPT = ("csrf_token", "submission", "version", "password", "new_password", "new_password_confirm")
LIMIT = 64 << 10

bp = Blueprint("drafts", __name__, url_prefix="/drafts")


class Draft(Identified, Base):
    """Typed values of one form. `place` is the form's path, the object's uid in it."""

    __tablename__ = "draft"

    user_id: Mapped[int]
    place: Mapped[str] = mapped_column(KeyText(200))
    token: Mapped[str] = mapped_column(KeyText(64), comment="submission token of the form typed into")
    data: Mapped[Any] = mapped_column(JsonText)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (UniqueConstraint("user_id", "place"), Index("ix_draft_token", "token"))

    def values(self) -> MultiDict[str, str]:
        """The typed values as a form reads them."""
        return MultiDict([(name, value) for name, value in self.data])

    def __str__(self) -> str:
        return self.place

    @property
    def saved_clock(self) -> str:
        """Time of the last save, HH:MM in the province."""
        return local(self.saved_at).strftime("%H:%M")


def find_draft(viewer: Viewer, place: str) -> Draft | None:
    """The viewer's own draft at `place`, if any and if drafts are kept there."""
    if not may_keep(place):
        return None
    query = select(Draft).where(Draft.user_id == viewer.user_id, Draft.place == place)
    return db.session.scalar(query)


def may_keep(place: str) -> bool:
    """Whether a draft may be kept of the form at this path: not where the subject asks for none, for a draft
    is read without a line in the log."""
    try:
        endpoint, values = current_app.url_map.bind("").match(place, method="POST")
    except HTTPException:
        return True
    return not is_undrafted(endpoint, values)


def keep_draft(user_id: int, place: str, values: Mapping[str, Any]) -> datetime:
    """Saves the typed `values` (a MultiDict of the form); returns when. Unprocessable when they are too long
    or too private for a draft."""
    if not may_keep(place):
        raise Unprocessable("no draft of this form")
    pairs = [(name, value) for name, value in _pairs(values) if name not in NEVER_KEPT and value]
    if sum(len(name) + len(value) for name, value in pairs) > LIMIT:
        raise Unprocessable("draft too long")
    moment, token = now(), clean(str(values.get("submission") or ""))[:64]
    allowed = writing_allowed.set(True)
    try:
        with Session(db.engine) as session, writing(session, db.engine):
            if token and session.get(Submission, token) is not None:
                return moment  # the form was sent meanwhile: what is typed there is saved for good
            query = select(Draft).where(Draft.user_id == user_id, Draft.place == place[:200])
            draft = session.scalar(query) or Draft(user_id=user_id, place=place[:200])
            draft.data, draft.saved_at, draft.token = pairs, moment, token
            session.add(draft)
    finally:
        writing_allowed.reset(allowed)
    return moment


def drop_draft(user_id: int, place: str) -> None:
    """Forgets the draft at `place` (its author asked)."""
    allowed = writing_allowed.set(True)
    try:
        with Session(db.engine) as session, writing(session, db.engine):
            query = select(Draft).where(Draft.user_id == user_id, Draft.place == place)
            for draft in session.scalars(query):
                session.delete(draft)
    finally:
        writing_allowed.reset(allowed)


def _forget(token: str, user_id: int | None) -> None:
    """The form was sent: its draft goes in the same transaction, also one it was filled in from."""
    mine = Draft.token == token
    if has_request_context():
        mine = or_(mine, Draft.place == request.path)
    db.session.execute(delete(Draft).where(Draft.user_id == user_id, mine))


on_sent.append(_forget)


@bp.post("")
@signed_in
def save() -> tuple[dict[str, str], int]:
    """Saves what the page's script sends while somebody types."""
    viewer, place = current_viewer(), request.args.get("place", "")
    if viewer is None or viewer.user_id is None or not _is_place(place):
        return {"saved": ""}, 422
    if request.args.get("drop"):
        drop_draft(viewer.user_id, place)
        return {"saved": ""}, 200
    try:
        moment = keep_draft(viewer.user_id, place, request.form)
    except Unprocessable:
        return {"saved": ""}, 422
    return {"saved": local(moment).strftime("%H:%M")}, 200


def _is_place(text: str) -> bool:
    """A path of this site, as a form's own address is written."""
    return text.startswith("/") and len(text) <= 200 and clean(text) == text


def _pairs(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    if isinstance(values, MultiDict):
        return [(clean(name), clean(str(value))) for name, value in values.items(multi=True)]
    return [(clean(name), clean(str(value))) for name, value in values.items()]
