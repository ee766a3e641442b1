"""Every address of the program as data, for `flask addresses --json` and whoever tests it from outside; and
addresses for the pages, whose rows hold hundreds."""

from typing import Any

from flask import Flask, current_app, request, url_for

from core.ids import encode, is_uid
from core.permissions import policy_of

SAFE = frozenset(("GET", "HEAD", "OPTIONS"))


def every_route(app: Flask) -> list[dict[str, Any]]:
    """Rule, methods, identifiers and their kind, policy, and whether a request may change something."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: (one.rule, one.endpoint)):
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        kinds = {name: _kind(rule._converters[name]) for name in sorted(rule.arguments)}
        found.append(
            {
                "rule": rule.rule,
                "endpoint": rule.endpoint,
                "methods": methods,
                "parameters": kinds,
                "policy": str(policy_of(app, rule.endpoint) or ""),
                "writes": bool(set(methods) - SAFE),
            }
        )
    return found


def _kind(converter: Any) -> str:
    """`uid`, `path`, `string` … as a rule writes it."""
    return type(converter).__name__.removesuffix("Converter").replace("Unicode", "string").lower()


def address_of(endpoint: str) -> str:
    """The address of an endpoint of one uid, up to the uid, for the rows of long lists."""
    (name,) = next(current_app.url_map.iter_rules(endpoint)).arguments
    before, uid, after = quick_url_for(endpoint, **{name: _stand_in(0)}).rpartition(_stand_in(0))
    if not uid or after:
        raise RuntimeError(f"the address of {endpoint} does not end in its uid")
    return before


def quick_url_for(endpoint: str, **values: Any) -> str:
    """`url_for` of the templates. An address that holds nothing but uids is built once and filled in;
    anything else goes the usual way, which takes twenty times as long."""
    if endpoint.startswith(".") or not all(
        isinstance(value, str) and is_uid(value) for value in values.values()
    ):
        return url_for(endpoint, **values)
    known: dict[Any, str] = current_app.extensions.setdefault("addresses", {})
    key = (request.script_root, endpoint, *values)
    pattern = known.get(key)
    if pattern is None:
        pattern = known[key] = _pattern(endpoint, list(values))
    return pattern.format(*values.values())


def _pattern(endpoint: str, names: list[str]) -> str:
    stand_ins = [_stand_in(number) for number in range(len(names))]
    values: dict[str, Any] = dict(zip(names, stand_ins, strict=True))
    pattern = url_for(endpoint, **values).replace("{", "{{").replace("}", "}}")
    for number, stand_in in enumerate(stand_ins):
        pattern = pattern.replace(stand_in, f"{{{number}}}")
    return pattern


def _stand_in(number: int) -> str:
    """A uid that no row has: sixteen bytes of one small number."""
    return encode(bytes([number + 1] * 16))
