"""The words of the rules in force: what a `law.toml` says in English is a message like any other.

The rows keep the words they were loaded with; a page translates them when it shows them, and what
an operator typed in stands as it was typed. `babel.cfg` names `extract`.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import IO, Any


@lru_cache
def rule_names(path: Path) -> Mapping[str, str]:
    """Code → name of the rules of one `law.toml`, in English."""
    names: dict[str, str] = _read(path.read_bytes()).get("names", {})
    return names


def messages_of(content: bytes) -> Iterator[str]:
    """Every text of a `law.toml` that people read: names, legal bases, notes, values in words."""
    law = _read(content)
    yield from law.get("names", {}).values()
    for rule in law.get("rule", []):
        told = (rule["value"], rule["legal_basis"], rule.get("note"))
        yield from (text for text in told if isinstance(text, str))


def extract(
    stream: IO[bytes], _keywords: Any, _comment_tags: Any, options: Any
) -> Iterable[tuple[int, None, str, list[str]]]:
    """For Babel: the messages of one file. The line is not told; the catalogue names files only."""
    return [(1, None, text, []) for text in messages_of(stream.read())]


def _read(content: bytes) -> dict[str, Any]:
    return tomllib.loads(content.decode())
