"""A conflict is shown on every form of the program, whatever else its constructor takes."""

import inspect
from types import SimpleNamespace

import pytest

from core.errors import Conflict
from core.forms import Form
from hr.people.forms.fields import UnitMenu

#: What a constructor takes besides the row, by the parameter's name.
GIVEN = {"menu": UnitMenu((), ())}


def _below(cls):
    for one in cls.__subclasses__():
        yield one
        yield from _below(one)


def _made(cls):
    taken = [
        name
        for name, one in inspect.signature(cls.__init__).parameters.items()
        if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD and name != "self"
    ]
    form = cls(*(GIVEN[name] for name in taken), meta={"csrf": False})
    if "again" in cls.__annotations__:
        form.again = lambda: _made(cls)
    return form


def test_every_form_can_show_a_conflict(app):
    def overtaken(**_details):
        raise Conflict(SimpleNamespace(version=9), by="Lò Thị Hạnh")

    # Forms of tests aside, and those that are only narrowed lists of the address.
    classes = {cls for cls in _below(Form) if not cls.__module__.startswith("tests.")}
    failed = {}
    with app.test_request_context("/x", method="POST", data={"version": "8"}):
        for cls in classes:
            form = _made(cls)
            try:
                form.attempt(overtaken)
            except Exception as error:  # every one is named, not only the first
                failed[cls.__qualname__] = repr(error)
            else:
                assert form.conflict.by
    assert len(classes) > 30
    assert failed == {}


@pytest.mark.parametrize("name", ["DraftForm", "MoveForm"])
def test_forms_that_take_a_menu_are_among_them(name):
    assert name in {cls.__name__ for cls in _below(Form)}
