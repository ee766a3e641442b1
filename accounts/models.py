"""Accounts, their sessions, grants and sign-in attempts. Open tables: read before there is a viewer.

`User` is what Flask-Security asks of a user; its roles stay empty, for rights come from `Grant`.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.enums import EndReason, GrantState
from core.clock import now
from core.db import Base, EnumText, Identified, JsonText, KeyText, Recorded, UtcDateTime, Versioned
from core.permissions import Role
from core.units import Block, Unit

#: A grant that ends within this span is shown as ending.
ENDING_SPAN = timedelta(days=30)


class User(Identified, Versioned, Recorded, Base):
    """An account. Never deleted: disabled, with who and when."""

    __tablename__ = "user"

    username: Mapped[str] = mapped_column(KeyText(60), comment="folded: lower case without accents")
    display_name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(KeyText(600), comment="Vietnamese order of the name")
    name_fold: Mapped[str] = mapped_column(String(120), comment="folded name, for search")
    password: Mapped[str] = mapped_column(String(255), comment="argon2id")
    password_set_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    must_change_password: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(
        String(64), comment="Flask-Security's session key; new with each password"
    )
    active: Mapped[bool] = mapped_column(default=True)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    person_id: Mapped[int | None] = mapped_column(
        comment="own personnel file; no foreign key, for the table belongs to a later package"
    )
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255), comment="second factor; NULL: none")

    __table_args__ = (
        UniqueConstraint("username"),
        UniqueConstraint("fs_uniquifier"),
        UniqueConstraint("person_id"),
        Index("ix_user_name_key", "name_key", "id"),
        CheckConstraint("active = (disabled_at IS NULL)", name="disabled"),
    )

    #: What Flask-Login and Flask-Security ask of a user.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.active

    @property
    def roles(self) -> list[object]:
        """Flask-Security's roles, unused."""
        return []

    def get_id(self) -> str:
        return self.fs_uniquifier

    def __str__(self) -> str:
        return f"{self.display_name} ({self.username})"


class UserSession(Identified, Base):
    """One sign-in. The cookie holds a random token, the row only its digest: ending the row ends
    the session whatever the browser keeps."""

    __tablename__ = "user_session"

    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), comment="SHA-256 of the token")
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    address: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_reason: Mapped[EndReason | None] = mapped_column(EnumText(EndReason))
    role: Mapped[Role | None] = mapped_column(EnumText(Role), comment="role chosen; NULL: the first held")
    block: Mapped[Block | None] = mapped_column(EnumText(Block))
    acting_for_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))

    __table_args__ = (
        UniqueConstraint("token_digest"),
        Index("ix_user_session_user_id", "user_id", "created_at"),
        CheckConstraint("(ended_at IS NULL) = (ended_reason IS NULL)", name="ended"),
    )

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="raise")

    def __str__(self) -> str:
        return self.address


class Grant(Identified, Base):
    """A role in a unit and its subtree, for one block, from–to. With `delegated_by_id` it is acting
    authority: the rights of that grant, less `exceptions`, as long as that grant runs."""

    __tablename__ = "grant"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    role: Mapped[Role] = mapped_column(EnumText(Role))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", ondelete="RESTRICT"))
    block: Mapped[Block] = mapped_column(EnumText(Block), default=Block.GOVERNMENT)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(comment="last day, inclusive; NULL: open")
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    granted_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="RESTRICT"), comment="NULL: a command"
    )
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="RESTRICT"))
    delegated_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("grant.id", ondelete="RESTRICT"),
        comment="the giver's own grant, for acting authority",
    )
    exceptions: Mapped[list[str]] = mapped_column(
        JsonText, default=list, comment="permissions the acting authority leaves out"
    )

    __table_args__ = (
        Index("ix_grant_user_id", "user_id"),
        Index("ix_grant_unit_id", "unit_id"),
        Index("ix_grant_delegated_by_id", "delegated_by_id"),
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="dates"),
        CheckConstraint("granted_by_id IS NULL OR granted_by_id <> user_id", name="not_to_oneself"),
        CheckConstraint("revoked_by_id IS NULL OR revoked_at IS NOT NULL", name="revoked"),
        CheckConstraint("delegated_by_id IS NULL OR ends_on IS NOT NULL", name="authority_ends"),
    )

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="raise")
    granted_by: Mapped[User | None] = relationship(foreign_keys=[granted_by_id], lazy="raise")
    unit: Mapped[Unit] = relationship(lazy="raise")
    delegated_by: Mapped["Grant | None"] = relationship(remote_side="Grant.id", lazy="raise")

    def runs_on(self, day: date) -> bool:
        """Whether the grant itself gives rights on `day`."""
        begun = self.starts_on <= day
        return begun and self.revoked_at is None and (self.ends_on is None or day <= self.ends_on)

    def state_on(self, day: date) -> GrantState:
        """The state in words; of acting authority, the source's end is not looked at."""
        if self.revoked_at is not None or (self.ends_on is not None and self.ends_on < day):
            return GrantState.OVER
        if self.starts_on > day:
            return GrantState.FUTURE
        ending = self.ends_on is not None and self.ends_on <= day + ENDING_SPAN
        return GrantState.ENDING if ending else GrantState.RUNNING

    def __str__(self) -> str:
        return self.role.value


class LoginAttempt(Base):
    """One attempt to sign in, counted before any password is hashed. `account` is the user name of
    an account, or a digest of what was typed: people type passwords in the wrong field."""

    __tablename__ = "login_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(KeyText(80))
    address: Mapped[str] = mapped_column(KeyText(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ok: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        Index("ix_login_attempt_account", "account", "address", "at"),
        Index("ix_login_attempt_address", "address", "at"),
    )
