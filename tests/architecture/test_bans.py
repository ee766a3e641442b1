"""What must not stand outside the one place made for it: clocks, raw SQL, unescaped HTML, wide scopes."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.source import (
    ROOT,
    Module,
    check_exceptions,
    exceptions,
    functions,
    imports,
    nodes,
    program,
    report,
)

CLOCKS = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
}
STATEMENTS = frozenset(("text", "insert", "update", "delete"))
AROUND = frozenset(("from_statement", "connect", "exec_driver_sql", "raw_connection"))
DATABASES = frozenset(("sa", "sqlalchemy", "db", "sql"))
WRITES = frozenset(("add", "add_all", "delete", "merge", "flush", "commit"))


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str, str]]:
    """(node, object, name) of each call: `db.session.add(x)` gives ("db.session", "add")."""
    for node in nodes(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node, ast.unparse(node.func.value), node.func.attr
            elif isinstance(node.func, ast.Name):
                yield node, "", node.func.id


def inside(module: Module, line: int) -> str:
    """`path:function` of the innermost function around a line."""
    around = [name for name, node in functions(module.tree) if node.lineno <= line <= (node.end_lineno or 0)]
    return f"{module.where}:{around[-1] if around else '<module>'}"


def test_only_the_clock_reads_the_clock():
    """The legal date can be moved and frozen; code that asks the machine would not notice."""
    problems = [
        f"{inside(module, node.lineno)} line {node.lineno}: {owner}.{name}()"
        for module in program()
        if module.where != "core/clock.py"
        for node, owner, name in calls(module.tree)
        if f"{owner.rpartition('.')[2]}.{name}" in CLOCKS
    ]

    report(problems, "Ask core.clock:")


def raw_sql(module: Module) -> Iterator[tuple[int, str]]:
    used_names = {used.name for used in imports(module.tree) if used.module.partition(".")[0] == "sqlalchemy"}
    for node, owner, name in calls(module.tree):
        constructed = name in STATEMENTS and (name in used_names if not owner else owner in DATABASES)
        if constructed or name in AROUND:
            yield node.lineno, f"{owner}.{name}()" if owner else f"{name}()"
    for node in nodes(module.tree):
        if isinstance(node, ast.Attribute) and node.attr == "__table__":
            yield node.lineno, ast.unparse(node)


def test_raw_sql_stands_in_the_kernel_only():
    """The session's row scope filters mapped classes; what goes around it would show every row."""
    found = [
        f"{inside(module, line)} line {line}: {what}"
        for module in program()
        if module.package != "core"
        for line, what in raw_sql(module)
    ]

    check_exceptions(found, "raw_sql", "Around the scope:")


def test_uses_of_the_system_scope_are_known_by_name():
    """Each is a place where a viewer's reach does not count: a new one is a decision, not a convenience."""
    found = [
        inside(module, node.lineno)
        for module in program()
        for node, _, name in calls(module.tree)
        if name == "system_scope"
    ]

    check_exceptions(found, "system_scope", "Reads everything, and allowed.toml does not say why:")


def test_views_neither_query_nor_write():
    problems = []
    for module in program():
        if module.stem != "routes":
            continue
        problems += [
            f"{inside(module, node.lineno)} line {node.lineno}: {owner}.{name}()"
            for node, owner, name in calls(module.tree)
            if owner.endswith("session") and (owner == "db.session" or name in WRITES)
        ]

    report(problems, "Views ask queries and actions:")


def test_only_the_gate_commits_and_queries_do_not_write():
    problems = []
    for module in program():
        if module.package == "core":
            continue
        banned = WRITES if module.stem == "queries" else {"commit"}
        problems += [
            f"{inside(module, node.lineno)} line {node.lineno}: {owner}.{name}()"
            for node, owner, name in calls(module.tree)
            if name in banned and owner.endswith("session")
        ]

    report(problems, "One commit point, core.actions:")


def test_html_is_never_marked_safe():
    """Escaping that is switched off in one place is an injection in waiting."""
    problems = [
        f"{module.where}:{used.line} imports {used.full}"
        for module in program()
        # The catalogue marks the program's own words, as Jinja's gettext does, and escapes what is put in;
        # `weave` escapes the texts of long tables and marks the whole.
        if module.where not in ("core/forms.py", "core/catalogue.py", "core/templates.py")
        for used in imports(module.tree)
        if used.name in ("Markup", "mark_safe")
    ]
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if re.search(r"\|\s*safe\b|\bautoescape\s+false|\bMarkup\(", line):
                problems.append(f"{path.relative_to(ROOT)}:{number} {line.strip()}")

    report(problems, "Only core/forms.py may mark HTML as safe:")


def test_secrets_are_not_drawn_from_random():
    """`random` can be foretold; keys, tokens and draws of communes come from `secrets` or HMAC."""
    found = [
        module.where
        for module in program()
        if "demo" not in module.where
        for used in imports(module.tree)
        if used.module == "random"
    ]

    check_exceptions(found, "randomness", "`random` outside the made-up demo:")


def test_every_table_is_scoped_or_listed_as_open():
    """A table nobody decided about would be readable by everybody."""
    import app  # noqa: F401 - imports every model
    from core.db import Base
    from core.scope import Scoped

    classes = [mapper.class_ for mapper in Base.registry.mappers]

    check_exceptions(
        [cls.__name__ for cls in classes if not issubclass(cls, Scoped)],
        "unscoped",
        "Neither Scoped nor in allowed.toml with a reason:",
    )


def test_every_exception_has_a_reason():
    problems = [
        f"{section}: {name}"
        for section, entries in exceptions().items()
        for name, reason in entries.items()
        if len(reason.split()) < 4
    ]

    report(problems, "Say why:")
