"""Modules, functions and views stay small enough to be read whole; allowed.toml names the exceptions."""

import ast

from tests.architecture.source import Function, check_exceptions, functions, program

MODULE, FUNCTION, VIEW = 400, 40, 25


ROUTES = frozenset(("route", "get", "post"))


def length(node: Function) -> int:
    """From the line of `def` to the last one; decorators are declarations, not code."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def is_view(node: Function) -> bool:
    calls = [mark.func for mark in node.decorator_list if isinstance(mark, ast.Call)]
    return any(isinstance(called, ast.Attribute) and called.attr in ROUTES for called in calls)


def check(found: dict[str, int], section: str, limit: int) -> None:
    entries = [f"{name} has {size} lines" for name, size in found.items()]
    check_exceptions(entries, section, f"At most {limit} lines (exceptions: {section} in allowed.toml):")


def test_modules_are_short():
    """Of the program; a file of tests is a list of cases and may be as long as its subject."""
    sizes = {module.where: module.lines for module in program()}

    check({name: size for name, size in sizes.items() if size > MODULE}, "modules_over_400", MODULE)


def test_functions_are_short():
    """Of the program; a test or a table of made-up people may be as long as its story."""
    long = {
        f"{module.where}:{name}": length(node)
        for module in program()
        for name, node in functions(module.tree)
        if length(node) > FUNCTION
    }

    check(long, "functions_over_40", FUNCTION)


def test_views_are_short():
    long = {
        f"{module.where}:{name}": length(node)
        for module in program()
        for name, node in functions(module.tree)
        if is_view(node) and length(node) > VIEW
    }

    check(long, "views_over_25", VIEW)
