"""Which portrait stands in a file. As open as the file itself; served through its person only."""

from collections.abc import Iterable
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base
from core.files import Document
from core.permissions import Realm
from core.scope import Scoped, Viewer
from hr.people.models import Person, of_visible_person


class PersonPhoto(Scoped, Base):
    """The photograph in a file now; those before stay documents, named by the log."""

    __tablename__ = "person_photo"
    realm: ClassVar[Realm] = Realm.PERSONNEL

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"), primary_key=True)
    document_id: Mapped[int | None] = mapped_column(
        ForeignKey("document.id", ondelete="RESTRICT"),
        comment="portrait of 4 by 6 cm; NULL: taken out. The log names those before",
    )

    document: Mapped[Document | None] = relationship(lazy="raise")

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool] | None:
        return of_visible_person(cls.person_id, viewer)

    def scope_parents(self) -> Iterable[tuple[type[Any], int | None]]:
        return ((Person, self.person_id),)
