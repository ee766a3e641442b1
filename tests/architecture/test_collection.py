"""No test is written so that the runner passes it by."""

import ast
from collections import Counter

from tests.architecture.source import ROOT, everything, nodes, report


def test_tests_stand_in_files_the_runner_reads():
    problems = [
        f"{module.where}: {node.name}"
        for module in everything()
        if module.path.is_relative_to(ROOT / "tests") and not module.stem.startswith("test_")
        for node in nodes(module.tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]

    report(problems, "Name the file test_*.py:")


def test_no_test_hides_another_of_the_same_name():
    problems = []
    for module in everything():
        for scope in nodes(module.tree):
            if isinstance(scope, ast.Module | ast.ClassDef):
                names = Counter(
                    node.name
                    for node in scope.body
                    if isinstance(node, ast.FunctionDef) and node.name.startswith("test")
                )
                problems += [f"{module.where}: {name}" for name, count in names.items() if count > 1]

    report(problems, "The later definition replaces the earlier one:")


def is_read(scope: ast.ClassDef) -> bool:
    """pytest collects classes named Test… that have no __init__."""
    names = [getattr(item, "name", "") for item in scope.body]
    return scope.name.startswith("Test") and "__init__" not in names


def test_methods_that_test_stand_in_classes_the_runner_reads():
    problems = [
        f"{module.where}: {scope.name}.{node.name}"
        for module in everything()
        if module.stem.startswith("test_")
        for scope in nodes(module.tree)
        if isinstance(scope, ast.ClassDef) and not is_read(scope)
        for node in scope.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]

    report(problems, "Never run:")


def test_no_test_is_inside_another_function():
    problems = [
        f"{module.where}: {outer.name}.{inner.name}"
        for module in everything()
        if module.stem.startswith("test_")
        for outer in nodes(module.tree)
        if isinstance(outer, ast.FunctionDef)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.FunctionDef) and inner is not outer and inner.name.startswith("test_")
    ]

    report(problems, "Never run:")


CHECKING = ("assert", "expect", "check", "raises", "report", "warns", "verify", "fails", "refuses")


def can_fail(test: ast.FunctionDef) -> bool:
    """Whether it asserts, expects an error, calls something whose name says that it checks, or is run
    against many inputs to see that none raises."""
    many_inputs = any(ast.unparse(mark).startswith("given(") for mark in test.decorator_list)
    if many_inputs or any(isinstance(part, ast.Assert) for part in ast.walk(test)):
        return True
    called = [ast.unparse(part.func).lower() for part in ast.walk(test) if isinstance(part, ast.Call)]
    return any(word in name for name in called for word in CHECKING)


def test_every_test_asserts_something():
    problems = [
        f"{module.where}: {node.name}"
        for module in everything()
        if module.stem.startswith("test_")
        for node in nodes(module.tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not can_fail(node)
    ]

    report(problems, "What would make it fail?")
