"""The words of the rosters and the lists of the personnel file are one."""

import subprocess
import sys

from hr.people import codes, tables
from hr.people.enums import Category, QualificationKind
from hr.people.roster import words
from tests.hr.people.roster.conftest import ROOT


def test_every_level_of_the_law_has_a_word_and_no_other():
    for kind in words.LEVEL_WORDS:
        assert list(words.LEVEL_WORDS[kind]) == list(codes.LEVELS[QualificationKind(kind)])


def test_no_word_means_two_levels():
    for kind, levels in words.LEVEL_WORDS.items():
        written = [words.plain(word) for level in levels.values() for word in set(map(words.plain, level))]
        assert sorted(written) == sorted(set(written)), kind


def test_a_rank_is_read_by_its_name_and_its_short_form():
    assert words.RANK_WORDS == {
        "chuyen vien cao cap": "01.001", "cvcc": "01.001", "chuyen vien chinh": "01.002", "cvc": "01.002",
        "chuyen vien": "01.003", "cv": "01.003", "can su": "01.004", "cs": "01.004",
        "nhan vien": "01.005", "nv": "01.005",
    }  # fmt: skip


def test_every_ethnic_group_is_read_by_its_name():
    assert len(tables.ETHNICITY) == 54
    assert {name: words.ethnic_code(name) for name in tables.ETHNIC_GROUPS} == {
        name: code for code, name in tables.ETHNICITY.items()
    }


def test_the_child_that_reads_waits_for_no_library_of_the_interface():
    """The packages are bare, as core.child makes them."""
    code = (
        "import sys, types\n"
        "for name in ('hr', 'hr.people', 'hr.people.roster'):\n"
        "    sys.modules[name] = types.ModuleType(name)\n"
        "    sys.modules[name].__path__ = [name.replace('.', '/')]\n"
        "import hr.people.roster.reader\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    loaded = set(run.stdout.split())
    assert "hr" in loaded
    assert not {name for name in loaded if name.startswith(("flask", "sqlalchemy", "wtforms"))}


def test_categories_are_those_of_the_law():
    assert set(words.CATEGORY_WORDS.values()) == set(Category)
