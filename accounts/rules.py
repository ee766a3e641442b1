"""Pure rules of accounts: sign-in limits, passwords, user names, dates of grants, the role worked in.

After ASVS 5.0: 6.1.1 and 6.3.1 (guessing), 6.2 (passwords), 7.3 (session timeouts), 8.2 (rights).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from accounts.enums import Refusal
from core.errors import Denied, Unprocessable
from core.permissions import ROLE_PERMISSIONS, ROLE_REALMS, Permission, Role
from core.scope import EVERYTHING, Reach, Viewer
from core.text import fold
from core.units import Block, UnitKind

#: Failures count for so long.
ATTEMPT_WINDOW = timedelta(minutes=15)
#: An address an account signed in from within this span is spared the limit of the account, so that
#: nobody locks a colleague out by typing wrong passwords elsewhere.
KNOWN_ADDRESS_SPAN = timedelta(days=30)
PAIR_LIMIT, ACCOUNT_LIMIT, ADDRESS_LIMIT = 5, 20, 60
#: An initial password that an administrator handed out lives so long (ASVS 6.4.1).
INITIAL_PASSWORD_LIFE = timedelta(hours=24)
PASSWORD_MAX_LENGTH = 128
#: Letters and signs that must be left of a password without its guessable parts.
OWN_CHARACTERS = 6
#: Roles whose rights may be handed to a deputy for a time.
GIVING_ROLES = frozenset({Role.CHAIR, Role.HEAD_OF_INSPECTION})
#: What acting authority can leave out, in words.
PERMISSION_WORDS: dict[Permission, Any] = {
    Permission.ABSENCE_READ: _l("see who is away"),
    Permission.ABSENCE_READ_REASON: _l("see why somebody is away"),
    Permission.DECISION_READ: _l("open decisions"),
    Permission.DOCUMENT_READ: _l("open documents"),
    Permission.FIGURES_READ: _l("read figures"),
    Permission.PERSON_EXPORT: _l("export lists of people"),
    Permission.PERSON_READ: _l("open personnel files"),
    Permission.PROPOSAL_MAKE: _l("propose changes of files"),
    Permission.PROPOSAL_READ: _l("see proposed changes"),
    Permission.RATING_PROPOSE: _l("propose yearly ratings"),
    Permission.ROSTER_CONFIRM: _l("confirm the roster of the quarter"),
    Permission.ROSTER_READ: _l("see confirmed rosters"),
    Permission.UNIT_READ: _l("open units and posts"),
}

_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,59}")
_KEYBOARD = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv",
)
#: Folded words that guessers try first, in both languages and of this office.
_COMMON = frozenset(
    """password passwd passw0rd p@ssw0rd p@ssword matkhau mat-khau admin administrator quantri welcome
    login letmein dangnhap qwerty azerty iloveyou monkey dragon football baseball superman batman sunshine
    princess master shadow freedom whatever trustno1 starwars michael jennifer jordan hunter secret changeme
    default computer internet samsung iphone facebook google zalo anhyeuem emyeuanh yeuanh yeuem tinhyeu
    giadinh hanhphuc thanhcong mayman vietnam hanoi saigon hochiminh bacho dangcongsan chutich bithu
    chuyenvien canbo congchuc vienchuc congvu socongvu so-cong-vu noivu sonoivu thanhtra kiemtra ubnd hdnd
    uybannhandan hoidongnhandan register public-duty demo test abc xyz""".split()
)


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed attempts within the window, of the pair, the account and the address."""

    pair: int
    account: int
    address: int
    known_address: bool


def refusal(failures: Failures) -> Refusal | None:
    """The limit that is reached, if any; asked before any password is hashed (ASVS 6.3.1)."""
    if failures.pair >= PAIR_LIMIT:
        return Refusal.PAIR
    if failures.address >= ADDRESS_LIMIT:
        return Refusal.ADDRESS
    if failures.account >= ACCOUNT_LIMIT and not failures.known_address:
        return Refusal.ACCOUNT
    return None


def tidy_username(typed: str) -> str:
    """A user name as it is stored and compared: folded, without blanks around."""
    return fold(typed.strip())


def check_username(username: str) -> None:
    """Refuses what could not be typed on any keyboard."""
    if not _USERNAME.fullmatch(username):
        raise Unprocessable(
            _l("A user name has 3 to 60 letters without accents, digits, points or hyphens, a letter first"),
            field="username",
        )


def check_password(password: str, *, minimum: int, own_words: Iterable[str], field: str) -> None:
    """Length and guessability only, no composition rules (ASVS 6.2.1, 6.2.4, 6.2.5, 6.2.9, 6.2.11)."""
    if len(password) < minimum:
        raise Unprocessable(_l("The password has at least %(count)s characters", count=minimum), field=field)
    if len(password) > PASSWORD_MAX_LENGTH:
        limit = PASSWORD_MAX_LENGTH
        raise Unprocessable(_l("The password has at most %(count)s characters", count=limit), field=field)
    if not password.isprintable():
        raise Unprocessable(_l("The password holds a character that cannot be typed"), field=field)
    if len(own_part(password, own_words)) < OWN_CHARACTERS:
        raise Unprocessable(
            _l("This password is easy to guess: use several words that have nothing to do with your work"),
            field=field,
        )


def own_part(password: str, own_words: Iterable[str]) -> str:
    """What is left of a password without common words, words of the account and the province, years,
    and runs of the keyboard or of one sign."""
    rest = fold(password)
    words = {fold(part) for word in own_words for part in (word, *re.split(r"[\s._-]+", word))}
    for word in sorted((_COMMON | words) - {""}, key=len, reverse=True):
        if len(word) >= 3:
            rest = rest.replace(word, " ")
    rest = re.sub(r"(?:19|20)\d\d", " ", rest)
    rest = re.sub(r"(.)\1{2,}", r"\1", rest)
    rest = re.sub(r"(.{2,6}?)\1+", r"\1", rest)
    return "".join(_without_runs(part) for part in rest.split())


def _without_runs(text: str) -> str:
    kept, position = "", 0
    while position < len(text):
        run = _run_at(text, position)
        if run < 3:
            kept, run = kept + text[position], 1
        position += run
    return kept


def _run_at(text: str, start: int) -> int:
    """Length of the longest piece of a keyboard row, either way, that begins at `start`."""
    best = 1
    for row in _KEYBOARD:
        for line in (row, row[::-1]):
            end = start + 2
            while end <= len(text) and text[start:end] in line:
                best = max(best, end - start)
                end += 1
    return best


def is_initial_password_over(password_set_at: datetime, moment: datetime) -> bool:
    """Whether the handed-out password may no longer be used."""
    return moment - password_set_at > INITIAL_PASSWORD_LIFE


def check_not_oneself(by_user_id: int | None, user_id: int) -> None:
    """Nobody grants, enables, resets or disables for oneself."""
    if by_user_id is not None and by_user_id == user_id:
        raise Denied(_l("Nobody may do this for the own account: ask another administrator"))


def check_dates(starts_on: date, ends_on: date | None, today: date) -> None:
    """A period that ends before it begins, or that is over already, gives nothing."""
    if ends_on is not None and ends_on < starts_on:
        raise Unprocessable(_l("The last day cannot be before the first"), field="ends_on")
    if ends_on is not None and ends_on < today:
        raise Unprocessable(_l("The last day is already past"), field="ends_on")


def check_authority(
    role: Role,
    is_delegated: bool,
    exceptions: Iterable[Permission],
    ends_on: date | None,
    giver_ends: date | None,
) -> None:
    """Acting authority comes from an own grant, once removed only, and not beyond its end."""
    if role not in GIVING_ROLES or is_delegated:
        raise Denied(_l("Only who holds the authority in person can let somebody act"))
    if ends_on is None:
        raise Unprocessable(_l("Enter the last day: acting authority always ends"), field="ends_on")
    if giver_ends is not None and ends_on > giver_ends:
        raise Unprocessable(_l("The last day is after the end of your own grant"), field="ends_on")
    if not authority_permissions(role) - set(exceptions):
        raise Unprocessable(_l("Nothing is left to act on: leave fewer things out"), field="exceptions")


def authority_permissions(role: Role) -> frozenset[Permission]:
    """What a deputy of `role` may do at most: everything but letting others act in turn."""
    return ROLE_PERMISSIONS[role] - {Permission.DELEGATION_MANAGE}


def left_out_words(exceptions: Iterable[str]) -> list[Any]:
    """What acting authority leaves out, in words; a permission that no longer exists by its name."""
    words = {permission.value: text for permission, text in PERMISSION_WORDS.items()}
    return [words.get(name, name) for name in exceptions]


@dataclass(frozen=True, slots=True)
class HeldGrant:
    """A running grant as the sign-in statement reads it."""

    role: Role
    block: Block
    unit_id: int
    unit_name: str
    unit_kind: UnitKind
    acting_for_id: int | None
    acting_for: str | None
    exceptions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role an account can work in: its running grants of one role, block and giver, joined."""

    role: Role
    block: Block
    acting_for_id: int | None
    acting_for: str | None
    grants: tuple[HeldGrant, ...]

    @property
    def key(self) -> str:
        """How the role switch names it."""
        return f"{self.role.value}:{self.block.value}:{self.acting_for_id or 0}"

    @property
    def unit_label(self) -> str:
        """The units in words, for the header."""
        names = sorted({grant.unit_name for grant in self.grants})
        return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")

    @property
    def permissions(self) -> frozenset[Permission]:
        """The role's permissions; acting authority less what any of its grants leaves out."""
        if self.acting_for_id is None:
            return ROLE_PERMISSIONS[self.role]
        left_out = {name for grant in self.grants for name in grant.exceptions}
        return frozenset(p for p in authority_permissions(self.role) if p.value not in left_out)

    @property
    def reach(self) -> Reach:
        """Everything for a grant of the government block at the province's root."""
        if any(g.unit_kind is UnitKind.PROVINCE and g.block is Block.GOVERNMENT for g in self.grants):
            return EVERYTHING
        return frozenset((grant.unit_id, grant.block) for grant in self.grants)


def held_roles(grants: Iterable[HeldGrant]) -> list[HeldRole]:
    """The roles to choose from: own ones before acting ones, in the order of the roles."""
    groups: dict[tuple[Role, Block, int], list[HeldGrant]] = {}
    for grant in grants:
        groups.setdefault((grant.role, grant.block, grant.acting_for_id or 0), []).append(grant)
    roles, blocks = list(Role), list(Block)
    order = sorted(
        groups, key=lambda key: (key[2] > 0, roles.index(key[0]), blocks.index(key[1]) != 1, key[2])
    )
    return [
        HeldRole(role, block, acting or None, found[0].acting_for, tuple(found))
        for role, block, acting in order
        if (found := groups[role, block, acting])
    ]


def chosen_role(
    held: Sequence[HeldRole], role: Role | None, block: Block | None, acting_for_id: int | None
) -> HeldRole | None:
    """The role the session works in; the first held when none was chosen or the chosen one ran out."""
    for one in held:
        if (one.role, one.block, one.acting_for_id) == (role, block, acting_for_id):
            return one
    return held[0] if held else None


@dataclass(frozen=True, slots=True)
class Who:
    """The account of a viewer."""

    id: int
    uid: str
    name: str
    person_id: int | None


def viewer_of(who: Who, held: HeldRole | None, *, today: date, session_id: int | None = None) -> Viewer:
    """The viewer an account is in a role; without one it may do nothing but mind its own account."""
    realms = sorted(ROLE_REALMS[held.role]) if held else []
    return Viewer(
        user_id=who.id,
        user_uid=who.uid,
        name=who.name,
        person_id=who.person_id,
        role=held.role if held else None,
        acting_for=held.acting_for if held else None,
        permissions=held.permissions if held else frozenset(),
        scopes=tuple((realm, held.reach) for realm in realms) if held else (),
        today=today,
        unit_label=held.unit_label if held else "",
        session_id=session_id,
    )


class TooManyAttempts(Exception):
    """A limit of sign-in attempts is reached (429); nothing was hashed or written."""

    def __init__(self, limit: Refusal):
        super().__init__(limit.value)
        self.limit = limit
