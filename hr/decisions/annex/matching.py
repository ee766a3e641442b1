"""Whom a line of an annex means: pure, no database. The number tells; without one the name and the day of
birth; without that the name and the unit. Where two fit, both are listed and none is taken."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from core.text import fold, sort_key
from core.text import marked as _
from hr.decisions.annex.reader import AnnexLine
from hr.people.roster.problems import MESSAGES
from hr.people.roster.unitnames import UnitTable

#: Why a line is refused: code → message, an English msgid translated where it is shown.
REFUSALS = {
    "unknown_number": _("The register has nobody with this number"),
    "unknown": _("The register has nobody of this name born on this day"),
    "unknown_there": _("%(unit)s has nobody of this name: check, or give the number"),
    "other_person": _("This number belongs to %(name)s, born %(date)s: check the number"),
    "number_differs": _("The register has another number for this name and date of birth: check the number"),
    "birth_differs": _("The register has this name with another date of birth: check, or give the number"),
    "ambiguous": _("%(count)s people fit: give the personal identification number"),
    "too_little": _("Give the number, the date of birth or the unit beside the name"),
    "left_service": _("This person has left service in the register: open the file"),
    "twice": _("The same person stands in row %(row)s too: keep one"),
}
#: What is said of a line that is taken.
REMARKS = {
    "name_written": _("The register writes %(name)s: check"),
    "born_otherwise": _("The register has %(date)s as date of birth: check"),
    "other_unit": _("In the register the unit is %(unit)s: check"),
}
#: People listed for a choice.
LISTED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexPerson:
    """A person of the register in reach, as much as tells one from another; `unit_code` is that of the own
    place, None without one."""

    uid: str
    id_number: str
    name: str
    born_on: date
    in_service: bool
    unit: str = ""
    unit_code: str | None = None

    @property
    def number_end(self) -> str:
        """The last digits of the number: enough to tell two of one name apart."""
        return self.id_number[-4:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A code with its message, an English msgid, and the message's parameters."""

    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexEntry:
    """A line with the person it means, or why none is taken and who might be meant."""

    line: AnnexLine
    person: AnnexPerson | None = None
    refusal: Told | None = None
    candidates: tuple[AnnexPerson, ...] = ()
    remarks: tuple[Told, ...] = ()


def match_lines(
    lines: Iterable[AnnexLine], people: Iterable[AnnexPerson], units: UnitTable
) -> list[AnnexEntry]:
    """Each line, in order, with whom it means among `people`."""
    among = _Among(people, units)
    return _without_doubles([among.entry(line) for line in lines])


class _Among:
    """The people by what finds them."""

    def __init__(self, people: Iterable[AnnexPerson], units: UnitTable):
        self.units = units
        self.by_number: dict[str, AnnexPerson] = {}
        self.by_birth: dict[tuple[str, date], list[AnnexPerson]] = defaultdict(list)
        self.by_name: dict[str, list[AnnexPerson]] = defaultdict(list)
        for person in people:
            self.by_number[person.id_number] = person
            self.by_birth[fold(person.name), person.born_on].append(person)
            self.by_name[sort_key(person.name)].append(person)

    def entry(self, line: AnnexLine) -> AnnexEntry:
        unread = _unread(line)
        if unread is not None:
            return AnnexEntry(line=line, refusal=unread, remarks=_readings(line))
        found, refusal = self._by_number(line) if line.id_number else self._by_name(line)
        if refusal is None and not found[0].in_service:
            refusal = _refusal("left_service")
        if refusal is not None:
            listed = tuple(found[:LISTED])
            return AnnexEntry(line=line, refusal=refusal, candidates=listed, remarks=_readings(line))
        remarks = (*_readings(line), *self._remarks(line, found[0]))
        return AnnexEntry(line=line, person=found[0], remarks=remarks)

    def _by_number(self, line: AnnexLine) -> tuple[Sequence[AnnexPerson], Told | None]:
        person = self.by_number.get(line.id_number or "")
        if person is not None:
            if line.name is None or fold(line.name) == fold(person.name):
                return (person,), None
            return (person,), _refusal("other_person", name=person.name, date=_shown(person.born_on))
        found = self._born(line)
        return found, _refusal("number_differs" if found else "unknown_number")

    def _by_name(self, line: AnnexLine) -> tuple[Sequence[AnnexPerson], Told | None]:
        alike = self.by_name.get(sort_key(line.name or ""), [])
        if line.born_on is not None:
            found = self._born(line)
            if not found:
                return alike, _refusal("birth_differs" if alike else "unknown")
            return self._only(found if len(found) == 1 else self._there(line, found) or found)
        if not line.unit:
            return alike, _refusal("too_little")
        unit = self.units.resolve(line.unit)
        if unit.value is None:
            code = unit.code or "unit_unknown"
            return alike, Told(code=code, message=MESSAGES[code][1], params=unit.params)
        found = self._there(line, alike)
        if not found:
            return alike, _refusal("unknown_there", unit=self.units.names[unit.value])
        aged = [person for person in found if line.born_year in (None, person.born_on.year)]
        return self._only(aged) if aged else (found, _refusal("birth_differs"))

    def _born(self, line: AnnexLine) -> list[AnnexPerson]:
        """Who bears the name, marks apart, and was born on the day."""
        if line.name is None or line.born_on is None:
            return []
        return self.by_birth.get((fold(line.name), line.born_on), [])

    def _there(self, line: AnnexLine, people: Iterable[AnnexPerson]) -> list[AnnexPerson]:
        """Those whose own place is in the unit of the line."""
        code = self.units.resolve(line.unit).value
        return [person for person in people if code is not None and person.unit_code == code]

    def _only(self, found: Sequence[AnnexPerson]) -> tuple[Sequence[AnnexPerson], Told | None]:
        return found, None if len(found) == 1 else _refusal("ambiguous", count=len(found))

    def _remarks(self, line: AnnexLine, person: AnnexPerson) -> Iterable[Told]:
        """What of the line is not as the register has it."""
        if line.name and sort_key(line.name) != sort_key(person.name):
            yield _remark("name_written", name=person.name)
        if line.born_on not in (None, person.born_on) or line.born_year not in (None, person.born_on.year):
            yield _remark("born_otherwise", date=_shown(person.born_on))
        code = self.units.resolve(line.unit).value
        if code is not None and person.unit_code is not None and code != person.unit_code:
            yield _remark("other_unit", unit=person.unit)


def _unread(line: AnnexLine) -> Told | None:
    """What could not be read and must be; a number makes up for a day of birth."""
    for item in line.problems:
        of_birth = item.code.startswith("date_")
        if item.severity == "error" and not (of_birth and (line.id_number or line.born_year)):
            return Told(code=item.code, message=item.message, params=item.params)
    return None


def _readings(line: AnnexLine) -> tuple[Told, ...]:
    """How cells were read, where that is worth a look."""
    unread = _unread(line)
    return tuple(
        Told(code=item.code, message=item.message, params=item.params)
        for item in line.problems
        if item.code not in (unread.code if unread else None, "name_case", "date_year_only")
    )


def _without_doubles(entries: Sequence[AnnexEntry]) -> list[AnnexEntry]:
    """A person who stands twice is refused in both rows: nobody can tell which one holds."""
    rows: dict[str, list[AnnexEntry]] = defaultdict(list)
    for entry in entries:
        if entry.person is not None:
            rows[entry.person.uid].append(entry)
    return [_refused_if_twice(entry, rows) for entry in entries]


def _refused_if_twice(entry: AnnexEntry, rows: Mapping[str, Sequence[AnnexEntry]]) -> AnnexEntry:
    person = entry.person
    if person is None or len(rows[person.uid]) == 1:
        return entry
    other = next(item.line for item in rows[person.uid] if item is not entry)
    refusal = _refusal("twice", row=other.row)
    return replace(entry, person=None, refusal=refusal, candidates=(person,))


def _refusal(code: str, **params: Any) -> Told:
    return Told(code=code, message=REFUSALS[code], params=params)


def _remark(code: str, **params: Any) -> Told:
    return Told(code=code, message=REMARKS[code], params=params)


def _shown(day: date) -> str:
    return day.strftime("%d/%m/%Y")
