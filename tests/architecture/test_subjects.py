"""Each subject is a folder with the same files, so knowing one is knowing all."""

import ast
import re

from tests.architecture.source import ROOT, check_exceptions, everything, imports, kind_of, program, report

USUAL = frozenset("__init__ enums models rules queries actions forms routes imports exports demo cli".split())
DRAWERS = frozenset("util utils helper helpers manager managers misc common stuff".split())


PASSIVE = (ast.Expr, ast.Import, ast.ImportFrom)


def test_a_subject_holds_the_usual_files():
    extra = [
        f"{module.package}.{kind_of(module)}"
        for module in program()
        if module.package not in (None, "core", "app") and kind_of(module) not in USUAL
    ]

    check_exceptions(extra, "subject_files", "Not one of the usual files of a subject (allowed.toml):")


def test_init_files_are_empty_but_for_the_subject():
    problems = []
    for module in program():
        held = [node for node in module.tree.body if not isinstance(node, PASSIVE)]
        if module.stem == "__init__" and held and [ast.unparse(node)[:9] for node in held] != ["SUBJECT ="]:
            problems.append(module.where)

    report(problems, "__init__.py holds a docstring and SUBJECT, nothing else:")


def test_an_init_file_without_subject_imports_nothing():
    problems = [
        module.where
        for module in program()
        if module.stem == "__init__" and "SUBJECT" not in module.text and list(imports(module.tree))
    ]

    report(problems, "Import from the module that owns the name:")


def test_no_drawers():
    """A name says what a thing is for; `utils` says that nobody knew."""
    problems = []
    for module in everything():
        names = {module.stem, *(part for part in module.path.relative_to(ROOT).parts[:-1])}
        names |= {node.name for node in module.tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
        for name in names:
            words = re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower().split("_")
            if DRAWERS.intersection(words):
                problems.append(f"{module.where}: {name}")

    report(problems, "Say what it is for:")
