"""Whole files out of one register and into an empty one, beside the least that must be done for it: the
same cells written by the bare library, and read by the bare library into a table."""

import io
import sqlite3
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import python_calamine
import xlsxwriter

from bench.register import Register, empty, flask
from hr.people.exchange.package import WORKBOOK

Fact = tuple[str, str, str, bool]
Sheets = list[list[list[object]]]
#: Of the bare libraries' time; a command's own start, cells checked and rows logged are in ours.
TIMES_FLOOR = 4.0


def whole_files(register: Register, server_url: str | None) -> list[Fact]:
    """Seconds out and in, by the commands, and whether the two registers are the same."""
    file, folder = register.folder / "whole.zip", register.folder / "taken"
    out = _seconds(lambda: flask(register.environment, "people", "export", str(file)))
    sheets: Sheets = []
    floor_in = _seconds(lambda: sheets.extend(_read_bare(file)))
    floor_out = _seconds(lambda: _write_bare(sheets))
    environment = empty(folder, server_url)
    into = _seconds(lambda: flask(environment, "people", "import", str(file)))
    return [
        _fact("whole files out", out, floor_out),
        _fact("whole files in", into, floor_in),
        ("whole files: size", f"{file.stat().st_size / 2**20:.1f} MB", "told", True),
    ]


def _fact(name: str, ours: float, floor: float) -> Fact:
    told = f"{ours:.1f} s against {floor:.1f} s: {ours / floor:.1f} ×"
    return name, told, f"≤ {TIMES_FLOOR:.0f} × bare", ours <= TIMES_FLOOR * floor


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _read_bare(file: Path) -> Sheets:
    """The sheets, each also put into a table of texts."""
    with zipfile.ZipFile(file) as archive:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(archive.read(WORKBOOK)))
    found = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    with sqlite3.connect(":memory:") as connection:
        for number, rows in enumerate(found):
            marks = ",".join("?" * len(rows[0]))
            connection.execute(
                f"CREATE TABLE sheet_{number} ({','.join(f'c{n}' for n in range(len(rows[0])))})"
            )
            texts = [[str(cell) for cell in row] for row in rows]
            connection.executemany(f"INSERT INTO sheet_{number} VALUES ({marks})", texts)  # noqa: S608
    return found


def _write_bare(sheets: Sheets) -> None:
    book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True})
    for rows in sheets:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if cell != "":
                    page.write_string(number, place, str(cell))
    book.close()
