"""Makes the demo province: asks each subject for its part, in the order of imports."""

import inspect
import math
from collections.abc import Callable
from dataclasses import replace
from pkgutil import resolve_name
from time import monotonic

from flask import current_app

from core.db import db
from core.errors import Unprocessable
from core.marks import DEMO, MADE, STARTED, mark, set_mark
from core.revisions import is_empty
from core.scope import bind_viewer, system_viewer
from core.subjects import registered

Tell = Callable[[str], None]

#: People in service of the demo (`flask seed` makes multiples of it).
PEOPLE = 2_587


def make_demo(tell: Tell, multiple: int = 1) -> None:
    """Fills an empty register. The mark is set before the first row and again when all is there, so
    that a demo cut short is known for what it is."""
    if not is_empty(db.engine):
        raise Unprocessable("the register is not empty: the demo is made in an empty one only")
    app = current_app
    app.extensions["config"] = replace(app.extensions["config"], demo=True)
    viewer = system_viewer("demo province")
    set_mark(by=viewer, key=DEMO, value=STARTED)
    for subject in registered():
        if subject.demo is not None:
            began = monotonic()
            offered = {"by": viewer, "tell": tell, "multiple": multiple}
            with bind_viewer(viewer):
                enter = resolve_name(subject.demo)
                enter(**_accepted(enter, offered))
            db.session.remove()
            tell(f"  {subject.blueprint.name}: {monotonic() - began:.1f} s")
    set_mark(by=viewer, key=DEMO, value=MADE)


def was_cut_short() -> bool:
    """Whether the making of the demo was begun and never ended."""
    return mark(DEMO) == STARTED


def multiple_for(people: int) -> int:
    """How many times the demo holds at least so many people."""
    return max(1, math.ceil(people / PEOPLE))


def sign_ins() -> list[tuple[str, str, str]]:
    """Kind of user, user name and password of the demo's accounts."""
    return [
        (str(kind), name, password)
        for subject in registered()
        if subject.sign_ins is not None
        for kind, name, password in subject.sign_ins()
    ]


def _accepted(function: Callable[..., object], offered: dict[str, object]) -> dict[str, object]:
    """Of what is offered, what the function takes: a subject without people knows no multiples."""
    taken = inspect.signature(function).parameters
    return {name: value for name, value in offered.items() if name in taken}
