"""Turns measurements into tables a person reads: each number with its target and whether it held."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bench import pages as targets
from bench.measure import Measured
from bench.pages import Page

HELD, MISSED = "held", "**missed**"


@dataclass
class Setting:
    """What was measured on one engine with one number of people."""

    engine: str
    people: int
    bare: Measured
    statements: dict[str, int] = field(default_factory=dict)
    pages: dict[str, Measured] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return f"{self.engine}, {self.people:,} people"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, columns padded so that it reads in a terminal too."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in (head, *rows)
    ]
    rule = "| " + " | ".join("-" * width for width in widths) + " |"
    return "\n".join([lines[0], rule, *lines[1:]])


def held(*conditions: bool) -> str:
    return HELD if all(conditions) else MISSED


def pages(setting: Setting, listed: Sequence[Page]) -> str:
    """The pages of one setting beside the bare page."""
    rows = []
    for one in listed:
        found, count = setting.pages[one.name], setting.statements[one.name]
        times = found.cpu / found.floor
        ok = held(count <= one.statements, times <= targets.CPU_TIMES_BARE, found.wire <= targets.PAGE_BYTES)
        rows.append([one.name, f"{count} ≤ {one.statements}", *numbers(found), f"{times:.1f}", ok])
    rows.append(["bare Flask page", "1", *numbers(setting.bare), "1.0", ""])
    head = [
        "page",
        "statements",
        "CPU ms / bare",
        "bytes ≤ 12,288",
        "p50/p95 alone",
        "p50/p95 of 8",
        "× bare ≤ 4",
        "",
    ]
    return f"## {setting.title}\n\n{table(head, rows)}"


def numbers(found: Measured) -> list[str]:
    return [
        f"{found.cpu:.2f} / {found.floor:.2f}",
        f"{found.wire:,}",
        f"{found.alone.p50:.1f} / {found.alone.p95:.1f}",
        f"{found.eight.p50:.1f} / {found.eight.p95:.1f}",
    ]


def growth(small: Setting, large: Setting, listed: Sequence[Page]) -> str:
    """How much dearer each page is with more people; waiting time includes the database's own work."""
    factor = large.people / small.people
    rows = []
    for one in listed:
        before, after = small.pages[one.name], large.pages[one.name]
        limit = 1.2 * factor if one.counts else targets.GROWTH
        waited, worked = (
            after.alone.p50 / before.alone.p50,
            (after.cpu / after.floor) / (before.cpu / before.floor),
        )
        same = small.statements[one.name] == large.statements[one.name]
        ok = held(max(waited, worked) <= limit, same)
        rows.append([one.name, f"{worked:.2f}", f"{waited:.2f}", f"{limit:.1f}", "yes" if same else "NO", ok])
    head = ["page", "CPU ×", "p50 ×", "at most", "same statements", ""]
    return f"## {small.engine}: {factor:.0f} times the people\n\n{table(head, rows)}"


def facts(rows: Sequence[tuple[str, str, str, bool]]) -> str:
    """Single numbers: what, measured, target, held."""
    return table(
        ["what", "measured", "target", ""], [[what, got, aim, held(ok)] for what, got, aim, ok in rows]
    )
