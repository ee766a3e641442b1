"""Every address of the program as data: for `flask routes --json` and whoever tests it from outside."""

from typing import Any

from flask import Flask

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
