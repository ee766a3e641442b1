"""Many rows at once, made ready before the gate: values are converted for the database while nobody
waits, so that inside the gate the driver only has to take them.

Steps around the unit of work like `core.db.insert_rows`, so the caller answers for the scope: imports,
demo and seeds, which run for a viewer of the whole province.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from core.db import Base

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BoundRows:
    """An INSERT and its rows, converted; `late` names the columns whose values are known inside only."""

    statement: str
    rows: list[dict[str, Any]]
    #: Names of the parameters in their places; None where the driver takes them by name.
    places: tuple[str, ...] | None
    late: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows)


def bind_rows(
    engine: Engine, model: type[Base], rows: Sequence[Row], *, late: Sequence[str] = ()
) -> BoundRows:
    """`rows` of one shape for the table of `model`, with the columns' defaults. The columns `late` are
    left out of them and given on insertion."""
    if not rows:
        return BoundRows("", [], None, tuple(late))
    table: Any = model.__table__
    dialect = engine.dialect
    names = list(rows[0])
    defaults = [column for column in table.c if column.default is not None and column.name not in names]
    keys = [*names, *(column.name for column in defaults)]
    compiled = table.insert().inline().compile(dialect=dialect, column_keys=[*keys, *late])
    convert = [(name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in keys]
    converted = [
        _converted({**row, **{column.name: _default(column) for column in defaults}}, convert) for row in rows
    ]
    places = tuple(compiled.positiontup) if compiled.positional else None
    return BoundRows(str(compiled), converted, places, tuple(late))


def _default(column: Any) -> Any:
    return column.default.arg if column.default.is_scalar else column.default.arg(None)


def _converted(row: Row, convert: list[tuple[str, Callable[[Any], Any] | None]]) -> dict[str, Any]:
    return {name: row[name] if act is None else act(row[name]) for name, act in convert}


def insert_bound(session: Any, bound: BoundRows, *late: Sequence[Any]) -> None:
    """Inserts the rows; `late` holds the values of each late column, one a row in their order."""
    rows: list[Any] = bound.rows
    if not rows:
        return
    if len(late) != len(bound.late):
        raise ValueError("values of each late column are needed, and no others")
    if bound.places is not None:
        columns: dict[str, Any] = dict(zip(bound.late, late, strict=True))
        taken = [columns[name] if name in columns else [row[name] for row in rows] for name in bound.places]
        rows = list(zip(*taken, strict=True))
    elif late:
        given = zip(*late, strict=True)
        rows = [
            {**row, **dict(zip(bound.late, values, strict=True))}
            for row, values in zip(rows, given, strict=True)
        ]
    session.connection().exec_driver_sql(bound.statement, rows)
