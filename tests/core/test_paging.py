"""Paging by key: every row once, both ways, from a letter, with an honest total."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from core import paging
from core.db import db
from core.errors import Missing
from core.ids import new_uid
from core.paging import EXACT_LIMIT, INITIALS, PAGE_SIZE, Keyset, count_up_to, paginate
from core.scope import writing_allowed
from core.units import Block, Unit, UnitKind
from hr.people.models import Person
from tests.factories.people import person

UNITS = Keyset((Unit.name_key, Unit.id), Unit.uid)
BY_KIND = Keyset((Unit.block, Unit.id), Unit.uid)
NEWEST = Keyset((Unit.id,), Unit.uid, descending=True)
PEOPLE = Keyset((Person.name_key, Person.id), Person.uid)


def page_of(app, url, query, keyset, **kwargs):
    with app.test_request_context(url):
        return paginate(query, keyset, **kwargs)


def walk(app, query, keyset, start, step, size=40):
    """Ids of all pages from `start` on, in the order of the pages."""
    url, pages = start, []
    while url:
        found = page_of(app, url, query, keyset, size=size)
        pages.append([row[0].id for row in found.rows])
        url = getattr(found, step)
        assert len(pages) < 60
    return pages, found


@pytest.mark.parametrize("keyset", [UNITS, BY_KIND, NEWEST], ids=["names", "ties", "descending"])
def test_every_row_stands_on_one_page_forwards_and_backwards(context, keyset):
    query = select(Unit)
    order = [c.desc() if keyset.descending else c.asc() for c in keyset.columns]
    expected = list(db.session.scalars(select(Unit.id).order_by(*order)))

    forwards, last = walk(context, query, keyset, "/units", "next_url")
    backwards, first = walk(context, query, keyset, last.prev_url, "prev_url")

    assert [row for page in forwards for row in page] == expected
    assert [row for page in reversed([*backwards]) for row in page] == expected[: -len(forwards[-1])]
    assert first.prev_url is None
    assert first.first_url is None
    assert last.first_url == "/units"


def test_a_list_that_fits_has_no_way_on(context):
    found = page_of(context, "/units", select(Unit).where(Unit.kind == UnitKind.WARD), UNITS)

    assert len(found.rows) == 3
    assert (found.first_url, found.prev_url, found.next_url) == (None, None, None)
    assert found.letters == ()


def test_an_empty_list_is_a_page(context):
    found = page_of(context, "/units", select(Unit).where(Unit.code == "none"), UNITS, letters=True)

    assert list(found.rows) == []
    assert (found.prev_url, found.next_url) == (None, None)
    assert len(found.letters) == len(INITIALS)


def test_a_row_added_before_the_page_shifts_nothing(context):
    query, size = select(Unit), 10
    first = page_of(context, "/units", query, UNITS, size=size)
    second = [row[0].id for row in page_of(context, first.next_url, query, UNITS, size=size).rows]
    allowed = writing_allowed.set(True)
    db.session.add(
        Unit(
            uid=new_uid(),
            code="ZZ",
            name="A",
            name_fold="a",
            name_key="",
            kind=UnitKind.DIVISION,
            block=Block.GOVERNMENT,
        )
    )
    db.session.commit()
    writing_allowed.reset(allowed)

    assert [row[0].id for row in page_of(context, first.next_url, query, UNITS, size=size).rows] == second


def test_filters_stay_in_the_addresses_and_cursors_do_not_pile_up(context):
    url = "/units?group=communes&q=a&q=b&count=all"
    first = page_of(context, url, select(Unit), UNITS, size=10, letters=True)
    second = page_of(context, first.next_url, select(Unit), UNITS, size=10, letters=True)
    asked = parse_qs(urlsplit(second.next_url).query)

    assert sorted(asked) == ["after", "group", "q"]
    assert asked["q"] == ["a", "b"]
    assert len(asked["after"]) == 1
    assert sorted(parse_qs(urlsplit(second.letters[0].url).query)) == ["from", "group", "q"]


@pytest.mark.parametrize(
    ("letter", "first"), [("A", "an"), ("B", "binh"), ("D", "dua"), ("Đ", "hue"), ("O", "on"), ("T", "tam")]
)
def test_a_letter_jumps_to_the_first_given_name_from_there_on(system, context, letter, first):
    query = select(Person).where(Person.ended_on.is_(None))
    found = page_of(context, f"/people?from={letter}", query, PEOPLE, letters=True)

    assert found.rows[0][0].id == person(first).id
    assert [one.label for one in found.letters if one.current] == [letter]
    assert found.first_url == "/people"


@pytest.mark.parametrize("letter", ["1", "đ", "AA", "%", ""])
def test_what_is_no_letter_is_ignored(system, context, letter):
    query = select(Person).where(Person.ended_on.is_(None))
    found = page_of(context, f"/people?from={letter}", query, PEOPLE, letters=True)

    assert found.rows[0][0].id == person("an").id
    assert not [one for one in found.letters if one.current]


@pytest.mark.parametrize(("extra", "expected"), [(0, (3000, True)), (1, (3000, False))])
def test_totals_are_exact_up_to_three_thousand(context, extra, expected):
    one, two = aliased(Unit), aliased(Unit)
    pairs = or_(and_(one.id <= 60, two.id <= 50), and_(one.id == 61, two.id <= extra))
    query = select(one.id, two.id).join(two, pairs).order_by(one.id)

    assert EXACT_LIMIT == 3000
    assert count_up_to(query, EXACT_LIMIT) == expected
    assert count_up_to(query, None) == (3000 + extra, True)


def test_a_total_above_the_limit_has_a_link_that_counts(context, monkeypatch):
    monkeypatch.setattr("core.paging.EXACT_LIMIT", 100)
    found = page_of(context, "/units?q=x", select(Unit), UNITS)
    counted = page_of(context, found.count_url, select(Unit), UNITS)

    assert "100" in found.total_text
    assert found.count_url == "/units?q=x&count=all"
    assert counted.count_url is None
    total = count_up_to(select(Unit), None)[0]
    assert str(total) in counted.total_text


@pytest.mark.parametrize("cursor", ["x", "1", "a" * 26, "A" * 26, "'", "9" * 400, "a" * 25 + "b"])
def test_a_cursor_that_is_no_uid_is_missing(context, cursor):
    if cursor == "a" * 26:
        found = page_of(context, f"/units?after={cursor}", select(Unit), UNITS)
        assert len(found.rows) == PAGE_SIZE
        return
    with pytest.raises(Missing):
        page_of(context, f"/units?after={cursor}", select(Unit), UNITS)


def test_the_cursor_of_a_row_out_of_view_starts_at_the_beginning(as_viewer, context):
    query = select(Person)
    with as_viewer("home_affairs"):
        foreign, own = person("po").uid, person("an").uid
    with as_viewer("chair_a"):
        plain = [row[0].id for row in page_of(context, "/people", query, PEOPLE).rows]
        hidden = [row[0].id for row in page_of(context, f"/people?after={foreign}", query, PEOPLE).rows]
        absent = [row[0].id for row in page_of(context, f"/people?after={new_uid()}", query, PEOPLE).rows]
        after = [row[0].id for row in page_of(context, f"/people?after={own}", query, PEOPLE).rows]

    assert hidden == absent == plain
    assert after == plain[1:]


def test_three_statements_at_most(app, count_statements):
    with app.app_context():
        uid = db.session.scalars(select(Unit.uid).order_by(Unit.name_key, Unit.id).offset(30)).first()
        with count_statements() as sent:
            page_of(app, f"/units?after={uid}", select(Unit), UNITS, size=5)

    assert len(sent) == 3


class Found:
    """A row that was found already."""

    def __init__(self, uid):
        self.uid = uid


FOUND = [Found(uid) for uid in "abcde"]


@pytest.mark.parametrize(
    ("address", "shown", "first", "before", "after"),
    [
        ("/l?kind=x", "ab", None, None, "/l?kind=x&after=b"),
        ("/l?after=b", "cd", "/l", "/l?before=c", "/l?after=d"),
        ("/l?after=d", "e", "/l", "/l?before=e", None),
        ("/l?before=e", "cd", "/l", "/l?before=c", "/l?after=d"),
        ("/l?before=b", "a", None, None, "/l?after=a"),
        ("/l?after=gone", "ab", None, None, "/l?after=b"),
    ],
)
def test_rows_found_already_are_paged_by_their_uids(context, address, shown, first, before, after):
    with context.test_request_context(address):
        page = paging.page_of(FOUND, size=2)

    assert "".join(row.uid for row in page.rows) == shown
    assert (page.first_url, page.prev_url, page.next_url) == (first, before, after)


def test_nothing_found_is_one_empty_page(context):
    with context.test_request_context("/l"):
        page = paging.page_of([])

    assert (page.rows, page.first_url, page.prev_url, page.next_url) == ([], None, None, None)
