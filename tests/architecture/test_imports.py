"""Imports and foreign keys run one way, from the kernel outward; each file of a subject keeps to its work."""

import pytest

from tests.architecture.source import (
    ORDER,
    TOP_LEVEL,
    Import,
    imports,
    kind_of,
    package_of,
    program,
    report,
)


def test_every_module_belongs_to_a_package():
    strays = [module.where for module in program() if module.package is None and module.text.strip()]

    report(strays, "These files stand in no package of tests/architecture/source.py ORDER:")


def test_a_package_imports_only_what_stands_before_it():
    problems = []
    for module in program():
        if module.package is None:
            continue
        own = ORDER.index(module.package)
        for used in imports(module.tree):
            target = package_of(used.full) or package_of(used.module)
            if target is not None and ORDER.index(target) > own:
                problems.append(f"{module.where}:{used.line} imports {used.full}")

    report(problems, f"Imports run one way: {' ← '.join(ORDER)}.")


def test_a_package_is_named_whole():
    """`import hr` or `from hr import people` would hide which package is meant."""
    problems = [
        f"{module.where}:{used.line} imports {used.full}"
        for module in program()
        for used in imports(module.tree)
        if used.module.partition(".")[0] in TOP_LEVEL
        and package_of(used.module) is None
        and used.module != "hr"
    ]

    report(problems, "Import from the package that owns the name.")


def test_no_relative_import():
    problems = [
        f"{module.where}:{used.line} {used.module}"
        for module in program()
        for used in imports(module.tree)
        if used.module.startswith(".")
    ]

    report(problems, "One way to write an import: from the root.")


# --- what each file of a subject may import -------------------------------------------------------
def is_flask(used: Import) -> bool:
    """Flask and its extensions; words (flask_babel) are allowed everywhere."""
    top = used.module.partition(".")[0]
    return (top == "flask" or top.startswith("flask_")) and top != "flask_babel"


def is_database(used: Import) -> bool:
    return used.module.partition(".")[0] in ("sqlalchemy", "flask_sqlalchemy") or used.module == "core.db"


def is_own(name: str) -> "callable":
    return lambda used: used.module.endswith(f".{name}") or (used.name == name and used.module in ORDER)


def is_web(used: Import) -> bool:
    return is_flask(used) or used.module in ("core.web", "core.forms")


FORBIDDEN = {
    "enums": (
        ("the database", is_database),
        ("Flask", is_flask),
        ("the program", lambda used: package_of(used.module) and used.module != "core.labels"),
    ),
    "models": (("the web", is_web), ("queries", is_own("queries")), ("actions", is_own("actions"))),
    "rules": (
        ("the database", is_database),
        ("the web", is_web),
        ("models, except for types", lambda used: is_own("models")(used) and not used.for_types_only),
        ("queries", is_own("queries")),
        ("actions", is_own("actions")),
    ),
    "queries": (("the web", is_web), ("actions", is_own("actions")), ("forms", is_own("forms"))),
    "actions": (("the web", is_web), ("forms", is_own("forms")), ("routes", is_own("routes"))),
    "forms": (("the database", is_database), ("actions", is_own("actions")), ("routes", is_own("routes"))),
    "routes": (("the database", is_database),),
}


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_files_of_one_kind_keep_to_their_work(kind):
    problems = []
    for module in program():
        if module.package in (None, "core", "app") or kind_of(module) != kind:
            continue
        for used in imports(module.tree):
            problems += [
                f"{module.where}:{used.line} imports {used.full}: {what}"
                for what, matches in FORBIDDEN[kind]
                if matches(used)
            ]

    report(problems, f"{kind}.py must not import these:")


def test_foreign_keys_never_point_to_a_later_package():
    """The later package owns the link table, so an earlier one can be understood alone."""
    import app  # noqa: F401 - imports every model
    from core.db import Base

    package_of_table = {
        mapper.local_table.name: package_of(mapper.class_.__module__) for mapper in Base.registry.mappers
    }
    problems = []
    for table in Base.metadata.tables.values():
        for key in table.foreign_keys:
            source, target = package_of_table.get(table.name), package_of_table.get(key.column.table.name)
            if source and target and ORDER.index(target) > ORDER.index(source):
                problems.append(f"{table.name}.{key.parent.name} → {key.column.table.name} ({target})")

    report(problems, "A foreign key points to a table of a later package:")
