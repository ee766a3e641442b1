"""An office's own workbook with a comment in each cell that is wrong. Runs in a child process only.

The workbook is opened, given comments and saved anew: values and formats stay. What could act when the
sender opens it is refused: macros, links to other files, formulas that reach out.
"""

import re
import zipfile
from pathlib import Path
from typing import Any

from core.child import Refused
from core.tabular_scan import scan_zip
from core.text import clean
from core.text import marked as _

MESSAGES = {
    "only_xlsx": _(
        "Comments can be written into an .xlsx workbook only: open the file in Excel, save it as .xlsx and "
        "send it again"
    ),
    "macros": _("This workbook holds macros: save it as .xlsx, which leaves them out, and send it again"),
    "outward": _(
        "This workbook takes values from other files or from the network (%(place)s): paste them as values "
        "and send it again"
    ),
}
#: Parts of a package that run or embed something, and parts that fetch something.
_ACTING = ("vbaproject", "xl/macrosheets/", "xl/dialogsheets/", "xl/activex/", "xl/embeddings/")
_FETCHING = ("xl/externallinks/", "xl/connections.xml", "xl/querytables/")
#: Formulas that open, fetch or start something; "program|topic!item" starts a program.
_REACHING = re.compile(
    r"\b(?:HYPERLINK|WEBSERVICE|IMAGE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|SQL\.REQUEST)\s*\(|\|.*!|\[[^\]]*\][^!]*!",
    re.IGNORECASE | re.DOTALL,
)
_WIDTH, _LINE, _LETTERS = 320, 20, 42


def mark(payload: dict[str, Any]) -> int:
    """Entry for the child. `payload`: path, target, author, comments (sheet, row from 1, column letter,
    text). Writes the target; returns how many cells have a comment."""
    path = Path(payload["path"])
    _check(path)
    from openpyxl import load_workbook

    with path.open("rb") as stream:  # kept under its digest: a name without an ending is refused
        book = load_workbook(stream, keep_links=False, rich_text=True)
    _check_formulas(book)
    sheets = {clean(sheet.title): sheet for sheet in book.worksheets}
    texts: dict[tuple[str, str], list[str]] = {}
    for item in payload["comments"]:
        texts.setdefault((item["sheet"], f"{item['column']}{item['row']}"), []).append(item["text"])
    written = 0
    for (name, address), lines in texts.items():
        if name in sheets:
            _comment(sheets[name], address, list(dict.fromkeys(lines)), payload["author"])
            written += 1
    book.save(payload["target"])
    return written


def _check(path: Path) -> None:
    with path.open("rb") as stream:
        if stream.read(2) != b"PK":
            raise Refused("only_xlsx", MESSAGES["only_xlsx"])
    scan_zip(path)
    with zipfile.ZipFile(path) as package:
        names = {name.casefold() for name in package.namelist()}
    if "xl/workbook.xml" not in names:
        raise Refused("only_xlsx", MESSAGES["only_xlsx"])
    if any(part in name for name in names for part in _ACTING):
        raise Refused("macros", MESSAGES["macros"])
    fetching = next((name for name in sorted(names) if name.startswith(_FETCHING)), None)
    if fetching:
        raise Refused("outward", MESSAGES["outward"], {"place": fetching})


def _check_formulas(book: Any) -> None:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" and _REACHING.search(str(getattr(cell.value, "text", cell.value))):
                    place = f"{sheet.title}!{cell.coordinate}"
                    raise Refused("outward", MESSAGES["outward"], {"place": place})
    for name, defined in book.defined_names.items():
        if _REACHING.search(str(defined.attr_text)):
            raise Refused("outward", MESSAGES["outward"], {"place": name})


def _comment(sheet: Any, address: str, lines: list[str], author: str) -> None:
    """Adds the lines to the comment of a cell; in a merged range to that of its first cell."""
    from openpyxl.comments import Comment

    for merged in sheet.merged_cells.ranges:
        if address in merged:
            address = merged.start_cell.coordinate
            break
    cell = sheet[address]
    before = [cell.comment.text] if cell.comment else []
    text = "\n".join([*before, *lines])
    height = _LINE * sum(1 + len(line) // _LETTERS for line in text.splitlines()) + _LINE
    cell.comment = Comment(text, author, height=height, width=_WIDTH)
