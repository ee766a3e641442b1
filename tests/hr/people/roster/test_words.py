"""The words of the rosters and the lists of the personnel file are one."""

from hr.people import codes
from hr.people.enums import Category, QualificationKind
from hr.people.roster import words


def test_every_level_of_the_law_has_a_word_and_no_other():
    for kind in words.LEVEL_WORDS:
        assert list(words.LEVEL_WORDS[kind]) == list(codes.LEVELS[QualificationKind(kind)])


def test_no_word_means_two_levels():
    for kind, levels in words.LEVEL_WORDS.items():
        written = [words.plain(word) for level in levels.values() for word in set(map(words.plain, level))]
        assert sorted(written) == sorted(set(written)), kind


def test_pay_tables_are_those_of_the_personnel_file():
    assert {code: rank.coefficients for code, rank in codes.RANKS.items()} == words.COEFFICIENTS
    assert {
        words.plain(rank.name): code for code, rank in codes.RANKS.items()
    }.items() <= words.RANK_WORDS.items()


def test_ethnic_groups_are_those_of_the_personnel_file():
    assert words.ETHNIC_GROUPS == codes.ETHNIC_GROUPS
    assert {name: words.ethnic_code(name) for name in codes.ETHNIC_GROUPS} == {
        name: code for code, name in codes.ETHNICITY.items()
    }


def test_categories_are_those_of_the_law():
    assert set(words.CATEGORY_WORDS.values()) == set(Category)
