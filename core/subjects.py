"""The registry: what each subject brings to the pages of the others.

A subject answers in the dataclasses of this module, never in its models, so an earlier subject
can show a later one without importing it. `timeline` and `tasks` return a Select of fixed
columns; `union_of` joins them into one scoped statement.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app
from sqlalchemy import CompoundSelect, Select, union_all

from core.permissions import Permission, Role
from core.scope import Viewer
from core.sheets import Sheets

#: Columns of a timeline or task Select, in this order and under these labels.
ROW_COLUMNS = ("on", "kind", "title", "unit", "endpoint", "uid")


class Act(StrEnum):
    """Kinds of act a stop may stand against."""

    APPOINT = "appoint"
    TRANSFER = "transfer"
    SECOND = "second"
    TRAIN = "train"
    END_SERVICE = "end_service"
    PAY_STEP = "pay_step"


@dataclass(frozen=True, slots=True)
class Stop:
    """A reason against an act, with neutral words for everyone and the true ones for who may read them."""

    code: str
    until: date | None
    public_reason: str
    private_reason: str | None
    law: str


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody is away with leave on a day: which halves of it, and until when. Never why."""

    person_id: int
    morning: bool
    afternoon: bool
    until: date


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One entry of the navigation, for the roles that have it, in the order of `interface`."""

    label: Any
    endpoint: str
    permission: Permission | None
    roles: tuple[Role, ...]
    order: int = 50
    section: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageLink:
    """A way from the page of an earlier subject, named by its endpoint, to one of this subject. The values
    of that page's address go along."""

    page: str
    label: Any
    endpoint: str
    permission: Permission


@dataclass(frozen=True, slots=True)
class Figure:
    """A named number with what stands behind it."""

    code: str
    label: Any
    value: int
    whole: int | None = None
    url: str | None = None
    note: Any = None


@dataclass(frozen=True, slots=True)
class Running:
    """Something under way about a person that the person may be told of, in words."""

    since: date
    what: Any


@dataclass(frozen=True, slots=True)
class WordTemplate:
    """A Word paper: its code, what it is called, the shipped file, and a sample of its data. The fields of
    a template are those of the sample (texts, lists of texts, lists of rows of texts), no others."""

    code: str
    label: Any
    shipped: Path
    sample: Mapping[str, Any]
    #: Name → width and height in millimetres.
    pictures: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DueDate:
    """Something of a person that falls due on a day, in the reader's language: what it is, what it follows
    from, and the rule that says the day."""

    on: date
    what: Any
    detail: str
    rule: str


@dataclass(frozen=True, slots=True)
class States:
    """The states of one thing as the program keeps them, for docs/states.md: what it is, and step → (the
    states the step starts from, the one it leads to)."""

    of: str
    transitions: Mapping[Any, tuple[tuple[Any, ...], Any]]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a package exports; everything but the blueprint is optional."""

    blueprint: Blueprint
    nav: tuple[NavEntry, ...] = ()
    links: tuple[PageLink, ...] = ()
    law: Path | None = None
    #: Its commands and its part of the demo as "module:name", imported when asked for: a served
    #: process carries none of them.
    commands: Mapping[str, str] = field(default_factory=dict)
    demo: str | None = None
    dump: Callable[[], Iterable[tuple[str, Iterable[Mapping[str, Any]]]]] | None = None
    #: Its sheets of the workbook of whole files; of an earlier package's sheets its own may point at rows.
    sheets: Sheets | None = None
    remind: Callable[..., Any] | None = None
    #: (ids of people, day), each a value or a parameter: the statement is built once.
    timeline: Callable[[Any, Any], Select[Any]] | None = None
    tasks: Callable[[Viewer], Select[Any] | None] | None = None
    #: (ids of people, kind of act, day) → stops against the act by person; one statement for all of them.
    stops: Callable[[Sequence[int], Act, date], Mapping[int, Iterable[Stop]]] | None = None
    #: (ids of people, None for all in reach; day)
    absences: Callable[[Sequence[int] | None, date], Iterable[Absent]] | None = None
    #: (key of a person that stays, key of one merged into it): moves the subject's rows from the second
    #: to the first, inside the action; Unprocessable where that cannot be.
    repoint: Callable[[int, int], None] | None = None
    figures: Callable[..., Iterable[Figure]] | None = None
    #: (viewer, uid of a person): what of the person's is late or falls due soon.
    due: Callable[[Viewer, str], Iterable[DueDate]] | None = None
    #: (endpoint of a form, values of its address): whether what is typed there is kept in no draft.
    undrafted: Callable[[str, Mapping[str, Any]], bool] | None = None
    #: (kind of user, user name, password) of the demo's accounts, printed when the demo is served.
    sign_ins: Callable[[], Iterable[tuple[Any, str, str]]] | None = None
    first_accounts: Callable[[Viewer], list[tuple[str, str, str]]] | None = None
    extra_blueprints: tuple[Blueprint, ...] = field(default=())
    #: The name of a value its rows in the log hold, in words; None: not one of its own.
    log_words: Callable[[str], str | None] | None = None
    #: Words of the kinds its timeline and tasks use: code → label.
    kinds: Mapping[str, Any] = field(default_factory=dict)
    #: Papers it writes in Word; the office may replace their templates.
    word_templates: tuple[WordTemplate, ...] = ()
    states: tuple[States, ...] = ()
    #: (viewer, uid of a person): what is under way about them, for the statement the person gets.
    running: Callable[[Viewer, str], Iterable[Running]] | None = None


def register(app: Flask, subjects: Sequence[Subject]) -> None:
    """Registers the blueprints and keeps the list for the questions below."""
    app.extensions["subjects"] = tuple(subjects)
    for subject in subjects:
        for blueprint in (subject.blueprint, *subject.extra_blueprints):
            app.register_blueprint(blueprint)


def registered() -> tuple[Subject, ...]:
    """The subjects of the running application, in import order."""
    return current_app.extensions["subjects"]


def kind_label(kind: str) -> Any:
    """The words of a timeline or task kind."""
    for subject in registered():
        if kind in subject.kinds:
            return subject.kinds[kind]
    return kind


def union_of(selects: Iterable[Select[Any] | None]) -> CompoundSelect[Any] | None:
    """Joins the providers' Selects by UNION ALL; None when there is none."""
    found = [query for query in selects if query is not None]
    return union_all(*found) if found else None


def is_undrafted(endpoint: str, values: Mapping[str, Any]) -> bool:
    """Whether some subject asks that no draft is kept of this form."""
    asked = (subject.undrafted for subject in registered() if subject.undrafted is not None)
    return any(ask(endpoint, values) for ask in asked)


def due_dates(viewer: Viewer, person: str) -> list[DueDate]:
    """What of the person's is late or falls due soon, by day; `person` is a uid."""
    asked = (subject.due for subject in registered() if subject.due is not None)
    return sorted((row for ask in asked for row in ask(viewer, person)), key=lambda row: row.on)


def stops_against(person_ids: Sequence[int], act: Act, on: date) -> dict[int, list[Stop]]:
    """Every stop any subject sets against `act` of these people on the day, by person; each subject is asked
    once for all of them. Who is free stands in it not at all."""
    found: dict[int, list[Stop]] = {}
    for subject in registered():
        if subject.stops is not None and person_ids:
            for person_id, stops in subject.stops(person_ids, act, on).items():
                found.setdefault(person_id, []).extend(stops)
    return {person_id: stops for person_id, stops in found.items() if stops}


def refusals(person_ids: Sequence[int], act: Act, on: date) -> dict[int, Any]:
    """Of these people who is stopped, with the neutral words an act of theirs is refused with."""
    return {key: stops[0].public_reason for key, stops in stops_against(person_ids, act, on).items()}


def running_about(viewer: Viewer, person: str) -> list[Running]:
    """What is under way about a person in any subject, oldest first; `person` is a uid."""
    asked = (subject.running for subject in registered() if subject.running is not None)
    return sorted((one for ask in asked for one in ask(viewer, person)), key=lambda one: one.since)


def absences_on(people: Sequence[int] | None, day: date) -> list[Absent]:
    """Who of these people (None: of all in reach) is away with leave on the day, by any subject's rows.
    Two subjects may each tell of the same person."""
    asked = (subject.absences for subject in registered() if subject.absences is not None)
    return [absent for ask in asked for absent in ask(people, day)]
