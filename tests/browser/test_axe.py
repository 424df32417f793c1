"""The axe-core helper names violations, and does not pass what it could not see."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def test_a_violation_names_its_element(page: Page) -> None:
    page.set_content('<div id="a"><img src="x.png"><p style="color: #bbb; background: #fff">pale</p></div>')
    found = violations(page, "#a")
    assert [line.split(" ")[0] for line in found] == ["color-contrast", "image-alt"]
    assert "pale" in found[0]


def test_only_the_selected_part_is_judged(page: Page) -> None:
    page.set_content('<p id="a">well</p><img src="x.png">')
    assert violations(page, "#a") == []


def test_text_in_a_body_without_height_is_seen(page: Page) -> None:
    style = "<style>body { overflow: hidden; margin: 0 } #a { position: absolute; color: #bbb }</style>"
    page.set_content(f'{style}<p id="a">pale</p>')
    assert [line.split(" ")[0] for line in violations(page, "#a")] == ["color-contrast"]


@pytest.mark.parametrize("content", ["", '<p id="a"></p>'])
def test_a_page_without_elements_does_not_pass(page: Page, content: str) -> None:
    page.set_content(content)
    with pytest.raises(AssertionError):
        violations(page, "#a")
