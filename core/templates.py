"""The templates' environment: Jinja as Flask has it, less what it asks anew at each import and include,
and what long tables are written with."""

import re
from collections import ChainMap
from collections.abc import Iterable, MutableMapping, Sequence
from functools import lru_cache
from typing import Any

from flask import current_app, request
from flask.templating import Environment
from markupsafe import Markup, escape

from core.catalogue import spoken

#: Stands for a text in the pattern of a row, and between the texts of a line while they are escaped
#: together: a control character, which no text that was typed in can hold.
SLOT = "\x02"
#: Parts of pages kept for all: one header for each account at work, one navigation for each role and place.
_SHARED_KEPT = 400
_GAPS = re.compile(r">\s+<")


class TemplateEnvironment(Environment):
    """Gives templates the globals themselves. The chain that Jinja wraps around them is compared name
    by name, in Python, at every `import` of every page."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template; `d` are its own, of which our templates have none."""
        return ChainMap(d, self.globals) if d else self.globals


def kept(store: dict[Any, Any], name: str, make: Any, **values: Any) -> Any:
    """What the macro `make` gives, made once for the thing that `store` belongs to: everything it
    shows must follow from that thing alone."""
    if name not in store:
        store[name] = make(**values)
    return store[name]


def shared(make: Any, **values: Any) -> Any:
    """What the macro `make` gives for these values, made once for all who ask with the same; a macro
    that is imported without context shows nothing else but the language and where the site is mounted."""
    key = (make.name, spoken(), request.script_root, *values.items())
    known: dict[Any, Any] = current_app.extensions.setdefault("shared_parts", {})
    found = known.get(key)
    if found is None:
        if len(known) >= _SHARED_KEPT:
            known.clear()
        found = known[key] = make(**values)
    return found


def weave(
    pattern: Markup, lines: Iterable[Sequence[str]], variants: dict[Any, Markup] | None = None
) -> Markup:
    """The rows of a long table: `pattern` is one row with `slot` wherever a text of the line goes; the texts
    are escaped. With `variants` a line begins with a key that is not written: lines of a key among them get
    that row instead. A pattern that is not markup is escaped too.

    Hundreds of small outputs, each marked as safe for itself, would be most of a long page's time."""
    plain, others = _format(pattern), {key: _format(row) for key, row in (variants or {}).items()}
    written = []
    for line in lines:
        row, texts = (others.get(line[0], plain), line[1:]) if variants is not None else (plain, line)
        escaped = str(escape(SLOT.join(texts))).split(SLOT)
        if len(escaped) != len(texts):
            escaped = [str(escape(text)) for text in texts]
        written.append(row % tuple(escaped))
    return Markup("\n".join(written))  # noqa: S704 - pattern and texts are escaped above


@lru_cache(maxsize=256)
def _format(pattern: Markup) -> str:
    row = _GAPS.sub("><", str(escape(pattern)).strip())
    return row.replace("%", "%%").replace(SLOT, "%s")
