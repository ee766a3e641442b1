"""Every template compiles, and every name it uses exists: templates, macros, endpoints, permissions."""

import pytest
from jinja2 import nodes

from tests.architecture.source import ORDER, package_of, report
from tests.templates_check.markup import names, source


@pytest.fixture(scope="module")
def trees(request):
    """name → parsed template, with the application's own filters, tests and extensions."""
    environment = request.getfixturevalue("whole_app").jinja_env
    return {name: environment.parse(source(name), name) for name in names()}


def constant(node):
    return node.value if isinstance(node, nodes.Const) and isinstance(node.value, str) else None


def first_arguments(tree, function):
    """Constant first arguments of calls of a global function."""
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == function and call.args:
            value = constant(call.args[0])
            if value is not None:
                yield call.lineno, value


def defined(tree):
    """Names other templates may import: macros and top-level assignments."""
    macros = {macro.name for macro in tree.find_all(nodes.Macro)}
    return macros | {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}


def test_every_template_compiles(whole_app):
    problems = []
    for name in names():
        try:
            whole_app.jinja_env.get_template(name)
        except Exception as error:
            problems.append(f"{name}: {type(error).__name__}: {error}")

    assert names()
    report(problems, "Does not compile:")


def test_templates_named_in_templates_exist(trees):
    problems = [
        f"{name}:{node.lineno} {node.template.value}"
        for name, tree in trees.items()
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport))
        if constant(node.template) is not None and node.template.value not in trees
    ]

    report(problems, "No such template:")


def test_imported_macros_exist_and_are_used(trees):
    problems = []
    for name, tree in trees.items():
        used = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}
        for node in tree.find_all(nodes.FromImport):
            there = defined(trees.get(constant(node.template), tree))
            for imported in node.names:
                macro, alias = imported if isinstance(imported, tuple) else (imported, imported)
                if macro not in there:
                    problems.append(f"{name}:{node.lineno} {macro} is not in {node.template.value}")
                if alias not in used:
                    problems.append(f"{name}:{node.lineno} {alias} is imported and not used")
        problems += [
            f"{name}:{node.lineno} {node.target} is imported and not used"
            for node in tree.find_all(nodes.Import)
            if node.target not in used
        ]

    report(problems, "Imports of macros:")


def test_endpoints_exist(whole_app, trees):
    problems = [
        f"{name}:{line} {endpoint}"
        for name, tree in trees.items()
        for line, endpoint in first_arguments(tree, "url_for")
        if not endpoint.startswith(".") and endpoint not in whole_app.view_functions
    ]

    report(problems, "url_for() of an endpoint that does not exist:")


def test_pages_lead_to_their_own_and_earlier_packages(whole_app, trees):
    """What an earlier subject shows of a later one comes through the registry, its links too."""
    problems = []
    for name, tree in trees.items():
        own = package_of(name.rpartition("/")[0].replace("/", "."))
        for line, endpoint in first_arguments(tree, "url_for") if own else ():
            target = package_of(whole_app.view_functions[endpoint].__module__)
            if endpoint == "units.show":  # a unit is the kernel's; its page gathers what all subjects know
                continue
            if target is not None and ORDER.index(target) > ORDER.index(own):
                problems.append(f"{name}:{line} {endpoint} of {target}")

    report(problems, "Links to a later package belong to its Subject (core.subjects.PageLink):")


def test_permissions_exist(trees):
    from core.permissions import Permission

    known = {permission.name for permission in Permission} | {permission.value for permission in Permission}
    problems = [
        f"{name}:{line} {permission}"
        for name, tree in trees.items()
        for line, permission in first_arguments(tree, "may")
        if permission not in known
    ]

    report(problems, "may() of a permission that does not exist:")


def test_endpoints_are_named_whole(trees):
    """`.show` would mean another page when the fragment is included elsewhere."""
    problems = [
        f"{name}:{line} {endpoint}"
        for name, tree in trees.items()
        for line, endpoint in first_arguments(tree, "url_for")
        if endpoint.startswith(".")
    ]

    report(problems, "Name the endpoint whole:")


@pytest.mark.slow
def test_every_template_is_used(trees):
    """By a view, another template or an error handler: files nobody opens rot."""
    import ast

    from tests.architecture.source import program

    wanted = {
        node.value
        for module in program()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html")
    }
    for tree in trees.values():
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
            wanted |= {part.value for part in node.find_all(nodes.Const) if isinstance(part.value, str)}

    found_by_name = ("security/", "_errors/")
    unused = [name for name in names() if name not in wanted and not name.startswith(found_by_name)]

    report(unused, "Nothing opens:")
