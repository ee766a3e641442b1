"""The program's own source as parsed files, for the tests that read code instead of running it."""

import ast
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: From the kernel outward; a package may import what stands before it, never what stands after it.
ORDER = (
    "core",
    "accounts",
    "hr.people",
    "hr.decisions",
    "hr.discipline",
    "hr.positions",
    "hr.secondments",
    "training",
    "inspections",
    "hr.evaluations",
    "reports",
    "app",
)
TOP_LEVEL = frozenset(name.partition(".")[0] for name in ORDER)


@dataclass(frozen=True)
class Module:
    """One parsed file; `name` is what an import statement calls it."""

    path: Path
    name: str
    text: str
    tree: ast.Module

    @property
    def where(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def stem(self) -> str:
        return self.path.stem

    @property
    def package(self) -> str | None:
        return package_of(self.name)

    @property
    def lines(self) -> int:
        return len(self.text.splitlines())


def package_of(name: str) -> str | None:
    """The entry of ORDER that a module or imported name belongs to."""
    return next((entry for entry in ORDER if name == entry or name.startswith(entry + ".")), None)


def parse(path: Path) -> Module:
    relative = path.relative_to(ROOT).with_suffix("")
    parts = relative.parts[:-1] if relative.name == "__init__" else relative.parts
    text = path.read_text("utf-8")
    return Module(path, ".".join(parts), text, ast.parse(text, str(path)))


def kind_of(module: Module) -> str:
    """`models` for hr/people/models.py, hr/people/models/person.py and reports/home/models.py alike."""
    inner = module.name.removeprefix(module.package or "").strip(".").split(".")
    if module.package == "reports" and (ROOT / "reports" / inner[0]).is_dir():
        inner = inner[1:]
    return next(iter(inner), "") or "__init__"


@cache
def nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """`ast.walk` of a whole file, once: every rule reads every file."""
    return tuple(ast.walk(tree))


@cache
def program() -> tuple[Module, ...]:
    """Every file of the program itself: no tests, migrations, measurements."""
    found = [ROOT / "app.py"] if (ROOT / "app.py").exists() else []
    for top in sorted(TOP_LEVEL - {"app"}):
        found += sorted((ROOT / top).rglob("*.py"))
    return tuple(parse(path) for path in found)


@cache
def everything() -> tuple[Module, ...]:
    """The program, its tests and measurements; migrations are read by their own tests."""
    others = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]
    return (*program(), *(parse(path) for path in sorted(others) if "data" not in path.parts))


@cache
def exceptions() -> dict[str, dict[str, str]]:
    """allowed.toml: kind of exception → name → reason."""
    return tomllib.loads((Path(__file__).parent / "allowed.toml").read_text("utf-8"))


def allowed(section: str) -> dict[str, str]:
    """The exceptions of one kind; an unknown kind is a mistake of the test."""
    return exceptions()[section]


Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function]]:
    """Every function with its dotted name inside the module, methods and inner functions included."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield prefix + node.name, node
            yield from functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.ClassDef):
            yield from functions(node, f"{prefix}{node.name}.")
        else:
            yield from functions(node, prefix)


@dataclass(frozen=True)
class Import:
    """One imported name: `from a.b import c` is module a.b, name c; `import a.b` has no name."""

    module: str
    name: str | None
    line: int
    for_types_only: bool

    @property
    def full(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module


def imports(tree: ast.AST, for_types_only: bool = False) -> Iterator[Import]:
    """Every import of a module, inner and TYPE_CHECKING ones too."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, None, node.lineno, for_types_only)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield Import("." * node.level + (node.module or ""), alias.name, node.lineno, for_types_only)
        else:
            guarded = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
            yield from imports(node, for_types_only or guarded)


def check_exceptions(found: Iterable[str], section: str, rule: str) -> None:
    """Fails for what was found and is not an exception of allowed.toml, and for exceptions nothing needs."""
    names = {entry.partition(" ")[0]: entry for entry in found}
    report([entry for name, entry in names.items() if name not in allowed(section)], rule)
    report([name for name in allowed(section) if name not in names], f"No longer needed in {section}:")


def report(problems: list[str], rule: str) -> None:
    """Fails with every problem at once, after the rule they break."""
    assert not problems, f"{rule}\n" + "\n".join(sorted(problems))
