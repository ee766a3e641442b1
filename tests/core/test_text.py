"""Vietnamese text: composed form, search form, order of names, cleaned input."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import clean, digits, fold, nfc, sort_key, tidy_name, tokens, word_key


def test_two_spellings_of_one_name_become_one():
    composed, decomposed = "Đặng Thị Ổn", unicodedata.normalize("NFD", "Đặng Thị Ổn")
    assert len(composed) == 11
    assert len(decomposed) == 16
    assert nfc(decomposed) == composed
    assert fold(decomposed) == fold(composed) == "dang thi on"
    assert sort_key(decomposed) == sort_key(composed)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("ĐẶNG", "dang"), ("Nguyễn", "nguyen"), ("Ước", "uoc"), ("Khơ-mú", "kho-mu"), ("Ðào", "dao"), ("", "")],
)
def test_fold_finds_d_and_ignores_marks(text, folded):
    assert fold(text) == folded


def test_names_sort_by_given_name_then_letters_then_tone():
    mixed = ["Lò Em", "Lò Dũng", "Cà Thị Ân", "Lò Đào", "Lò Văn An", "Lê Bình", "Lò Dung", "Vàng A Ăn"]
    order = ["Lò Văn An", "Vàng A Ăn", "Cà Thị Ân", "Lê Bình", "Lò Dung", "Lò Dũng", "Lò Đào", "Lò Em"]
    assert sorted(mixed, key=sort_key) == order


def test_tones_go_level_huyen_hoi_nga_sac_nang():
    order = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(["mạ", "má", "mã", "mả", "mà", "ma"], key=word_key) == order


def test_same_given_name_sorts_by_family_name_then_middle():
    mixed = ["Vừ A An", "Lò Văn An", "Cà Thị An", "Lò A An"]
    assert sorted(mixed, key=sort_key) == ["Cà Thị An", "Lò A An", "Lò Văn An", "Vừ A An"]


def test_a_shorter_given_name_precedes_a_longer_one():
    assert sorted(["Lò Anh", "Vừ An"], key=sort_key) == ["Vừ An", "Lò Anh"]


def test_empty_and_blank_names_have_an_empty_key():
    assert sort_key("") == sort_key("   ") == ""


def test_tokens_are_folded_words_each_once():
    assert tokens("Lò Văn  Lò") == ("lo", "van")
    assert tokens("Nguyễn Thị Khơ-mú") == ("nguyen", "thi", "kho", "mu")
    assert tokens("…") == ()


def test_tidy_name_trims_and_mends():
    assert tidy_name("  Ðặng \t Thị\u200b\x00 Ổn\r\n") == "Đặng Thị Ổn"


def test_clean_drops_what_no_field_can_hold():
    assert clean("a\x00b\x07c\ud800d\u202ee\ufffff") == "abcdef"
    assert clean("một\r\nhai\rba\u2028bốn\tnăm") == "một\nhai\nba\nbốn\tnăm"
    assert clean("👩\u200d🌾") == "👩\u200d🌾"


def test_digits_takes_ascii_digits_only():
    assert digits("011 184.000-000²٣") == "011184000000"


@pytest.mark.slow
def test_a_tower_of_marks_is_cut_before_it_costs_time():
    assert len(clean("a" + "\u0323\u0301" * 500_000)) < 12


@given(st.text())
def test_any_text_passes_and_a_second_pass_changes_nothing(text):
    once = clean(text)
    assert clean(once) == once
    assert tidy_name(tidy_name(text)) == tidy_name(text)
    once.encode("utf-8")
    sort_key(text)
    assert all(token == fold(token) for token in tokens(tidy_name(text)))
