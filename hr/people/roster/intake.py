"""Reading a roster from the application: the child process does the work and may die of it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from core.child import ChildFailed, run
from core.tabular import Unreadable


def read_roster(
    path: str | Path,
    filename: str,
    *,
    units: Iterable[Mapping[str, Any]],
    today: date,
    mapping: Mapping[str, Mapping[str, str | None]] | None = None,
    unit: str | None = None,
    on_progress: Callable[[Any], None] | None = None,
) -> dict[str, Any]:
    """What `reader.read` makes of the file. Raises Refused (Unreadable among them) with a message for
    the user, or Busy when two other files are being read."""
    payload = {
        "path": str(path),
        "filename": filename,
        "units": [dict(item) for item in units],
        "today": today.isoformat(),
        "mapping": {shape: dict(choice) for shape, choice in (mapping or {}).items()},
        "unit": unit,
    }
    try:
        reading: dict[str, Any] = run("hr.people.roster.reader:read", payload, on_progress=on_progress)
    except ChildFailed as error:
        raise Unreadable("file") from error
    return reading
