"""A chair sees the own commune; what lies outside does not exist."""

from playwright.sync_api import expect

from tests.browser.conftest import person_named


def test_a_chair_sees_the_own_commune_only(page_as):
    page = page_as("chair_b")

    page.goto("/search?q=do the lan")
    expect(page.locator("#people")).to_have_count(0)
    page.goto("/search?q=tong thi la")
    expect(page.locator("#people tbody tr")).to_have_count(1)
    page.goto("/people")
    expect(page.locator("select[name=unit]")).to_have_count(0)


def test_a_hidden_person_answers_like_one_that_never_was(page_as):
    officer, chair = page_as("home_affairs"), page_as("chair_b", refusals=(404,))
    hidden = person_named(officer, "Đỗ Thế Lân")

    refused = chair.goto(hidden)
    absent_text = chair.request.get("/people/aaaaaaaaaaaaaaaaaaaaaaaaaa").text()

    assert refused is not None
    assert refused.status == 404
    expect(chair.get_by_role("heading", level=1)).to_have_text("Không có nội dung tại địa chỉ này")
    assert refused.text() == absent_text
    assert "Lân" not in absent_text


def test_what_another_role_may_do_is_not_offered(page_as):
    chair, officer = page_as("chair_b"), page_as("home_affairs")
    file = person_named(officer, "Tòng Thị Lả")

    chair.goto(file)
    officer.goto(file)

    expect(officer.get_by_role("link", name="Điều động")).to_have_count(1)
    expect(chair.get_by_role("link", name="Điều động")).to_have_count(0)
    expect(chair.locator("#background")).to_have_count(0)
    expect(chair.locator("#facts dd").first).to_have_text(
        "…" + officer.locator("#facts dd").first.inner_text()[-4:]
    )
