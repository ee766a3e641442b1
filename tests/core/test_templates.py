"""What long tables and frames are made of: escaped, once for those who ask alike, never for others."""

import pytest
from markupsafe import Markup

from core.templates import SLOT, weave


def row(text):
    return Markup(text)  # noqa: S704 - what a component of the templates gives


def test_texts_go_into_the_slots():
    pattern = row(f"<tr>\n  <th>{SLOT}</th>\n  <td>{SLOT}</td>\n</tr>\n")

    assert (
        weave(pattern, [("a", "b"), ("c", "d")])
        == "<tr><th>a</th><td>b</td></tr>\n<tr><th>c</th><td>d</td></tr>"
    )
    assert weave(pattern, []) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ('" onmouseover="x', "&#34; onmouseover=&#34;x"),
        ("Tom & Jerry's", "Tom &amp; Jerry&#39;s"),
        ("100 %s %(x)s %%", "100 %s %(x)s %%"),
        (f"a{SLOT}<b>{SLOT}", f"a{SLOT}&lt;b&gt;{SLOT}"),
        ("", ""),
        ("Đặng Thị Huệ", "Đặng Thị Huệ"),
    ],
)
def test_every_text_is_escaped(text, shown):
    pattern = row(f'<a href="/x/{SLOT}" title="100%">{SLOT}</a>')

    assert weave(pattern, [(text, "b")]) == f'<a href="/x/{shown}" title="100%">b</a>'
    assert weave(pattern, [("b", text)]) == f'<a href="/x/b" title="100%">{shown}</a>'


def test_a_pattern_that_is_no_markup_is_escaped_too():
    assert weave(f"<b>{SLOT}</b>", [("x",)]) == "&lt;b&gt;x&lt;/b&gt;"


def test_a_line_can_ask_for_another_row():
    plain, late = row(f"<i>{SLOT}</i>"), row(f"<b>{SLOT}</b>")

    assert weave(plain, [("late", "a"), ("soon", "b")], {"late": late}) == "<b>a</b>\n<i>b</i>"


def test_a_line_too_long_or_too_short_is_an_error():
    for line in (("a",), ("a", "b", "c")):
        with pytest.raises(TypeError):
            weave(row(f"<b>{SLOT}{SLOT}</b>"), [line])


def test_the_frame_is_the_reader_s_own(client_as):
    """Parts of the frame are kept for all: names, roles, language, token and address are never another's."""
    clients = {persona: client_as(persona) for persona in ("chair_a", "chair_b", "home_affairs", "nobody")}
    tokens = set()
    for _round in range(2):
        for persona, client in clients.items():
            body = client.get("/account?x=<1>").text
            others = [name for other, name in NAMES.items() if other != persona]
            assert NAMES[persona] in body
            assert not [name for name in others if name in body]
            assert 'value="/account?x=%3C1%3E"' in body or "/account?x=&lt;1&gt;" in body
            tokens.add(body.split('name="csrf_token" value="')[1].split('"')[0].split(".")[0])
    assert len(tokens) == len(clients)
    clients["chair_a"].set_cookie("lang", "en", domain="localhost")
    assert "Sign out" in clients["chair_a"].get("/account").text
    assert "Sign out" not in clients["chair_b"].get("/account").text


NAMES = {
    "chair_a": "Lường Văn Thắng",
    "chair_b": "Giàng A Páo",
    "home_affairs": "Lò Thị Hạnh",
    "nobody": "Sùng A Chu",
}
