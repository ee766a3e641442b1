"""Recomputes the log's chain and says where it was touched: changed, removed, moved, cut off.

Each mac covers the stored mac before it, so one touched row breaks its own link and at most the
next one, and the rest still verifies: a break is a place, not only a "no". Rows are read as they
are stored, never through the program's types: a forged value must be reported, not raise.
"""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, type_coerce
from sqlalchemy.types import NullType

from core.audit import CHAINED, AuditEvent, AuditHead, AuditType, chain, digest
from core.clock import now
from core.db import is_sqlite
from core.ids import encode

BATCH = 2000
#: Broken rows that are tried against each other to find what was moved where; the rest is "changed".
_TRIED = 40
#: How far a renumbered rest of the log may have been shifted and still be recognised.
_SHIFTS = tuple(step * sign for step in range(1, 201) for sign in (1, -1))
_START = bytes(32)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: what was done to which rows, by number."""

    kind: str
    first: int
    last: int
    detail: str

    def __str__(self) -> str:
        rows = f"row {self.first}" if self.first == self.last else f"rows {self.first} to {self.last}"
        return f"{rows} {self.kind}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the chain at some time, kept where the register's keeper cannot reach it."""

    seq: int
    mac: str
    at: str = ""


@dataclass(slots=True)
class Verdict:
    """The outcome: what was read, and every problem in the order of the rows."""

    rows: int = 0
    last_seq: int = 0
    last_mac: str = _START.hex()
    erased: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        """For programs: `ok` first, then the fields."""
        return {"ok": self.ok, **asdict(self)}


@dataclass(frozen=True, slots=True)
class Stored:
    """One row as it lies in the database. `body`: the chained columns as the chain writes them;
    None when the program cannot have written them."""

    seq: int
    mac: bytes
    body: dict[str, Any] | None
    values: Any
    key: bytes | None
    before: bytes = _START

    def link(self, before: bytes, seq: int | None = None) -> bytes | None:
        """The mac this row would have after `before` under the number `seq`."""
        if self.body is None or self.key is None:
            return None
        return chain(self.key, before, self.body if seq is None else {**self.body, "seq": seq})

    def follows(self, before: bytes, seq: int | None = None) -> bool:
        """Whether the row is unchanged, given the mac before it."""
        link = self.link(before, seq)
        return link is not None and hmac.compare_digest(link, self.mac)


class Check:
    """One pass over the log, row by row."""

    def __init__(self, keys: Mapping[str, str], erasures: Mapping[str, int]):
        self.keys = {key_id: key.encode() for key_id, key in keys.items()}
        self.erasures = erasures
        self.verdict = Verdict()
        self.broken: list[Stored] = []
        self.shift = 0
        self.before = _START
        self.expected = 1

    def take(self, row: Stored) -> None:
        """Checks one row against the one before it."""
        if row.seq > self.expected:
            detail = f"not there any more, so nothing proves row {row.seq} either"
            self._found("removed", self.expected, row.seq - 1, detail)
        elif row.key is None and row.body is not None:
            self._found("unproven", row.seq, row.seq, f"no key named {row.body['key_id']!r} was given")
        elif not self._in_place(row):
            self.broken.append(row)
        self._check_values(row)
        self.before, self.expected = row.mac, row.seq + 1
        self.verdict.rows += 1
        self.verdict.last_seq, self.verdict.last_mac = row.seq, row.mac.hex()

    def _in_place(self, row: Stored) -> bool:
        if row.follows(self.before, row.seq + self.shift):
            return True
        if not self.broken or self.broken[-1].seq != row.seq - 1 or len(self.broken) > _TRIED:
            return False
        # Two in a row: was a row taken out (or put in) and the rest numbered anew?
        for shift in _SHIFTS:
            if row.follows(self.before, row.seq + self.shift + shift):
                self._renumbered(row, shift)
                return True
        return False

    def _renumbered(self, row: Stored, shift: int) -> None:
        self.shift += shift
        start = self.broken.pop().seq
        what = f"{shift} removed before it" if shift > 0 else f"{-shift} put in up to it"
        self._found("renumbered", start, start, f"{what}, and the rest of the log numbered anew")

    def _check_values(self, row: Stored) -> None:
        if row.body is None:
            return
        logged = row.body["values_digest"]
        if row.values is None and logged is not None:
            uid = row.body["subject_uid"]
            if self.erasures.get(uid, 0) > row.seq:
                self.verdict.erased += 1
            else:
                self._found("blanked", row.seq, row.seq, "its values are gone and no erasure is recorded")
        elif row.values is not None and digest(str(row.values)) != logged:
            self._found("changed", row.seq, row.seq, "its values are not those that were logged")

    def finish(self) -> Verdict:
        """Judges the broken rows together and puts the findings in order."""
        for row in self.broken:
            origin = self._origin_of(row)
            if origin is None:
                self._found("changed", row.seq, row.seq, "not as it was logged")
            elif origin != row.seq:
                self._found("moved", row.seq, row.seq, f"it was logged as row {origin}")
        self.verdict.problems = _joined(sorted(self.verdict.problems, key=lambda found: found.first))
        return self.verdict

    def _origin_of(self, row: Stored) -> int | None:
        """The number the row was logged under: its own if only the row before it was touched, another
        one if it was moved, None if it proves nothing."""
        near = self.broken[:_TRIED]
        places = [(row.seq, row.before), *((other.seq, other.before) for other in near)]
        # The true mac before a place: as stored there, as recomputed, or carried off with a moved row.
        true = [mac for other in near for mac in (other.mac, other.link(other.before)) if mac]
        for seq, before in places:
            if any(row.follows(mac, seq) for mac in (before, *true)):
                return seq
        return None

    def _found(self, kind: str, first: int, last: int, detail: str) -> None:
        self.verdict.problems.append(Problem(kind, first, last, detail))


def verify(engine: Engine, keys: Mapping[str, str], anchors: Sequence[Anchor] = ()) -> Verdict:
    """Checks the whole log with `keys` (by key id), its head and the anchors kept elsewhere, as of
    one moment whatever is written meanwhile."""
    with _snapshot(engine) as connection:
        check = Check(keys, _erasures(connection))
        asked = {anchor.seq for anchor in anchors}
        macs = {}
        for row in _rows(connection, check):
            check.take(row)
            if row.seq in asked:
                macs[row.seq] = row.mac.hex()
        head = connection.execute(select(AuditHead.seq, AuditHead.mac)).first()
    verdict = check.finish()
    verdict.problems += _head_problems(verdict, head)
    verdict.problems += [found for anchor in anchors if (found := _anchor_problem(verdict, macs, anchor))]
    return verdict


def current_anchor(engine: Engine) -> Anchor:
    """The head as it stands now, to be kept elsewhere."""
    with engine.connect() as connection:
        head = connection.execute(select(AuditHead.seq, AuditHead.mac)).one()
    return Anchor(head.seq, head.mac.hex(), now().isoformat(timespec="seconds"))


def _head_problems(verdict: Verdict, head: Any) -> list[Problem]:
    last = verdict.last_seq
    if head is None:
        return [Problem("cut off", last + 1, last + 1, "the head of the chain is gone")]
    if head.seq > last:
        return [Problem("cut off", last + 1, head.seq, f"the head says that the log reaches row {head.seq}")]
    if head.seq < last:
        return [Problem("added", head.seq + 1, last, f"the head says that the log ends at row {head.seq}")]
    if head.mac.hex() != verdict.last_mac:
        return [Problem("changed", last, last, "the head is not the mac of the last row")]
    return []


def _anchor_problem(verdict: Verdict, macs: Mapping[int, str], anchor: Anchor) -> Problem | None:
    since = f"the anchor of {anchor.at}" if anchor.at else "the anchor"
    if anchor.seq > verdict.last_seq:
        return Problem("cut off", verdict.last_seq + 1, anchor.seq, f"{since} holds row {anchor.seq}")
    if anchor.seq and macs.get(anchor.seq, anchor.mac) != anchor.mac:
        return Problem("rewritten", 1, anchor.seq, f"{since} holds another chain up to here")
    return None


def _rows(connection: Connection, check: Check) -> Iterator[Stored]:
    table: Any = AuditEvent.__table__
    query = select(*(type_coerce(column, NullType()).label(column.key) for column in table.c))
    for row in connection.execute(query.order_by(table.c.seq), execution_options={"yield_per": BATCH}):
        found: Mapping[str, Any] = {str(name): value for name, value in row._mapping.items()}
        mac = found["mac"] if isinstance(found["mac"], bytes) else str(found["mac"]).encode()
        key = check.keys.get(str(found["key_id"]))
        yield Stored(found["seq"], mac, _body(found), found["value_json"], key, check.before)


def _body(found: Mapping[str, Any]) -> dict[str, Any] | None:
    body = {name: found[name] for name in CHAINED}
    try:
        at = body["at"]
        moment = datetime.fromisoformat(at).replace(tzinfo=UTC) if isinstance(at, str) else at.astimezone(UTC)
        uid = body["subject_uid"]
        return {**body, "at": moment, "subject_uid": None if uid is None else _uid(uid)}
    except (ValueError, TypeError, AttributeError):
        return None


def _uid(stored: bytes) -> str:
    if len(stored) != 16:
        raise ValueError("not a uid")
    return encode(bytes(stored))


def _erasures(connection: Connection) -> dict[str, int]:
    """uid → number of the last recorded erasure of its values."""
    uid: Any = type_coerce(AuditEvent.subject_uid, NullType())
    query = select(uid, AuditEvent.seq).where(AuditEvent.type == AuditType.ERASURE).order_by(AuditEvent.seq)
    return {encode(bytes(raw)): seq for raw, seq in connection.execute(query) if isinstance(raw, bytes)}


def _joined(problems: list[Problem]) -> list[Problem]:
    """Findings of one kind on consecutive rows as one."""
    found: list[Problem] = []
    for one in problems:
        last = found[-1] if found else None
        if last and (last.kind, last.detail, last.last + 1) == (one.kind, one.detail, one.first):
            found[-1] = Problem(last.kind, last.first, one.last, last.detail)
        else:
            found.append(one)
    return found


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        if not is_sqlite(engine):
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection
