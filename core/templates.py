"""The templates' environment: Jinja as Flask has it, less what it asks anew at each import and include."""

from collections import ChainMap
from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


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
