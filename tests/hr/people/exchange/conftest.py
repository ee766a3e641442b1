"""A register with something in every sheet, its export, and the way back into an empty one."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from PIL import Image

from core.db import db
from core.dump import canonical_lines
from core.files import store, store_portrait
from core.scope import bind_viewer, system_viewer
from hr.people import actions, paper_actions
from hr.people.absences.actions import annul_absence, record_absence
from hr.people.absences.enums import AbsenceKind
from hr.people.absences.rules import AbsenceSeed
from hr.people.checks import actions as checks_actions
from hr.people.checks import queries as checks_queries
from hr.people.enums import QualificationKind
from hr.people.evidence import add_qualification
from hr.people.exchange import queries
from hr.people.exchange.actions import enter, export_files, prepare
from hr.people.exchange.package import WORKBOOK
from hr.people.exchange.reading import Reading, read_package
from hr.people.exchange.sheets import all_sheets
from hr.people.groups.actions import add_entry, annul_entry, edit_group
from hr.people.groups.registry import GROUPS, Group
from hr.people.photos.actions import set_photo
from hr.people.seeds import BackgroundSeed, QualificationSeed, RankSeed
from tests.conftest import TODAY
from tests.factories import people

SCAN = b"%PDF-1.7\nb\xe1\xba\xb1ng\n%%EOF\n"
#: A value of each field of the groups, by kind.
OF_KIND: dict[str, Any] = {"text": "Bản Nà Nghè, số 007", "day": date(2011, 2, 3), "year": 2011}


@pytest.fixture
def full(app: Flask) -> Flask:
    """The template's people with a row in every sheet, mistakes that were annulled among them."""
    with app.app_context(), bind_viewer(system_viewer("tests", TODAY)) as _bound:
        by = system_viewer("tests", TODAY)
        for group in GROUPS.values():
            _group(by, group)
        background = BackgroundSeed(ethnicity="02", religion="Không", party_joined_on=date(2010, 5, 19))
        actions.edit_background(by=by, person=people.person("an"), values=background)
        _papers(by)
        _absences(by)
        _photograph(by)
        rank = RankSeed(
            rank_code="01.003",
            step=2,
            coefficient=Decimal("2.67"),
            starts_on=date(2020, 1, 1),
            decision_note="12/QĐ",
        )
        row = paper_actions.add_rank_step(by=by, person=people.person("po"), seed=rank)
        paper_actions.annul_rank_step(by=by, person=people.person("po"), rank_step=row, reason="nhầm")
        db.session.remove()
    return app


#: Texts that have a form of their own.
FORMED = {
    "phone": "0912 345 678",
    "social_insurance_number": "0108000001",
    "health_insurance_number": "HC4110108000001",
}


def _group(by: Any, group: Group) -> None:
    """A value in every field; of many rows one more that was annulled."""
    if not (group.enabled and group.plain):
        return
    values = {field.name: _value(field) for field in group.fields}
    if not group.many:
        edit_group(by=by, person=people.person("an"), group=group, values=values)
        return
    for number in range(2):
        values[group.key[-1]] = _other(values[group.key[-1]], number)
        row = add_entry(by=by, person=people.person("an"), group=group, values=values)
    annul_entry(by=by, person=people.person("an"), group=group, entry=row, reason="nhầm")


def _value(field: Any) -> Any:
    if field.enum is not None:
        # The last: of relatives one of whom there may be several.
        return list(field.enum)[-1]
    if field.form is not None:
        return FORMED[field.name]
    return field.options[0] if field.options else OF_KIND[field.kind]


def _other(value: Any, number: int) -> Any:
    if isinstance(value, str):
        return f"{value} {number}"
    return value - (number if isinstance(value, int) else timedelta(days=number))


def _absences(by: Any) -> None:
    """Away twice, one of them by mistake."""
    person = people.person("an")
    for day in (date(2026, 3, 2), date(2026, 4, 6)):
        seed = AbsenceSeed(
            kind=AbsenceKind.SICK_LEAVE, starts_on=day, ends_on=day, slip_number="007", note="ốm"
        )
        row = record_absence(by=by, person=person, seed=seed)
    annul_absence(by=by, absence=row, reason="nhầm")


def _photograph(by: Any) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (472, 709), (90, 120, 160)).save(picture, "JPEG")
    picture.seek(0)
    set_photo(by=by, person=people.person("an"), stored=store_portrait(picture))


def _papers(by: Any) -> None:
    """One scan on two people, a third paper annulled; the point they give is settled."""
    for key in ("an", "hue", "sua"):
        seed = QualificationSeed(
            kind=QualificationKind.FOREIGN_LANGUAGE,
            level="certificate",
            issuer="Trường Đại học Tây Bắc",
            serial=f"00{key}7",
            awarded_year=2015,
        )
        stored = store(io.BytesIO(SCAN), name=f"{key} bằng.pdf")
        row = add_qualification(by=by, person=people.person(key), seed=seed, stored=stored)
        if key == "sua":
            paper_actions.annul_qualification(
                by=by, person=people.person(key), qualification=row, reason="nhầm người"
            )
    (point, *_others) = checks_queries.points(by)
    checks_actions.settle(by=by, point=point, note="Đã xem bản gốc", mark=point.mark)


@pytest.fixture
def out(app: Flask, tmp_path: Path) -> Callable[[], Path]:
    """`out()`: the export of everybody, as a file."""

    def export() -> Path:
        target = tmp_path / "whole.zip"
        with app.app_context(), bind_viewer(system_viewer("tests", TODAY)):
            by = system_viewer("tests", TODAY)
            made = export_files(by=by, people=queries.everybody(), described={}, purpose="thử")
            with made.stream as written:
                target.write_bytes(written.read())
            db.session.remove()
        return target

    return export


@pytest.fixture
def emptied(app: Flask) -> Callable[[], None]:
    """`emptied()` takes everybody out of the register, the rows of their papers too."""

    def empty() -> None:
        with app.app_context(), db.engine.begin() as connection:
            tables = [
                sheet.table.__tablename__
                for sheet in all_sheets()
                if sheet.code not in ("person", "document")
            ]
            for table in ("import_line", "person_token", *reversed(tables), "person", "document"):
                connection.exec_driver_sql(f"DELETE FROM {table}")

    return empty


@pytest.fixture
def checked(app: Flask) -> Callable[[Path], Reading]:
    """`checked(file)`: what the check finds."""

    def check(path: Path) -> Reading:
        with app.app_context(), bind_viewer(system_viewer("tests", TODAY)):
            return read_package(system_viewer("tests", TODAY), path)

    return check


@pytest.fixture
def into(app: Flask) -> Callable[[Path], int]:
    """`into(file)`: reads and writes it; how many people came."""

    def take(path: Path) -> int:
        with app.app_context(), bind_viewer(system_viewer("tests", TODAY)):
            by = system_viewer("tests", TODAY)
            reading = read_package(by, path)
            assert reading.problems == []
            prepared = prepare(reading, path)
            db.session.rollback()
            return enter(by=by, prepared=prepared)

    return take


@pytest.fixture
def dumped(app: Flask) -> Callable[[], list[str]]:
    """`dumped()`: the canonical dump."""

    def dump() -> list[str]:
        with app.app_context():
            return [*canonical_lines()]

    return dump


def rows_of(lines: list[str], table: str) -> list[dict[str, Any]]:
    """The rows of one table of a dump."""
    return [row for row in map(json.loads, lines) if row["table"] == table]


def changed(path: Path, sheet: str, change: Callable[[Any], None]) -> Path:
    """The same zip with one sheet of the workbook changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    book = openpyxl.load_workbook(io.BytesIO(parts[WORKBOOK]))
    change(book[sheet] if sheet else book)
    stream = io.BytesIO()
    book.save(stream)
    return packed(path.with_name("changed.zip"), {**parts, WORKBOOK: stream.getvalue()})


def packed(path: Path, parts: dict[str, bytes]) -> Path:
    """A zip of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return path


def column(page: Any, code: str) -> int:
    """The number of the column with this code."""
    return next(cell.column for cell in page[2] if cell.value == code)
