"""Problems of a reading as rows of an import: cells refused or remarked, lines left out, remarks on
the whole file; conflicts with the register beside them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from core.text import marked as _
from hr.people.imports.plans import CONFLICTS, REMARKS, Plan
from hr.people.imports.reconciling import asked

#: Lines of a file that name nobody: reason → message.
LEFT_OUT = {
    "section": _("Headings between the lines, used for unit and division: %(count)s"),
    "header": _("Repeated headers left out: %(count)s"),
    "numbering": _("Rows that number the columns left out: %(count)s"),
    "total": _("Rows of totals left out: %(count)s"),
    "signature": _("Rows of place, date and signatures left out: %(count)s"),
    "text": _("Other rows that name nobody left out: %(count)s"),
}
#: Lines of one reason that are shown with it.
LINES_SHOWN = 100
Row = dict[str, Any]


@dataclass(slots=True)
class Found:
    """Rows for the table of problems, and remarks on the whole file."""

    rows: list[Row]
    notes: list[Row]


def of_reading(reading: dict[str, Any], compared: Collection[tuple[str, int]] = ()) -> Found:
    """What the reader has found. `compared`: sheet and row of lines without a number for which the comparison
    says what that means."""
    everything = [
        item
        for item in (*reading["problems"], *reading["notes"])
        if item["code"] != "id_missing" or (item["sheet"], item["row"]) not in compared
    ]
    rows = [row_of(item) for item in everything if item["row"] is not None]
    notes = [item for item in everything if item["row"] is None]
    for reason, message in LEFT_OUT.items():
        lines = [item for item in reading["skipped"] if item["reason"] == reason]
        if lines:
            shown = [{name: line[name] for name in ("sheet", "row", "text")} for line in lines[:LINES_SHOWN]]
            params = {"count": len(lines)}
            told = {"code": reason, "severity": "note", "message": message, "params": params}
            notes.append({**told, "lines": shown})
    return Found(rows, notes)


def of_plan(row: Row, plan: Plan) -> list[Row]:
    """The conflict and the remarks of a line that was compared."""
    found = [("note", code, REMARKS[code], params) for code, params in plan.remarks]
    if plan.conflict is not None and not _is_told_once(row, plan):
        code, params = plan.conflict
        # Where a person may choose the register's value, the reason only goes with the file's.
        severity = "note" if asked(plan.kinds) else "error"
        found.append((severity, code, CONFLICTS[code], params))
    place = _whole_line(row, row.get("full_name"))
    return [
        row_of({**place, "code": code, "severity": severity, "message": message, "params": params})
        for severity, code, message, params in found
    ]


def _is_told_once(row: Row, plan: Plan) -> bool:
    """Whether the reason is the file's: that it names no unit stands at the top of its page."""
    return plan.conflict is not None and plan.conflict[0] == "unit_missing" and not row.get("unit")


def _whole_line(item: Row, text: str | None) -> Row:
    return {"sheet": item["sheet"], "row": item["row"], "column": None, "header": None, "raw": text}


def row_of(item: Row) -> Row:
    """Columns of an ImportProblem, as the table calls them."""
    raw = item["raw"]
    return {
        "sheet": item["sheet"][:100],
        "row_number": item["row"],
        "column_letter": item["column"],
        "header": (item["header"] or "")[:300] or None,
        "raw": None if raw is None else str(raw)[:200],
        "code": item["code"],
        "severity": item["severity"],
        "message": item["message"][:300],
        "params": item["params"],
    }
