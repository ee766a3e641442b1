"""Word papers in the child process: a template checked against its fields, filled in, given back.

Templates come from the office, so they are hostile until read: only fields, conditions and loops
may stand in them (a list of allowed nodes, not of forbidden ones), beneath it Jinja's sandbox, and
around it the limits of the child. Links to other files, macros and embedded objects are refused.
"""

import base64
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from core.child import Refused
from core.text import marked as _

UNREADABLE = _("This is no Word document that can be read: save it anew as .docx and send it again")
UNSAFE = _("The document holds %(what)s: take it out and send the document again")
UNKNOWN = _("Unknown field: %(names)s. Use the names of the list of fields")
BROKEN = _("A tag of the document cannot be read (%(near)s): check its braces")
TOO_MUCH = _("Only fields, conditions and loops may stand in a template, not this: %(what)s")

MAX_PARTS = 500
MAX_UNPACKED = 50 << 20
#: Fields of Word that fetch or start something, wherever they stand: a code may be cut into several runs.
_REACHES_OUT = re.compile(r"DDE|INCLUDE|IMPORT|\bLINK\b|DATABASE|MACROBUTTON", re.IGNORECASE)
#: What every template may be made of. Names and attributes are checked one by one.
_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.CondExpr,
    nodes.Const,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
)
_FILTERS = frozenset(("upper", "lower", "default", "join", "length", "trim"))
_LOOP = frozenset(("index", "first", "last", "length"))
#: Parts of a package that run or fetch something on the reader's machine.
_DANGEROUS = ("vbaproject", "activex/", "embeddings/", "oleobject", "/externallinks/")


def fill(payload: Mapping[str, Any]) -> str:
    """Entry for the child: the document as base64. `payload`: path of the template, `fields` (name →
    None, or for a list the names of a row), `data`, `pictures` (name → [base64 or "", width, height in
    millimetres]), `title`, `office`, `mark` (a line for the head of each page, or "").

    Refused when the template is none, is unsafe, or holds what is no field.
    """
    _check_package(payload["path"])
    template = DocxTemplate(payload["path"])
    context = dict(payload["data"])
    for name, (body, width, height) in payload["pictures"].items():
        context[name] = _picture(template, body, width, height)
    try:
        fields = {**payload["fields"], **dict.fromkeys(payload["pictures"])}
        template.init_docx()
        _name(template, payload)
        template.render(context, Environment(fields))
        target = io.BytesIO()
        template.save(target)
    except TemplateError as error:
        raise Refused("broken", BROKEN, {"near": _place(error)}) from None
    except (KeyError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise Refused("unreadable", UNREADABLE) from error
    return base64.b64encode(target.getvalue()).decode()


class Environment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox that compiles nothing it has not read node by node."""

    def __init__(self, fields: Mapping[str, list[str] | None]):
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.fields = fields

    def from_string(self, source: Any, *more: Any, **details: Any) -> Any:
        """The template of this text; Refused when it holds more than fields, conditions and loops."""
        unknown = sorted(set(_unknown(self.parse(source), self.fields, {})))
        if unknown:
            raise Refused("unknown", UNKNOWN, {"names": ", ".join(unknown)})
        return super().from_string(source, *more, **details)


def _unknown(node: nodes.Node, fields: Mapping[str, Any], rows: Mapping[str, Any]) -> Iterator[str]:
    """Names that are no field. `rows`: loop variable → names of its row (empty: plain texts)."""
    if isinstance(node, nodes.For):
        yield from _of_loop(node, fields, rows)
        return
    if isinstance(node, nodes.Name):
        if node.name not in fields and node.name not in rows:
            yield node.name
        return
    if isinstance(node, nodes.Getattr):
        yield from _of_row(node, rows)
        return
    if not isinstance(node, _PLAIN) and not (isinstance(node, nodes.Filter) and node.name in _FILTERS):
        raise Refused("too_much", TOO_MUCH, {"what": getattr(node, "name", type(node).__name__.lower())})
    for child in node.iter_child_nodes():
        yield from _unknown(child, fields, rows)


def _of_loop(node: nodes.For, fields: Mapping[str, Any], rows: Mapping[str, Any]) -> Iterator[str]:
    over, one = node.iter, node.target
    if not isinstance(over, nodes.Name) or not isinstance(one, nodes.Name) or node.recursive:
        raise Refused("too_much", TOO_MUCH, {"what": "for"})
    if fields.get(over.name) is None:
        yield over.name
        return
    within = {**rows, one.name: fields[over.name], "loop": _LOOP}
    for child in (*node.body, *node.else_, *([node.test] if node.test else ())):
        yield from _unknown(child, fields, within)


def _of_row(node: nodes.Getattr, rows: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(node.node, nodes.Name):
        raise Refused("too_much", TOO_MUCH, {"what": node.attr})
    if node.attr not in rows.get(node.node.name, ()):
        yield f"{node.node.name}.{node.attr}"


def _check_package(path: str) -> None:
    """Refused unless the file is a package of Word without anything that runs or fetches."""
    try:
        with zipfile.ZipFile(path) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise Refused("unreadable", UNREADABLE)
            names = [part.filename.casefold() for part in parts]
            if "word/document.xml" not in names:
                raise Refused("unreadable", UNREADABLE)
            if any(mark in name for name in names for mark in _DANGEROUS):
                raise Refused("unsafe", UNSAFE, {"what": "macros, objects"})
            for part in parts:
                if part.filename.casefold().endswith((".xml", ".rels")):
                    _check_part(package.read(part))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError) as error:
        raise Refused("unreadable", UNREADABLE) from error


def _check_part(body: bytes) -> None:
    """Parsed, never searched as text: spelling and encoding of XML hide what a search looks for."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise Refused("unreadable", UNREADABLE) from error
    if root.getroottree().docinfo.doctype:
        raise Refused("unsafe", UNSAFE, {"what": "DOCTYPE"})
    for link in root.iter("{*}Relationship"):
        if link.get("TargetMode") == "External" and link.get("Type") != RELATIONSHIP_TYPE.HYPERLINK:
            raise Refused("unsafe", UNSAFE, {"what": "TargetMode=External"})
    codes = "".join(node.text or "" for node in root.iter("{*}instrText"))
    for code in (codes, *(next(iter(node.values()), "") for node in root.iter("{*}fldSimple"))):
        if _REACHES_OUT.search(code):
            raise Refused("unsafe", UNSAFE, {"what": "DDE, INCLUDETEXT, INCLUDEPICTURE"})


def _place(error: TemplateError) -> str:
    """The words of the line that cannot be read: docxtpl hands out the three before it and those after."""
    lines = list(getattr(error, "docx_context", ()))
    start = max((getattr(error, "lineno", None) or 1) - 4, 0)
    line = lines[error.lineno - 1 - start] if lines and isinstance(error, TemplateSyntaxError) else ""
    return " ".join(line.split())[:80] or error.message or ""


def _picture(template: DocxTemplate, body: str, width: int, height: int) -> Any:
    if not body:
        return ""
    return InlineImage(template, io.BytesIO(base64.b64decode(body)), width=Mm(width), height=Mm(height))


def _name(template: DocxTemplate, payload: Mapping[str, Any]) -> None:
    """Who wrote the template stays behind; the paper says what it is, and whether it is of a demo."""
    about = template.docx.core_properties
    about.title, about.author, about.last_modified_by = payload["title"], payload["office"], ""
    about.comments = about.keywords = about.subject = about.category = ""
    if payload["mark"]:
        for section in template.docx.sections:
            for head in (section.header, section.first_page_header):
                head.is_linked_to_previous = False
                head.add_paragraph(payload["mark"])
