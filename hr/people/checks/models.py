"""What was settled about a point to check. The points themselves are found, not stored.

A settlement may name people of two units, so only who answers for the whole province reads it.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Annullable, Base, EnumText, Identified, KeyText, Recorded
from core.ids import Uid
from core.permissions import Permission, Realm
from core.scope import Scoped, Viewer
from hr.people.checks.enums import CheckKind
from hr.people.models import Person


def open_to(viewer: Viewer) -> bool:
    """Whether the viewer reads points to check: with the permission, and for the whole province."""
    return viewer.can(Permission.QUALIFICATION_CHECK) and viewer.sees_everything(Realm.PERSONNEL)


class CheckPoint(Identified, Recorded, Annullable, Scoped, Base):
    """Somebody looked and settled the point, with a note; annulled when it was opened again."""

    __tablename__ = "check_point"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    point: Mapped[str] = mapped_column(Uid, comment="made of the kind and what it is about")
    kind: Mapped[CheckKind] = mapped_column(EnumText(CheckKind))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    qualification_id: Mapped[int | None] = mapped_column(ForeignKey("qualification.id", ondelete="RESTRICT"))
    other_id: Mapped[int | None] = mapped_column(
        ForeignKey("qualification.id", ondelete="RESTRICT"), comment="the paper it was compared with"
    )
    seen: Mapped[str] = mapped_column(KeyText(64), comment="digest of what was compared, as it stood")
    note: Mapped[str] = mapped_column(String(1000))

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        return None if open_to(viewer) else false()

    def scope_parents(self) -> Iterable[tuple[type[Any], int | None]]:
        return ((Person, self.person_id),)

    def __str__(self) -> str:
        return self.kind.value


_VALID = CheckPoint.annulled_at.is_(None)
Index(
    "uq_check_point_point_seen",
    CheckPoint.point,
    CheckPoint.seen,
    unique=True,
    sqlite_where=_VALID,
    postgresql_where=_VALID,
)
